"""Business, land and driving papers and old birth certificates: on their pages, with their values, in their years."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from random import Random

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.text.vietnamese import tone_key
from samples.country import identity, resident, unit_of
from samples.paper import HELD_BACK_SANS, HELD_BACK_SERIF, SANS, SERIF, Paper
from samples.papers_birth import registration_form
from samples.papers_birth_old import old_birth_certificate
from samples.papers_business import business_certificate
from samples.papers_land import land_certificate
from samples.papers_licence import driving_licence
from samples.places import TWO_LEVELS
from samples.render import to_pdf
from samples.single import MAKERS
from samples.story import invent_birth
from samples.wording import decimal_words, grouped, number_words

MAKE: dict[str, Callable[..., Paper]] = {
    "business": business_certificate,
    "land": land_certificate,
    "licence": driving_licence,
}
ANOTHER_WRITING = ("capital", "area_m2")  # the paper prints 100.000.000 and 1.250,5
seeds = st.integers(0, 10**6)


def text_of(paper: Paper) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(to_pdf(paper))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return len(pages), " ".join(tone_key(" ".join(pages)).split())


def holds(paper: Paper, text: str) -> None:
    for name, value in paper.fields.items():
        if "date" in name or name in (*paper.handwritten, *ANOTHER_WRITING):
            continue
        if name in ("serial", "register_number"):  # printed with a space that their values have not
            assert tone_key(value) in text.replace(" ", ""), (paper.layout, paper.font, name, value)
            continue
        assert tone_key(value) in text, (paper.layout, paper.font, name, value)


@pytest.mark.parametrize("layout", ["a", "b", "c"])
@pytest.mark.parametrize("part", MAKE)
def test_papers_of_the_country_hold_their_values(part: str, layout: str) -> None:
    sans = part == "licence"
    fonts = (HELD_BACK_SANS if sans else HELD_BACK_SERIF,) if layout == "c" else SANS if sans else SERIF[1:]
    for seed, font in enumerate(fonts):
        paper = MAKE[part](Random(seed), layout, font)
        pages, text = text_of(paper)
        holds(paper, text)
        assert pages == {"business": 1, "licence": 2}.get(part, len(paper.context.get("sheets", ())))


def test_a_licence_may_be_its_front_alone() -> None:
    pages, text = text_of(driving_licence(Random(1), "a", SANS[0], "front"))
    assert pages == 1
    assert tone_key("Họ tên") in text
    assert tone_key("Ngày trúng tuyển") not in text


def test_amounts_are_printed_in_figures_and_in_words() -> None:
    business = business_certificate(Random(4), "b", SERIF[0])
    capital = int(business.fields["capital"])
    text = text_of(business)[1]
    assert tone_key(grouped(capital)) in text
    assert tone_key(number_words(capital)[1:]) in text
    land = land_certificate(Random(4), "b", SERIF[0])
    text = text_of(land)[1]
    assert tone_key(f"{land.context['area']} m²") in text
    assert tone_key(land.context["area_words"]) in text


@pytest.mark.parametrize("seed", range(4))
def test_old_birth_certificates_hold_what_their_form_asked_for(seed: int) -> None:
    paper = old_birth_certificate(Random(seed), "d", SERIF[seed], pen=seed % 2 == 0)
    pages, text = text_of(paper)
    assert pages == 1
    holds(paper, text)
    assert "personal_id" not in paper.fields
    assert ("place_of_origin" in paper.fields) == (tone_key("Quê quán") in text)


@pytest.mark.parametrize(("layout", "font"), [("c", HELD_BACK_SERIF), ("d", SERIF[0]), ("d", SERIF[2])])
def test_registration_forms_hold_their_values(layout: str, font: str) -> None:
    birth = invent_birth(Random(5), date(2026, 9, 15))
    paper = registration_form(Random(5), birth, layout, font)
    pages, text = text_of(paper)
    assert pages == 1
    holds(paper, text)


def test_every_open_layout_is_drawn_and_the_held_back_one_only_when_asked_for() -> None:
    for kind, layouts in (("birth-registration-form", "abd"), ("birth-certificate", "abd"),
                          ("land-certificate", "ab"), ("driving-licence", "ab"),
                          ("business-household-certificate", "ab")):  # fmt: skip
        drawn = {MAKERS[kind](Random(seed), False).layout for seed in range(30)}
        assert drawn == set(layouts), kind
        assert MAKERS[kind](Random(1), True).layout == "c"


@given(seeds, st.sampled_from("abc"))
def test_land_certificates_are_numbered_by_their_form(seed: int, layout: str) -> None:
    fields = land_certificate(Random(seed), layout, SERIF[0]).fields
    assert re.fullmatch(r"[A-ZĐ]{2}\d{8}" if layout == "b" else r"[A-ZĐ]{2}\d{6}", fields["serial"])
    assert re.fullmatch(r"\d+(\.\d)?", fields["area_m2"])
    assert re.fullmatch(r"\d{9}|\d{12}", fields["holder_personal_id"])
    assert (fields["issue_date"] >= "2024-08-01") == (layout == "b")


@given(seeds, st.sampled_from("abc"))
def test_a_licence_for_motorcycles_does_not_expire(seed: int, layout: str) -> None:
    fields = driving_licence(Random(seed), layout, SANS[0]).fields
    lasting = fields["licence_class"] in ("A1", "A2", "A")
    assert ("expiry_date" in fields) != lasting
    assert fields.get("expiry_date", "9") > fields["issue_date"] > fields["date_of_birth"]


@given(seeds, st.sampled_from("abc"))
def test_from_2025_the_household_bears_its_owners_number(seed: int, layout: str) -> None:
    fields = business_certificate(Random(seed), layout, SERIF[0]).fields
    if len(fields["number"]) == 12 and layout == "a":
        assert fields["number"] == fields["personal_id"]
    assert ("PHÒNG KINH TẾ" in fields["issuer"]) or layout != "a"
    assert int(fields["capital"]) % 10**6 == 0


@given(seeds, st.dates(date(1999, 1, 1), date(2026, 9, 1)))
def test_people_live_in_units_of_their_day(seed: int, day: date) -> None:
    rng = Random(seed)
    unit = unit_of(rng, day)
    person = resident(rng, unit, day, 18, 70)
    assert bool(unit.district) == (day < TWO_LEVELS)
    assert person.residence.endswith(unit.whole)
    assert len(identity(rng, person, day)[1]) in ((9,) if day.year < 2016 else (9, 12))


def test_large_numbers_in_words() -> None:
    assert number_words(1_250_000_000) == "một tỷ hai trăm năm mươi triệu"
    assert number_words(100_005_000) == "một trăm triệu năm nghìn"
    assert number_words(12_050) == "mười hai nghìn không trăm năm mươi"
    assert decimal_words(1255) == "một trăm hai mươi lăm phẩy năm"
    assert decimal_words(5000) == "năm trăm"
