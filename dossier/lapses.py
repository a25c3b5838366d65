"""When what a record says stops being alive by itself: a paper runs out, a certificate of a signature ends.

What happens elsewhere (a newer result, a death, a changed catalogue) has no day in the record and is found otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dossier.catalogue.documents import DocumentType, document_types
from dossier.record import Component, Record

DEFECT_WORKING_DAYS = (5, 10, 15)
"""To verify a reported defect, to correct it, for complex ones (CV 4856/BCA-TTDLQG, SLA)."""


def last_day(component: Component, known: DocumentType | None) -> date | None:
    """The last day on which a paper is good; None where its type has no end or the paper does not say it."""
    life = known.life if known else None
    if life is None:
        return None
    said = _day(component.value(life.until or life.since or ""))
    return said if said is None or life.until else months_after(said, life.months)


def ends(components: Iterable[Component]) -> Iterator[date]:
    """Every last day on these papers."""
    types = document_types()
    for component in components:
        if (last := last_day(component, types.get(component.type))) is not None:
            yield last
        for signature in component.signatures:
            if signature.valid_until is not None:
                yield signature.valid_until.date()


def due_on(record: Record, after: date) -> date | None:
    """The first day later than `after` on which time alone may change a verdict; None: never."""
    return min(
        (day for last in ends(record.components) if (day := last + timedelta(days=1)) > after), default=None
    )


def months_after(when: date, months: int) -> date:
    """The same day so many months later, or the last of that month. Clamped to the calendar."""
    years, month = divmod(when.month - 1 + months, 12)
    if when.year + years > date.max.year:
        return date.max
    try:
        return when.replace(year=when.year + years, month=month + 1)
    except ValueError:  # 31 August + 6 months: the last day of February
        return date(when.year + years, month + 2, 1) - timedelta(days=1)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # a card without end says so in words
        return None
