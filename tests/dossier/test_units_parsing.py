"""Addresses, as people write them, to units of a day. All invented."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.catalogue.units import carried, lists, parse_address, place
from dossier.catalogue.units.words import name_key
from dossier.kinds import kind

OLD, NEW = date(2024, 5, 1), date(2026, 11, 24)
COMMUNES = {
    day: [one for one in of.units.values() if one.level == "commune"]
    for day, of in ((OLD, lists().old), (NEW, lists().new))
}


def read(text: str, day: date) -> str | None:
    parsed = parse_address(text, day)
    return place(parsed.commune, day) if parsed.commune else None


VI_THANH = "xã Vị Thanh, huyện Vị Thủy, tỉnh Hậu Giang"


@pytest.mark.parametrize(
    "text",
    [
        VI_THANH,
        f"Ấp 3, {VI_THANH}",
        "ẤP 3, XÃ VỊ THANH, HUYỆN VỊ THUỶ, TỈNH HẬU GIANG, VIỆT NAM",
        "Ấp 3 xã Vị Thanh huyện Vị Thuỷ tỉnh Hậu Giang",
        "Ấp 3, X. Vị Thanh, H.Vị Thủy, T. Hậu Giang",
        "Ấp 3; xã Vị Thanh - huyện Vị Thủy - tỉnh Hậu Giang.",
        "Ấp 3, Vị Thanh, Vị Thủy, Hậu Giang",
        "tỉnh Hậu Giang, huyện Vị Thủy, xã Vị Thanh, ấp 3",
        "xã Vị Thanh, tỉnh Hậu Giang",
        "xã Vị Thanh, huyện Vị Thủy",
    ],
)
def test_one_commune_is_found_however_it_is_written(text):
    assert read(text, OLD) == VI_THANH


@pytest.mark.parametrize(
    ("text", "day", "found"),
    [
        ("P.V, TP. Vị Thanh, Hậu Giang", OLD, "phường V, thành phố Vị Thanh, tỉnh Hậu Giang"),
        ("Phường 5, thành phố Vị Thanh, Hậu Giang", OLD, "phường V, thành phố Vị Thanh, tỉnh Hậu Giang"),
        ("tt Nàng Mau, Vị Thuỷ, Hậu Giang", OLD, "thị trấn Nàng Mau, huyện Vị Thủy, tỉnh Hậu Giang"),
        ("P1, Q3, TPHCM", OLD, "phường 1, quận 3, thành phố Hồ Chí Minh"),
        ("Phường 01, Quận 3, TP.HCM", OLD, "phường 1, quận 3, thành phố Hồ Chí Minh"),
        ("P. Thắng Tam - TP. Vũng Tàu - Tỉnh Bà Rịa-Vũng Tàu", OLD,
         "phường Thắng Tam, thành phố Vũng Tàu, tỉnh Bà Rịa - Vũng Tàu"),
        ("xã Tân Xã huyện Thạch Thất thành phố Hà Nội", OLD, "xã Tân Xã, huyện Thạch Thất, thành phố Hà Nội"),
        ("Phường Đúc, quận Thuận Hóa, thành phố Huế", OLD, "phường Phường Đúc, quận Thuận Hóa, thành phố Huế"),
        ("Ấp 3, xã Vị Thanh 1, TP Cần Thơ", NEW, "xã Vị Thanh 1, thành phố Cần Thơ"),
        ("Vị Thuỷ, Cần Thơ", NEW, "xã Vị Thủy, thành phố Cần Thơ"),
        ("xã Vị Thủy", NEW, "xã Vị Thủy, thành phố Cần Thơ"),
        ("Số 5, đường Tỉnh lộ 10, phường Vị Tân, Cần Thơ", NEW, "phường Vị Tân, thành phố Cần Thơ"),
        ("Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố Cần Thơ", NEW,
         "phường An Bình, thành phố Cần Thơ"),
        ("Trạm Y tế xã Vị Thanh, huyện Vị Thủy, tỉnh Hậu Giang", OLD, VI_THANH),
        ("đặc khu Phú Quốc, tỉnh An Giang", NEW, "đặc khu Phú Quốc, tỉnh An Giang"),
    ],
)  # fmt: skip
def test_abbreviations_numbers_and_missing_levels(text, day, found):
    assert read(text, day) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (VI_THANH, NEW),  # a unit of before
        ("xã Vị Thanh 1, thành phố Cần Thơ", OLD),  # a unit of after
        ("phường 1, Sóc Trăng", OLD),  # in which town?
        ("Hát Lót, Mai Sơn, Sơn La", OLD),  # the town or the commune around it?
        ("xã Vi Thuy, thành phố Cần Thơ", NEW),  # marks lost
        ("phường Vị Tân, thành phố Vị Thanh, thành phố Cần Thơ", NEW),  # half old, half new
        ("xã Tân Hòa, huyện Châu Thành A, tỉnh Hậu Giang", NEW),
        ("Bệnh viện Đa khoa thành phố Vị Thanh", OLD),
        ("xã Vị Tân, xã Vị Thanh, huyện Vị Thủy, tỉnh Hậu Giang", OLD),
        ("", OLD),
    ],
)
def test_what_is_not_sure_is_not_said(text, day):
    assert parse_address(text, day).commune is None


def test_several_of_one_name_are_candidates():
    parsed = parse_address("Hát Lót, Mai Sơn, Sơn La", OLD)
    assert {one.full for one in parsed.candidates} == {"thị trấn Hát Lót", "xã Hát Lót"}
    assert [one.full for one in parse_address("xã Vi Thuy, Cần Thơ", NEW).candidates] == ["xã Vị Thủy"]


def test_what_stands_below_the_commune_is_kept_as_printed():
    assert parse_address(f"Số 12, Ấp 3, {VI_THANH}", OLD).rest == "Số 12, Ấp 3"


def test_a_unit_by_its_former_kind_is_known_and_told():
    parsed = parse_address("xã Long Thành, tỉnh Đồng Nai", NEW)
    assert parsed.commune is not None
    assert (parsed.commune.full, parsed.stale) == ("phường Long Thành", True)


@pytest.mark.parametrize(
    ("text", "today"),
    [  # DOMAIN.md, section 5
        (f"Ấp 3, {VI_THANH}", ("31465", "xã Vị Thanh 1", "merged")),
        ("P.V, TP Vị Thanh, Hậu Giang", ("31333", "phường Vị Tân", "merged")),
        ("tt Nàng Mau, huyện Vị Thủy, Hậu Giang", ("31441", "xã Vị Thủy", "merged")),
        ("tt Một Ngàn, huyện Châu Thành A, Hậu Giang", ("31342", "xã Tân Hòa", "merged")),
    ],
)
def test_addresses_of_hau_giang_are_carried_to_can_tho(text, today):
    parsed = parse_address(text, OLD)
    assert parsed.commune is not None
    went = carried(parsed.commune, NEW)
    assert (went.code, went.name, went.method) == today


def styles(day: date) -> st.SearchStrategy[tuple[str, str]]:
    """An address of a commune, and the commune's code."""
    ways = st.sampled_from(
        [
            lambda text: text,
            str.upper,
            str.title,
            lambda text: text.replace(", ", " "),
            lambda text: text.replace(", ", " - "),
            lambda text: f"Số 7, tổ 2, {text}.",
            lambda text: ", ".join(reversed(text.split(", "))),
            lambda text: re.sub(
                r"(?:^|(?<=, ))(xã|phường|tỉnh|huyện) ", lambda kind: f"{kind[1][0].upper()}. ", text
            ),
        ]
    )
    return st.builds(lambda one, way: (way(place(one, day)), one.code), st.sampled_from(COMMUNES[day]), ways)


@settings(deadline=None)
@pytest.mark.parametrize("day", [OLD, NEW])
@given(data=st.data())
def test_every_commune_with_all_it_lies_in_is_found_or_left_open_and_never_another(day, data):
    text, code = data.draw(styles(day))
    parsed = parse_address(text, day)
    assert parsed.commune is None or parsed.commune.code == code
    assert parsed.commune is not None or parsed.candidates


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                ["xã", "Phường V", "TP.", "H.", "Vị Thủy", "Hậu Giang", "tỉnh", ",", " - ", "Q1", "P."]
            ),
        ),
        max_size=8,
    ).map(" ".join),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_any_text_is_parsed_to_units_that_lie_in_one_another(text, day):
    parsed = parse_address(text, day)
    if parsed.commune:
        chain = [one.code for one in lists().on(day).chain(parsed.commune)]
        assert chain[-1] == (parsed.province and parsed.province.code)
        assert not parsed.candidates


@given(st.sampled_from([one.name for ones in COMMUNES.values() for one in ones]))
def test_a_name_has_one_key_in_any_case_and_place_of_the_tone(name):
    assert name_key(name.upper()) == name_key(name)
    assert name_key(name.replace("òa", "oà").replace("ủy", "uỷ").replace("úy", "uý")) == name_key(name)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (f"Ấp 3, {VI_THANH}", "ấp 3, Vị Thanh, Vị Thuỷ, Hậu Giang", True),
        ("xã Vị Thủy, TP. Cần Thơ", "xã Vị Thuỷ, thành phố Cần Thơ", True),
        (f"Ấp 3, {VI_THANH}", f"Ấp 4, {VI_THANH}", False),
        (f"Ấp 3, {VI_THANH}", "Ấp 3, xã Vị Thanh 1, thành phố Cần Thơ", False),
        ("Bệnh viện Hoà Bình", "bệnh viện Hòa Bình", True),
        ("Bệnh viện Hòa Bình", "Bệnh viện Hoa Binh", False),
    ],
)
def test_addresses_are_the_same_by_their_units_and_what_stands_below(left, right, same):
    assert kind("address").same(left, right) is same
