"""Lists that others keep, as files.

shared_catalogues      name,version,refreshed_on         name: units, procedures, agencies
agency_certificates    certificate_sha256,agency,revoked_on
business_lines         code,name                         code: VSIC, level 4 (four digits)
"""

from __future__ import annotations

from pathlib import Path

from dossier.sources import AgencyCertificate, CatalogueState
from storage.sources.table import Row, Table


class CataloguesFile:
    """Port SharedCatalogues over a CSV file; of one list the last refresh counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("name", "version", "refreshed_on"), _state)

    def check(self) -> None:
        self._table.check()

    def states(self) -> tuple[CatalogueState, ...]:
        return tuple({one.name: one for one in sorted(self._table.all(), key=lambda one: one.on)}.values())


class CertificatesFile:
    """Port AgencyCertificates over a CSV file; the last line of a certificate counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("certificate_sha256", "agency"), _certificate)

    def check(self) -> None:
        self._table.check()

    def holder(self, certificate: str) -> AgencyCertificate | None:
        found = self._table.of(certificate)
        return found[-1] if found else None


class BusinessLinesFile:
    """Port BusinessLines over a CSV file."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("code", "name"), _line)

    def check(self) -> None:
        self._table.check()

    def name(self, code: str) -> str | None:
        found = self._table.of(code)
        return found[-1] if found else None


def _state(row: Row) -> tuple[str, CatalogueState]:
    on = row.day("refreshed_on")
    if on is None:
        raise row.wrong("refreshed_on", "is empty")
    return row.text("name"), CatalogueState(row.text("name"), row.text("version"), on)


def _certificate(row: Row) -> tuple[str, AgencyCertificate]:
    # Programs print a fingerprint in capitals and with colons.
    bare = row.text("certificate_sha256").replace(":", "").lower()
    if len(bare) != 64 or set(bare) - set("0123456789abcdef"):
        raise row.wrong("certificate_sha256", "is no SHA-256 of 64 hexadecimal digits")
    return bare, AgencyCertificate(row.text("agency"), row.day("revoked_on"))


def _line(row: Row) -> tuple[str, str]:
    return row.matching("code", r"\d{4}", "a code of four digits"), row.text("name")
