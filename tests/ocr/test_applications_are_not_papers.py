"""An application for a paper is not that paper, and no application for another one."""

from __future__ import annotations

import pytest
from typed_pages import page

from dossier.catalogue.documents import document_types
from ocr.classify import classify

HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BODY = (
    "Kính gửi: Ủy ban nhân dân xã Vị Thủy",
    "Họ, chữ đệm, tên người yêu cầu: Trần Thị Ngọc Lan",
    "Ngày, tháng, năm sinh: 02/03/1995",
    "Giấy tờ tùy thân: Căn cước số 093195004321",
    "Nơi cư trú: Ấp 3, xã Vị Thủy, thành phố Cần Thơ",
    "Người yêu cầu",
)


def of(*heading: str) -> str:
    return classify(page(*HEAD, *heading, *BODY), document_types())[0]


@pytest.mark.parametrize(
    "heading",
    [
        ("TỜ KHAI ĐĂNG KÝ KẾT HÔN",),
        ("TỜ KHAI ĐĂNG KÝ KHAI TỬ",),
        ("TÒ KHAI ĐĂNG KÝ KHAI TỬ",),
        ("TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",),
        ("TỜ KHAI CẤP GIẤY XÁC NHẬN", "TÌNH TRẠNG HÔN NHÂN"),
        ("GIẤY ĐỀ NGHỊ ĐĂNG KÝ HỘ KINH DOANH",),
        ("ĐƠN ĐỀ NGHỊ ĐỔI GIẤY PHÉP LÁI XE",),
    ],
)
def test_an_application_of_no_known_form_is_not_taken_for_the_paper_it_asks_for(
    heading: tuple[str, ...],
) -> None:
    assert of(*heading) == "unknown"


@pytest.mark.parametrize(
    ("heading", "type"),
    [
        (("TỜ KHAI ĐĂNG KÝ KHAI SINH",), "birth-registration-form"),
        (("TÒ KHAI ĐĂNG KY KHAI SINH",), "birth-registration-form"),
        (("TỜ KHAI", "ĐĂNG KÝ KHAI SINH"), "birth-registration-form"),
        (("TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ",), "residence-form"),
        (("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",), "marital-status-confirmation"),
    ],
)
def test_known_forms_and_papers_are_still_told(heading: tuple[str, ...], type: str) -> None:
    assert of(*heading) == type
