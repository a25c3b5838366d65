"""The registration certificate of a business household: form of 2025, of 2021, and of the years before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from samples import places
from samples.country import Unit, address, identity, resident, unit_of
from samples.ink import BLUE, pen_digits
from samples.paper import Fields, Paper
from samples.people import Person, day_between, full_name
from samples.places import bare
from samples.sign import official, written_date
from samples.wording import grouped, number_words, sentence, slashed

_TRADES: list[list[str]] = [
    line.split("|")
    for line in yaml.safe_load((Path(__file__).parent / "data" / "trades.yaml").read_text("utf-8"))
]
_YEARS = {
    "a": (date(2025, 7, 1), date(2026, 6, 20)),  # TT 68/2025/TT-BTC
    "b": (date(2016, 1, 4), date(2025, 3, 27)),  # TT 02/2019 and TT 01/2021/TT-BKHĐT
    "c": (date(2007, 1, 4), date(2015, 9, 20)),  # Decrees 88/2006 and 43/2010
}


def _office(rng: Random, unit: Unit, new: bool) -> tuple[str, str]:
    """The two lines of the letterhead."""
    if new:
        department = "PHÒNG KINH TẾ"
        if unit.commune.startswith("phường"):
            department = "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ"
        above = unit.commune
    else:
        urban = unit.district.startswith("quận")
        department = rng.choice(("PHÒNG TÀI CHÍNH - KẾ HOẠCH",) * 3 + (("PHÒNG KINH TẾ",) if urban else ()))
        above = unit.district
    return f"{rng.choice(('ỦY BAN NHÂN DÂN', 'UBND'))} {above.upper()}", department


def _number(rng: Random, owner: Person, layout: str) -> str:
    """From 2025 the owner's personal ID (TT 86/2024), else a tax code; before, `41G8012345`."""
    if layout == "a":
        return owner.personal_id if rng.random() < 0.8 else f"{rng.randrange(10**9, 9 * 10**9)}"
    if layout == "b" and rng.random() < 0.3:
        return f"8{rng.randrange(10**8, 10**9)}-001"
    return f"{rng.randrange(1, 64):02d}{rng.choice('ABCDEGHK')}8{rng.randrange(1000, 40000):06d}"


def _pen_number(rng: Random, number: str, colour: str) -> str:
    """The digits behind the last letter are written in."""
    at = max(number.rfind(letter) for letter in "ABCDEGHK") + 1
    return number[:at] + pen_digits(rng, number[at:], colour)


def _owner(rng: Random, owner: Person, unit: Unit, issued: date, upper: bool) -> dict[str, str]:
    kind, number = identity(rng, owner, issued)
    earliest = date(2016, 1, 4) if len(number) == 12 else date(2001, 1, 5)
    given = day_between(rng, max(owner.born.replace(year=owner.born.year + 15), earliest), issued)
    by = "Cục Cảnh sát QLHC về TTXH" if len(number) == 12 else f"Công an {unit.province}"
    return {
        "name": owner.name.upper() if upper else owner.name,
        "sex": owner.sex,
        "born": slashed(owner.born),
        "ethnicity": owner.ethnicity,
        "nationality": "Việt Nam",
        "id_kind": kind,
        "id": number,
        "id_day": slashed(given),
        "id_by": by,
        "residence": owner.residence,
    }


def business_certificate(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    who: Person | None = None,
    on: date | None = None,
    at: places.Unit | None = None,
) -> Paper:
    """`issue_date` is the day of the last change, where the paper names one, for that made this paper.

    `issuer` is the office alone, without the committee above it, as on every paper.
    who, on, at: owner, first day and office of a new household; left to chance unless given.
    """
    first = on or day_between(rng, *_YEARS[layout])
    unit = Unit(at, first) if at else unit_of(rng, first)
    owner = who or resident(rng, unit, first, 20, 64)
    changes = 0 if on else rng.choice((0, 0, 0, 1, 2))
    last = first + timedelta(days=rng.randrange(20, 90)) if changes else first
    colour = rng.choice(BLUE) if pen else None
    person = _owner(rng, owner, unit, first, rng.random() < 0.75)
    number = owner.personal_id if who else _number(rng, owner, layout)
    lines = rng.sample(_TRADES, rng.choice((1, 1, 2, 3, 4)))
    shop = f"{lines[0][2]} {full_name(rng, rng.choice(('Nam', 'Nữ'))).split()[-1].upper()}"
    if rng.random() < 0.4:
        shop = f"{lines[0][2]} {' '.join(owner.name.split()[-2:]).upper()}"
    name = f"HỘ KINH DOANH {shop}" if rng.random() < 0.7 else shop
    place = owner.residence if rng.random() < 0.5 else address(rng, unit)
    capital = rng.choice((20, 30, 50, 80, 100, 150, 200, 300, 500, 1000, 1250)) * 10**6
    letterhead = _office(rng, unit, layout == "a")
    pen_in_number = colour is not None and len(number) == 10 and not number.isdigit()
    drawn_first = written_date(rng, first, colour if not changes else None)
    seal = f"{letterhead[1].partition(',')[0]} ★"
    context: dict[str, Any] = {
        "above": letterhead[0].replace("NHÂN DÂN ", "NHÂN DÂN\n").split("\n"),
        "office": letterhead[1],
        "number": _pen_number(rng, number, str(colour)) if pen_in_number else number,
        "number_label": "Mã số thuế" if layout == "b" and number.endswith("-001") else "Số",
        "first": drawn_first,
        "changes": f"{changes:02d}" if rng.random() < 0.5 else str(changes),
        "changed": written_date(rng, last, colour) if changes else "",
        "name": name,
        "place": place,
        "phone": rng.choice(
            ("", f"09{rng.randrange(10, 99)} {rng.randrange(100, 999)} {rng.randrange(100, 999)}")
        ),
        "lines": [(code, line) for code, line, _ in lines],
        "main_apart": rng.random() < 0.3,
        "capital": grouped(capital),
        "capital_words": f"{sentence(number_words(capital))} đồng",
        "owner": person,
        "members": rng.random() < 0.3,
        "registered_at": owner.old_residence,
        "val_css": rng.choice(("", "font-weight:bold", "font-style:italic")),
        "signer": official(
            rng,
            rng.choice((("TRƯỞNG PHÒNG",), ("TRƯỞNG PHÒNG",), ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"))),
            full_name(rng, rng.choice(("Nam", "Nữ"))),
            seal,
            bare(unit.district or unit.commune).upper(),
        ),
    }
    fields: Fields = {
        "number": number,
        "business_name": name,
        "business_address": place,
        "business_line": lines[0][1],
        "capital": str(capital),
        "owner_name": person["name"],
        "date_of_birth": owner.born.isoformat(),
        "sex": owner.sex,
        "personal_id": person["id"],
        "owner_residence": owner.residence,
        "issuer": letterhead[1],
        "issue_date": last.isoformat(),
    }
    written = ("number",) * pen_in_number + ("issue_date",) * (colour is not None)
    return Paper("business-household-certificate", layout, font, context, fields, written)
