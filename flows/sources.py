"""The outside sources of these settings, as the ports that rules ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from dossier.settings import Settings
from dossier.trust import load_trust
from storage.defects import RecordedDefects
from storage.records import Records
from storage.sources.lists import BusinessLinesFile, CataloguesFile, CertificatesFile
from storage.sources.people import PopulationFile
from storage.sources.registers import ArchiveFile, DefectsFile, UpstreamFile, VerificationFile
from validators.sources import Sources


class _Checked(Protocol):
    def check(self) -> None: ...


F = TypeVar("F", bound=_Checked)


def connected(settings: Settings) -> Sources:
    """Every source that the settings name, held to be readable, as are the roots that signatures are trusted below.

    Raises ConfigurationError naming line and column.
    """
    if settings.reading.signature_roots:
        load_trust(settings.reading.signature_roots)
    said = settings.sources
    return Sources(
        population_database=_opened(said.population_database, PopulationFile),
        verification_log=_opened(said.verification_log, VerificationFile),
        upstream=_opened(said.upstream, UpstreamFile),
        shared_catalogues=_opened(said.shared_catalogues, CataloguesFile),
        agency_certificates=_opened(said.agency_certificates, CertificatesFile),
        business_lines=_opened(said.business_lines, BusinessLinesFile),
        archive=_opened(said.archive, ArchiveFile),
        defects=_opened(said.defects, DefectsFile),
    )


def of_office(sources: Sources, records: Records, office: str | None) -> Sources:
    """The same, with defects told by the office's own records unless the settings name a register of them."""
    return replace(sources, defects=sources.defects or RecordedDefects(records, office))


def _opened(path: Path | None, of: Callable[[Path], F]) -> F | None:
    if path is None:
        return None
    source = of(path)
    source.check()  # told now, not in the middle of a dossier
    return source
