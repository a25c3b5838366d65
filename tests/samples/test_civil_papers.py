"""Papers of civil status and residence: the contract's fields, printed as told, by people who could have lived."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from random import Random

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.codes import PROVINCES
from dossier.text.vietnamese import tone_key
from samples.paper import HELD_BACK_SERIF, SERIF, Paper
from samples.papers_death import death_extract
from samples.papers_marriage import marital_status_confirmation, marriage_certificate
from samples.papers_residence import residence_confirmation, residence_form
from samples.places import TWO_LEVELS, UNITS
from samples.render import to_html, to_pdf
from samples.single import MAKERS
from samples.wording import long_date

MAKE: dict[str, Callable[..., Paper]] = {
    "marriage-certificate": marriage_certificate,
    "marital-status-confirmation": marital_status_confirmation,
    "death-extract": death_extract,
    "residence-form": residence_form,
    "residence-confirmation": residence_confirmation,
}
CONTRACT = {
    "marriage-certificate": "number book_number husband_name husband_date_of_birth husband_personal_id"
    " husband_residence wife_name wife_date_of_birth wife_personal_id wife_residence registration_office"
    " registration_date signer_name",
    "marital-status-confirmation": "number full_name date_of_birth sex personal_id residence marital_status"
    " purpose issuer issue_date signer_name",
    "death-extract": "number full_name date_of_birth sex personal_id last_residence death_date death_place"
    " registration_office registration_date",
    "residence-form": "addressed_to full_name date_of_birth sex personal_id phone head_of_household"
    " relationship head_personal_id request declaration_date",
    "residence-confirmation": "number full_name date_of_birth sex personal_id ethnicity nationality"
    " place_of_origin permanent_address temporary_address head_of_household relationship issuer issue_date",
}
NOT_ALWAYS_PRINTED = {"book_number", "temporary_address"}
LOOKS = [*zip("aabb", (SERIF[0], SERIF[3], SERIF[0], SERIF[2]), strict=True), ("c", HELD_BACK_SERIF)]
seeds = st.integers(0, 10**6)
layouts = st.sampled_from("abc")


def paper_of(kind: str, seed: object, layout: str, pen: bool = False, font: str = SERIF[0]) -> Paper:
    return MAKE[kind](Random(f"{seed}"), layout, font, pen)


def days(paper: Paper) -> dict[str, date]:
    return {name: date.fromisoformat(value) for name, value in paper.fields.items() if "date" in name}


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("pen", [False, True])
def test_every_layout_prints_its_values_on_one_page(kind: str, pen: bool) -> None:
    for seed, (layout, font) in enumerate(LOOKS):
        paper = paper_of(kind, seed, layout, pen, font)
        document = pypdfium2.PdfDocument(to_pdf(paper))
        assert len(document) == 1, (layout, font)
        text = document[0].get_textpage().get_text_bounded()
        key, figures = tone_key(text), re.sub(r"[\s.]", "", text)
        for name, value in paper.fields.items():
            if name in paper.handwritten:
                continue
            if "date" in name:
                day = date.fromisoformat(value)
                assert any(tone_key(w) in key for w in (f"{day:%d/%m/%Y}", long_date(day))), (layout, name)
            elif value.isdigit():
                assert value in figures, (layout, name, value)
            else:
                assert tone_key(value) in key, (layout, name, value)


@pytest.mark.parametrize("kind", MAKE)
@given(seed=seeds, layout=layouts, pen=st.booleans())
def test_truth_has_the_fields_of_the_contract_in_order(kind: str, seed: int, layout: str, pen: bool) -> None:
    paper = paper_of(kind, seed, layout, pen)
    named = CONTRACT[kind].split()
    assert list(paper.fields) == [n for n in named if n in paper.fields]
    assert set(named) - set(paper.fields) <= NOT_ALWAYS_PRINTED
    assert set(paper.handwritten) <= set(named)
    assert bool(paper.handwritten) == pen
    for name, value in paper.fields.items():
        assert value
        assert value == unicodedata.normalize("NFC", value).strip(), name
    assert days(paper)


@pytest.mark.parametrize("kind", MAKE)
def test_papers_of_one_seed_are_equal_and_those_of_two_are_not(kind: str) -> None:
    once, again, other = (paper_of(kind, seed, "a", True) for seed in (5, 5, 6))
    assert once == again
    assert to_html(once) == to_html(again)
    assert once.fields != other.fields


@pytest.mark.parametrize("kind", MAKE)
def test_layouts_differ_and_the_held_back_one_keeps_to_its_font(kind: str) -> None:
    label = re.compile(r">\s*(?:\d+\. )?([A-ZĐ][^<>:]{2,40}):")
    words = [set(label.findall(to_html(paper_of(kind, 1, layout)))) for layout in "abc"]
    assert words[0] != words[2] != words[1]
    for seed in range(20):
        paper = MAKERS[kind](Random(seed), True)
        assert (paper.layout, paper.font) == ("c", HELD_BACK_SERIF)
        assert "Liberation" not in paper.context["val_css"]


@pytest.mark.parametrize("kind", MAKE)
def test_what_a_pen_wrote_is_drawn_and_not_typed(kind: str) -> None:
    for layout in "abc":
        assert 'class="pen"' in to_html(paper_of(kind, 3, layout, True))
        assert 'class="pen"' not in to_html(paper_of(kind, 3, layout, False))


def test_a_declaration_by_hand_has_a_digit_in_each_of_twelve_boxes() -> None:
    html = to_html(paper_of("residence-form", 2, "a", True))
    boxes = re.findall(r'<table class="digits">(.*?)</table>', html, re.S)
    assert [box.count("<td>") for box in boxes] == [12, 12]
    assert [box.count('class="pen"') for box in boxes] == [12, 12]


@given(seeds, layouts)
def test_spouses_are_of_lawful_age_when_they_register(seed: int, layout: str) -> None:
    day = days(paper := paper_of("marriage-certificate", seed, layout))
    assert age(day["husband_date_of_birth"], day["registration_date"]) >= 20
    assert age(day["wife_date_of_birth"], day["registration_date"]) >= 18
    assert paper.fields["husband_name"] != paper.fields["wife_name"]


@given(seeds, layouts)
def test_the_dead_were_born_died_and_were_registered_in_that_order(seed: int, layout: str) -> None:
    day = days(paper_of("death-extract", seed, layout))
    assert day["date_of_birth"] < day["death_date"] < day["registration_date"]


@pytest.mark.parametrize("kind", MAKE)
@given(seed=seeds, layout=layouts)
def test_personal_ids_tell_sex_and_year_of_their_bearers(kind: str, seed: int, layout: str) -> None:
    fields = paper_of(kind, seed, layout).fields
    for name, number in fields.items():
        if not name.endswith("personal_id"):
            continue
        assert re.fullmatch(r"\d{12}", number)
        assert number[:3] in PROVINCES
        prefix = name.removesuffix("personal_id")
        if born := fields.get(f"{prefix}date_of_birth"):
            sex = fields.get("sex") or {"husband_": "Nam", "wife_": "Nữ"}[prefix]
            assert int(number[3]) == (int(born[:2]) - 19) * 2 + (sex == "Nữ")
            assert number[4:6] == born[2:4]


@given(seeds)
def test_a_head_of_household_bears_the_declarants_own_number_only_when_they_are_one(seed: int) -> None:
    fields = paper_of("residence-form", seed, "a").fields
    own = fields["personal_id"] == fields["head_personal_id"]
    assert own == (fields["relationship"] == "Chủ hộ")
    if own:
        assert fields["full_name"] == fields["head_of_household"]


def test_units_are_named_with_their_kind_before_and_since_the_merger() -> None:
    assert len(UNITS) == len({u.now for u in UNITS}) >= 25
    for unit in UNITS:
        assert unit.id_code in PROVINCES
        assert (len(unit.now), len(unit.old)) == (2, 3)
        assert unit.place(TWO_LEVELS) == ", ".join(unit.now)
        for province in (unit.now[1], unit.old[2]):
            assert province.lower().startswith(("tỉnh ", "thành phố "))
