"""Where a value stands on the page, however the form is laid out. Invented people, typed pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_pages import CARD, page, view

from dossier.catalogue.documents import document_types
from dossier.kinds import kind
from dossier.reading import PageReading
from ocr.labels import find_labels
from ocr.readers.label import find_region
from ocr.rows import rows

CERTIFICATE = (
    "Họ, chữ đệm, tên: LÊ MINH KHANG",
    "Ngày, tháng, năm sinh: 15/09/2026",
    "Ghi bằng chữ: ngày mười lăm tháng chín năm hai nghìn không trăm hai mươi sáu",
    "Giới tính: Nam  Dân tộc: Kinh  Quốc tịch: Việt Nam",
    "Nơi sinh: Bệnh viện Đa khoa Vị Thanh",
    "Họ, chữ đệm, tên người mẹ: TRẦN THỊ THUỲ DIỄM",
    "Năm sinh: 1998  Dân tộc: Khmer  Quốc tịch: Việt Nam",
    "Nơi cư trú: Ấp 3, xã Vị Thanh",
    "Họ, chữ đệm, tên người cha: LÊ HỮU PHÚC",
    "Năm sinh: 1995  Dân tộc: Kinh  Quốc tịch: Việt Nam",
    "Nơi đăng ký khai sinh: UBND xã Vị Thanh",
)


def value(document: str, name: str, *pages: PageReading) -> str | None:
    """The value that the page's own words give at the place found for the field."""
    spec = document_types()[document].fields[name]
    region = find_region(view(document, *pages), name, spec)
    return kind(spec.kind).parse(region.text) if region else None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("full_name", "LÊ MINH KHANG"),
        ("date_of_birth", "2026-09-15"),
        ("sex", "Nam"),
        ("ethnicity", "Kinh"),
        ("nationality", "Việt Nam"),
        ("mother_name", "TRẦN THỊ THUỲ DIỄM"),
        ("mother_birth_year", "1998"),
        ("mother_ethnicity", "Khmer"),
        ("mother_residence", "Ấp 3, xã Vị Thanh"),
        ("father_name", "LÊ HỮU PHÚC"),
        ("father_birth_year", "1995"),
        ("registration_office", "UBND xã Vị Thanh"),
        ("personal_id", None),
    ],
)
def test_several_values_a_line_and_labels_that_repeat(name: str, expected: str | None) -> None:
    assert value("birth-certificate", name, page(*CERTIFICATE)) == expected


def test_parents_side_by_side_are_told_apart_by_column() -> None:
    both = page(
        (160, 100, "Họ, chữ đệm, tên: LÊ MINH KHANG"),
        (160, 160, "Họ, chữ đệm, tên người mẹ: TRẦN THỊ LAN"),
        (860, 160, "Họ, chữ đệm, tên người cha: LÊ HỮU PHÚC"),
        (160, 210, "Năm sinh: 1998"),
        (860, 210, "Năm sinh: 1995"),
    )
    assert value("birth-certificate", "mother_birth_year", both) == "1998"
    assert value("birth-certificate", "father_birth_year", both) == "1995"


def test_two_columns_whose_lines_stand_at_different_heights_keep_their_own_lines() -> None:
    both = page(
        (168, 540, "Họ, chữ đệm, tên vợ: Y BLƯI"),
        (852, 540, "Họ, chữ đệm, tên chồng: LÝ ANH THANH"),
        (852, 582, "SƠN"),
        (168, 598, "Ngày, tháng, năm sinh: 29/12/1984"),
        (852, 640, "Ngày, tháng, năm sinh: 29/04/1982"),
        (168, 656, "Quốc tịch: Việt Nam"),
        (852, 698, "Quốc tịch: Việt Nam"),
        (168, 714, "Nơi cư trú: Số 27, ngõ 6, phố Lý Thường"),
        (168, 756, "Kiệt, phường Ba Đình, tỉnh Thanh Hóa"),
        (852, 756, "Nơi cư trú: Thôn 11, thị trấn Tiền Hải,"),
        (852, 798, "tỉnh Thái Bình"),
    )
    wife, husband = (value("marriage-certificate", f"{who}_residence", both) for who in ("wife", "husband"))
    assert wife == "Số 27, ngõ 6, phố Lý Thường Kiệt, phường Ba Đình, tỉnh Thanh Hóa"
    assert husband == "Thôn 11, thị trấn Tiền Hải, tỉnh Thái Bình"
    assert value("marriage-certificate", "husband_name", both) == "LÝ ANH THANH SƠN"


def test_a_purpose_goes_on_where_a_label_within_it_is_broken_over_two_lines() -> None:
    confirmation = page(
        "Họ, chữ đệm, tên: SƠN THỊ NA VY",
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng kể từ ngày cấp, được sử dụng để: đăng",
        "ký kết hôn với ông Đặng Đình Tùng, sinh ngày 17/01/1996, CCCD số 027096495731, nơi cư",
        "trú: 254/2 Phan Chu Trinh, phường Suối Hoa, tỉnh Bắc Ninh",
    )
    found = value("marital-status-confirmation", "purpose", confirmation)
    assert found is not None
    assert found.endswith("nơi cư trú: 254/2 Phan Chu Trinh, phường Suối Hoa, tỉnh Bắc Ninh")


def test_misread_labels_are_found_and_their_values_kept_as_they_are() -> None:
    read = page("Ho, chữ dêm. tẻn: PHẠM GIA BẢO", "Ngầy, thảng, nàm sinh: 01/02/2026", "Giói tinh: Nữ")
    assert value("birth-certificate", "full_name", read) == "PHẠM GIA BẢO"
    assert value("birth-certificate", "date_of_birth", read) == "2026-02-01"
    assert value("birth-certificate", "sex", read) == "Nữ"


def test_a_value_may_stand_below_its_label_in_two_columns() -> None:
    card = page(
        (40, 40, "Số định danh cá nhân / Personal identification number"),
        (40, 80, "092198001234"),
        (40, 130, "Ngày sinh / Date of birth"),
        (420, 130, "Giới tính / Sex"),
        (40, 170, "01/02/1998"),
        (420, 170, "Nữ"),
        size=CARD,
        letter=8,
    )
    assert value("citizen-id-card", "personal_id", card) == "092198001234"
    assert value("citizen-id-card", "date_of_birth", card) == "1998-02-01"
    assert value("citizen-id-card", "sex", card) == "Nữ"


def test_a_value_wraps_up_to_the_next_label() -> None:
    wrapped = page(
        "Nơi sinh: Trung tâm Y tế khu vực Vị Thủy, xã Vị Thủy, thành phố Cần Thơ, nước Cộng hòa xã hội chủ",
        "nghĩa Việt Nam",
        "Quê quán: Lương Tâm, Long Mỹ, Hậu Giang",
    )
    found = value("birth-certificate", "place_of_birth", wrapped)
    assert found
    assert found.endswith("nghĩa Việt Nam")
    assert value("birth-certificate", "place_of_origin", wrapped) == "Lương Tâm, Long Mỹ, Hậu Giang"


def test_a_line_that_had_room_left_does_not_wrap() -> None:
    short = page(
        "Quê quán: Long Mỹ, Hậu Giang",
        "Bản sao này được cấp từ sổ gốc và có giá trị như nhau khi làm thủ tục ở mọi cơ quan hành chính",
    )
    assert value("birth-certificate", "place_of_origin", short) == "Long Mỹ, Hậu Giang"


def test_what_is_read_out_of_dotted_leaders_is_no_value() -> None:
    dotted = page(
        "Họ, chữ đệm, tên: LÊ MINH KHANG.............. 2° 5° << se",
        "Quê quán: ................ Long Mỹ, Hậu Giang .......",
    )
    assert value("birth-certificate", "full_name", dotted) == "LÊ MINH KHANG"
    assert value("birth-certificate", "place_of_origin", dotted) == "Long Mỹ, Hậu Giang"


@pytest.mark.parametrize("blank", ["", "/", "........", "-"])
def test_an_empty_place_is_found_and_has_no_value(blank: str) -> None:
    form = page(f"Số định danh cá nhân: {blank}", "Giới tính: Nam")
    spec = document_types()["birth-certificate"].fields["personal_id"]
    region = find_region(view("birth-certificate", form), "personal_id", spec)
    assert region is not None
    assert kind(spec.kind).empty(region.text)


def test_a_label_over_two_lines_is_one_label() -> None:
    split = page("Họ, chữ đệm, tên người", "yêu cầu: TRẦN MINH TRÍ", "Nơi cư trú: Ấp 10, xã Vị Thủy")
    assert value("birth-registration-form", "applicant_name", split) == "TRẦN MINH TRÍ"


def test_the_applicant_is_not_the_child() -> None:
    form = page(
        "Họ, chữ đệm, tên người yêu cầu: TRẦN MINH TRÍ",
        "Giấy tờ tùy thân: CCCD số 093084678686, cấp ngày 01/02/2022",
        "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:",
        "Họ, chữ đệm, tên: TRẦN PHƯƠNG HỒNG DIỆP",
        "Ngày, tháng, năm sinh: 30/09/2026",
    )
    assert value("birth-registration-form", "applicant_name", form) == "TRẦN MINH TRÍ"
    assert value("birth-registration-form", "applicant_personal_id", form) == "093084678686"
    assert value("birth-registration-form", "full_name", form) == "TRẦN PHƯƠNG HỒNG DIỆP"


def test_a_second_label_whose_part_is_unknown_is_nobodys() -> None:
    """The mother's opener was lost: her ethnic group must become neither hers by guess nor the child's."""
    lost = page("Họ, chữ đệm, tên: LÊ MINH KHANG", "Dân tộc: Kinh", "Dân tộc: Tày")
    assert value("birth-certificate", "ethnicity", lost) == "Kinh"
    assert value("birth-certificate", "mother_ethnicity", lost) is None


def test_an_agency_whose_name_folds_like_a_label_is_none() -> None:
    head = page((160, 100, "SỞ Y TẾ THÀNH PHỐ CẦN THƠ"), (160, 160, "Số: 00260.GCS.93012.26"))
    assert value("birth-notice", "number", head) == "00260.GCS.93012.26"


def test_a_part_goes_on_over_the_page() -> None:
    first = page("Họ, chữ đệm, tên người mẹ: TRẦN THỊ LAN")
    second = page("Năm sinh: 1998", number=2)
    assert value("birth-certificate", "mother_birth_year", first, second) == "1998"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="Họtênsinhmẹcha: .,/…0159", max_size=30), max_size=8))
def test_any_page_gives_labels_within_it(lines: list[str]) -> None:
    found_rows = rows(page(*lines))
    for found in find_labels(document_types()["birth-certificate"], found_rows):
        assert 0 <= found.first <= found.last < len(found_rows[found.row].words)


def test_a_heading_does_not_reach_for_the_line_below() -> None:
    certificate = page("GIẤY KHAI SINH", "Số: 88/2026", "Họ, chữ đệm, tên: NGÔ VĂN ĐẠT")
    assert value("birth-certificate", "number", certificate) == "88/2026"


def test_a_label_amid_a_row_is_known_by_the_slash_before_its_other_language() -> None:
    card = page(
        "Quê quán / Place of origin:",
        "Hòa An, Phụng Hiệp, Hậu Giang",
        "Có giá trị đến: 05/07/2028. nơi thường trú / Place of residence: Ấp 9",
        size=CARD,
    )
    assert value("citizen-id-card", "place_of_origin", card) == "Hòa An, Phụng Hiệp, Hậu Giang"


def test_a_label_that_the_type_does_not_know_ends_the_value_above_it() -> None:
    certificate = page(
        "Nơi sinh: Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố",
        "Hình thức khai báo: mới",
    )
    assert value("birth-certificate", "place_of_birth", certificate) == (
        "Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố"
    )


def test_the_number_of_a_part_ends_the_value_above_it() -> None:
    certificate = page(
        "Nơi sinh: Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố",
        "3. Cha, mẹ của người được khai sinh",
    )
    assert value("birth-certificate", "place_of_birth", certificate) == (
        "Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố"
    )
