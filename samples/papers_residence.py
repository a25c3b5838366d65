"""Papers of residence: the declaration of a change (CT01) and the police's confirmation (CT07)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from samples.civil import (
    LATEST,
    NATIONALITY,
    DateStyle,
    dated,
    inked,
    police_signature,
    shown_name,
    value_css,
)
from samples.ink import BLUE, pen_digits
from samples.paper import Fields, Paper
from samples.people import Person
from samples.places import TWO_LEVELS, UNITS, Unit, address, born_at_age, people_name, resident, some_day
from samples.sign import Signer, private, written_date
from samples.wording import long_date, slashed

_OLD_FORM = (date(2021, 7, 5), date(2023, 12, 25))  # TT 56/2021/TT-BCA, until TT 66/2023
_RELIGIONS = ("Không", "Không", "Không", "Phật giáo", "Công giáo", "Cao Đài")
_JOBS = ("Làm ruộng", "Công nhân", "Giáo viên", "Buôn bán", "Lao động tự do", "Viên chức")


@dataclass(frozen=True)
class Household:
    """relationship: of the person to the head; members: who changes along, with their relation to the head."""

    head: Person
    relationship: str
    members: tuple[tuple[Person, str], ...]


def _household(rng: Random, person: Person, unit: Unit, day: date) -> Household:
    man = person.sex == "Nam"

    def kin(sex: str, youngest: int, oldest: int, father: Person | None = None) -> Person:
        born = born_at_age(rng, day, youngest, oldest)
        one = resident(rng, sex, born, unit, day, person.residence)
        if father is None:
            return one
        return replace(
            one, ethnicity=father.ethnicity, name=people_name(rng, father.ethnicity, sex, father.name)
        )

    age = day.year - person.born.year
    spouse = kin("Nữ" if man else "Nam", max(21, age - 4), max(22, age + 3))
    father = person if man else spouse
    youngest = max(0, day.year - (spouse if man else person).born.year - 45)
    oldest = max(youngest + 1, min(age, day.year - spouse.born.year) - 22)
    children = [kin(rng.choice(("Nam", "Nữ")), youngest, oldest, father) for _ in range(rng.randrange(3))]
    case = rng.choice(("self", "self", "spouse", "parent", "parent", "landlord"))
    if case == "self":
        ties = ((spouse, "Vợ" if man else "Chồng"), *((child, "Con") for child in children))
        return Household(person, "Chủ hộ", ties if rng.random() < 0.7 else ())
    if case == "spouse":
        return Household(spouse, "Chồng" if man else "Vợ", tuple((child, "Con") for child in children))
    if case == "parent":
        sex = rng.choice(("Nam", "Nữ"))
        parent = kin(sex, age + 21, age + 34, person if sex == "Nam" else None)
        own = rng.choice(("Con", "Con đẻ", "Con ruột"))
        return Household(parent, own, tuple((child, "Cháu") for child in children))
    landlord = kin(rng.choice(("Nam", "Nữ")), 35, 70)
    return Household(landlord, rng.choice(("Người ở thuê", "Ở nhờ", "Người thuê nhà")), ())


def _request(rng: Random, unit: Unit, day: date, home: str) -> str:
    until = day + timedelta(days=rng.choice((180, 365, 730)))
    target = address(rng, unit, day)
    return rng.choice(
        (
            f"Đăng ký thường trú tại địa chỉ {target}",
            f"Đăng ký thường trú về ở cùng chủ hộ tại {target}",
            f"Đăng ký tạm trú tại {target} từ {long_date(day)} đến {long_date(until)}",
            f"Tách hộ tại địa chỉ {home}",
            "Xác nhận thông tin về cư trú",
            "Điều chỉnh thông tin về cư trú do thay đổi địa giới hành chính",
            f"Xóa đăng ký tạm trú tại {home}",
        )
    )


def _grouped(rng: Random, phone: str) -> str:
    mark = rng.choice(("", "", " ", "."))
    return mark.join((phone[:4], phone[4:7], phone[7:]))


def _member_rows(household: Household, upper: bool) -> list[dict[str, str]]:
    return [
        {
            "name": shown_name(one, upper),
            "born": slashed(one.born),
            "sex": one.sex,
            "id": one.personal_id,
            "relation": relation,
        }
        for one, relation in household.members
    ]


def residence_form(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    who: Person | None = None,
    on: date | None = None,
    at: Unit | None = None,
) -> Paper:
    """a: the form of TT 53/2025/TT-BCA with boxes; b: as a portal prints it; c: that of TT 56/2021.

    who, on, at: of a dossier; left to chance unless given.
    """
    unit = at or rng.choice(UNITS)
    first, last = _OLD_FORM if layout == "c" else (TWO_LEVELS + timedelta(days=4), LATEST)
    declared = on or some_day(rng, first, last)
    colour = rng.choice(BLUE) if pen else None
    by_hand = colour if layout != "b" else None  # a portal's print has but its date filled in
    person = who or resident(
        rng, rng.choice(("Nam", "Nữ")), born_at_age(rng, declared, 19, 58), unit, declared
    )
    household = _household(rng, person, unit, declared)
    upper = rng.random() < 0.7
    head_name, head_id = shown_name(household.head, upper), household.head.personal_id
    phone = f"0{rng.choice('35789')}{rng.randrange(10**8):08d}"
    request = _request(rng, unit, declared, person.residence)
    addressed = f"Công an {unit.place(declared)}"

    def digits(text: str) -> str:
        return pen_digits(rng, text, by_hand, 4.2) if by_hand else text

    def corner(title: str, who: Person, hint: str) -> Signer:
        signer = private(rng, title, who.name, hint)
        if layout == "b":
            return signer
        # A quarter of the page is little room for a signature.
        return replace(
            signer, scrawl_x=rng.uniform(-1, 5), scrawl_y=signer.scrawl_y + 4, room=signer.room + 5
        )

    context: dict[str, Any] = {
        "addressed_to": addressed,
        "name": shown_name(person, upper),
        "born": digits(slashed(person.born)),
        "sex": person.sex,
        "id": digits(person.personal_id),
        "id_boxes": [digits(d) for d in person.personal_id],
        "phone": digits(phone) if by_hand else _grouped(rng, phone),
        "email": f"cd{person.personal_id[-5:]}@example.com" if rng.random() < 0.3 else "",
        "residence": person.residence,
        "job": rng.choice(_JOBS),
        "head": head_name,
        "relationship": household.relationship,
        "head_id": digits(head_id),
        "head_boxes": [digits(d) for d in head_id],
        "request": request,
        "members": _member_rows(household, upper),
        "empty_rows": max(0, 3 - len(household.members)),
        "town": unit.town(declared),
        "declared": written_date(rng, declared, colour),
        "signer": corner("NGƯỜI KÊ KHAI", person, "(Ký, ghi rõ họ tên)"),
        "consent": None
        if household.head is person
        else corner("Ý KIẾN CỦA CHỦ HỘ", household.head, rng.choice(("Đồng ý", "Tôi đồng ý"))),
        "val_css": value_css(rng, layout),
    }
    fields: Fields = {
        "addressed_to": addressed,
        "full_name": shown_name(person, upper),
        "date_of_birth": person.born.isoformat(),
        "sex": person.sex,
        "personal_id": person.personal_id,
        "phone": phone,
        "head_of_household": head_name,
        "relationship": household.relationship,
        "head_personal_id": head_id,
        "request": request,
        "declaration_date": declared.isoformat(),
    }
    drawn = ("date_of_birth", "personal_id", "phone", "head_personal_id") if by_hand else ()
    return Paper("residence-form", layout, font, context, fields, (*drawn, "declaration_date") if pen else ())


def residence_confirmation(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    who: Person | None = None,
    on: date | None = None,
    at: Unit | None = None,
) -> Paper:
    """a and b: CT07 of TT 66/2023/TT-BCA; c: that of TT 56/2021. Where there is no temporary address, no field.

    who, on, at: of a dossier; left to chance unless given.
    """
    unit, colour = at or rng.choice(UNITS), rng.choice(BLUE) if pen else None
    first, last = _OLD_FORM if layout == "c" else (TWO_LEVELS + timedelta(days=4), LATEST)
    if layout == "a" and rng.random() < 0.3:
        first, last = date(2024, 1, 3), date(2025, 6, 27)
    issued = on or some_day(rng, first, last)
    sex = who.sex if who else rng.choice(("Nam", "Nữ"))
    person = who or resident(rng, sex, born_at_age(rng, issued, 16, 75), unit, issued)
    household = _household(rng, person, unit, issued)
    moved = rng.random() < 0.5
    permanent = address(rng, rng.choice(UNITS), issued) if moved else person.residence
    temporary = person.residence if moved else ""
    upper = rng.random() < 0.7
    number = f"{rng.randrange(3, 2400):02d}/{rng.choice(('XN', 'XNCT', 'XN-CA'))}"
    signed = police_signature(rng, unit, issued, rng.choice(("", "(Ký, ghi rõ họ tên và đóng dấu)")))
    style: DateStyle = rng.choice(("slashed", "slashed", "dashed"))
    context: dict[str, Any] = {
        "above": f"Công an {unit.parts(issued)[1]}",
        "agency": f"Công an {unit.commune(issued)}",
        "number": inked(rng, number, colour),
        "town": unit.town(issued),
        "issued": written_date(rng, issued, colour),
        "name": shown_name(person, upper),
        "asker": person.name,
        "born": dated(person.born, style),
        "sex": sex,
        "id": person.personal_id,
        "id_boxes": list(person.personal_id),
        "ethnicity": person.ethnicity,
        "religion": rng.choice(_RELIGIONS),
        "nationality": NATIONALITY,
        "origin": person.origin,
        "permanent": permanent,
        "temporary": temporary,
        "present": person.residence,
        "head": shown_name(household.head, upper),
        "relationship": household.relationship,
        "head_id": household.head.personal_id,
        "members": _member_rows(household, upper) if rng.random() < 0.6 else [],
        "since": slashed(some_day(rng, date(2012, 1, 1), issued - timedelta(days=300))),
        "signer": signed,
        "val_css": value_css(rng, layout),
    }
    fields: Fields = {
        "number": number,
        "full_name": shown_name(person, upper),
        "date_of_birth": person.born.isoformat(),
        "sex": sex,
        "personal_id": person.personal_id,
        "ethnicity": person.ethnicity,
        "nationality": NATIONALITY,
        "place_of_origin": person.origin,
        "permanent_address": permanent,
        **({"temporary_address": temporary} if temporary else {}),
        "head_of_household": shown_name(household.head, upper),
        "relationship": household.relationship,
        "issuer": f"CÔNG AN {unit.commune(issued).upper()}",
        "issue_date": issued.isoformat(),
    }
    return Paper(
        "residence-confirmation", layout, font, context, fields, ("number", "issue_date") if pen else ()
    )
