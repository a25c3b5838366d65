"""The papers of a birth registration: form, notice, certificate."""

from __future__ import annotations

from random import Random
from typing import Any

from samples.ink import BLUE, pen_digits, signature
from samples.paper import Paper
from samples.people import Person
from samples.sign import ink_colour, official, private, written_date
from samples.story import CITY, COMMUNE, Birth
from samples.wording import date_words, slashed

NATIONALITY = "Việt Nam"
REGISTRATION_OFFICE = f"Ủy ban nhân dân {COMMUNE}, {CITY}"


def _shown(name: str, upper: bool) -> str:
    return name.upper() if upper else name


def _parent(person: Person, upper: bool) -> dict[str, str]:
    return {
        "name": _shown(person.name, upper),
        "year": str(person.born.year),
        "ethnicity": person.ethnicity,
        "nationality": NATIONALITY,
        "residence": person.residence,
        "id": person.personal_id,
    }


def _split_words(words: str, room: int) -> tuple[str, str]:
    """Break at a space so that the head fits the rest of the line."""
    if len(words) <= room:
        return words, ""
    at = words.rfind(" ", 0, room)
    return words[:at], words[at + 1 :]


def registration_form(rng: Random, birth: Birth, layout: str, font: str, pen: bool = False) -> Paper:
    child, applicant = birth.child, birth.applicant
    upper = rng.random() < 0.8
    colour = rng.choice(BLUE) if pen else None
    place = f"{birth.hospital[0]}, {birth.hospital[1]}"
    words = date_words(child.born)
    head, tail = _split_words(words, 24)
    addressed = REGISTRATION_OFFICE
    context: dict[str, Any] = {
        "addressed_to": addressed,
        "applicant": {
            "name": _shown(applicant.name, upper),
            "born": slashed(applicant.born),
            "residence": applicant.residence,
            "id": applicant.personal_id,
        },
        "relationship": birth.relationship,
        "child": {
            "name": _shown(child.name, upper),
            "born": slashed(child.born),
            "born_words": words,
            "born_words_head": head,
            "born_words_tail": tail,
            "sex": child.sex,
            "ethnicity": child.ethnicity,
            "nationality": NATIONALITY,
            "place": place,
            "origin": child.origin,
        },
        "mother": _parent(birth.mother, upper),
        "father": _parent(birth.father, upper),
        "copies": rng.choice(("", "02", "05")),
        "place": COMMUNE[0].upper() + COMMUNE[1:],
        "declared": written_date(rng, birth.declared, colour),
        "signer": private(rng, "Người yêu cầu", applicant.name, "(Ký, ghi rõ họ, chữ đệm, tên)"),
        "val_css": rng.choice(("", "", "font-weight:bold", "font-style:italic")),
    }
    fields = {
        "addressed_to": addressed,
        "applicant_name": _shown(applicant.name, upper),
        "applicant_personal_id": applicant.personal_id,
        "applicant_residence": applicant.residence,
        "relationship": birth.relationship,
        "full_name": _shown(child.name, upper),
        "date_of_birth": child.born.isoformat(),
        "sex": child.sex,
        "ethnicity": child.ethnicity,
        "nationality": NATIONALITY,
        "place_of_birth": place,
        "place_of_origin": child.origin,
        "mother_name": _shown(birth.mother.name, upper),
        "father_name": _shown(birth.father.name, upper),
        "declaration_date": birth.declared.isoformat(),
    }
    return Paper(
        "birth-registration-form", layout, font, context, fields, ("declaration_date",) if pen else ()
    )


def birth_notice(rng: Random, birth: Birth, layout: str, font: str, pen: bool = False) -> Paper:
    child, mother = birth.child, birth.mother
    upper = rng.random() < 0.6
    colour = rng.choice(BLUE) if pen else None
    hospital, address, _, above = birth.hospital
    weight = f"{child.weight} gram" if rng.random() < 0.6 else f"{child.weight} g"
    place = f"{hospital}, {address}"
    context: dict[str, Any] = {
        "above": above,
        "issuer": hospital,
        "number": birth.notice_number,
        "mother": _parent(mother, upper),
        "father": _parent(birth.father, upper),
        "insurance": f"GD4{rng.randrange(10**11, 10**12)}",
        "hour": f"{child.hour.hour:02d}",
        "minute": f"{child.hour.minute:02d}",
        "day": f"{child.born.day:02d}",
        "month": f"{child.born.month:02d}",
        "year": str(child.born.year),
        "place": place,
        "births": f"0{rng.randrange(1, 4)}",
        "sex": child.sex,
        "weight": weight,
        "child_name": _shown(child.name, upper),
        "midwife": birth.midwife,
        "midwife_scrawl": signature(rng, ink_colour(rng), 30, 12),
        "town": "Cần Thơ",
        "issued": written_date(rng, birth.notice_date, colour),
        "signer": official(
            rng,
            ("GIÁM ĐỐC",) if rng.random() < 0.4 else ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
            birth.head_of_hospital,
            hospital.upper(),
        ),
    }
    fields = {
        "number": birth.notice_number,
        "mother_name": _shown(mother.name, upper),
        "mother_birth_year": str(mother.born.year),
        "mother_personal_id": mother.personal_id,
        "date_of_birth": child.born.isoformat(),
        "time_of_birth": f"{child.hour:%H:%M}",
        "place_of_birth": place,
        "sex": child.sex,
        "weight_grams": str(child.weight),
        "full_name": _shown(child.name, upper),
        "issuer": hospital.upper(),
        "issue_date": birth.notice_date.isoformat(),
    }
    return Paper("birth-notice", layout, font, context, fields, ("issue_date",) if pen else ())


def birth_certificate(
    rng: Random, birth: Birth, layout: str, font: str, pen: bool = False, words: str | None = None
) -> Paper:
    """words: overrides the date of birth in words."""
    child, mother, father = birth.child, birth.mother, birth.father
    colour = rng.choice(BLUE) if pen else None
    place = f"{birth.hospital[0]}, {birth.hospital[1]}"
    # Pen on a certificate: the registrar writes the number by hand.
    number = birth.certificate_number
    if colour:
        first, year = number.split("/")
        drawn = f"{pen_digits(rng, first, colour)} /{year}"
    else:
        drawn = number
    authority, title = birth.registrar_title
    context: dict[str, Any] = {
        "commune": COMMUNE,
        "city": CITY,
        "number": drawn,
        "book": "",
        "title_colour": rng.choice(("#94212b", "#141414", "#8a1c28")),
        "child": {
            "name": child.name.upper(),
            "born": slashed(child.born),
            "born_words": words or date_words(child.born),
            "sex": child.sex,
            "ethnicity": child.ethnicity,
            "nationality": NATIONALITY,
            "place": place,
            "origin": child.origin,
            "id": child.personal_id,
        },
        "mother": _parent(mother, True),
        "father": _parent(father, True),
        "applicant": {
            "name": birth.applicant.name.upper(),
            "id_text": f"Căn cước số {birth.applicant.personal_id}",
        },
        "office": REGISTRATION_OFFICE,
        "registered": slashed(birth.registered)
        if layout != "a" or rng.random() < 0.5
        else written_date(rng, birth.registered, None).capitalize(),
        "signer": official(
            rng,
            ("NGƯỜI KÝ GIẤY KHAI SINH", *(line for line in (authority, title) if line)),
            birth.registrar,
            f"ỦY BAN NHÂN DÂN {COMMUNE.upper()} ★",
        ),
    }
    fields = {
        "number": number,
        "full_name": child.name.upper(),
        "date_of_birth": child.born.isoformat(),
        "sex": child.sex,
        "ethnicity": child.ethnicity,
        "nationality": NATIONALITY,
        "place_of_birth": place,
        "place_of_origin": child.origin,
        "personal_id": child.personal_id,
        "mother_name": mother.name.upper(),
        "mother_birth_year": str(mother.born.year),
        "mother_ethnicity": mother.ethnicity,
        "mother_nationality": NATIONALITY,
        "mother_residence": mother.residence,
        "father_name": father.name.upper(),
        "father_birth_year": str(father.born.year),
        "father_ethnicity": father.ethnicity,
        "father_nationality": NATIONALITY,
        "father_residence": father.residence,
        "registration_office": REGISTRATION_OFFICE,
        "registration_date": birth.registered.isoformat(),
        "signer_name": birth.registrar,
    }
    return Paper("birth-certificate", layout, font, context, fields, ("number",) if pen else ())
