"""Addresses of a dossier as administrative units of the day of their paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dossier.catalogue.units import TWO_LEVELS, Parsed, parse_address
from dossier.record import Component
from validators.case import Case
from validators.look import Value, day, values

_DATES = ("registration_date", "issue_date", "declaration_date")
"""Fields that say of which day a paper is."""
LAST_OF_OLD = TWO_LEVELS - timedelta(days=1)


@dataclass(frozen=True)
class Address:
    """A printed address. dated: the day of its paper, None if not read. parsed: by the list of that day or, where it
    names no commune of it, by the list before (`historic`)."""

    value: Value
    dated: date | None
    parsed: Parsed
    historic: bool

    @property
    def ahead(self) -> bool:
        """Does a paper of before July 2025 name units of after?"""
        return not self.historic and self.dated is not None and self.dated < TWO_LEVELS

    @property
    def names_commune(self) -> bool:
        """Does it name a commune at all, found in a list or not? `Bệnh viện …, thành phố Vị Thanh` does not."""
        kinds = ("xã ", "phường ", "thị trấn ", "đặc khu ")
        parsed = self.parsed
        return bool(parsed.commune or parsed.candidates) or any(
            part.casefold().startswith(kinds) for part in parsed.unmatched
        )


def addresses(case: Case) -> Iterator[Address]:
    """Every value of the kind `address`."""
    for seen in values(case, "address"):
        dated = paper_day(seen.component)
        of = dated or case.received_on
        parsed, historic = parse_address(seen.text, of), of < TWO_LEVELS
        if not parsed.complete:
            other = parse_address(seen.text, max(case.today, TWO_LEVELS) if historic else LAST_OF_OLD)
            if other.complete or (other.province and not parsed.province):
                parsed, historic = other, not historic
        yield Address(seen, dated, parsed, historic)


def paper_day(component: Component) -> date | None:
    """The day that a paper bears."""
    fields = (component.field(name) for name in _DATES)
    return next((when for field in fields if field and (when := day(field.value))), None)
