"""What a personal ID card carries: expiry by age, QR payload, machine-readable zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from samples.people import Person, day_between
from samples.wording import without_marks

CardKind = Literal["cccd-2021", "can-cuoc-2024"]
_KINDS: tuple[CardKind, ...] = ("cccd-2021", "can-cuoc-2024", "can-cuoc-2024")
_NEW_LAW = date(2024, 7, 1)  # Luật Căn cước 2023 in force


@dataclass(frozen=True)
class Card:
    kind: CardKind
    holder: Person
    personal_id: str
    sex: str
    issued: date
    expires: date | None


def expiry(born: date, issued: date) -> date | None:
    """The birthday until which a card holds; None: for life.

    The ages are 14, 25, 40 and 60; a card of the two years before one holds to the next (Luật Căn cước, arts 21, 24).
    """
    age = issued.year - born.year - ((issued.month, issued.day) < (born.month, born.day))
    for limit, until in ((12, 14), (23, 25), (38, 40), (58, 60)):
        if age < limit:
            return born.replace(year=born.year + until)
    return None


def make_card(
    rng: Random, holder: Person, today: date, kind: CardKind | None = None, expired: bool = False
) -> Card:
    """A card that is valid on `today`, or, `expired`, one that ran out before it."""
    for _ in range(2000):
        chosen: CardKind = kind if kind is not None else rng.choice(_KINDS)
        first, last = (
            (date(2021, 2, 1), date(2024, 6, 28)) if chosen == "cccd-2021" else (_NEW_LAW, date(2026, 7, 28))
        )
        issued = day_between(rng, first, last)
        expires = expiry(holder.born, issued)
        if expired == (expires is not None and expires < today):
            return Card(chosen, holder, holder.personal_id, holder.sex, issued, expires)
    raise ValueError("no card of that kind can be in that state for this holder")


def qr_payload(card: Card) -> str:
    address = card.holder.old_residence if card.kind == "cccd-2021" else card.holder.residence
    return "|".join(
        (
            card.personal_id,
            "",
            card.holder.name,
            f"{card.holder.born:%d%m%Y}",
            card.sex,
            address,
            f"{card.issued:%d%m%Y}",
        )
    )


def check_digit(text: str) -> str:
    """ICAO 9303, weights 7-3-1."""
    values = (int(c) if c.isdigit() else 0 if c == "<" else ord(c) - 55 for c in text)
    return str(sum(v * w for v, w in zip(values, (7, 3, 1) * len(text), strict=False)) % 10)


def mrz(card: Card) -> tuple[str, str, str]:
    """TD1, three lines of 30, laid out as Vietnamese cards do: the ID stands in the optional data of line 1."""
    number = card.personal_id[-9:]
    line1 = f"IDVNM{number}{check_digit(number)}{card.personal_id}<<{check_digit(card.personal_id)}"
    born, expires = (f"{d:%y%m%d}" for d in (card.holder.born, card.expires or date(2099, 12, 31)))
    line2 = (
        f"{born}{check_digit(born)}{'M' if card.sex == 'Nam' else 'F'}{expires}{check_digit(expires)}VNM"
        + "<" * 11
    )
    line2 += check_digit(line1[5:30] + line2[0:7] + line2[8:15] + line2[18:29])
    surname, *given = without_marks(card.holder.name).upper().split()
    line3 = f"{surname}<<{'<'.join(given)}".ljust(30, "<")[:30]
    return line1, line2, line3
