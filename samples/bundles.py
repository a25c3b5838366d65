"""Dossiers without a fault for procedures other than birth: their papers before they are filed, and their matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from samples.card import Card, CardKind, make_card
from samples.dossier import Dossier, Matter, Order, as_files, put_through
from samples.good import dossier_code
from samples.paper import SANS, SERIF, Paper
from samples.papers_business import business_certificate
from samples.papers_card import citizen_card
from samples.papers_death import death_extract
from samples.papers_form import plain_form
from samples.papers_land import land_certificate
from samples.papers_licence import driving_licence
from samples.papers_marriage import marital_status_confirmation, marriage_certificate
from samples.papers_residence import residence_form
from samples.people import Person, adult
from samples.places import UNITS
from samples.story import COMMUNE

HERE = next(unit for unit in UNITS if unit.now[0] == COMMUNE)
"""The sample office's own commune."""
Alter = Callable[[Paper], Paper]


@dataclass
class Bundle:
    """papers: by file name, in the order dropped. told: the types that dossier.json gives to files. people: by part.

    cards: what the cards carry. missing: files that dossier.json lists and nobody drops.
    """

    order: Order
    matter: Matter
    papers: dict[str, Paper] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def on(self) -> date:
        return self.matter.received

    def alter(self, name: str, change: Alter) -> Bundle:
        self.papers[name] = change(self.papers[name])
        return self


def received_day(rng: Random) -> date:
    return date(2026, 9, 3) + timedelta(days=rng.randrange(45))


def font_of(rng: Random) -> str:
    return rng.choice(SERIF)


def card_of(order: Order, who: Person, on: date, kind: CardKind | None = None) -> tuple[Card, Paper]:
    """A card that holds on the day, both faces on one sheet."""
    card = make_card(order.rng, who, on, kind)
    layout = "a" if card.kind == "cccd-2021" else "b"
    return card, citizen_card(order.rng, card, layout, order.rng.choice(SANS), "a4")


def add_card(bundle: Bundle, name: str, who: Person) -> None:
    bundle.cards[name], bundle.papers[name] = card_of(bundle.order, who, bundle.on)


def filed(bundle: Bundle) -> Dossier:
    """Scan the papers, a file for each."""
    code = dossier_code(bundle.on, bundle.order.serial)
    dossier = Dossier(code, bundle.matter, bundle.order.grade, missing=bundle.missing)
    for name, paper in bundle.papers.items():
        scanned = put_through(bundle.order, paper)
        told = bundle.told.get(name, "")
        dossier.files += [replace(file, told=told) for file in as_files(name, [scanned], "pdf")]
    return dossier


def marriage(order: Order) -> Bundle:
    rng, on = order.rng, received_day(order.rng)
    husband, wife = adult(rng, "Nam", 22, 40, COMMUNE, on), adult(rng, "Nữ", 20, 36, COMMUNE, on)
    bundle = Bundle(order, Matter("1.000894", on, husband.name))
    bundle.people |= {"husband": husband, "wife": wife}
    form = plain_form(rng, "marriage-registration-form", husband, on, font_of(rng), (f"Bên nữ: {wife.name}",))
    bundle.papers["Tờ khai"], bundle.told["Tờ khai"] = form, "marriage-registration-form"
    add_card(bundle, "Căn cước chồng", husband)
    add_card(bundle, "Căn cước vợ", wife)
    bundle.papers["Giấy chứng nhận kết hôn"] = marriage_certificate(
        rng, "a", font_of(rng), couple=(husband, wife), on=on, at=HERE
    )
    return bundle


def death(order: Order) -> Bundle:
    """The notice of death is looked up (NQ 66.7/2025/NQ-CP)."""
    rng, on = order.rng, received_day(order.rng)
    dead = adult(rng, rng.choice(("Nam", "Nữ")), 62, 90, COMMUNE, on)
    child = adult(rng, rng.choice(("Nam", "Nữ")), 25, 39, COMMUNE, on)
    found = {
        "requirement": "death-evidence",
        "source": "death-notice-data",
        "at": f"{on.isoformat()}T09:30:00+07:00",
        "answer": "found",
    }
    bundle = Bundle(order, Matter("1.000656", on, child.name, lookups=(found,)))
    bundle.people |= {"dead": dead, "applicant": child}
    form = plain_form(rng, "death-registration-form", child, on, font_of(rng), (f"Người chết: {dead.name}",))
    bundle.papers["Tờ khai"], bundle.told["Tờ khai"] = form, "death-registration-form"
    add_card(bundle, "Căn cước", child)
    bundle.papers["Trích lục khai tử"] = death_extract(rng, "a", font_of(rng), who=dead, on=on, at=HERE)
    return bundle


def marital_status(order: Order) -> Bundle:
    rng, on = order.rng, received_day(order.rng)
    who = adult(rng, rng.choice(("Nam", "Nữ")), 22, 45, COMMUNE, on)
    bundle = Bundle(order, Matter("1.004873", on, who.name))
    bundle.people["applicant"] = who
    bundle.papers["Tờ khai"] = plain_form(rng, "marital-status-form", who, on, font_of(rng))
    bundle.told["Tờ khai"] = "marital-status-form"
    add_card(bundle, "Căn cước", who)
    bundle.papers["Giấy xác nhận"] = marital_status_confirmation(
        rng, rng.choice("ab"), font_of(rng), who=who, on=on + timedelta(days=2), at=HERE
    )
    return bundle


def marital_status_again(order: Order) -> Bundle:
    """A new confirmation for one that has run out and is handed back."""
    bundle = marital_status(order)
    bundle.matter = replace(bundle.matter, facts={"re-issue": True})
    bundle.papers["Giấy xác nhận cũ"] = marital_status_confirmation(
        order.rng,
        "a",
        font_of(order.rng),
        who=bundle.people["applicant"],
        on=bundle.on - timedelta(days=300),
        at=HERE,
    )
    return bundle


def business(order: Order) -> Bundle:
    rng, on = order.rng, received_day(order.rng)
    owner = adult(rng, rng.choice(("Nam", "Nữ")), 22, 60, COMMUNE, on)
    bundle = Bundle(order, Matter("1.001612", on, owner.name))
    bundle.people["owner"] = owner
    bundle.papers["Giấy đề nghị"] = plain_form(rng, "business-household-form", owner, on, font_of(rng))
    bundle.told["Giấy đề nghị"] = "business-household-form"
    add_card(bundle, "Căn cước", owner)
    bundle.papers["Giấy chứng nhận"] = business_certificate(
        rng, "a", font_of(rng), who=owner, on=on + timedelta(days=2), at=HERE
    )
    return bundle


def permanent_residence(order: Order) -> Bundle:
    """On one's own land, by a certificate of either template."""
    rng, on = order.rng, received_day(order.rng)
    who = adult(rng, rng.choice(("Nam", "Nữ")), 32, 60, COMMUNE, on)
    bundle = Bundle(order, Matter("1.004222", on, who.name, facts={"own-housing": True}))
    bundle.people["applicant"] = who
    bundle.papers["Tờ khai CT01"] = residence_form(rng, "a", font_of(rng), who=who, on=on, at=HERE)
    layout, since = rng.choice((("a", date(2021, 3, 1)), ("b", date(2024, 8, 5))))
    day = since + timedelta(days=rng.randrange(300))
    bundle.papers["Giấy chứng nhận QSDĐ"] = land_certificate(rng, layout, font_of(rng), who=who, on=day)
    return bundle


def temporary_residence(order: Order) -> Bundle:
    """By a lease that was not notarised."""
    rng, on = order.rng, received_day(order.rng)
    who = adult(rng, rng.choice(("Nam", "Nữ")), 19, 40, COMMUNE, on)
    bundle = Bundle(order, Matter("1.004194", on, who.name))
    bundle.people["applicant"] = who
    bundle.papers["Tờ khai CT01"] = residence_form(rng, "a", font_of(rng), who=who, on=on, at=HERE)
    bundle.papers["Hợp đồng thuê nhà"] = plain_form(rng, "lease-contract", who, on, font_of(rng))
    bundle.told["Hợp đồng thuê nhà"] = "lease-contract"
    return bundle


def licence(order: Order) -> Bundle:
    """A card of before 2025 for one of today; the health certificate is looked up."""
    rng, on = order.rng, received_day(order.rng)
    who = adult(rng, rng.choice(("Nam", "Nữ")), 28, 50, COMMUNE, on)
    found = {
        "requirement": "health",
        "source": "health-database",
        "at": f"{on.isoformat()}T09:30:00+07:00",
        "answer": "found",
    }
    bundle = Bundle(order, Matter("3.000347", on, who.name, lookups=(found,)))
    bundle.people["applicant"] = who
    bundle.papers["Đơn đề nghị"] = plain_form(rng, "licence-exchange-form", who, on, font_of(rng))
    bundle.told["Đơn đề nghị"] = "licence-exchange-form"
    add_card(bundle, "Căn cước", who)
    before = date(2018, 3, 1) + timedelta(days=rng.randrange(1500))
    bundle.papers["Giấy phép lái xe cũ"] = driving_licence(
        rng, "a", rng.choice(SANS), "a4", who, before, "B2"
    )
    bundle.papers["Giấy phép lái xe mới"] = driving_licence(
        rng, "b", rng.choice(SANS), "a4", who, on + timedelta(days=5), "B"
    )
    return bundle


BUNDLES: dict[str, Callable[[Order], Bundle]] = {
    "marriage": marriage,
    "death": death,
    "marital-status": marital_status,
    "marital-status-again": marital_status_again,
    "business": business,
    "permanent-residence": permanent_residence,
    "temporary-residence": temporary_residence,
    "licence": licence,
}


def good_bundle(name: str, order: Order) -> Dossier:
    """A faultless dossier of one of BUNDLES."""
    return filed(BUNDLES[name](order))
