"""D13, L07, L08: the administrative units in addresses. All addresses are invented."""

from __future__ import annotations

from datetime import date

import pytest
from dossier_builder import case_of, findings_of, says
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import certificate, change_field, component

from dossier.catalogue.units import lists, place
from validators.case import Case

OLD = "Ấp 3, xã Vị Thanh, huyện Vị Thủy, tỉnh Hậu Giang"
NEW = "Ấp 3, xã Vị Thanh 1, thành phố Cần Thơ"
SPLIT = "Thôn 1, xã Tân Xã, huyện Thạch Thất, thành phố Hà Nội"
NOWHERE = "Ấp 3, xã Mây Trắng, thành phố Cần Thơ"


def living_at(address: str, dated: str = "2026-11-21", **changes: object) -> Case:
    """A birth certificate of that day on which the mother lives there."""
    paper = change_field(certificate(), "registration_date", dated)
    return case_of(change_field(paper, "mother_residence", address, **changes), procedure=None)


def test_a_unit_of_the_list_in_force_exists():
    assert says(living_at(NEW), "D13") == {"PASS"}
    assert says(living_at(OLD, "2024-05-01"), "D13") == {"PASS"}


def test_a_unit_of_before_on_a_paper_of_after_is_noted_not_failed():
    found = findings_of(living_at(OLD), "D13")
    assert [(f.verdict, f.severity) for f in found] == [("UNKNOWN", "INFO")]


def test_a_unit_of_after_on_a_paper_of_before_is_noted():
    found = findings_of(living_at(NEW, "2024-05-01"), "D13")
    assert [(f.verdict, f.severity) for f in found] == [("UNKNOWN", "INFO")]
    assert "1/7/2025" in found[0].reason


def test_a_unit_in_neither_list_fails_where_the_reading_is_sure():
    assert says(living_at(NOWHERE), "D13") == {"FAIL"}
    assert says(living_at(NOWHERE, confidence=0.3), "D13") == {"UNKNOWN"}


def test_a_unit_unknown_to_both_lists_on_a_paper_of_before_them_is_not_judged():
    assert says(living_at("xã Mây Trắng, huyện Vị Thủy, tỉnh Hậu Giang", "2009-05-01"), "D13") == {"UNKNOWN"}


@pytest.mark.parametrize(
    "address",
    [
        "xã Vi Thuy, thành phố Cần Thơ",  # a mark lost
        "xã Vị Thanh, thành phố Cần Thơ",  # a commune of before in the province of after
        "phường 1, tỉnh Sóc Trăng",  # of which town?
        "xã Mây Trắng, tỉnh Hà Bắc",  # a province of long ago
    ],
)
def test_what_may_be_a_unit_is_left_to_a_person(address):
    assert says(living_at(address), "D13") == {"UNKNOWN"}


def test_a_place_of_origin_may_name_a_unit_of_long_ago():
    paper = change_field(certificate(), "place_of_origin", NOWHERE)
    assert says(case_of(paper, procedure=None), "D13") == {"UNKNOWN"}


def test_a_hospital_names_no_commune_and_is_not_judged():
    for rule in ("D13", "L07", "L08"):
        assert says(case_of(certificate(), procedure=None), rule) == {"NOT_APPLICABLE"}


def test_an_old_address_gets_the_code_of_today_and_stays_as_printed():
    case = living_at(OLD)
    found = findings_of(case, "L07")
    assert [f.verdict for f in found] == ["PASS"]
    assert "31465 (xã Vị Thanh 1, thành phố Cần Thơ)" in found[0].reason
    assert "nhập vào đơn vị khác" in found[0].reason
    kept = case.components[0].field("mother_residence")
    assert kept is not None
    assert kept.value == OLD


def test_a_unit_by_its_kind_of_before_april_2026_is_renamed():
    reason = findings_of(living_at("xã Long Thành, tỉnh Đồng Nai"), "L07")[0].reason
    assert "26368 (phường Long Thành, thành phố Đồng Nai), cách chuyển: đổi tên hoặc loại" in reason


def test_a_split_unit_is_chosen_by_a_person_and_blocks_nothing():
    found = findings_of(living_at(SPLIT, "2024-05-01"), "L08")
    assert [(f.verdict, f.severity) for f in found] == [("UNKNOWN", "WARN")]
    assert "xã Hạ Bằng" in found[0].reason
    assert "xã Hòa Lạc" in found[0].reason
    assert says(living_at(SPLIT, "2024-05-01"), "L07") == {"NOT_APPLICABLE"}


def test_l08_speaks_of_old_units_alone():
    assert says(living_at(OLD), "L08") == {"PASS"}
    assert says(living_at(NEW), "L08") == {"NOT_APPLICABLE"}


COMMUNES = [one for of in lists() for one in of.units.values() if one.level == "commune"]


@given(st.sampled_from(COMMUNES), st.dates(date(2004, 1, 1), date(2026, 11, 20)))
def test_no_address_of_a_real_unit_ever_fails(one, dated):
    address = place(one, one.until or date(2026, 11, 20))
    for rule in ("D13", "L07", "L08"):
        assert "FAIL" not in says(living_at(f"Ấp 3, {address}", dated.isoformat()), rule)


def test_a_paper_without_a_day_is_read_by_both_lists():
    for address in (OLD, NEW):
        paper = component("other", "citizen-id-card", {"place_of_residence": address})
        assert says(case_of(paper, procedure=None), "D13") == {"PASS"}
