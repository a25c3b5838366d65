"""One birth and all that is written about it: the facts that the papers of a dossier must agree on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from samples.card import Card, CardKind, make_card
from samples.people import GIVEN_FEMALE, GIVEN_MALE, Person, adult, full_name, personal_id

OFFICE = "H13.96.31"
COMMUNE = "xã Vị Thủy"
CITY = "thành phố Cần Thơ"

# (name, address, code in the notice's number, name on the letterhead above)
HOSPITALS = (
    (
        "Bệnh viện Đa khoa thành phố Vị Thanh",
        "phường Vị Tân, thành phố Cần Thơ",
        "93010",
        "SỞ Y TẾ THÀNH PHỐ CẦN THƠ",
    ),
    (
        "Bệnh viện Sản - Nhi Hậu Giang",
        "phường Vị Tân, thành phố Cần Thơ",
        "93012",
        "SỞ Y TẾ THÀNH PHỐ CẦN THƠ",
    ),
    ("Trung tâm Y tế khu vực Vị Thủy", "xã Vị Thủy, thành phố Cần Thơ", "93025", "SỞ Y TẾ THÀNH PHỐ CẦN THƠ"),
    (
        "Bệnh viện Phụ sản thành phố Cần Thơ",
        "phường An Bình, thành phố Cần Thơ",
        "12096",
        "SỞ Y TẾ THÀNH PHỐ CẦN THƠ",
    ),
)


@dataclass(frozen=True)
class Child:
    name: str
    sex: str
    born: date
    hour: time
    weight: int
    ethnicity: str
    origin: str
    personal_id: str


@dataclass(frozen=True)
class Birth:
    """received: the day the dossier came in; registered: the day of the certificate."""

    child: Child
    mother: Person
    father: Person
    relationship: str  # of the applicant: Cha or Mẹ
    card: Card  # the applicant's
    hospital: tuple[str, str, str, str]
    notice_number: str
    notice_date: date
    declared: date
    received: date
    registered: date
    certificate_number: str
    midwife: str
    head_of_hospital: str
    registrar_title: tuple[str, str]  # authority line or "", title
    registrar: str

    @property
    def applicant(self) -> Person:
        return self.father if self.relationship == "Cha" else self.mother


def _child_name(rng: Random, sex: str, surname: str, taken: tuple[str, ...]) -> str:
    """A name that no parent has: it would be a fault of the papers."""
    while True:
        name = full_name(rng, sex, surname)
        if len(name.split()) < 3:
            name += " " + rng.choice(GIVEN_MALE if sex == "Nam" else GIVEN_FEMALE)
        if name not in taken:
            return name


def invent_birth(
    rng: Random, received: date, card_kind: CardKind | None = None, expired_card: bool = False
) -> Birth:
    """A consistent birth, some weeks before `received`."""
    born = received - timedelta(days=rng.randrange(10, 45))
    mother = adult(rng, "Nữ", 20, 40, COMMUNE, received)
    father = adult(rng, "Nam", 22, 45, COMMUNE, received)
    father = Person(**{**vars(father), "residence": mother.residence})
    relationship = rng.choice(("Cha", "Mẹ"))
    if expired_card:  # 24 to 27, or 39 to 42, so that a card can have run out
        age = rng.choice((26, 42) if relationship == "Cha" else (26, 27))
        who = father if relationship == "Cha" else mother
        grown = who.born.replace(year=received.year - age)
        who = Person(
            **{
                **vars(who),
                "born": grown,
                "personal_id": personal_id(rng, who.personal_id[:3], who.sex, grown),
            }
        )
        father, mother = (who, mother) if relationship == "Cha" else (father, who)
    applicant = father if relationship == "Cha" else mother
    kind = "cccd-2021" if expired_card else card_kind
    sex = rng.choice(("Nam", "Nữ"))
    surname = father.name.split()[0]
    name = _child_name(rng, sex, surname, (mother.name, father.name))
    hospital = rng.choice(HOSPITALS)
    registered = received + timedelta(days=rng.choice((0, 0, 1)))
    child = Child(
        name=name,
        sex=sex,
        born=born,
        hour=time(rng.randrange(24), rng.randrange(12) * 5 + rng.randrange(5)),
        weight=rng.randrange(26, 41) * 100 + rng.choice((0, 0, 50)),
        ethnicity=father.ethnicity,
        origin=father.origin,
        personal_id=personal_id(rng, rng.choice(("092", "093")), sex, born),
    )
    deputy = rng.random() < 0.6
    return Birth(
        child=child,
        mother=mother,
        father=father,
        relationship=relationship,
        card=make_card(rng, applicant, received, kind, expired_card),
        hospital=hospital,
        notice_number=f"{rng.randrange(100, 3000):05d}.GCS.{hospital[2]}.{born.year % 100:02d}",
        notice_date=born + timedelta(days=rng.choice((1, 2, 3))),
        declared=received - timedelta(days=rng.choice((0, 0, 1))),
        received=received,
        registered=registered,
        certificate_number=f"{rng.randrange(60, 480)}/{registered.year}",
        midwife=full_name(rng, "Nữ"),
        head_of_hospital=full_name(rng, rng.choice(("Nam", "Nữ"))),
        registrar_title=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") if deputy else ("", "CHỦ TỊCH"),
        registrar=full_name(rng, rng.choice(("Nam", "Nữ"))),
    )
