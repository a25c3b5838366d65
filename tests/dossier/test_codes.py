from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.codes import (
    PROCEDURE,
    PROVINCES,
    mask,
    parse_document_number,
    parse_dossier_code,
    parse_personal_id,
)


def test_the_list_has_the_63_provinces_of_the_circular():
    assert len(PROVINCES) == 63


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.sampled_from(["Nam", "Nữ"]),
    st.integers(1900, 2399),
    st.integers(0, 999_999),
)
def test_a_personal_id_gives_back_what_it_was_built_from(place, sex, year, rest):
    century = (year - 1900) // 100 * 2 + (sex == "Nữ")
    parts = parse_personal_id(f"{place}{century}{year % 100:02}{rest:06}")
    assert parts is not None
    assert (parts.place, parts.sex, parts.birth_year) == (place, sex, year)
    assert parts.province == PROVINCES[place]


@given(st.text())
def test_any_text_is_parsed_or_refused_without_an_error(text):
    for parse in (parse_personal_id, parse_dossier_code, parse_document_number):
        parse(text)
    assert len(mask(text)) >= min(len(text), 8)


@pytest.mark.parametrize("text", ["", "09330100001", "0933010000012", "٠٩٣٣٠١٠٠٠٠٠١", "093 301 000001"])
def test_what_has_not_twelve_plain_digits_is_no_personal_id(text):
    assert parse_personal_id(text) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_a_dossier_code_tells_agency_and_day(day, serial):
    new = parse_dossier_code(f"H13.96.31-{day:%y%m%d}-{serial:04}")
    old = parse_dossier_code(f"000.00.13.H30-{day:%y%m%d}-{serial:04}")
    assert new is not None
    assert old is not None
    assert (new.agency, new.day) == ("H13.96.31", day)
    assert (old.agency, old.day) == ("H30.13", day)


def test_a_day_that_does_not_exist_is_told_apart_from_a_wrong_form():
    code = parse_dossier_code("H13.96.31-250231-0001")
    assert code is not None
    assert code.day is None
    assert parse_dossier_code("ho-so-1") is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12/QĐ-UBND", (12, None, ("QĐ", "UBND"))),
        ("01/2023/TT-VPCP", (1, 2023, ("TT", "VPCP"))),
        ("4856/BCA-TTDLQG", (4856, None, ("BCA", "TTDLQG"))),
        ("09/TTr-UBND", (9, None, ("TTr", "UBND"))),
        ("69/GKS-BS", (69, None, ("GKS", "BS"))),
    ],
)
def test_document_numbers_fall_into_their_parts(text, parts):
    number = parse_document_number(text)
    assert number is not None
    assert (number.number, number.year, number.parts) == parts


@pytest.mark.parametrize("text", ["/QĐ-UBND", "12", "12/qđ-UBND", "12 /QĐ-UBND", "12/QĐ-"])
def test_a_number_cut_short_is_none(text):
    assert parse_document_number(text) is None


def test_a_procedure_code_may_name_its_province():
    assert PROCEDURE.match("1.001193")
    assert PROCEDURE.match("1.012753.H19")
    assert not PROCEDURE.match("1.1193")


def test_a_masked_id_keeps_only_its_ends():
    assert mask("093301001234") == "093*****1234"
    assert mask("1234") == "****"
