"""Faults in codes, areas and terms: businesses, land, driving licences, residence, and what dossier.json says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from samples.altering import unfilled, with_values
from samples.bundles import (
    HERE,
    business,
    death,
    filed,
    font_of,
    licence,
    marriage,
    permanent_residence,
    temporary_residence,
)
from samples.dossier import Dossier, Order
from samples.faults import fault
from samples.good import dossier_code, file_all, make_kit, scan_all
from samples.paper import SANS
from samples.papers_land import land_certificate
from samples.papers_licence import driving_licence
from samples.papers_residence import residence_form
from samples.people import adult
from samples.story import COMMUNE
from samples.wording import decimal_words, sentence, slashed


@fault("business-number-of-no-province", "returned", "D12")
def business_number_of_no_province(order: Order) -> Dossier:
    """Twelve digits that cannot be a personal ID; they are not the owner's either, of which rule D20 warns."""
    bundle = business(order)
    number = "003" + bundle.people["owner"].personal_id[3:]
    bundle.alter("Giấy chứng nhận", with_values({"number": number}, number=number))
    return filed(bundle)


@fault("business-number-of-another", "returned", "D20")
def business_number_of_another(order: Order) -> Dossier:
    bundle = business(order)
    number = adult(order.rng, "Nam", 25, 50, COMMUNE, bundle.on).personal_id
    bundle.alter("Giấy chứng nhận", with_values({"number": number}, number=number))
    return filed(bundle)


@fault("licence-too-long", "returned", "D17")
def licence_too_long(order: Order) -> Dossier:
    """A class of ten years that is said to hold for fifteen."""
    bundle = licence(order)
    paper = bundle.papers["Giấy phép lái xe mới"]
    until = date.fromisoformat(paper.fields["issue_date"])
    until = until.replace(year=until.year + 15)
    bundle.alter(
        "Giấy phép lái xe mới", with_values({"expiry_date": until.isoformat()}, expires=slashed(until))
    )
    return filed(bundle)


@fault("licence-run-out", "returned", "L02")
def licence_run_out(order: Order) -> Dossier:
    bundle = licence(order)
    issued = bundle.on.replace(year=bundle.on.year - 11, day=12)
    bundle.papers["Giấy phép lái xe cũ"] = driving_licence(
        order.rng, "a", order.rng.choice(SANS), "a4", bundle.people["applicant"], issued, "B2"
    )
    return filed(bundle)


@fault("land-serial-of-tomorrow", "returned", "D18")
def land_serial_of_tomorrow(order: Order) -> Dossier:
    """Eight digits, as from August 2024, on a certificate of 2021."""
    bundle = permanent_residence(order)
    bundle.papers["Giấy chứng nhận QSDĐ"] = land_certificate(
        order.rng,
        "a",
        font_of(order.rng),
        who=bundle.people["applicant"],
        on=date(2021, 5, 3) + timedelta(days=order.rng.randrange(200)),
    )
    serial = f"AA {order.rng.randrange(10**6, 99 * 10**5):08d}"
    bundle.alter("Giấy chứng nhận QSDĐ", with_values({"serial": serial.replace(" ", "")}, serial=serial))
    return filed(bundle)


@fault("area-not-in-words", "returned", "D19")
def area_not_in_words(order: Order) -> Dossier:
    bundle = permanent_residence(order)
    tenths = round(float(bundle.papers["Giấy chứng nhận QSDĐ"].fields["area_m2"]) * 10) + 400
    words = f"{sentence(decimal_words(tenths))} mét vuông"
    bundle.alter("Giấy chứng nhận QSDĐ", with_values({}, area_words=words))
    return filed(bundle)


@fault("old-form", "returned", "L09")
def old_form(order: Order) -> Dossier:
    """The CT01 of 2021, signed in 2026."""
    bundle = permanent_residence(order)
    bundle.papers["Tờ khai CT01"] = residence_form(
        order.rng, "c", font_of(order.rng), who=bundle.people["applicant"], on=bundle.on, at=HERE
    )
    return filed(bundle)


@fault("form-without-number", "returned", "U10")
def form_without_number(order: Order) -> Dossier:
    """The personal ID of the person who declares is left blank."""
    bundle = temporary_residence(order)
    bundle.alter(
        "Tờ khai CT01", unfilled("personal_id", "............", id="............", id_boxes=[""] * 12)
    )
    return filed(bundle)


@fault("minor-without-consent", "returned", "U12")
def minor_without_consent(order: Order) -> Dossier:
    """Sixteen, and dossier.json says that nobody consented."""
    bundle = temporary_residence(order)
    who = adult(order.rng, "Nữ", 16, 17, COMMUNE, bundle.on)
    bundle.matter = replace(bundle.matter, applicant=who.name, facts={"parental-consent": False})
    bundle.papers["Tờ khai CT01"] = residence_form(
        order.rng, "a", font_of(order.rng), who=who, on=bundle.on, at=HERE
    )
    del bundle.papers["Hợp đồng thuê nhà"]
    bundle.papers["Giấy chứng nhận QSDĐ"] = land_certificate(
        order.rng, "a", font_of(order.rng), on=date(2021, 5, 3)
    )
    return filed(bundle)


@fault("no-proof-of-home", "returned", "U01")
def no_proof_of_home(order: Order) -> Dossier:
    """Temporary residence without the lease."""
    bundle = temporary_residence(order)
    del bundle.papers["Hợp đồng thuê nhà"]
    return filed(bundle)


@fault("closed-without-result", "returned", "U14")
def closed_without_result(order: Order) -> Dossier:
    """dossier.json says that the matter is closed; no certificate is there."""
    kit = make_kit(order, "usual")
    del kit.papers["certificate"]
    dossier = file_all(kit, scan_all(order, kit))
    dossier.matter = replace(dossier.matter, facts={"closed": True})
    return dossier


@fault("phone-of-no-form", "returned", "S10")
def phone_of_no_form(order: Order) -> Dossier:
    bundle = temporary_residence(order)
    bundle.alter("Tờ khai CT01", with_values({"phone": "0912345"}, phone="0912345"))
    return filed(bundle)


@fault("code-of-another-day", "returned", "D16")
def code_of_another_day(order: Order) -> Dossier:
    """The day in the dossier's code is not that of reception."""
    dossier = filed(death(order))
    dossier.code = dossier_code(dossier.matter.received - timedelta(days=3), order.serial)
    return dossier


@fault("type-of-no-catalogue", "returned", "S19")
def type_of_no_catalogue(order: Order) -> Dossier:
    bundle = death(order)
    bundle.told["Căn cước"] = "can-cuoc-cong-dan"
    return filed(bundle)


@fault("procedure-not-in-force", "returned", "L10", also=("U01",))
def procedure_not_in_force(order: Order) -> Dossier:
    """A dossier of a day before the catalogue's first version: nobody can say which papers it needs."""
    bundle = marriage(order)
    bundle.papers = {"Giấy chứng nhận kết hôn": bundle.papers["Giấy chứng nhận kết hôn"]}
    bundle.told = {}
    bundle.matter = replace(bundle.matter, received=date(2025, 6, 20), procedure="1.004873")
    return filed(bundle)


@fault("listed-and-not-there", "returned", "U04")
def listed_and_not_there(order: Order) -> Dossier:
    """dossier.json names a file that nobody dropped."""
    bundle = death(order)
    bundle.missing = ("Giấy ủy quyền.pdf",)
    return filed(bundle)


@fault("asked-for-in-vain", "returned", "U03")
def asked_for_in_vain(order: Order) -> Dossier:
    """The land database answered; yet a certificate was made out after the reception."""
    bundle = permanent_residence(order)
    found = {
        "requirement": "housing",
        "source": "land-database",
        "at": f"{bundle.on.isoformat()}T09:30:00+07:00",
        "answer": "found",
    }
    bundle.matter = replace(bundle.matter, lookups=(found,))
    bundle.papers["Giấy chứng nhận QSDĐ"] = land_certificate(
        order.rng,
        "b",
        font_of(order.rng),
        who=bundle.people["applicant"],
        on=bundle.on + timedelta(days=4),
    )
    return filed(bundle)
