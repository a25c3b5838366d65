"""Which records the recheck has to look at, and that it has looked.

A record is due when a day came on which time alone may change a verdict, when catalogue or rules are others than it
was judged by, or when a result on the same matter was recorded lately. What was looked at is not due again: a run
that was killed is gone on with by asking again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, delete, insert, literal, or_, select, tuple_, update

from storage.index.index import Index
from storage.index.tables import components, dossiers, identifiers, watermarks

RESULT = "result"
SEEN = "recheck"
AT_ONCE = 500
_DOSSIER = (dossiers.c.office, dossiers.c.code, dossiers.c.version)


@dataclass(frozen=True)
class Due:
    """A dossier whose newest record is to be judged again."""

    office: str
    code: str
    version: int


def due(index: Index, today: date, basis: str) -> Iterator[Due]:
    """Everything due by time or by another basis. Looking at records while iterating is fine."""
    waits = or_(dossiers.c.due_on <= today.isoformat(), dossiers.c.basis != basis)
    return _paged(index, select(*_DOSSIER).where(waits))


def every(index: Index, only: tuple[str, str] | None = None) -> Iterator[Due]:
    """Every dossier, or the one of this (office, code), due or not."""
    query = select(*_DOSSIER)
    if only is not None:
        query = query.where(dossiers.c.office == only[0], dossiers.c.code == only[1])
    return _paged(index, query)


def overtaken(index: Index) -> Iterator[Due]:
    """Dossiers with a result of the same type on the same person as one recorded since the last `seen`."""
    since = _value(index, SEEN)
    new, old = (components.alias(name) for name in ("new", "old"))
    of_new, of_old = (identifiers.alias(name) for name in ("of_new", "of_old"))
    recent = dossiers.alias("recent")

    def same(left: Any, right: Any) -> Any:
        return and_(left.c.office == right.c.office, left.c.code == right.c.code)

    query = (
        select(*_DOSSIER)
        .distinct()
        .select_from(recent)
        .join(new, and_(same(new, recent), new.c.role == RESULT))
        .join(of_new, and_(same(of_new, new), of_new.c.component == new.c.component))
        .join(of_old, and_(of_old.c.hash == of_new.c.hash, of_old.c.code != of_new.c.code))
        .join(
            old,
            and_(
                same(old, of_old),
                old.c.component == of_old.c.component,
                old.c.role == RESULT,
                old.c.type == new.c.type,
            ),
        )
        .join(dossiers, same(dossiers, old))
        .where(recent.c.made >= (since or ""))
    )
    return _paged(index, query)


def looked_at(index: Index, looked: Sequence[tuple[Due, date | None]], basis: str) -> None:
    """These records were judged again and nothing changed: each is due again on its day, or with another basis."""
    index.write(
        *(
            update(dossiers)
            .where(
                dossiers.c.office == one.office,
                dossiers.c.code == one.code,
                dossiers.c.version == one.version,
            )
            .values(due_on=day.isoformat() if day else None, basis=basis)
            for one, day in looked
        )
    )


def seen(index: Index, until: str) -> None:
    """All results recorded before `until` (ISO 8601, UTC) have been held against the others."""
    index.write(
        delete(watermarks).where(watermarks.c.name == SEEN), insert(watermarks).values(name=SEEN, value=until)
    )


def _value(index: Index, name: str) -> str | None:
    found = index.rows(select(watermarks.c.value).where(watermarks.c.name == name))
    return str(found[0]["value"]) if found else None


def _paged(index: Index, query: Select[Any]) -> Iterator[Due]:
    """The rows in the order of office and code, one page of them in memory; each page is asked for anew."""
    after = ("", "")
    while True:
        page = (
            query.where(
                tuple_(dossiers.c.office, dossiers.c.code) > tuple_(literal(after[0]), literal(after[1]))
            )
            .order_by(dossiers.c.office, dossiers.c.code)
            .limit(AT_ONCE)
        )
        found = [Due(**row) for row in index.rows(page)]
        yield from found
        if len(found) < AT_ONCE:
            return
        after = (found[-1].office, found[-1].code)
