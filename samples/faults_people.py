"""Faults in what papers of civil status and their cards say of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from samples.altering import with_values
from samples.bundles import HERE, Bundle, card_of, death, filed, font_of, marriage, temporary_residence
from samples.card import CardKind, check_digit
from samples.dossier import Dossier, Order
from samples.faults import fault
from samples.good import file_all, make_kit, scan_all
from samples.paper import Paper
from samples.papers_birth import birth_certificate, birth_notice, registration_form
from samples.papers_card import citizen_card
from samples.papers_marriage import marital_status_confirmation, marriage_certificate
from samples.papers_residence import residence_confirmation, residence_form
from samples.people import Person, full_name
from samples.wording import long_date


def born_on(rng: Random, who: Person, born: date) -> Person:
    """The same person with another birthday, and the number that goes with it."""
    century = (born.year // 100 - 19) * 2 + (who.sex == "Nữ")
    number = f"{who.personal_id[:3]}{century}{born.year % 100:02d}{rng.randrange(1000, 1_000_000):06d}"
    return replace(who, born=born, personal_id=number)


@fault("no-such-province", "returned", "D01")
def no_such_province(order: Order) -> Dossier:
    """The number on the CT01 begins with digits that no province has."""
    bundle = temporary_residence(order)
    who = bundle.people["applicant"]
    who = replace(who, personal_id=f"{order.rng.choice(('003', '041', '099'))}{who.personal_id[3:]}")
    bundle.papers["Tờ khai CT01"] = residence_form(
        order.rng, "a", font_of(order.rng), who=who, on=bundle.on, at=HERE
    )
    return filed(bundle)


def _card_again(bundle: Bundle, name: str, **context: str) -> None:
    """A card whose print, of the parts named, is another than its codes."""
    bundle.alter(name, with_values({}, **context))


@fault("card-number-not-its-code", "returned", "D03", person=True)
def card_number_not_its_code(order: Order) -> Dossier:
    """The printed number is not that of the code and of the machine-readable lines."""
    bundle = death(order)
    number = bundle.people["applicant"].personal_id
    other = number[:-2] + f"{(int(number[-2:]) + 37) % 100:02d}"
    _card_again(bundle, "Căn cước", id=other)
    paper = bundle.papers["Căn cước"]
    bundle.papers["Căn cước"] = replace(paper, notes={**paper.notes, "printed:personal_id": other})
    return filed(bundle)


@fault("two-cards-in-one", "returned", "D03", "D05")
def two_cards_in_one(order: Order) -> Dossier:
    """The front of one card and the back of another: code and machine-readable lines are of two people."""
    bundle = marriage(order)
    back, front = bundle.people["husband"], bundle.people["wife"]
    kind: CardKind = "cccd-2021"
    _, paper = card_of(order, front, bundle.on, kind)
    _, other = card_of(order, back, bundle.on, kind)
    lines, day = other.context["mrz"], other.context["issued"]
    issued = {"issue_date": other.fields["issue_date"]}
    bundle.papers["Căn cước vợ"] = with_values(issued, mrz=lines, issued=day)(paper)
    del bundle.papers["Căn cước chồng"]
    return filed(bundle)


@fault("mrz-of-another-number", "returned", "D04")
def mrz_of_another_number(order: Order) -> Dossier:
    """The document number of the machine-readable lines is not the end of the personal ID."""
    bundle = death(order)
    first, second, third = bundle.papers["Căn cước"].context["mrz"].split("\n")
    number = f"{(int(first[5:14]) + 12345) % 10**9:09d}"
    first = first[:5] + number + check_digit(number) + first[15:]
    second = second[:29] + check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    _card_again(bundle, "Căn cước", mrz="\n".join((first, second, third)))
    return filed(bundle)


@fault("card-of-two-names", "returned", "D05")
def card_of_two_names(order: Order) -> Dossier:
    """The printed name is quite another than that of the code and of the machine-readable lines."""
    bundle = death(order)
    who = bundle.people["applicant"]
    other = next(
        name
        for name in iter(lambda: full_name(order.rng, who.sex), "")
        if not set(name.split()) & set(who.name.split())
    ).upper()
    bundle.alter("Căn cước", with_values({"full_name": other}, name=other))
    return filed(bundle)


@fault("card-too-long", "returned", "D06")
def card_too_long(order: Order) -> Dossier:
    """The card says that it holds three years beyond the age at which it ends."""
    bundle = marriage(order)
    for name in ("Căn cước chồng", "Căn cước vợ"):
        card = bundle.cards[name]
        if card.expires is not None:
            wrong = replace(card, expires=card.expires.replace(year=card.expires.year + 3))
            paper = bundle.papers[name]
            bundle.papers[name] = citizen_card(order.rng, wrong, paper.layout, paper.font, "a4")
            break
    return filed(bundle)


@fault("mother-too-young", "returned", "D09")
def mother_too_young(order: Order) -> Dossier:
    """On the certificate the mother is nine years older than her child; the other papers do not tell her year."""
    kit = make_kit(order, "usual")
    year = str(kit.birth.child.born.year - 9)
    kit.papers["certificate"] = with_values({"mother_birth_year": year}, mother={"year": year})(
        kit.papers["certificate"]
    )
    notice = kit.papers["notice"]
    kit.papers["notice"] = with_values({"mother_birth_year": year}, mother={"year": year})(notice)
    return file_all(kit, scan_all(order, kit))


@fault("husband-too-young", "returned", "D10")
def husband_too_young(order: Order) -> Dossier:
    """Nineteen on the day of marriage."""
    bundle = marriage(order)
    husband = bundle.people["husband"]
    husband = born_on(order.rng, husband, bundle.on.replace(year=bundle.on.year - 19, day=1))
    del bundle.papers["Căn cước chồng"]  # it need only be shown
    couple = (husband, bundle.people["wife"])
    bundle.papers["Giấy chứng nhận kết hôn"] = marriage_certificate(
        order.rng, "a", font_of(order.rng), couple=couple, on=bundle.on, at=HERE
    )
    return filed(bundle)


@fault("registered-before-death", "returned", "D11", also=("D07",))
def registered_before_death(order: Order) -> Dossier:
    """The day of registration lies before that of death: rule D07 sees the same two days."""
    bundle = death(order)
    died = date.fromisoformat(bundle.papers["Trích lục khai tử"].fields["death_date"])
    early = died - timedelta(days=order.rng.randrange(3, 25))
    bundle.alter(
        "Trích lục khai tử",
        with_values({"registration_date": early.isoformat()}, registered=long_date(early)),
    )
    return filed(bundle)


@fault("dummy-name", "returned", "S18")
def dummy_name(order: Order) -> Dossier:
    bundle = death(order)
    shown = bundle.papers["Trích lục khai tử"].fields["full_name"]
    dummy = "NGUYỄN VĂN A" if shown.isupper() else "Nguyễn Văn A"
    bundle.alter("Trích lục khai tử", with_values({"full_name": dummy}, name=dummy))
    return filed(bundle)


@fault("name-with-a-digit", "returned", "S08")
def name_with_a_digit(order: Order) -> Dossier:
    bundle = death(order)
    name = bundle.papers["Trích lục khai tử"].fields["full_name"] + " 2"
    bundle.alter("Trích lục khai tử", with_values({"full_name": name}, name=name))
    return filed(bundle)


@fault("no-such-people", "returned", "S09")
def no_such_people(order: Order) -> Dossier:
    """An ethnic group that the list of 1979 does not have."""
    kit = make_kit(order, "usual")
    wrong = replace(kit.birth, child=replace(kit.birth.child, ethnicity="Bồng Lai"))
    for part, make in (("form", registration_form), ("certificate", birth_certificate)):
        old: Paper = kit.papers[part]
        kit.papers[part] = make(order.rng, wrong, old.layout, old.font)
    return file_all(kit, scan_all(order, kit))


@fault("two-numbers-of-one-man", "returned", "S04")
def two_numbers_of_one_man(order: Order) -> Dossier:
    """The certificate has the husband of the card, with another number."""
    bundle = marriage(order)
    husband = bundle.people["husband"]
    number = husband.personal_id
    other = replace(husband, personal_id=number[:-3] + f"{(int(number[-3:]) + 451) % 1000:03d}")
    bundle.papers["Giấy chứng nhận kết hôn"] = marriage_certificate(
        order.rng, "a", font_of(order.rng), couple=(other, bundle.people["wife"]), on=bundle.on, at=HERE
    )
    return filed(bundle)


@fault("old-marital-status", "returned", "L03")
def old_marital_status(order: Order) -> Dossier:
    """A confirmation that was issued eight months before."""
    bundle = marriage(order)
    bundle.papers["Giấy xác nhận tình trạng hôn nhân"] = marital_status_confirmation(
        order.rng,
        "a",
        font_of(order.rng),
        who=bundle.people["wife"],
        on=bundle.on - timedelta(days=245),
        at=HERE,
    )
    return filed(bundle)


@fault("old-residence-confirmation", "returned", "L04")
def old_residence_confirmation(order: Order) -> Dossier:
    """A CT07 of fourteen months before."""
    bundle = marriage(order)
    bundle.papers["Xác nhận cư trú"] = residence_confirmation(
        order.rng,
        "b",
        font_of(order.rng),
        who=bundle.people["wife"],
        on=bundle.on - timedelta(days=425),
        at=HERE,
    )
    return filed(bundle)


@fault("in-two-marriages", "returned", "S03")
def in_two_marriages(order: Order) -> Dossier:
    """Two certificates of one number with other people."""
    bundle = marriage(order)
    first = bundle.papers["Giấy chứng nhận kết hôn"]
    other = marriage(Order(order.rng, order.serial, order.grade, dry=True)).people
    second = marriage_certificate(
        order.rng, "a", first.font, couple=(other["husband"], other["wife"]), on=bundle.on, at=HERE
    )
    number = first.fields["number"]
    bundle.papers["Giấy chứng nhận kết hôn 2"] = with_values({"number": number}, number=number)(second)
    return filed(bundle)


@fault("signed-by-the-dead", "returned", "D11")
def signed_by_the_dead(order: Order) -> Dossier:
    """Their residence was confirmed to the dead themselves, after the day of death."""
    bundle = death(order)
    dead = bundle.people["dead"]
    bundle.papers["Xác nhận cư trú"] = residence_confirmation(
        order.rng, "b", font_of(order.rng), who=dead, on=bundle.on, at=HERE
    )
    return filed(bundle)


@fault("registered-in-the-future", "returned", "D07")
def registered_in_the_future(order: Order) -> Dossier:
    """The extract was registered two years from now."""
    bundle = death(order)
    when = bundle.on.replace(year=bundle.on.year + 2)
    bundle.alter(
        "Trích lục khai tử",
        with_values(
            {"registration_date": when.isoformat()},
            registered=long_date(when),
        ),
    )
    return filed(bundle)


@fault("no-such-commune", "returned", "D13")
def no_such_commune(order: Order) -> Dossier:
    """An address of 2026 in a commune that Cần Thơ does not have and never had."""
    bundle = marriage(order)
    home = "Ấp 4, xã Quỳnh Lâm Hạ, thành phố Cần Thơ"
    paper = bundle.papers["Giấy chứng nhận kết hôn"]
    wife = {**paper.context["wife"], "residence": home}
    bundle.alter("Giấy chứng nhận kết hôn", with_values({"wife_residence": home}, wife=wife))
    return filed(bundle)


@fault("foreign-and-not-legalised", "returned", "U13", person=True)
def foreign_and_not_legalised(order: Order) -> Dossier:
    """dossier.json says that a paper comes from abroad; neither legalisation nor translation is there."""
    bundle = marriage(order)
    bundle.matter = replace(bundle.matter, facts={"foreign-paper": True})
    return filed(bundle)


@fault("looked-up-too-early", "returned", "U02", also=("U01",))
def looked_up_too_early(order: Order) -> Dossier:
    """The lookup that stands for the notice of death is older than the dossier: the notice is missing (U01)."""
    bundle = death(order)
    early = bundle.on - timedelta(days=9)
    lookup = {**bundle.matter.lookups[0], "at": f"{early.isoformat()}T09:30:00+07:00"}
    bundle.matter = replace(bundle.matter, lookups=(lookup,))
    return filed(bundle)


@fault("registered-late", "checked", "L18")
def registered_late(order: Order) -> Dossier:
    """A child of three months, where sixty days are the limit: told, and no reason to send the dossier back."""
    kit = make_kit(order, "usual")
    birth = kit.birth
    child = replace(birth.child, born=birth.received - timedelta(days=92))
    birth = replace(birth, child=child, notice_date=child.born + timedelta(days=2))
    for part, make in (
        ("form", registration_form),
        ("notice", birth_notice),
        ("certificate", birth_certificate),
    ):
        old: Paper = kit.papers[part]
        kit.papers[part] = make(order.rng, birth, old.layout, old.font)
    return file_all(kit, scan_all(order, kit))
