"""Driving licences: the plastic card of 2012, that of the Ministry of Public Security, the paper one before both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Literal

from samples.country import Unit, address, resident, unit_of
from samples.ground import waves
from samples.ink import BLUE, RED, round_seal, signature
from samples.paper import Fields, Paper
from samples.papers_card import COATS, HAIR, qr_svg, sheet_pages
from samples.people import Person, day_between, full_name
from samples.places import bare
from samples.wording import slashed

_YEARS = {
    "a": (date(2012, 7, 2), date(2024, 12, 20)),  # TT 46/2012, 12/2017/TT-BGTVT
    "b": (date(2025, 3, 3), date(2026, 9, 20)),  # TT 12/2025/TT-BCA
    "c": (date(2002, 1, 7), date(2012, 6, 20)),  # before the plastic card
}
LicenceSheet = Literal["a4", "a4-pages", "faces", "front"]
"""front: the face alone, as people photograph it; the rest as for personal ID cards."""


@dataclass(frozen=True)
class _Class:
    """years: how long it holds, 0 for life. meaning: Vietnamese, English."""

    name: str
    years: int
    meaning: str
    english: str


_OLD = (
    _Class("A1", 0, "Xe mô tô hai bánh có dung tích xi lanh từ 50 cm³ đến dưới 175 cm³",
           "Motorcycles with cylinder capacity from 50 cm³ to under 175 cm³"),
    _Class("A2", 0, "Xe mô tô hai bánh có dung tích xi lanh từ 175 cm³ trở lên và các loại xe hạng A1",
           "Motorcycles with cylinder capacity of 175 cm³ and over"),
    _Class("B2", 10, "Ô tô chở người đến 9 chỗ ngồi; ô tô tải có trọng tải dưới 3.500 kg",
           "Motor vehicles up to 9 seats; trucks under 3,500 kg"),
    _Class("C", 5, "Ô tô tải có trọng tải từ 3.500 kg trở lên và các loại xe hạng B1, B2",
           "Trucks of 3,500 kg and over"),
    _Class("D", 5, "Ô tô chở người từ 10 đến 30 chỗ ngồi và các loại xe hạng B1, B2, C",
           "Passenger vehicles with 10 to 30 seats"),
    _Class("E", 5, "Ô tô chở người trên 30 chỗ ngồi và các loại xe hạng B1, B2, C, D",
           "Passenger vehicles with over 30 seats"),
    _Class("FC", 5, "Ô tô hạng C có kéo rơ moóc, đầu kéo kéo sơ mi rơ moóc",
           "Class C vehicles with trailers"),
)  # fmt: skip
_NEW = (  # Luật Trật tự, an toàn giao thông đường bộ 2024, article 57
    _Class("A1", 0, "Xe mô tô hai bánh có dung tích xi-lanh đến 125 cm³ hoặc công suất động cơ điện đến 11 kW",
           "Two-wheeled motorcycles up to 125 cm³ or 11 kW"),
    _Class("A", 0, "Xe mô tô hai bánh có dung tích xi-lanh trên 125 cm³ hoặc công suất động cơ điện trên 11 kW",
           "Two-wheeled motorcycles over 125 cm³ or 11 kW"),
    _Class("B", 10, "Xe ô tô chở người đến 8 chỗ (không kể chỗ của người lái xe); xe ô tô tải đến 3.500 kg",
           "Cars up to 8 seats besides the driver's; trucks up to 3,500 kg"),
    _Class("C1", 10, "Xe ô tô tải có khối lượng toàn bộ theo thiết kế trên 3.500 kg đến 7.500 kg",
           "Trucks over 3,500 kg up to 7,500 kg"),
    _Class("C", 5, "Xe ô tô tải có khối lượng toàn bộ theo thiết kế trên 7.500 kg", "Trucks over 7,500 kg"),
    _Class("D1", 5, "Xe ô tô chở người trên 8 chỗ đến 16 chỗ (không kể chỗ của người lái xe)",
           "Passenger vehicles with over 8 up to 16 seats"),
    _Class("D2", 5, "Xe ô tô chở người trên 16 chỗ đến 29 chỗ (không kể chỗ của người lái xe)",
           "Passenger vehicles with over 16 up to 29 seats"),
    _Class("D", 5, "Xe ô tô chở người trên 29 chỗ (không kể chỗ của người lái xe)",
           "Passenger vehicles with over 29 seats"),
    _Class("CE", 5, "Xe ô tô hạng C kéo rơ moóc trên 750 kg; xe ô tô đầu kéo kéo sơ mi rơ moóc",
           "Class C vehicles with trailers over 750 kg"),
)  # fmt: skip


def _classes(rng: Random, layout: str) -> tuple[_Class, ...]:
    """One class; on the card of 2012 sometimes a motorcycle's beside it."""
    kinds = _NEW if layout == "b" else _OLD
    weights = [5 if kind.name in ("A1", "B2", "B") else 1 for kind in kinds]
    chosen = rng.choices(kinds, weights)[0]
    if layout == "a" and chosen.years and rng.random() < 0.25:
        return kinds[0], chosen
    return (chosen,)


def _issuer(rng: Random, unit: Unit, layout: str, upper: bool) -> str:
    if layout == "b":
        office = rng.choice(
            ("Cục Cảnh sát giao thông", f"Công an {unit.province}", f"Công an {unit.province}")
        )
    else:
        office = f"Sở Giao thông vận tải {unit.province}"
    return office.upper() if upper else office


def _seal(issuer: str) -> str:
    return "SỞ GIAO THÔNG VẬN TẢI ★" if issuer.upper().startswith("SỞ") else f"{issuer.upper()} ★"


def _short(unit: Unit, spot: str) -> str:
    """As a card has room for it: the hamlet or street, and the units by their initials."""
    parts = spot.split(", ")
    for kind, sign in (("xã ", "X. "), ("phường ", "P. "), ("thị trấn ", "TT. "), ("huyện ", "H. "),
                       ("quận ", "Q. "), ("thành phố ", "TP. "), ("tỉnh ", "T. "), ("thị xã ", "TX. ")):  # fmt: skip
        parts = [sign + part[len(kind) :] if part.startswith(kind) else part for part in parts]
    return ", ".join(parts[-4:] if unit.district else parts[-3:])


def driving_licence(
    rng: Random,
    layout: str,
    font: str,
    sheet: LicenceSheet = "faces",
    who: Person | None = None,
    on: date | None = None,
    name_of_class: str = "",
) -> Paper:
    """Every field stands on the front. A class for life has no `expiry_date`.

    who, on, name_of_class: holder, day and class of a dossier; left to chance unless given.
    """
    day = on or day_between(rng, *_YEARS[layout])
    unit = unit_of(rng, day)
    holder = who or resident(rng, unit, day, 19, 55)
    classes = _classes(rng, layout)
    if name_of_class:
        classes = tuple(kind for kind in (*_OLD, *_NEW) if kind.name == name_of_class)[:1]
    years = classes[-1].years
    expires = day.replace(year=day.year + years) if years else None
    home = address(rng, unit)
    residence = _short(unit, home) if rng.random() < 0.5 else ", ".join(home.split(", ")[-4:])
    residence = residence[0].upper() + residence[1:]
    upper = layout != "c" or rng.random() < 0.5
    name = holder.name.upper() if upper else holder.name
    nationality = "VIỆT NAM" if layout == "a" else "Việt Nam"
    number = (
        f"{holder.personal_id[1:3]}{rng.randrange(10**9, 10**10)}" if layout != "c" else _paper_number(rng)
    )
    issuer = _issuer(rng, unit, layout, layout != "c")
    town = bare(unit.province)
    page, pages = sheet_pages(rng, "faces" if sheet == "front" else sheet)
    shown = ", ".join(kind.name for kind in classes)
    payload = "|".join((number, name, f"{holder.born:%d%m%Y}", shown, f"{day:%d%m%Y}"))
    grounds = {"a": "#f6efc9,#f3e6b0 50%,#f7f1d6", "b": "#e6f0f6,#f6efd9 55%,#e9f1e2", "c": "#f7f4ea,#f2efe4"}
    context: dict[str, Any] = {
        "page": page,
        "pages": pages[:1] if sheet == "front" else pages,
        "ground": f"linear-gradient(105deg,{grounds[layout]})",
        "guilloche": waves(rng, 85.6, 54, "#e6d698" if layout != "b" else "#cddce5", 2.3),
        "id_colour": rng.choice(("#b01f2e", "#c0232c")),
        "title_colour": "#c02130" if layout != "c" else "#1f3f8f",
        "photo": {"hair": HAIR[holder.sex], "coat": rng.choice(COATS)},
        "number": number,
        "name": name,
        "born": slashed(holder.born),
        "nationality": nationality,
        "residence": residence,
        "classes": [vars(kind) for kind in classes],
        "class_name": shown,
        "day": f"{day.day:02d}",
        "month": f"{day.month:02d}",
        "year": str(day.year),
        "issued": slashed(day),
        "passed": slashed(day - timedelta(days=rng.randrange(8, 30))),
        "town": town if not unit.province.startswith("Thành") else "TP. Hồ Chí Minh",
        "issuer": issuer,
        "expires": slashed(expires) if expires else "Không thời hạn",
        "titles": rng.choice((("GIÁM ĐỐC",), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"))),
        "signer": full_name(rng, rng.choice(("Nam", "Nam", "Nữ"))),
        "scrawl": signature(rng, BLUE[0], 24, 9),
        "seal": round_seal(rng, _seal(issuer), town.upper(), RED[0], 34),
        "qr": qr_svg(payload, 15),
    }
    fields: Fields = {
        "number": number,
        "full_name": name,
        "date_of_birth": holder.born.isoformat(),
        "nationality": "Việt Nam",  # of a closed list: as the list has it
        "residence": residence,
        "licence_class": shown,
        "issue_date": day.isoformat(),
        "issuer": issuer,
    }
    if expires:
        fields["expiry_date"] = expires.isoformat()
    notes = {"qr": payload} if layout == "b" and sheet != "front" else {}
    return Paper("driving-licence", layout, font, context, fields, notes=notes)


def _paper_number(rng: Random) -> str:
    return f"{rng.choice('ABCDEGHKLMNP')}{rng.choice('ABCDEGHKLMNP')}{rng.randrange(10**5, 10**6)}"
