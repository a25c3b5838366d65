"""An office's figures for a period: what was received and closed, what of it is digitised, how good, what is late.

Pure: from the rows of its registers and of the index. What stands in the register and is not to be copied
(Thông tư 03/2025/TT-VPCP, điều 5 khoản 2) leaves numerator and denominator, and is listed with its ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from statistics import fmean
from typing import Any

from dossier.calendar import VIETNAM, working_days_between
from dossier.lapses import DEFECT_WORKING_DAYS
from dossier.model import Frozen
from dossier.period import Period
from dossier.register import Ground, RegisterRow, Submitter

WORDS = ("correct", "sufficient", "clean", "live")
LIMITS = DEFECT_WORKING_DAYS


class Share(Frozen):
    """part of whole. rate: 0..1, None where there is nothing to be part of."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


class Excluded(Frozen):
    dossier: str
    ground: Ground


class Late(Frozen):
    """A dossier with something open. days: working days since its first version that was not checked."""

    dossier: str
    days: int


class OfficeFigures(Frozen):
    """received, closed: dossiers of the register in the period, exclusions among them.

    components: of the dossiers received and to be copied, those with papers in a record. checked: of the same, those
    whose record is checked. results: of the dossiers closed and to be copied, those with their result in the record.
    missing, results_missing: the codes that these shares lack. unlisted: recorded as received in the period, but in
    no register. submitted: by whom, of all dossiers of the period that are recorded. scores: mean by word, 0..1.
    reused: of the papers that their procedures ask for, those taken from earlier dossiers instead of handed in; of all
    dossiers of the period that are recorded.
    late: open longer than the shortest limit, the longest first.
    """

    office: str
    period: Period
    made_on: date
    registered: bool
    received: int
    closed: int
    excluded: tuple[Excluded, ...]
    components: Share
    checked: Share
    results: Share
    missing: tuple[str, ...]
    results_missing: tuple[str, ...]
    unlisted: tuple[str, ...]
    submitted: dict[Submitter | str, int]
    states: dict[str, int]
    scores: dict[str, float | None]
    reused: Share
    late: tuple[Late, ...]

    def late_beyond(self, days: int) -> int:
        return sum(entry.days > days for entry in self.late)


def figures(
    office: str,
    period: Period,
    register: Mapping[str, RegisterRow],
    recorded: Iterable[Mapping[str, Any]],
    today: date,
) -> OfficeFigures:
    """recorded: rows of storage.index.figures, at least those of the register's codes and of the period."""
    records = {row["code"]: row for row in recorded}
    received = [row for row in register.values() if period.holds(row.received)]
    closed = [row for row in register.values() if period.holds(row.closed)]
    excluded = {row.dossier: ground for row in received + closed if (ground := _ground(row)) is not None}
    to_copy = [row.dossier for row in received if row.dossier not in excluded]
    to_close = [row.dossier for row in closed if row.dossier not in excluded]
    with_papers = [code for code in to_copy if _papers(records.get(code)) > 0]
    with_result = [code for code in to_close if code in records and records[code]["results"]]
    mine = {code: row for code, row in records.items() if period.holds(_day(row["received"]))}
    mine |= {row.dossier: records[row.dossier] for row in received if row.dossier in records}
    return OfficeFigures(
        office=office,
        period=period,
        made_on=today,
        registered=bool(received or closed),
        received=len(received),
        closed=len(closed),
        excluded=tuple(Excluded(dossier=code, ground=excluded[code]) for code in sorted(excluded)),
        components=Share(part=len(with_papers), whole=len(to_copy)),
        checked=Share(part=sum(_checked(records.get(code)) for code in to_copy), whole=len(to_copy)),
        results=Share(part=len(with_result), whole=len(to_close)),
        missing=tuple(sorted(set(to_copy) - set(with_papers))),
        results_missing=tuple(sorted(set(to_close) - set(with_result))),
        unlisted=tuple(sorted(mine.keys() - register.keys())),
        submitted=dict(Counter(_submitter(row, register.get(code)) for code, row in sorted(mine.items()))),
        states=dict(Counter(str(row["state"]) for row in mine.values())),
        scores={word: _mean(mine.values(), f"score_{word}") for word in (*WORDS, "total")},
        reused=Share(
            part=sum(int(row["reused"]) for row in mine.values()),
            whole=sum(int(row["asked"]) for row in mine.values()),
        ),
        late=_late(mine, today),
    )


def _ground(row: RegisterRow) -> Ground | None:
    return row.exempt or ("online" if row.channel == "online" else None)


def _papers(row: Mapping[str, Any] | None) -> int:
    """Papers that are no result."""
    return int(row["papers"]) - int(row["results"]) if row and row["state"] != "refused" else 0


def _checked(row: Mapping[str, Any] | None) -> bool:
    return row is not None and row["state"] == "checked"


def _submitter(row: Mapping[str, Any], listed: RegisterRow | None) -> str:
    return row["submitted_by"] or (listed.submitted_by if listed else None) or "unknown"


def _mean(rows: Iterable[Mapping[str, Any]], column: str) -> float | None:
    known = [row[column] for row in rows if row[column] is not None]
    return round(fmean(known), 4) if known else None


def _late(rows: Mapping[str, Mapping[str, Any]], today: date) -> tuple[Late, ...]:
    found = [
        Late(dossier=code, days=working_days_between(since, today))
        for code, row in rows.items()
        if row["open_since"] and (since := _day(row["open_since"])) <= today
    ]
    return tuple(
        sorted((entry for entry in found if entry.days > LIMITS[0]), key=lambda e: (-e.days, e.dossier))
    )


def _day(moment: str) -> date:
    """The day in Vietnam of a time in the index."""
    return datetime.fromisoformat(moment).astimezone(VIETNAM).date()
