from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import ConfigurationError
from dossier.kinds import Kind, is_placeholder, kind, kinds
from dossier.kinds.closed import ETHNIC_GROUPS, ethnic_group
from dossier.text.vietnamese import fold

every_kind = pytest.mark.parametrize("entry", kinds().values(), ids=kinds().keys())


@every_kind
@given(text=st.text(max_size=40))
def test_any_text_gives_a_value_or_none_and_a_value_is_stable(entry: Kind, text: str) -> None:
    value = entry.parse(text)
    assert value is None or (value and value == value.strip())
    if value is not None:
        assert entry.same(value, value)
        again = entry.parse(value)
        assert again is None or entry.same(again, value)


@every_kind
@pytest.mark.parametrize("blank", ["", " ", "/", "…", "......", "-", "—", "_____"])
def test_a_placeholder_is_no_value(entry: Kind, blank: str) -> None:
    assert entry.parse(blank) is None
    assert entry.empty(blank) is entry.placeholders


def test_a_kind_that_does_not_exist_is_said() -> None:
    with pytest.raises(ConfigurationError):
        kind("no-such-kind")


@pytest.mark.parametrize(
    ("name", "printed", "value"),
    [
        ("person-name", ": NGUYỄN THỊ HOÀ.", "NGUYỄN THỊ HOÀ"),
        ("person-name", "Trần Văn 4n", None),
        ("personal-id", "093 185 001 234", "093185001234"),
        ("personal-id", "O9318500I234", "093185001234"),
        ("personal-id", "CCCD số 093185001234, cấp ngày 01/02/2022", "093185001234"),
        ("personal-id", "09318500123", None),
        ("personal-id", "٠٩٣١٨٥٠٠١٢٣٤", None),  # digits of another script are no digits of a card
        ("date", "15/09/2026", "2026-09-15"),
        ("date-of-birth", "ngày 05 tháng 02 năm 2025", "2025-02-05"),
        ("expiry-date", "Không thời hạn", "unlimited"),
        ("expiry-date", "26/04/2028", "2028-04-26"),
        ("time", "08 giờ 30 phút", "08:30"),
        ("time", "7h05", "07:05"),
        ("time", "25 giờ", None),
        ("sex", "Nữa", "Nữ"),
        ("sex", "☐ Nam ☐ Nữ", None),
        ("ethnicity", "Tay", "Tày"),
        ("ethnicity", "Khmer", "Khmer"),
        ("nationality", "VIỆT NAM", "Việt Nam"),
        ("year", "1998", "1998"),
        ("year", "12/03/1998", "1998"),
        ("weight-grams", "3.200 gram", "3200"),
        ("weight-grams", "3,2 kg", "3200"),
        ("weight-grams", "32 gram", None),
        ("civil-number", "119 / 2026", "119/2026"),
        ("book-number", "01/2013", "01/2013"),
        ("birth-notice-number", "01327.GCS.12096.25", "01327.GCS.12096.25"),
        ("document-number", "12/QĐ-UBND", "12/QĐ-UBND"),
        ("document-number", "QĐ-UBND", None),
        ("address", "…Ấp 3 , xã Vị Thanh, huyện Vị Thủy.", "Ấp 3, xã Vị Thanh, huyện Vị Thủy"),
        ("phone", "+84 912 345 678", "0912345678"),
        ("email", "MotCua@Xavithuy.GOV.vn.", "MotCua@xavithuy.gov.vn"),
        ("email", "motcua xavithuy.gov.vn", None),
        ("register-number", "12/TLKH-BS", "12/TLKH-BS"),
        ("register-number", "21/2026", "21/2026"),
        ("business-number", "093 075 000 014", "093075000014"),
        ("business-number", "57A8012345", "57A8012345"),
        ("licence-number", "930123456789", "930123456789"),
        ("licence-class", "B2 (ô tô)", "B2"),
        ("licence-class", "Al", "A1"),
        ("licence-class", "C1E", "C1E"),
        ("licence-class", "A1 , B2 Hà Tĩnh", "A1, B2"),
        ("licence-class", "Ô tô", None),
        ("money", "200.000.000 đồng (Hai trăm triệu đồng)", "200000000"),
        ("money", "200.000.00 đồng", None),
        ("money", "Hai trăm triệu đồng", None),
        ("area", "1.250,50 m²", "1250.5"),
        ("area", "120.5 m2", "120.5"),
        ("area", "1.250 m2 (bằng chữ: Một nghìn hai trăm năm mươi mét vuông)", "1250"),
        ("area", "12.50.3 m2", None),
        ("land-serial", "BA 123456", "BA123456"),
        ("land-serial", "AA 01234567", "AA01234567"),
        ("land-serial", "AA 1234567", None),
        ("land-register-number", "CS 01234", "CS01234"),
        ("parcel-number", "125", "125"),
        ("holder-name", "Hộ ông Nguyễn Văn Thọ và bà Trần Thị Lan", "Nguyễn Văn Thọ"),
        ("holder-name", "Bà: TRẦN THỊ LAN, sinh năm 1980", "TRẦN THỊ LAN"),
        (
            "business-line",
            "1. Bán lẻ đồ uống trong các cửa hàng (Chính) 4723",
            "Bán lẻ đồ uống trong các cửa hàng",
        ),
    ],
)
def test_printed_text_becomes_a_value(name: str, printed: str, value: str | None) -> None:
    assert kind(name).parse(printed) == value


def test_the_place_of_a_tone_mark_makes_no_other_name() -> None:
    assert kind("person-name").same("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA")
    assert not kind("person-name").same("Nguyễn Thị Hoà", "Nguyễn Thị Hoa")


def test_the_ethnic_groups_are_54_and_told_apart_without_marks() -> None:
    assert len(ETHNIC_GROUPS) == 54
    assert len({re.sub(r"\W", "", fold(name)) for name in ETHNIC_GROUPS}) == 54
    assert ethnic_group("H’Mông") == "Mông"


@pytest.mark.parametrize(
    ("printed", "group"),
    [
        ("H'Mông", "Mông"),
        ("Hmông", "Mông"),
        ("HMÔNG", "Mông"),
        ("Giây", "Giáy"),
        ("Záy", "Giáy"),
        ("C ho", "Cơ Ho"),
        ("K ho", "Cơ Ho"),
        ("K'Ho", "Cơ Ho"),
        ("Kinh (Việt)", None),
    ],
)
def test_an_ethnic_group_is_known_by_its_other_names(printed: str, group: str | None) -> None:
    assert ethnic_group(printed) == group
    if group:
        assert kind("ethnicity").same(printed, group)


@pytest.mark.parametrize(
    "printed", ["N/A", "null", "Chưa đặt tên", "không rõ", "Không xác định", "chưa có", "0000", "///"]
)
def test_words_that_say_nothing_are_placeholders(printed: str) -> None:
    assert is_placeholder(printed)


@pytest.mark.parametrize("printed", ["Không Văn Lý", "Na", "Chưa hết hạn", "Nguyễn Chưa", "10000"])
def test_words_that_say_something_are_none(printed: str) -> None:
    assert not is_placeholder(printed)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates_become_iso(day: date) -> None:
    assert kind("date").parse(f"{day:%d/%m/%Y}") == day.isoformat()


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("money", "Hai trăm triệu đồng", "200000000"),
        ("money", "200.000.000 đồng (Hai trăm năm mươi triệu đồng)", "250000000"),
        ("money", "(bằng chữ: Một tỷ hai trăm triệu đồng chẵn)", "1200000000"),
        ("area", "Một nghìn hai trăm năm mươi phẩy năm mét vuông", "1250.5"),
        ("area", "120,05 m2 (Một trăm hai mươi phẩy không năm mét vuông)", "120.05"),
        ("area", "đất ở", None),
        ("date", "ngày mười lăm tháng chín năm hai nghìn không trăm hai mươi sáu", "2026-09-15"),
    ],
)
def test_a_value_written_out_in_words_is_the_same_value(name: str, words: str, value: str | None) -> None:
    in_words = kind(name).in_words
    assert in_words is not None
    assert in_words(words) == value


@every_kind
@given(text=st.text(max_size=60))
def test_any_words_give_a_value_or_none(entry: Kind, text: str) -> None:
    if entry.in_words is not None:
        value = entry.in_words(text)
        assert value is None or entry.parse(value) == value or entry.group == "date"
