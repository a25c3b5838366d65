"""What a separator sheet's code says, and what is none of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import ConfigurationError
from dossier.separators import Damaged, Sheet, parse_sheet, payload, sheet_of

CODES = st.from_regex(
    r"H[0-9]{2}\.[0-9]{1,3}\.[0-9]{1,3}-26(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])-[0-9]{4,8}", fullmatch=True
)
TYPES = st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10}){0,3}", fullmatch=True)
SHEETS = st.builds(Sheet, st.none() | CODES, st.none() | TYPES)
DOSSIER = Sheet("H13.96.31-260915-0001", "birth-certificate")


@given(SHEETS)
def test_what_was_printed_is_read_back(sheet: Sheet) -> None:
    assert parse_sheet(payload(sheet)) == sheet


@given(SHEETS, st.data())
def test_a_payload_with_one_letter_changed_is_damaged_or_none_of_ours(
    sheet: Sheet, data: st.DataObject
) -> None:
    text = payload(sheet)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda char: char != text[at]))
    assert not isinstance(parse_sheet(text[:at] + other + text[at + 1 :]), Sheet)


@given(st.text())
def test_any_other_text_is_never_a_sheet(text: str) -> None:
    assert not isinstance(parse_sheet(text), Sheet)


@pytest.mark.parametrize(
    "text", ["", "PATCHT", "ASN00123", "TAG:invoice", "SOHOA", "092198001234||LAN|01021998", "SOHOAX|"]
)
def test_codes_of_others_are_none_of_ours(text: str) -> None:
    assert parse_sheet(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "SOHOA2|D|H13.96.31-260915-0001||0991",
        "SOHOA1|D|H13.96.31-260915-0001||0000",
        "SOHOA1|X|||0000",
        "SOHOA1",
        "SOHOA1|N",
    ],
)
def test_a_code_that_begins_like_ours_and_does_not_hold_is_damaged(text: str) -> None:
    assert parse_sheet(text) == Damaged()


def test_a_right_code_with_a_dossier_of_no_such_form_is_damaged() -> None:
    for code in ("H13.96.31-261399-0001", "../../x", "H13.96.31-260915-0001/", ""):
        with_check = payload(DOSSIER).replace("H13.96.31-260915-0001", code)
        assert parse_sheet(with_check) == Damaged()


def test_of_two_codes_the_one_that_holds_speaks_and_two_that_differ_do_not() -> None:
    right, other = payload(DOSSIER), payload(Sheet())
    assert sheet_of([right, right]) == DOSSIER
    assert sheet_of(["SOHOA1|D|H13", right, "PATCHT"]) == DOSSIER
    assert sheet_of([right, other]) == Damaged()
    assert sheet_of(["PATCHT"]) is None


@pytest.mark.parametrize(
    "sheet", [Sheet("X1"), Sheet("H13.96.31-260231-0001"), Sheet(None, "Giấy khai sinh")]
)
def test_what_could_not_be_read_back_is_not_printed(sheet: Sheet) -> None:
    with pytest.raises(ConfigurationError):
        payload(sheet)
