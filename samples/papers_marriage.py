"""Papers about being married or not: marriage certificate and its extract, marital-status confirmation.

`number` is the one in the paper's own head: an extract's (`12/TLKH-BS`), not that of the registration it copies.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from samples.civil import (
    LATEST,
    NATIONALITY,
    STYLES,
    committee,
    committee_signature,
    dated,
    head_lines,
    id_paper,
    inked,
    paper_day,
    shown_name,
    value_css,
)
from samples.ink import BLUE
from samples.paper import Fields, Paper
from samples.people import Person, full_name
from samples.places import TWO_LEVELS, UNITS, Unit, born_at_age, resident, some_day
from samples.sign import private, written_date
from samples.wording import long_date, slashed

_PURPOSES = (
    "làm thủ tục chuyển nhượng quyền sử dụng đất",
    "bổ sung hồ sơ vay vốn tại Ngân hàng Chính sách xã hội",
    "làm thủ tục mua nhà ở xã hội",
    "bổ túc hồ sơ đi lao động ở nước ngoài",
    "làm thủ tục nhận con nuôi",
)


def _couple(rng: Random, unit: Unit, day: date) -> tuple[Person, Person]:
    """Of lawful age on `day` (20 and 18, Luật Hôn nhân và gia đình art 8); one may live elsewhere."""
    age = rng.choice((rng.randrange(22, 30), rng.randrange(22, 34), rng.randrange(30, 52)))
    his = born_at_age(rng, day, max(20, age - 1), age + 1)
    hers = born_at_age(rng, day, max(18, age - 6), max(19, age + 1))
    husband = resident(rng, "Nam", his, unit if rng.random() < 0.7 else rng.choice(UNITS), day)
    wife = resident(rng, "Nữ", hers, unit, day)
    return husband, wife


def marriage_certificate(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    couple: tuple[Person, Person] | None = None,
    on: date | None = None,
    at: Unit | None = None,
) -> Paper:
    """a: the certificate; b: an extract (TRÍCH LỤC KẾT HÔN, BẢN SAO); c: the form of before.

    couple, on, at: who was married, when and where, of a dossier; left to chance unless given.
    """
    unit, colour = at or rng.choice(UNITS), rng.choice(BLUE) if pen else None
    old = layout == "c"
    registered = on or (some_day(rng, date(2016, 9, 1), date(2020, 12, 20)) if old else paper_day(rng, 0.4))
    earliest = max(registered, TWO_LEVELS) + timedelta(days=1)
    issued = some_day(rng, earliest, max(earliest, LATEST + timedelta(days=3)))
    husband, wife = couple or _couple(rng, unit, registered)
    upper, style = rng.random() < 0.75, rng.choice(STYLES)
    serial = f"{rng.randrange(1, 190):02d}"
    number = {"a": f"{serial}/{registered.year}", "c": serial}.get(
        layout, rng.choice((f"{serial}/TLKH-BS", f"{serial}/{issued.year}/TLKH-BS"))
    )
    book = f"01/{registered.year}" if layout == "c" or (layout == "a" and rng.random() < 0.4) else ""
    office = committee(rng, unit, registered)
    first = {"a": ("NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN",), "b": ("NGƯỜI KÝ TRÍCH LỤC",)}.get(layout, ())
    when = issued if layout == "b" else registered
    signed = committee_signature(rng, unit, when, first, copy=layout == "b")

    def spouse(person: Person) -> dict[str, str]:
        return {
            "name": shown_name(person, upper),
            "born": dated(person.born, style),
            "ethnicity": person.ethnicity,
            "residence": person.residence,
            "id": id_paper(rng, person, registered),
        }

    context: dict[str, Any] = {
        **head_lines(unit, when),
        "number": inked(rng, number, colour),
        "book": book,
        "husband": spouse(husband),
        "wife": spouse(wife),
        "nationality": NATIONALITY,
        "office": office,
        "registration_number": f"{rng.randrange(1, 190):02d}/{registered.year}",
        "registered": long_date(registered) if layout == "b" else dated(registered, style),
        "issued": written_date(rng, issued, None),
        "source": rng.choice(("Sổ đăng ký kết hôn", "Cơ sở dữ liệu hộ tịch điện tử")),
        "signer": signed,
        "his": private(
            rng, "CHỒNG" if layout == "c" else "Chồng", husband.name, "(Ký, ghi rõ họ, chữ đệm, tên)"
        ),
        "hers": private(rng, "VỢ" if layout == "c" else "Vợ", wife.name, "(Ký, ghi rõ họ, chữ đệm, tên)"),
        "below": rng.random() < 0.5,
        "colour": rng.choice(("#a81d2c", "#8a1c28", "#b23a1e")),
        "val_css": value_css(rng, layout),
    }
    fields: Fields = {
        "number": number,
        **({"book_number": book} if book else {}),
        "husband_name": shown_name(husband, upper),
        "husband_date_of_birth": husband.born.isoformat(),
        "husband_personal_id": husband.personal_id,
        "husband_residence": husband.residence,
        "wife_name": shown_name(wife, upper),
        "wife_date_of_birth": wife.born.isoformat(),
        "wife_personal_id": wife.personal_id,
        "wife_residence": wife.residence,
        "registration_office": office,
        "registration_date": registered.isoformat(),
        "signer_name": signed.name,
    }
    return Paper("marriage-certificate", layout, font, context, fields, ("number",) if pen else ())


def _marital_status(rng: Random, person: Person, day: date) -> str:
    spouse_sex, spouse = ("Nữ", "vợ") if person.sex == "Nam" else ("Nam", "chồng")
    last = day - timedelta(days=25)
    past = some_day(rng, min(last, max(date(2017, 1, 3), date(person.born.year + 20, 6, 1))), last)
    court = f"Tòa án nhân dân {rng.choice(UNITS).old[1]}"
    single = ("Chưa đăng ký kết hôn với ai", "Hiện tại chưa đăng ký kết hôn với ai")
    return rng.choice(
        (
            *single,
            *single,
            f"Đã đăng ký kết hôn, nhưng đã ly hôn theo Quyết định công nhận thuận tình ly hôn số "
            f"{rng.randrange(10, 300)}/{past.year}/QĐST-HNGĐ ngày {slashed(past)} của {court}; "
            "hiện tại chưa đăng ký kết hôn với ai",
            f"Đã đăng ký kết hôn, nhưng {spouse} đã chết (Trích lục khai tử số {rng.randrange(3, 90):02d}/TLKT "
            f"cấp ngày {slashed(past)}); hiện tại chưa đăng ký kết hôn với ai",
            f"Hiện tại đang có {spouse} là {'bà' if spouse_sex == 'Nữ' else 'ông'} {full_name(rng, spouse_sex)}",
        )
    )


def _purpose(rng: Random, person: Person, status: str, day: date) -> str:
    if "đang có" in status or rng.random() < 0.4:
        return rng.choice(_PURPOSES)
    sex = "Nữ" if person.sex == "Nam" else "Nam"
    card = "Căn cước" if day >= TWO_LEVELS else "CCCD"
    other = resident(rng, sex, born_at_age(rng, day, 21, 34), rng.choice(UNITS), day)
    return (
        f"đăng ký kết hôn với {'ông' if sex == 'Nam' else 'bà'} {other.name}, sinh ngày {slashed(other.born)}, "
        f"{card} số {other.personal_id}, nơi cư trú: {other.residence}"
    )


def marital_status_confirmation(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    who: Person | None = None,
    on: date | None = None,
    at: Unit | None = None,
) -> Paper:
    """who, on, at: of a dossier; left to chance unless given."""
    unit, colour = at or rng.choice(UNITS), rng.choice(BLUE) if pen else None
    issued = on or paper_day(rng, {"a": 0.35, "b": 0.0}.get(layout, 1.0))
    sex = who.sex if who else rng.choice(("Nam", "Nữ"))
    person = who or resident(rng, sex, born_at_age(rng, issued, 21, 62), unit, issued)
    upper, style = rng.random() < 0.7, rng.choice(STYLES)
    status = _marital_status(rng, person, issued)
    purpose = _purpose(rng, person, status, issued)
    serial = f"{rng.randrange(1, 640):02d}"
    number = f"{serial}/XNTTHN" if layout == "c" else f"{serial}/UBND-XNTTHN"
    since = some_day(rng, date(person.born.year + 18, 1, 1), issued - timedelta(days=200))
    signed = committee_signature(rng, unit, issued, hint=rng.choice(("", "(Ký, ghi rõ họ tên, đóng dấu)")))
    context: dict[str, Any] = {
        **head_lines(unit, issued),
        "number": inked(rng, number, colour),
        "issued": written_date(rng, issued, colour),
        "name": shown_name(person, upper),
        "title": "ông" if sex == "Nam" else "bà",
        "asker": person.name,
        "born": dated(person.born, style),
        "sex": sex,
        "ethnicity": person.ethnicity,
        "nationality": NATIONALITY,
        "id": id_paper(rng, person, issued),
        "residence": person.residence,
        "period": f"từ {long_date(since)} đến {long_date(issued)}" if rng.random() < 0.6 else "",
        "status": status,
        "purpose": purpose,
        "signer": signed,
        "val_css": value_css(rng, layout),
    }
    fields = {
        "number": number,
        "full_name": shown_name(person, upper),
        "date_of_birth": person.born.isoformat(),
        "sex": sex,
        "personal_id": person.personal_id,
        "residence": person.residence,
        "marital_status": status,
        "purpose": purpose,
        "issuer": f"ỦY BAN NHÂN DÂN {unit.commune(issued).upper()}",
        "issue_date": issued.isoformat(),
        "signer_name": signed.name,
    }
    pens = ("number", "issue_date") if pen else ()
    return Paper("marital-status-confirmation", layout, font, context, fields, pens)
