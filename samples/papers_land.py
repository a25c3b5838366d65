"""Land-use right certificates: the pink book of 2014, the sheet of 2024 with its QR code, the red book of 2004."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from samples.country import Unit, address, identity, resident, unit_of
from samples.ground import rosette, sketch, waves
from samples.ink import BLUE, pen_digits
from samples.paper import Fields, Paper
from samples.papers_card import qr_svg
from samples.people import Person, day_between, full_name
from samples.places import bare
from samples.sign import official, written_date
from samples.wording import decimal_words, grouped, sentence

_YEARS = {
    "a": (date(2014, 7, 7), date(2024, 7, 26)),  # TT 23/2014/TT-BTNMT
    "b": (date(2024, 8, 2), date(2026, 9, 20)),  # TT 10/2024/TT-BTNMT
    "c": (date(2004, 12, 6), date(2009, 12, 4)),  # QĐ 24/2004 and 08/2006/QĐ-BTNMT
}
_LETTERS = "ABCDEGHKLMNPQRSTUVXY"
_SERIES = ("BT", "BV", "BX", "CA", "CD", "CH", "CK", "CP", "CS", "CT", "DA", "DB", "DĐ", "DK")
# (use as printed, term; without one it is a day)
_USES = (
    ("Đất ở tại nông thôn", "Lâu dài"),
    ("Đất ở tại nông thôn", "Lâu dài"),
    ("Đất ở tại đô thị", "Lâu dài"),
    ("Đất trồng cây lâu năm", ""),
    ("Đất chuyên trồng lúa nước", ""),
    ("Đất trồng cây hàng năm khác", ""),
    ("Đất nuôi trồng thủy sản", ""),
)
_ORIGINS = (
    "Công nhận QSDĐ như giao đất có thu tiền sử dụng đất",
    "Nhận chuyển nhượng đất được Công nhận QSDĐ như giao đất có thu tiền sử dụng đất",
    "Nhà nước giao đất không thu tiền sử dụng đất",
)


@dataclass(frozen=True)
class Parcel:
    """area in tenths of a square metre."""

    number: str
    sheet: str
    area: int
    use: str
    term: str
    place: str


def _metres(tenths: int) -> str:
    """`1.250,5`."""
    whole, tenth = divmod(tenths, 10)
    return grouped(whole) + (f",{tenth}" if tenth else "")


def _parcel(rng: Random, unit: Unit, day: date) -> Parcel:
    area = rng.randrange(400, 3000) if rng.random() < 0.6 else rng.randrange(3000, 98000)
    if rng.random() < 0.3:
        area -= area % 10
    use, term = rng.choice(
        [u for u in _USES if not u[0].endswith("đô thị" if unit.commune.startswith("xã") else "nông thôn")]
    )
    until = f"{rng.choice(('Đến ngày', 'đến ngày'))} 15/10/{rng.choice((2043, 2063, day.year + 50))}"
    if use.startswith("Đất ở") and area > 1500 and rng.random() < 0.45:
        home = rng.randrange(60, 30 + area // 20) * 10
        use = f"{use} {_metres(home)} m²; Đất trồng cây lâu năm {_metres(area - home)} m²"
        term = f"Đất ở: Lâu dài; Đất trồng cây lâu năm: {until}"
    place = address(rng, unit)
    return Parcel(
        str(rng.randrange(1, 1900)), str(rng.randrange(1, 96)), area, use, term or sentence(until), place
    )


def _serial(rng: Random, layout: str) -> str:
    if layout == "b":
        return f"AA {rng.randrange(10**5, 99 * 10**5):08d}"
    letters = rng.choice(_SERIES) if layout == "a" else f"A{rng.choice(_LETTERS)}"
    return f"{letters} {rng.randrange(1000, 10**6):06d}"


def _holder(rng: Random, person: Person, day: date, layout: str) -> dict[str, str]:
    kind, number = identity(rng, person, day)
    shown = {
        "CMND": rng.choice(("CMND số:", "Giấy CMND số:", "CMND:")),
        "CCCD": rng.choice(("CCCD số:", "Căn cước công dân số:", "CCCD:")),
        "Căn cước": "Căn cước số:",
    }[kind]
    title = "Ông" if person.sex == "Nam" else "Bà"
    if layout != "b" and rng.random() < 0.25:
        title = f"Hộ {title.lower()}"
    return {
        "title": title,
        "name": person.name.upper() if layout != "c" or rng.random() < 0.4 else person.name,
        "year": str(person.born.year),
        "id_label": shown,
        "id": number,
        "residence": person.residence,
    }


def _issuer(rng: Random, unit: Unit, layout: str) -> tuple[tuple[str, ...], str]:
    """The lines over the signature, and the office that they name."""
    deputy = rng.random() < 0.6
    if layout == "b" and rng.random() < 0.75:
        seat = f"KHU VỰC {unit.town.upper()}" if not unit.district else unit.district.upper()
        office = f"CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI {seat}"
        lines = ("CHI NHÁNH VĂN PHÒNG", f"ĐĂNG KÝ ĐẤT ĐAI {seat}")
        return (*lines, *(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC") if deputy else ("GIÁM ĐỐC",))), office
    if layout == "a" and rng.random() < 0.3:
        lines = ("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", unit.province.upper())
        titles = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC") if deputy else ("GIÁM ĐỐC",)
        return (*lines, *titles), " ".join(lines)
    office = f"ỦY BAN NHÂN DÂN {(unit.district or unit.commune).upper()}"
    return (f"TM. {office}", *(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") if deputy else ("CHỦ TỊCH",))), office


def _seal(office: str) -> str:
    """What fits around a seal."""
    if office.startswith("CHI"):
        return "CHI NHÁNH VPĐK ĐẤT ĐAI ★"
    if office.startswith("SỞ"):
        return "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG ★"
    return f"{office.replace('ỦY BAN NHÂN DÂN', 'UBND')} ★"


def _leaves(rng: Random, layout: str) -> list[list[int]]:
    """Which leaves of the book lie on each page of the scan: one by one, or the book laid open."""
    if rng.random() < 0.25:
        return [[4, 1], [2, 3]]
    return [[1], [2], [3]] if layout == "c" or rng.random() < 0.7 else [[1], [2], [3], [4]]


def _register(rng: Random, office: str, layout: str) -> tuple[str, str]:
    """(letters, digits) of the number in the register: CH of a district, CS of a department, VP of a branch."""
    if layout == "c":
        return "H", f"{rng.randrange(20, 9000):05d}"
    letters = "CS" if office.startswith("SỞ") else "VP" if office.startswith("CHI") else "CH"
    return letters, f"{rng.randrange(20, 99000):05d}"


def land_certificate(
    rng: Random, layout: str, font: str, pen: bool = False, who: Person | None = None, on: date | None = None
) -> Paper:
    """The holder is the first who is named; `land_use` and `use_term` stand as printed.

    who, on: holder and day of a dossier; left to chance unless given.
    """
    day = on or day_between(rng, *_YEARS[layout])
    unit = unit_of(rng, day)
    parcel = _parcel(rng, unit, day)
    person = who or resident(rng, unit, day, 24, 78)
    holder = _holder(rng, person, day, layout)
    spouse: dict[str, str] = {}
    if not holder["title"].startswith("Hộ") and rng.random() < 0.3:
        age = day.year - person.born.year
        sex = "Nữ" if person.sex == "Nam" else "Nam"
        other = resident(rng, unit, day, max(20, age - 7), age + 6, sex)
        spouse = {**_holder(rng, other, day, layout), "residence": holder["residence"]}
        spouse["title"] = "bà" if person.sex == "Nam" else "ông"
    serial = _serial(rng, layout)
    colour = rng.choice(BLUE) if pen else None
    gap = rng.choice(("", " "))
    lines, office = _issuer(rng, unit, layout)
    letters, digits = _register(rng, office, layout)
    area = _metres(parcel.area)
    code = f"{rng.randrange(10**11, 10**12)}"
    qr = "|".join(
        (serial.replace(" ", ""), code, holder["name"], holder["id"], parcel.number, parcel.sheet, area)
    )
    leaf = (210, 297) if layout == "b" else (190, 265)
    sheets = [[1], [2]] if layout == "b" else _leaves(rng, layout)
    # A mortgage is written on the book; it changes neither holder nor parcel.
    change = ""
    if rng.random() < 0.35:
        when = day_between(rng, day, max(day, date(2024, 7, 1)))
        bank = rng.choice(("Agribank", "Vietcombank", "BIDV", "VietinBank"))
        change = (
            f"Thế chấp bằng quyền sử dụng đất với Ngân hàng {bank} - Chi nhánh {bare(unit.province)} theo hồ sơ"
            f" số {rng.randrange(100, 9000):06d}.TC.{rng.randrange(1, 30):03d}, ngày {when:%d/%m/%Y}."
        )
    context: dict[str, Any] = {
        "page": f"{leaf[0] * len(sheets[-1])}mm {leaf[1]}mm",
        "leaf_size": f"width:{leaf[0]}mm;height:{leaf[1]}mm",
        "sheets": sheets,
        "waves": waves(rng, *leaf, "#f0c6cf" if layout != "c" else "#ecd9a6"),
        "rosette": rosette(120, "#efc9d1" if layout != "c" else "#ecd9a6"),
        "serial": serial,
        "register": letters + gap + (pen_digits(rng, digits, colour) if colour else digits),
        "holder": holder,
        "spouse": spouse,
        "parcel": parcel,
        "area": area,
        "area_words": f"{sentence(decimal_words(parcel.area))} mét vuông",
        "origin": rng.choice(_ORIGINS),
        "house": rng.choice(("-/-", "-/-", "Chưa chứng nhận quyền sở hữu")),
        "remark": rng.choice(("Không", "-/-", "Thửa đất có 12,5 m² thuộc hành lang an toàn đường bộ")),
        "sketch": sketch(rng, parcel.number, area),
        "change": change,
        "code": code,
        "qr": qr_svg(qr, 20),
        "district": unit.district or unit.commune,
        "province": unit.province,
        "issued": f"{unit.town}, {written_date(rng, day, colour)}",
        "issued_bare": written_date(rng, day, colour),
        "signer": official(
            rng,
            lines,
            full_name(rng, rng.choice(("Nam", "Nam", "Nữ"))),
            _seal(office),
            bare(unit.province).upper(),
        ),
        "val_css": rng.choice(("", "font-weight:bold", "font-style:italic")),
    }
    fields: Fields = {
        "serial": serial.replace(" ", ""),  # numbers have no separators
        "register_number": (letters + gap + digits).replace(" ", ""),
        "holder_name": holder["name"],
        "holder_personal_id": holder["id"],
        "parcel_number": parcel.number,
        "map_sheet": parcel.sheet,
        "area_m2": f"{parcel.area / 10:g}",
        "land_use": parcel.use,
        "land_address": parcel.place,
        "use_term": parcel.term,
        "issuer": office,
        "issue_date": day.isoformat(),
    }
    notes = {"qr": qr} if layout == "b" else {}
    written = ("register_number", "issue_date") if pen else ()
    return Paper("land-certificate", layout, font, context, fields, written, notes=notes)
