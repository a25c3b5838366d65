"""What a rule may look at: one dossier as read, the procedure it is for, and the sources that are connected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from dossier.catalogue.documents import DocumentType
from dossier.catalogue.procedures import Procedure
from dossier.drop import Manifest
from dossier.earlier import Earlier
from dossier.record import Component, DroppedFile, Refused
from validators.sources import Sources


class EarlierRecords(Protocol):
    """The port to what this office keeps already. None in the Case when no index is connected."""

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        """Components of other dossiers that came from the same bytes."""

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        """Results of other dossiers with the same type, issuer and number."""

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        """Results of other dossiers of the same type on the same person."""

    def reusable(
        self, office: str | None, dossier: str, type: str, fields: Sequence[str], personal_id: str, on: date
    ) -> tuple[Earlier, ...]:
        """Papers of this type in checked dossiers of the office, other than this one, that name the person in one of
        these fields, are good on that day and are the newest of the type that name the person; the latest record first.
        """

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        """Codes of other dossiers of the same procedure and person that have not ended checked."""

    def same_person_otherwise(
        self, personal_id: str, name_key: str, birth: str | None, dossier: str, before: datetime
    ) -> tuple[Earlier, ...]:
        """Papers of other dossiers, checked and received before this one, that tell another name or date of birth of
        this personal ID. name_key: of dossier.text.vietnamese.tone_key. birth: ISO 8601, None if it is not told.
        """


@dataclass(frozen=True)
class OfficeCounts:
    """An office's counts over a period, first and last day included.

    dossiers: closed; digitised: those of them with a kept record. components: papers asked for; reused: those of them
    that were taken from an earlier record or a lookup.
    """

    first: date
    last: date
    dossiers: int
    digitised: int
    components: int
    reused: int


@dataclass(frozen=True)
class Case:
    """today: the day of judging in Vietnam. received_on: reception day, `today` if the manifest is silent.

    duplicates: pairs of (file, page) that show the same page, found by what the pages say.
    required_sources: outside sources whose absence counts at a rule's own severity. sources: the ports to those
    that are connected.
    procedure_required: a dossier without a known procedure is at fault (the bucket), not merely judged without
    the procedure's rules (the offline command).
    pdf_versions: of the PDFs that could be opened, by sha256. figures: of the office, where a
    report has them at hand; a single dossier has not.
    """

    dossier: str
    office: str | None
    manifest: Manifest
    procedure: Procedure | None
    components: tuple[Component, ...]
    refused: tuple[Refused, ...]
    files: tuple[DroppedFile, ...]
    document_types: dict[str, DocumentType]
    today: date
    received_at: datetime
    received_on: date
    earlier: EarlierRecords | None = None
    duplicates: tuple[tuple[tuple[str, int], tuple[str, int]], ...] = ()
    required_sources: frozenset[str] = field(default_factory=frozenset)
    sources: Sources = field(default_factory=Sources)
    procedure_required: bool = False
    pdf_versions: Mapping[str, str] = field(default_factory=dict)
    figures: OfficeCounts | None = None

    def of_type(self, *types: str) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.type in types)
