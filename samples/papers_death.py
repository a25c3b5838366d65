"""The extract of a death registration. `number` is its own (`12/TLKT`), not that of the registration."""

from __future__ import annotations

from datetime import date, time, timedelta
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
from samples.paper import Paper
from samples.people import Person, full_name
from samples.places import TWO_LEVELS, UNITS, Unit, bare, born_at_age, resident, some_day
from samples.sign import written_date
from samples.wording import date_words, long_date

_CAUSES = (
    "Bệnh già",
    "Già yếu",
    "Nhồi máu cơ tim",
    "Ung thư phổi",
    "Đột quỵ não",
    "Suy hô hấp",
    "Suy tim độ IV",
)
_DEATH_HINT = "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)"


def _death_place(rng: Random, person: Person, unit: Unit, day: date) -> str:
    if rng.random() < 0.55:
        return rng.choice(("", "Tại nhà, ")) + person.residence
    district = unit.old[1]
    if unit.region == "town":
        hospital = f"Bệnh viện Đa khoa {unit.province(day)}"
    else:
        hospital = f"Trung tâm Y tế {district if day < TWO_LEVELS else 'khu vực ' + bare(district)}"
    return f"{hospital}, {unit.place(day)}"


def death_extract(
    rng: Random,
    layout: str,
    font: str,
    pen: bool = False,
    who: Person | None = None,
    on: date | None = None,
    at: Unit | None = None,
) -> Paper:
    """a: the extract handed out at registration; b: a copy (BẢN SAO); c: a copy from another office.

    who, on, at: the dead, the day and the office of registration; left to chance unless given.
    """
    unit, colour = at or rng.choice(UNITS), rng.choice(BLUE) if pen else None
    registered = on or paper_day(rng, {"a": 0.3, "b": 0.5}.get(layout, 0.7))
    died = registered - timedelta(days=rng.choice((1, 2, 3, 6, 9, 13, 40)))
    hour = time(rng.randrange(24), rng.randrange(60))
    earliest = max(registered, TWO_LEVELS) + timedelta(days=1)
    copied = some_day(rng, earliest, max(earliest, LATEST + timedelta(days=3)))
    issued = registered if layout == "a" else copied
    sex = who.sex if who else rng.choice(("Nam", "Nữ"))
    person = who or resident(rng, sex, born_at_age(rng, died, 38, 95), unit, died)
    upper, style = rng.random() < 0.75, rng.choice(STYLES)
    place = _death_place(rng, person, unit, died)
    serial = f"{rng.randrange(1, 480):02d}"
    number = f"{serial}/TLKT" if layout == "a" else rng.choice(
        (f"{serial}/TLKT-BS", f"{serial}/{issued.year}/TLKT-BS")
    )  # fmt: skip
    office = committee(rng, unit, registered)
    signed = committee_signature(
        rng, unit, issued, ("NGƯỜI KÝ TRÍCH LỤC",), rng.choice(("", _DEATH_HINT)), layout != "a"
    )
    notice = died + timedelta(days=rng.choice((0, 1)))
    context: dict[str, Any] = {
        **head_lines(unit, issued),
        "number": inked(rng, number, colour),
        "issued": written_date(rng, issued, colour if layout == "a" else None),
        "name": shown_name(person, upper),
        "born": dated(person.born, style),
        "sex": sex,
        "ethnicity": person.ethnicity,
        "nationality": NATIONALITY,
        "id": id_paper(rng, person, died) if rng.random() < 0.7 or layout == "c" else person.personal_id,
        "residence": person.residence,
        "hour": f"{hour.hour:02d}",
        "minute": f"{hour.minute:02d}",
        "died": long_date(died),
        "died_words": date_words(died),
        "death_place": place,
        "cause": rng.choice(_CAUSES) if rng.random() < 0.85 else "",
        "notice": f"{rng.randrange(1, 90):02d}/GBT do {committee(rng, unit, died)} cấp {long_date(notice)}",
        "office": office,
        "registration_number": f"{rng.randrange(1, 190):02d}/{registered.year}",
        "registered": dated(registered, "long" if layout == "a" else style),
        "declarant": full_name(rng, rng.choice(("Nam", "Nữ"))),
        "source": rng.choice(("Sổ đăng ký khai tử", "Cơ sở dữ liệu hộ tịch điện tử")),
        "signer": signed,
        "val_css": value_css(rng, layout),
    }
    fields = {
        "number": number,
        "full_name": shown_name(person, upper),
        "date_of_birth": person.born.isoformat(),
        "sex": sex,
        "personal_id": person.personal_id,
        "last_residence": person.residence,
        "death_date": died.isoformat(),
        "death_place": place,
        "registration_office": office,
        "registration_date": registered.isoformat(),
    }
    return Paper("death-extract", layout, font, context, fields, ("number",) if pen else ())
