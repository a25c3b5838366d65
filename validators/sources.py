"""The ports through which rules ask outside sources. Any object of the shape will do; files are one (storage/sources).

Each may raise SourceAway when it cannot answer: its rule is UNKNOWN then. None of them may raise anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from dossier.sources import AgencyCertificate, CatalogueState, Holding, KnownPerson, Verification


class PopulationDatabase(Protocol):
    def person(self, personal_id: str) -> KnownPerson | None:
        """Who has this personal ID; None: nobody that the source knows."""


class VerificationLog(Protocol):
    def of(self, dossier: str) -> tuple[Verification, ...]:
        """Values that the dossier took over from what is kept, each with its last verification."""


class Upstream(Protocol):
    def arrived_on(self, dossier: str) -> date | None:
        """The day in Vietnam on which the receiving system got the dossier's result; None: not yet."""


class SharedCatalogues(Protocol):
    def states(self) -> tuple[CatalogueState, ...]:
        """The shared lists of this office: units, procedures, agencies."""


class AgencyCertificates(Protocol):
    def holder(self, certificate: str) -> AgencyCertificate | None:
        """Whose the certificate with this SHA-256 (DER) is; None: it is in no list."""


class BusinessLines(Protocol):
    def name(self, code: str) -> str | None:
        """The name of a line of business by its VSIC code of level 4; None: no such code."""


class Archive(Protocol):
    def holding(self, dossier: str) -> Holding | None:
        """The terms of a dossier in the archive; None: it is not there yet."""


class Defects(Protocol):
    def open_since(self, dossier: str) -> date | None:
        """The day in Vietnam from which the dossier has been returned without a break; None: it is not."""


@dataclass(frozen=True)
class Sources:
    """The sources that are connected; None: not. A field's name with `-` for `_` is what `needs` and settings say."""

    population_database: PopulationDatabase | None = None
    verification_log: VerificationLog | None = None
    upstream: Upstream | None = None
    shared_catalogues: SharedCatalogues | None = None
    agency_certificates: AgencyCertificates | None = None
    business_lines: BusinessLines | None = None
    archive: Archive | None = None
    defects: Defects | None = None

    def connected(self) -> Iterator[str]:
        """The names of those that are connected, as `needs` says them."""
        for one in fields(self):
            if getattr(self, one.name) is not None:
                yield one.name.replace("_", "-")
