"""What the civil-status and residence papers share: offices and their signers, ID papers, ways to write a day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Literal

from samples.ink import pen_digits
from samples.paper import HELD_BACK_LAYOUT
from samples.people import Person, full_name
from samples.places import TWO_LEVELS, Unit, some_day
from samples.sign import Signer, official
from samples.wording import long_date, slashed

NATIONALITY = "Việt Nam"
DateStyle = Literal["slashed", "long", "dashed"]
STYLES: tuple[DateStyle, ...] = ("slashed", "slashed", "long", "dashed")
LATEST = date(2026, 10, 20)
_FIRST_CARDS = date(2016, 1, 1)  # the first 12-digit cards
_CHIP_CARDS = date(2021, 2, 1)
_IDENTITY_LAW = date(2024, 7, 1)
_VALUE_CSS = ("", "", "font-weight:bold", "font-style:italic", "font-weight:bold;font-style:italic")
_OTHER_FACE = 'font-family:"S Liberation Sans";font-size:.93em'


def dated(day: date, style: DateStyle) -> str:
    if style == "long":
        return long_date(day)
    return slashed(day) if style == "slashed" else f"{day:%d-%m-%Y}"


def value_css(rng: Random, layout: str) -> str:
    """How the filled-in values differ from the printed form; held-back papers keep to their one font."""
    return rng.choice(_VALUE_CSS if layout == HELD_BACK_LAYOUT else (*_VALUE_CSS, _OTHER_FACE))


def paper_day(rng: Random, old: float) -> date:
    """A day of the two-level years, or with the chance `old` one before them, when chip cards already were."""
    if rng.random() < old:
        return some_day(rng, date(2021, 6, 1), date(2025, 6, 27))
    return some_day(rng, TWO_LEVELS + timedelta(days=4), LATEST)


def inked(rng: Random, number: str, colour: str | None) -> str:
    """The number with its serial drawn by a pen, where there is one."""
    if colour is None:
        return number
    serial, slash, rest = number.partition("/")
    return f"{pen_digits(rng, serial, colour)} {slash}{rest}"


def head_lines(unit: Unit, day: date) -> dict[str, str]:
    """What a template's head and text call the place; above: the units over the commune, on one line."""
    above = ", ".join(unit.parts(day)[1:])
    return {"commune": unit.commune(day), "above": above, "place": unit.place(day), "town": unit.town(day)}


def committee(rng: Random, unit: Unit, day: date) -> str:
    """The people's committee as a paper names it in running text."""
    return f"{rng.choice(('Ủy ban nhân dân', 'Ủy ban nhân dân', 'UBND'))} {unit.place(day)}"


def _signature(rng: Random, titles: tuple[str, ...], body: str, unit: Unit, day: date, hint: str) -> Signer:
    name = full_name(rng, rng.choice(("Nam", "Nữ")))
    around = f"{body} {unit.commune(day)} ★".upper()
    return official(rng, titles, name, around, unit.province(day).upper(), hint)


def committee_signature(
    rng: Random, unit: Unit, day: date, first: tuple[str, ...] = (), hint: str = "", copy: bool = False
) -> Signer:
    """first: lines above the title, as NGƯỜI KÝ TRÍCH LỤC; copies alone may be signed by the registrar."""
    titles: tuple[str, ...] = rng.choice(
        (
            ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
            ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            ("CHỦ TỊCH",),
        )
    )
    if copy and rng.random() < 0.25:
        titles = ("TUQ. CHỦ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH")
    return _signature(rng, (*first, *titles), "ỦY BAN NHÂN DÂN", unit, day, hint)


def police_signature(rng: Random, unit: Unit, day: date, hint: str = "") -> Signer:
    titles = rng.choice((("TRƯỞNG CÔNG AN",), ("KT. TRƯỞNG CÔNG AN", "PHÓ TRƯỞNG CÔNG AN")))
    return _signature(rng, titles, "CÔNG AN", unit, day, hint)


def id_paper(rng: Random, person: Person, day: date) -> str:
    """`Căn cước công dân số ..., do ... cấp ngày ...`: the card that the person held on `day`."""
    grown = date(person.born.year + 14, person.born.month, min(person.born.day, 28))
    last = day - timedelta(days=20)
    issued = some_day(rng, min(last, max(_FIRST_CARDS if day < _CHIP_CARDS else _CHIP_CARDS, grown)), last)
    kind, by = "Căn cước công dân", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
    if issued < _CHIP_CARDS:
        by = "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư"
    elif issued >= _IDENTITY_LAW:
        kind, by = "Căn cước", "Bộ Công an"
    short = "CCCD" if kind == "Căn cước công dân" else kind
    number = person.personal_id
    return rng.choice(
        (
            f"{kind} số {number}, do {by} cấp ngày {slashed(issued)}",
            f"{kind} số {number}, {by} cấp ngày {slashed(issued)}",
            f"{short} số {number} do {by} cấp {long_date(issued)}",
            f"{short} số: {number}; cấp ngày: {slashed(issued)}; nơi cấp: {by}",
        )
    )


def shown_name(person: Person, upper: bool) -> str:
    return person.name.upper() if upper else person.name
