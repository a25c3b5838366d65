"""Birth certificates of the years before the Law on Civil Status: forms of 1999 and of Decree 158/2005."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from samples.country import Unit, resident, unit_of
from samples.ink import BLUE, pen_digits
from samples.paper import Fields, Paper
from samples.people import Person, day_between, full_name
from samples.places import bare, people_name
from samples.sign import official, written_date
from samples.wording import date_words, sentence, slashed

_NEW_FORM = date(2006, 4, 1)  # Decree 158/2005 in force


def _parent(person: Person, upper: bool) -> dict[str, str]:
    return {
        "name": person.name.upper() if upper else person.name,
        "year": str(person.born.year),
        "ethnicity": person.ethnicity,
        "nationality": "Việt Nam",
        "residence": person.residence,
        "trade": "Làm ruộng" if "xã" in person.residence else "Buôn bán",
    }


def _parents(rng: Random, unit: Unit, day: date) -> tuple[Person, Person]:
    mother = resident(rng, unit, day, 20, 38, "Nữ")
    father = resident(rng, unit, day, 22, 44, "Nam")
    return mother, Person(**{**vars(father), "residence": mother.residence})


def _place_of_birth(rng: Random, unit: Unit, home: str) -> str:
    kind, name = unit.district.rsplit(" ", 1)[0], unit.district
    return rng.choice(
        (
            f"Trạm Y tế {unit.whole}",
            f"Bệnh viện đa khoa {name}, {unit.province}" if kind else home,
            f"Trung tâm Y tế {name}, {unit.province}",
            home,
        )
    )


def old_birth_certificate(rng: Random, layout: str, font: str, pen: bool = False) -> Paper:
    """Layout `d`. No personal ID was known; the form of 1999 asked for no place of origin either.

    A late or a repeated registration (Quá hạn, Đăng ký lại) came years after the birth.
    """
    registered = day_between(rng, date(1999, 6, 1), date(2015, 11, 30))
    newer = registered >= _NEW_FORM
    unit = unit_of(rng, registered)
    manner = rng.choice(("Đúng hạn", "Đúng hạn", "Quá hạn", "Đăng ký lại"))
    years = {"Đúng hạn": 0, "Quá hạn": rng.randrange(1, 6), "Đăng ký lại": rng.randrange(12, 40)}[manner]
    born = registered - timedelta(days=365 * years + rng.randrange(5, 29))
    mother, father = _parents(rng, unit, born)
    sex = rng.choice(("Nam", "Nữ"))
    upper = rng.random() < 0.75
    name = people_name(rng, father.ethnicity, sex, father.name)
    name = name.upper() if upper else name
    place = _place_of_birth(rng, unit, mother.residence)
    origin = sentence(unit.whole if rng.random() < 0.6 else father.origin)
    colour = rng.choice(BLUE) if pen else None
    number, book = str(rng.randrange(3, 420)), f"{rng.randrange(1, 4):02d}/{registered.year}"
    office = f"Ủy ban nhân dân {unit.whole}"
    registrar = full_name(rng, rng.choice(("Nam", "Nam", "Nữ")))
    titles = rng.choice((("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")))
    context: dict[str, Any] = {
        "newer": newer,
        "tag": "Mẫu TP/HT-2010-KS.1"
        if registered.year > 2010
        else "Mẫu TP/HT-1999-A.3"
        if not newer
        else "Mẫu STP/HT-2006-KS.1",
        "commune": bare(unit.commune),
        "district": bare(unit.district),
        "province": bare(unit.province),
        "number": pen_digits(rng, number, colour) if colour else number,
        "book": pen_digits(rng, book, colour) if colour else book,
        "copy": rng.choice(("(BẢN CHÍNH)", "(BẢN CHÍNH)", "(BẢN SAO)")),
        "title_colour": rng.choice(("#b3202c", "#c02530", "#9c1f2c")),
        "child": {
            "name": name,
            "sex": sex,
            "born": slashed(born),
            "born_words": date_words(born),
            "place": place,
            "origin": origin,
            "ethnicity": father.ethnicity,
            "nationality": "Việt Nam",
        },
        "father": _parent(father, upper),
        "mother": _parent(mother, upper),
        "office": office,
        "registered": slashed(registered) if not pen else written_date(rng, registered, colour),
        "manner": manner,
        "applicant": _parent(father if rng.random() < 0.6 else mother, upper),
        "relationship": "",
        "val_css": rng.choice(("", "font-weight:bold", "font-style:italic")),
        "clerk": full_name(rng, rng.choice(("Nam", "Nữ"))),
        "signer": official(
            rng,
            (f"TM. UBND {unit.commune.upper()}", *titles),
            registrar,
            f"UBND {unit.commune.upper()} ★",
            bare(unit.district).upper(),
        ),
    }
    context["relationship"] = (
        "Cha" if context["applicant"]["name"].casefold() == father.name.casefold() else "Mẹ"
    )
    fields: Fields = {
        "number": number,
        "book_number": book,
        "full_name": name,
        "date_of_birth": born.isoformat(),
        "sex": sex,
        "ethnicity": father.ethnicity,
        "nationality": "Việt Nam",
        "place_of_birth": place,
        "mother_name": context["mother"]["name"],
        "mother_birth_year": context["mother"]["year"],
        "mother_ethnicity": mother.ethnicity,
        "mother_nationality": "Việt Nam",
        "mother_residence": mother.residence,
        "father_name": context["father"]["name"],
        "father_birth_year": context["father"]["year"],
        "father_ethnicity": father.ethnicity,
        "father_nationality": "Việt Nam",
        "father_residence": father.residence,
        "registration_office": office,
        "registration_date": registered.isoformat(),
        "signer_name": registrar,
    }
    if newer:
        fields["place_of_origin"] = origin
    written = ("number", "book_number", "registration_date") if pen else ()
    return Paper("birth-certificate", layout, font, context, fields, written)
