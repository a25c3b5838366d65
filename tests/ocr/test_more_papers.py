"""Where values stand on papers of civil status, residence, business and land, and on licences. Invented people."""

from __future__ import annotations

import pytest
from typed_pages import CARD, page, view

from dossier.catalogue.documents import document_types
from dossier.kinds import kind
from dossier.reading import PageReading
from ocr.classify import classify
from ocr.readers.base import field_readers
from ocr.readers.label import find_region

TWO_COLUMNS = page(
    (500, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (560, 140, "GIẤY CHỨNG NHẬN KẾT HÔN"),
    (700, 200, "Số: 15/2025"),
    (160, 300, "Họ, chữ đệm, tên vợ: TRẦN THỊ LAN"),
    (860, 300, "Họ, chữ đệm, tên chồng: LÊ HỮU PHÚC"),
    (160, 350, "Ngày, tháng, năm sinh: 01/02/2000"),
    (860, 350, "Ngày, tháng, năm sinh: 03/04/1998"),
    (160, 400, "Dân tộc: Kinh  Quốc tịch: Việt Nam"),
    (860, 400, "Dân tộc: Hoa  Quốc tịch: Việt Nam"),
    (160, 450, "Nơi cư trú: Ấp 3, xã Vị Thanh"),
    (860, 450, "Nơi cư trú: Ấp 5, xã Vị Thủy"),
    (160, 500, "Giấy tờ tùy thân: CCCD số"),
    (860, 500, "Giấy tờ tùy thân: CCCD số"),
    (160, 546, "093300000017 cấp ngày 01/05/2021"),
    (860, 546, "093098000025 cấp ngày 02/06/2021"),
    (160, 620, "Nơi đăng ký kết hôn: Ủy ban nhân dân xã Vị Thanh"),
    (160, 670, "Ngày, tháng, năm đăng ký: 10/10/2025"),
)
TABLE = page(
    (560, 140, "TRÍCH LỤC KẾT HÔN (BẢN SAO)"),
    (160, 200, "Số: 12/TLKH-BS"),
    (760, 290, "CHỒNG"),
    (1200, 290, "VỢ"),
    (160, 340, "Họ, chữ đệm, tên"),
    (620, 340, "LÊ HỮU PHÚC"),
    (1100, 340, "TRẦN THỊ LAN"),
    (160, 390, "Ngày, tháng, năm sinh"),
    (620, 390, "03/04/1998"),
    (1100, 390, "01/02/2000"),
    (160, 440, "Giấy tờ tùy thân"),
    (620, 440, "CCCD số 093098000025"),
    (1100, 440, "CCCD số 093300000017"),
    (160, 490, "Nơi cư trú"),
    (620, 490, "Ấp 5, xã Vị Thủy,"),
    (1100, 490, "Ấp 3, xã Vị Thanh,"),
    (620, 530, "thành phố Cần Thơ"),
    (1100, 530, "thành phố Cần Thơ"),
    (160, 600, "Đăng ký kết hôn tại: Ủy ban nhân dân xã Vị Thanh"),
)
LAND = page(
    (300, 140, "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT"),
    (160, 220, "1. Người sử dụng đất:"),
    (160, 266, "Ông: Nguyễn Văn Thọ, sinh năm 1975, CCCD số: 093075000014"),
    (160, 312, "Địa chỉ thường trú: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
    (160, 370, "2. Thông tin thửa đất:"),
    (160, 416, "a) Thửa đất số: 125, tờ bản đồ số: 12"),
    (160, 462, "b) Địa chỉ: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
    (160, 508, "c) Diện tích: 1.250,5 m² (bằng chữ: Một nghìn hai trăm năm mươi phẩy năm mét vuông)"),
    (160, 554, "d) Loại đất: Đất ở tại nông thôn"),
    (160, 600, "đ) Thời hạn sử dụng: Lâu dài"),
    (160, 646, "e) Hình thức sử dụng: Sử dụng riêng"),
    (900, 760, "TM. ỦY BAN NHÂN DÂN"),
    (900, 806, "HUYỆN VỊ THỦY"),
    (160, 1000, "Số vào sổ cấp GCN: CS 01234"),
    (700, 1400, "AA 01234567"),
)
MARRIED = page(
    (560, 140, "GIẤY CHỨNG NHẬN"),
    (480, 186, "QUYỀN SỬ DỤNG ĐẤT"),
    (160, 280, "I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất"),
    (160, 330, "Ông: NGUYỄN VĂN THỌ, sinh năm: 1975, Căn cước công dân số:"),
    (160, 376, "093075000014"),
    (160, 422, "Và vợ là bà: TRẦN THỊ LAN, sinh năm: 1978, Căn cước công dân"),
    (160, 468, "số: 093178000023"),
    (160, 514, "Cùng địa chỉ thường trú: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
    (160, 1000, "Số vào sổ cấp GCN: CS 01234"),
)
OLD_CARD = page(
    (300, 140, "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT"),
    (160, 280, "1. Người sử dụng đất:"),
    (160, 330, "Bà TRẦN THỊ LAN, sinh năm 1958, Giấy"),
    (160, 376, "CMND số: 363912345"),
    (160, 422, "Địa chỉ: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
)
SHORT_LABEL = page(
    (300, 140, "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT"),
    (160, 280, "1. Người sử dụng đất:"),
    (160, 330, "Ông NGUYỄN VĂN THỌ, sinh năm 1955, CMND: 363912345"),
    (160, 376, "Và vợ: bà TRẦN THỊ LAN, sinh năm 1958, CMND số: 363954321"),
)


def two_holders(first: str, second: str) -> PageReading:
    """Two who hold the land in common, each named on a line and told apart by nothing else."""
    return page((160, 280, "1. Người sử dụng đất:"), (160, 330, first), (160, 376, second))


BUSINESS = page(
    (300, 140, "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"),
    (300, 190, "Mã số hộ kinh doanh: 093075000014"),
    (300, 236, "Đăng ký lần đầu, ngày 05 tháng 08 năm 2025"),
    (160, 300, "1. Tên hộ kinh doanh: TẠP HÓA THỌ LAN"),
    (160, 346, "2. Địa chỉ trụ sở hộ kinh doanh: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
    (160, 392, "3. Ngành, nghề kinh doanh:"),
    (160, 440, "STT"),
    (320, 440, "Tên ngành"),
    (1200, 440, "Mã ngành"),
    (170, 490, "1"),
    (320, 490, "Bán lẻ đồ uống trong các cửa hàng"),
    (1200, 490, "4723"),
    (170, 540, "2"),
    (320, 540, "Bán lẻ lương thực, thực phẩm trong"),
    (1200, 540, "4711"),
    (320, 580, "các cửa hàng kinh doanh tổng hợp (Chính)"),
    (160, 640, "4. Vốn kinh doanh: 200.000.000 đồng (Hai trăm triệu đồng)"),
    (160, 690, "5. Thông tin về chủ hộ kinh doanh"),
    (160, 740, "Họ và tên: NGUYỄN VĂN THỌ  Giới tính: Nam"),
    (160, 790, "Sinh ngày: 01/02/1975  Dân tộc: Kinh  Quốc tịch: Việt Nam"),
    (160, 840, "Số định danh cá nhân: 093075000014"),
    (160, 890, "Địa chỉ liên lạc: Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
)
LICENCE = page(
    (150, 30, "GIẤY PHÉP LÁI XE / DRIVER'S LICENSE"),
    (200, 70, "Số/No.: 930123456789"),
    (200, 110, "Họ tên/Full name: NGUYỄN VĂN THỌ"),
    (200, 150, "Ngày sinh/Date of birth: 01/02/1975"),
    (200, 190, "Quốc tịch/Nationality: Việt Nam"),
    (200, 230, "Nơi cư trú/Address: Ấp 3, xã Vị Thanh"),
    (200, 270, "Cần Thơ, ngày/date 05 tháng/month 08 năm/year 2023"),
    (30, 310, "Hạng/Class: B2"),
    (30, 350, "Có giá trị đến/Expires: 05/08/2033"),
    size=CARD,
    letter=8,
)
DEATH = page(
    (500, 140, "TRÍCH LỤC KHAI TỬ (BẢN SAO)"),
    (160, 200, "Họ, chữ đệm, tên: TRẦN VĂN HAI"),
    (160, 246, "Ngày, tháng, năm sinh: 05/06/1940"),
    (160, 292, "Giới tính: Nam  Dân tộc: Kinh  Quốc tịch: Việt Nam"),
    (160, 338, "Giấy tờ tùy thân: CCCD số 093040000011"),
    (160, 384, "Nơi cư trú cuối cùng: Ấp 7, xã Vị Thanh"),
    (160, 430, "Đã chết vào lúc: 10 giờ 30 phút, ngày 02 tháng 03 năm 2026"),
    (160, 476, "Nơi chết: Bệnh viện Đa khoa Vị Thanh"),
    (160, 522, "Nguyên nhân chết: Bệnh già"),
    (160, 568, "Giấy báo tử số: 45/GBT do Bệnh viện Đa khoa Vị Thanh cấp ngày 03/03/2026"),
    (160, 614, "Đăng ký khai tử tại: Ủy ban nhân dân xã Vị Thanh"),
    (160, 660, "Số: 21/2026  ngày 05/03/2026"),
)
CT01 = page(
    (400, 140, "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ"),
    (160, 200, "Kính gửi(1): Công an xã Vị Thanh"),
    (160, 250, "1. Họ, chữ đệm và tên: TRẦN THỊ LAN"),
    (160, 300, "2. Ngày, tháng, năm sinh: 01/02/2000  3. Giới tính: Nữ"),
    (160, 350, "4. Số định danh cá nhân: 0 9 3 3 0 0 0 0 0 0 1 7"),
    (160, 400, "5. Số điện thoại liên hệ: 0912345670  6. Email: lan@example.org"),
    (160, 450, "7. Họ, chữ đệm và tên chủ hộ: LÊ HỮU PHÚC  8. Mối quan hệ với chủ hộ: Vợ"),
    (160, 500, "9. Số định danh cá nhân của chủ hộ: 093098000025"),
    (160, 550, "10. Nội dung đề nghị(2): Đăng ký thường trú vào hộ của chồng"),
    (160, 600, "11. Những thành viên trong hộ gia đình cùng thay đổi:"),
    (900, 700, "Vị Thanh, ngày 05 tháng 03 năm 2026"),
)

CASES = {
    "marriage-certificate": [
        (TWO_COLUMNS, "wife_name", "TRẦN THỊ LAN"),
        (TWO_COLUMNS, "husband_name", "LÊ HỮU PHÚC"),
        (TWO_COLUMNS, "wife_date_of_birth", "2000-02-01"),
        (TWO_COLUMNS, "husband_date_of_birth", "1998-04-03"),
        (TWO_COLUMNS, "husband_personal_id", "093098000025"),
        (TWO_COLUMNS, "wife_personal_id", "093300000017"),
        (TWO_COLUMNS, "husband_residence", "Ấp 5, xã Vị Thủy"),
        (TWO_COLUMNS, "wife_residence", "Ấp 3, xã Vị Thanh"),
        (TWO_COLUMNS, "registration_date", "2025-10-10"),
        (TWO_COLUMNS, "registration_office", "Ủy ban nhân dân xã Vị Thanh"),
        (TABLE, "husband_name", "LÊ HỮU PHÚC"),
        (TABLE, "wife_name", "TRẦN THỊ LAN"),
        (TABLE, "husband_date_of_birth", "1998-04-03"),
        (TABLE, "wife_date_of_birth", "2000-02-01"),
        (TABLE, "husband_personal_id", "093098000025"),
        (TABLE, "wife_personal_id", "093300000017"),
        (TABLE, "husband_residence", "Ấp 5, xã Vị Thủy, thành phố Cần Thơ"),
        (TABLE, "wife_residence", "Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
        (TABLE, "number", "12/TLKH-BS"),
    ],
    "land-certificate": [
        (LAND, "holder_name", "Nguyễn Văn Thọ"),
        (LAND, "holder_personal_id", "093075000014"),
        (LAND, "parcel_number", "125"),
        (LAND, "map_sheet", "12"),
        (LAND, "area_m2", "1250.5"),
        (LAND, "land_use", "Đất ở tại nông thôn"),
        (LAND, "land_address", "Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
        (LAND, "use_term", "Lâu dài"),
        (LAND, "register_number", "CS01234"),
        (MARRIED, "holder_name", "NGUYỄN VĂN THỌ"),
        (MARRIED, "holder_personal_id", "093075000014"),
        (MARRIED, "register_number", "CS01234"),
        (OLD_CARD, "holder_personal_id", "363912345"),
        (SHORT_LABEL, "holder_personal_id", "363912345"),
    ],
    "business-household-certificate": [
        (BUSINESS, "number", "093075000014"),
        (BUSINESS, "business_name", "TẠP HÓA THỌ LAN"),
        (BUSINESS, "business_address", "Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
        (BUSINESS, "capital", "200000000"),
        (BUSINESS, "owner_name", "NGUYỄN VĂN THỌ"),
        (BUSINESS, "date_of_birth", "1975-02-01"),
        (BUSINESS, "sex", "Nam"),
        (BUSINESS, "personal_id", "093075000014"),
        (BUSINESS, "owner_residence", "Ấp 3, xã Vị Thanh, thành phố Cần Thơ"),
        (BUSINESS, "issue_date", "2025-08-05"),
    ],
    "driving-licence": [
        (LICENCE, "number", "930123456789"),
        (LICENCE, "full_name", "NGUYỄN VĂN THỌ"),
        (LICENCE, "date_of_birth", "1975-02-01"),
        (LICENCE, "nationality", "Việt Nam"),
        (LICENCE, "residence", "Ấp 3, xã Vị Thanh"),
        (LICENCE, "licence_class", "B2"),
        (LICENCE, "expiry_date", "2033-08-05"),
    ],
    "death-extract": [
        (DEATH, "full_name", "TRẦN VĂN HAI"),
        (DEATH, "date_of_birth", "1940-06-05"),
        (DEATH, "personal_id", "093040000011"),
        (DEATH, "last_residence", "Ấp 7, xã Vị Thanh"),
        (DEATH, "death_date", "2026-03-02"),
        (DEATH, "death_place", "Bệnh viện Đa khoa Vị Thanh"),
        (DEATH, "registration_office", "Ủy ban nhân dân xã Vị Thanh"),
        (DEATH, "registration_date", "2026-03-05"),
        (DEATH, "number", "21/2026"),
    ],
    "residence-form": [
        (CT01, "addressed_to", "Công an xã Vị Thanh"),
        (CT01, "full_name", "TRẦN THỊ LAN"),
        (CT01, "personal_id", "093300000017"),
        (CT01, "phone", "0912345670"),
        (CT01, "head_of_household", "LÊ HỮU PHÚC"),
        (CT01, "relationship", "Vợ"),
        (CT01, "head_personal_id", "093098000025"),
        (CT01, "request", "Đăng ký thường trú vào hộ của chồng"),
    ],
}
ROWS = [
    pytest.param(document, *row, id=f"{document}-{at}-{row[1]}")
    for document, found in CASES.items()
    for at, row in enumerate(found)
]


@pytest.mark.parametrize(("document", "read", "name", "expected"), ROWS)
def test_the_value_is_found_by_its_label(document: str, read: PageReading, name: str, expected: str) -> None:
    spec = document_types()[document].fields[name]
    region = find_region(view(document, read), name, spec)
    assert region is not None
    assert kind(spec.kind).parse(region.text) == expected


@pytest.mark.parametrize(
    ("document", "read", "name", "expected"),
    [
        ("business-household-certificate", BUSINESS, "business_line",
         "Bán lẻ lương thực, thực phẩm trong các cửa hàng kinh doanh tổng hợp"),
        ("land-certificate", LAND, "serial", "AA01234567"),
        ("land-certificate", LAND, "issuer", "ỦY BAN NHÂN DÂN HUYỆN VỊ THỦY"),
        ("driving-licence", LICENCE, "issue_date", "2023-08-05"),
        ("residence-form", CT01, "declaration_date", "2026-03-05"),
    ],
)  # fmt: skip
def test_values_without_a_label_are_found_by_where_they_stand(
    document: str, read: PageReading, name: str, expected: str
) -> None:
    spec = document_types()[document].fields[name]
    candidates = field_readers()[spec.reader](view(document, read), name, spec)
    assert candidates
    assert candidates[0].value == expected


@pytest.mark.parametrize("document", CASES)
def test_each_type_is_known_by_its_heading(document: str) -> None:
    for read in {id(row[0]): row[0] for row in CASES[document]}.values():
        assert classify(read, document_types())[0] == document


@pytest.mark.parametrize(
    "second",
    [
        "Và vợ là bà: TRẦN THỊ LAN, sinh năm: 1978, CCCD số: 093178000023",
        "Và vợ: bà TRẦN THỊ LAN, sinh năm 1978, CCCD số: 093178000023",
        "Bà: TRẦN THỊ LAN, sinh năm 1978, CCCD số: 093178000023",
        "và bà: TRẦN THỊ LAN, sinh năm 1978, CCCD số: 093178000023",
        "Ông: TRẦN VĂN LÂN, sinh năm 1978, CCCD số: 093078000021",
    ],
)
def test_another_persons_number_is_never_the_holders(second: str) -> None:
    read = two_holders("Ông: NGUYỄN VĂN THỌ, sinh năm: 1975, GCMND: không rõ", second)
    spec = document_types()["land-certificate"].fields["holder_personal_id"]
    region = find_region(view("land-certificate", read), "holder_personal_id", spec)
    assert region is None or kind(spec.kind).parse(region.text) is None
