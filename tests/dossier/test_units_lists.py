"""The lists of administrative units: whole, dated, small and quick."""

import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.catalogue.units import TWO_LEVELS, carried, lists, place, unit
from dossier.catalogue.units.lists import DATA

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 11, 24)
OLD = [one for one in lists().old.units.values() if one.level == "commune"]
NEW = list(lists().new.units.values())


def test_the_lists_are_whole():
    old = Counter(one.level for one in lists().old.units.values())
    new = Counter(one.level for one in NEW)
    assert old == {"province": 63, "district": 696, "commune": 10_035}
    assert new == {"province": 34, "commune": 3_321}


def test_the_lists_are_small_and_read_in_under_a_tenth_of_a_second():
    assert DATA.stat().st_size < 200_000
    timed = "import time; from dossier.catalogue.units import lists; t = time.process_time(); lists()"
    command = [sys.executable, "-c", f"{timed}; print(time.process_time() - t)"]
    took = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert float(took) < 0.1


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("15", "tỉnh Yên Bái", "tỉnh Lào Cai"),
        ("24", "tỉnh Bắc Giang", "tỉnh Bắc Ninh"),
        ("44", "tỉnh Quảng Bình", "tỉnh Quảng Trị"),
        ("91", "tỉnh Kiên Giang", "tỉnh An Giang"),
        ("93", "tỉnh Hậu Giang", None),
        ("31465", "xã Vị Thanh", "xã Vị Thanh 1"),
        ("935", "huyện Vị Thủy", None),
        ("06970", "thị trấn Ba Chẽ", "xã Ba Chẽ"),
    ],
)
def test_a_code_means_what_it_meant_on_its_day(code, before, after):
    found = [unit(code, day) for day in (BEFORE, AFTER)]
    assert [one.full if one else None for one in found] == [before, after]


@pytest.mark.parametrize(
    ("code", "day", "full"),
    [
        ("75", date(2026, 4, 29), "tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "thành phố Đồng Nai"),
        ("26368", date(2026, 4, 29), "xã Long Thành"),
        ("26368", date(2026, 4, 30), "phường Long Thành"),
        ("22", date(2026, 9, 1), "thành phố Quảng Ninh"),
        ("24", date(2026, 9, 19), "tỉnh Bắc Ninh"),
        ("24", date(2026, 9, 20), "thành phố Bắc Ninh"),
    ],
)
def test_what_became_a_city_or_a_ward_in_2026_is_so_from_its_day_on(code, day, full):
    found = unit(code, day)
    assert found is not None
    assert found.full == full
    assert found.since is not None
    assert found.since <= day <= (found.until or day)


def test_a_place_is_told_with_all_it_lies_in():
    commune = unit("31465", BEFORE)
    assert commune is not None
    assert place(commune, BEFORE) == "xã Vị Thanh, huyện Vị Thủy, tỉnh Hậu Giang"


def way(code: str, day: date = BEFORE, to: date = TODAY) -> tuple[str | None, str]:
    one = unit(code, day)
    assert one is not None
    went = carried(one, to)
    return went.code, went.method


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("31465", ("31465", "merged")),  # xã Vị Thanh -> xã Vị Thanh 1
        ("93", ("92", "merged")),  # tỉnh Hậu Giang -> thành phố Cần Thơ
        ("01", ("01", "exact")),  # Hà Nội
        ("755", ("26732", "renamed")),  # huyện Côn Đảo -> đặc khu Côn Đảo
        ("935", (None, "unknown")),  # districts have no successor
    ],
)
def test_a_unit_is_carried_to_today_with_the_way_it_went(code, expected):
    assert way(code) == expected


def test_a_split_unit_has_no_code_of_today_only_candidates():
    split = [one for one in OLD if len(lists().old.into[one.code]) > 1]
    assert 440 <= len(split) <= 480
    for one in split:
        went = carried(one, TODAY)
        assert (went.code, went.name, went.method) == (None, None, "split")
        assert len(went.candidates) > 1


def test_a_change_of_kind_is_a_renaming_and_nothing_is_carried_back_over_the_merger():
    assert way("75", AFTER) == ("75", "renamed")
    assert way("75", TODAY) == ("75", "exact")
    assert way("92", AFTER, BEFORE) == (None, "unknown")


@given(st.sampled_from(OLD), st.dates(TWO_LEVELS, TODAY))
def test_every_old_commune_goes_into_units_that_there_are(one, day):
    went = carried(one, day)
    assert went.candidates
    assert went.method != "unknown"
    assert all(unit(target.code, day) == target for target in went.candidates)
    assert (went.code is None) == (went.method == "split")
    # The parts of a province stay in the province that it went into.
    province = lists().old.chain(one)[-1]
    assert {target.parent for target in went.candidates} == set(lists().old.into[province.code])


def test_every_unit_of_today_was_made_of_old_ones():
    made = {code for into in lists().old.into.values() for code in into}
    assert made == {one.code for one in NEW}


@given(st.sampled_from(NEW), st.dates(TWO_LEVELS, date(2030, 1, 1)), st.dates(TWO_LEVELS, date(2030, 1, 1)))
def test_within_the_new_list_a_unit_stays_itself(one, day, other):
    found = unit(one.code, day)
    assert found is not None
    went = carried(found, other)
    assert went.code == one.code
    assert went.method in ("exact", "renamed")
