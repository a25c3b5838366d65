"""Invented people: names put together from common syllables, personal IDs by their public structure.

Nobody here exists; a name or a number that someone bears is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import yaml

_LISTS = yaml.safe_load((Path(__file__).parent / "data" / "names.yaml").read_text("utf-8"))
SURNAMES: list[str] = _LISTS["surnames"].split()
MIDDLE_MALE: list[str] = _LISTS["middle_male"].split()
MIDDLE_FEMALE: list[str] = _LISTS["middle_female"].split()
GIVEN_MALE: list[str] = _LISTS["given_male"].split()
GIVEN_FEMALE: list[str] = _LISTS["given_female"].split()
ETHNICITIES = ("Kinh",) * 9 + ("Khmer", "Hoa", "Chăm")

# Most people of the sample office were born in the south-west.
_NEAR = ("093",) * 8 + ("092", "094", "091", "095", "096", "086", "079", "038")

# (commune, district, province) before 1/7/2025, as older cards and origins print them.
OLD_PLACES = (
    ("Vị Thắng", "Vị Thủy", "Hậu Giang"),
    ("Vị Thanh", "Vị Thủy", "Hậu Giang"),
    ("Vĩnh Tường", "Vị Thủy", "Hậu Giang"),
    ("Hỏa Lựu", "Vị Thanh", "Hậu Giang"),
    ("Tân Hòa", "Châu Thành A", "Hậu Giang"),
    ("Phương Bình", "Phụng Hiệp", "Hậu Giang"),
    ("Lương Tâm", "Long Mỹ", "Hậu Giang"),
    ("Thạnh Xuân", "Châu Thành A", "Hậu Giang"),
    ("Mỹ Khánh", "Phong Điền", "Cần Thơ"),
    ("Đông Hiệp", "Cờ Đỏ", "Cần Thơ"),
)
# Communes of Cần Thơ after 1/7/2025 (NQ 1668/NQ-UBTVQH15).
COMMUNES = (
    "xã Vị Thủy",
    "xã Vị Thanh 1",
    "xã Vĩnh Tường",
    "xã Tân Hòa",
    "xã Hỏa Lựu",
    "xã Phương Bình",
    "xã Lương Tâm",
    "phường Vị Tân",
)


@dataclass(frozen=True)
class Person:
    """names in ordinary case; sex Nam or Nữ; origin and residences as a paper prints them."""

    name: str
    sex: str
    born: date
    personal_id: str
    ethnicity: str
    origin: str
    residence: str
    old_residence: str
    birthplace: str


def personal_id(rng: Random, province: str, sex: str, born: date) -> str:
    """12 digits: province, century and sex, year, six of chance (the structure of Decree 137/2015, art 13)."""
    century = (born.year // 100 - 19) * 2 + (sex == "Nữ")
    return f"{province}{century}{born.year % 100:02d}{rng.randrange(1000, 1_000_000):06d}"


def full_name(rng: Random, sex: str, surname: str | None = None) -> str:
    surname = surname or rng.choice(SURNAMES)
    middles, givens = (MIDDLE_MALE, GIVEN_MALE) if sex == "Nam" else (MIDDLE_FEMALE, GIVEN_FEMALE)
    middle = rng.choice(middles)
    if rng.random() < 0.25:
        middle += " " + rng.choice(middles)
    given = rng.choice([g for g in givens if g not in middle.split() and g != surname])
    return " ".join(dict.fromkeys(f"{surname} {middle} {given}".split()))


def day_between(rng: Random, first: date, last: date) -> date:
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    return day.replace(day=min(day.day, 28))


def adult(rng: Random, sex: str, youngest: int, oldest: int, commune: str, today: date) -> Person:
    """A grown-up who lives in `commune` (as after 1/7/2025)."""
    born = day_between(rng, date(today.year - oldest, 1, 1), date(today.year - youngest, 1, 1))
    province = rng.choice(_NEAR)
    old = rng.choice(OLD_PLACES)
    hamlet = f"Ấp {rng.randrange(1, 13)}"
    if rng.random() < 0.35:
        hamlet = f"Số {rng.randrange(2, 420)}, {hamlet}"
    home = rng.choice(OLD_PLACES)
    return Person(
        name=full_name(rng, sex),
        sex=sex,
        born=born,
        personal_id=personal_id(rng, province, sex, born),
        ethnicity=rng.choice(ETHNICITIES),
        origin=", ".join(home),
        residence=f"{hamlet}, {commune}, thành phố Cần Thơ",
        old_residence=f"{hamlet}, {', '.join(old)}",
        birthplace=f"{home[0]}, {home[1]}, {home[2]}",
    )
