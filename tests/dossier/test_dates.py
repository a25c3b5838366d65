from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken import number_in_words, words_of_date

from dossier.text.dates import date_in_words, parse_date
from dossier.text.numbers import number_from_words, whole_number
from dossier.text.vietnamese import fold

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(days, st.sampled_from(["/", "-", ".", " / "]))
def test_figures_are_read_back(day: date, bar: str) -> None:
    assert parse_date(f"Ngày sinh: {day:%d}{bar}{day:%m}{bar}{day:%Y}") == day


@given(days)
def test_named_parts_are_read_back(day: date) -> None:
    assert parse_date(f"Vị Thanh, ngày {day:%d} tháng {day:%m} năm {day:%Y}") == day
    assert parse_date(f"ngày…{day.day}…tháng..{day.month}..năm {day:%Y}.") == day


@given(days)
def test_a_slash_read_as_i_or_1_is_put_right(day: date) -> None:
    assert parse_date(f"{day:%d}I{day:%m}l{day:%Y}") == day
    assert parse_date(f"{day:%d}1{day:%m}1{day:%Y}") == day
    assert parse_date(f"{day:%d}/{day:%m}1{day:%Y}") == day


@pytest.mark.parametrize(
    "text", ["", "31/02/2025", "5/112026", "15/13/2025", "092185001234", "12/QĐ-UBND", "15/09/0202"]
)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.text(max_size=60))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    for value in (parse_date(text), date_in_words(text)):
        assert value is None or isinstance(value, date)


@given(days)
def test_words_are_read_back_with_and_without_tones(day: date) -> None:
    words = words_of_date(day)
    assert date_in_words(words) == day
    assert date_in_words(fold(words)) == day
    assert (
        date_in_words(words.capitalize().replace(" tháng", ", tháng").replace(" năm h", ", năm h") + ".")
        == day
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày mười lăm tháng chín năm hai nghìn không trăm hai mươi sáu", date(2026, 9, 15)),
        ("ngày mùng năm, tháng năm, năm hai ngàn lẻ năm", date(2005, 5, 5)),
        ("ngày hai mươi mốt tháng tư năm một nghìn chín trăm tám mươi tư", date(1984, 4, 21)),
        ("ngày hai lăm tháng chạp năm một ngàn chín trăm chín mươi lăm", date(1995, 12, 25)),
        ("ngày ba mươi tháng mười một năm hai nghìn không trăm linh tám", date(2008, 11, 30)),
        ("(ngày mười tháng mười năm hai nghìn hai mươi sáu)", date(2026, 10, 10)),
        ("ngày mưới lảm thảng chin năm hai nghln không trâm hai mươi sảu", date(2026, 9, 15)),
        ("ngày ba mươi mốt tháng hai năm hai nghìn", None),
        ("ngày mười lăm tháng chín năm hai nghìn năm", None),  # 2005 or 2500
        ("tháng chín năm hai nghìn", None),
    ],
)
def test_variants_of_words(text: str, expected: date | None) -> None:
    assert date_in_words(text) == expected


@given(st.integers(0, 10**12 - 1))
def test_numbers_in_words_are_read_back(number: int) -> None:
    assert number_from_words(number_in_words(number)) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3.200", 3200), ("3200", 3200), ("1,234,567", 1234567), ("3.20", None), ("12a", None)],
)
def test_figures_with_thousands_marks(text: str, expected: int | None) -> None:
    assert whole_number(text) == expected
