"""What the index answers for an office's figures: one row a dossier, no personal data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import and_, case, func, select

from storage.index.index import Index
from storage.index.tables import components, dossiers

RESULT, EXTRA = "result", "extra"
AT_ONCE = 500  # codes in one question: databases limit the number of parameters


def dossiers_of(index: Index, office: str, codes: Collection[str]) -> Iterator[dict[str, Any]]:
    """The dossiers of these codes that the office has records of.

    Columns of `dossiers`, and how many papers (`papers`) and results (`results`) each has; how many papers that its
    procedure asks for (`asked`), and how many of those were reused (`reused`).
    """
    wanted = sorted(codes)
    for start in range(0, len(wanted), AT_ONCE):
        yield from _asked(index, office, dossiers.c.code.in_(wanted[start : start + AT_ONCE]))


def received_between(index: Index, office: str, since: str, until: str) -> Iterator[dict[str, Any]]:
    """As `dossiers_of`, for those received from `since` until before `until` (ISO 8601, UTC)."""
    yield from _asked(index, office, dossiers.c.received >= since, dossiers.c.received < until)


def _asked(index: Index, office: str, *where: Any) -> Iterator[dict[str, Any]]:
    asked = components.c.role.not_in((RESULT, EXTRA))
    counted = (
        select(
            components.c.code,
            func.count().label("papers"),
            func.sum(case((components.c.role == RESULT, 1), else_=0)).label("results"),
            func.sum(case((asked, 1), else_=0)).label("asked"),
            func.sum(case((and_(asked, components.c.reused == 1), 1), else_=0)).label("reused"),
        )
        .where(components.c.office == office)
        .group_by(components.c.code)
        .subquery()
    )
    query = (
        select(
            dossiers,
            *(
                func.coalesce(counted.c[name], 0).label(name)
                for name in ("papers", "results", "asked", "reused")
            ),
        )
        .outerjoin(counted, dossiers.c.code == counted.c.code)
        .where(dossiers.c.office == office, *where)
        .order_by(dossiers.c.code)
    )
    yield from index.rows(query)
