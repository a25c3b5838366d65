"""Registers that speak of dossiers, as files.

verification_log    dossier,subject,verified_on,by       subject: identity, residence, marital-status, other
upstream            dossier,arrived_on
archive             dossier,retention_until,transfer_due,fixity_on
defects             dossier,returned_on
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

from dossier.sources import Holding, Subject, Verification
from storage.sources.table import Row, Table

_SUBJECTS: dict[str, Subject] = {subject: subject for subject in get_args(Subject)}


class VerificationFile:
    """Port VerificationLog over a CSV file; of one subject the last verification counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("dossier", "subject", "verified_on"), _verification)

    def check(self) -> None:
        self._table.check()

    def of(self, dossier: str) -> tuple[Verification, ...]:
        last: dict[Subject, Verification] = {}
        for one in sorted(self._table.of(dossier), key=lambda one: one.on):
            last[one.subject] = one
        return tuple(last.values())


class UpstreamFile:
    """Port Upstream over a CSV file; the first arrival counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("dossier", "arrived_on"), lambda row: _dated(row, "arrived_on"))

    def check(self) -> None:
        self._table.check()

    def arrived_on(self, dossier: str) -> date | None:
        return min(self._table.of(dossier), default=None)


class DefectsFile:
    """Port Defects over a CSV file; the first return counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("dossier", "returned_on"), lambda row: _dated(row, "returned_on"))

    def check(self) -> None:
        self._table.check()

    def open_since(self, dossier: str) -> date | None:
        return min(self._table.of(dossier), default=None)


class ArchiveFile:
    """Port Archive over a CSV file; the last line of a dossier counts."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("dossier",), _holding)

    def check(self) -> None:
        self._table.check()

    def holding(self, dossier: str) -> Holding | None:
        found = self._table.of(dossier)
        return found[-1] if found else None


def _verification(row: Row) -> tuple[str, Verification]:
    subject = _SUBJECTS.get(row.text("subject"))
    if subject is None:
        raise row.wrong("subject", f"is none of {', '.join(_SUBJECTS)}")
    dossier, on = _dated(row, "verified_on")
    return dossier, Verification(subject, on, row.cells.get("by", ""))


def _holding(row: Row) -> tuple[str, Holding]:
    holding = Holding(row.day("retention_until"), row.day("transfer_due"), row.day("fixity_on"))
    return row.text("dossier"), holding


def _dated(row: Row, column: str) -> tuple[str, date]:
    on = row.day(column)
    if on is None:
        raise row.wrong(column, "is empty")
    return row.text("dossier"), on
