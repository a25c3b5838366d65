from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import ConfigurationError
from dossier.kinds import Kind, kind, kinds
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


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates_become_iso(day: date) -> None:
    assert kind("date").parse(f"{day:%d/%m/%Y}") == day.isoformat()
