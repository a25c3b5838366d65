from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.calendar import add_working_days, covers, is_working_day, working_days_between, years

DAYS = st.dates(date(2022, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 4, 26), False),  # Hùng Vương, a Sunday
        (date(2026, 4, 27), False),  # made up for
        (date(2026, 8, 31), False),  # exchanged for
        (date(2026, 8, 22), True),  # this Saturday
        (date(2025, 5, 2), False),
        (date(2025, 4, 26), True),
        (date(2021, 9, 2), False),  # of a year without a table
        (date(2021, 9, 3), True),
    ],
)
def test_weekends_and_holidays_are_no_working_days(day, working):
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 16), date(2026, 11, 16), 0),
        (date(2026, 11, 16), date(2026, 11, 17), 1),
        (date(2026, 11, 13), date(2026, 11, 16), 1),  # Friday to Monday
        (date(2026, 2, 13), date(2026, 2, 23), 1),  # over Tết
        (date(2026, 11, 17), date(2026, 11, 16), -1),
    ],
)
def test_the_first_day_of_a_term_does_not_count(start, end, days):
    assert working_days_between(start, end) == days


@given(DAYS, st.integers(0, 60))
def test_a_term_is_as_long_as_the_days_added(day, count):
    end = add_working_days(day, count)
    assert working_days_between(day, end) == count
    assert count == 0 or is_working_day(end)


@given(DAYS, DAYS, DAYS)
def test_terms_add_up(a, b, c):
    a, b, c = sorted((a, b, c))
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)


def test_the_table_holds_days_of_its_year_only_and_of_the_right_kind_of_week_day():
    for number, year in years().items():
        assert all(day.year == number and day.weekday() < 5 for day in year.closed)
        assert all(day.year == number and day.weekday() >= 5 for day in year.open)
        # New Year 1, Tết 5, Hùng Vương 1, 30 April, 1 May, National Day 2: what falls on a weekend is made up for.
        assert len(year.closed) - len(year.open) >= 11


def test_a_year_without_a_notice_is_told():
    assert covers(date(2024, 1, 1), date(2026, 12, 31))
    assert not covers(date(2026, 12, 31), date(2027, 1, 1))
    assert not covers(date(2023, 1, 1))
