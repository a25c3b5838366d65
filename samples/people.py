"""Invented people: names put together from common syllables, personal IDs by their public structure.

Nobody here exists; a name or a number that someone bears is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SURNAMES = (
    "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Lâm Trương Cao Tạ Thái Quách"
).split()
MIDDLE_MALE = "Văn Hữu Đức Minh Quốc Thanh Công Hoàng Gia Bảo Tuấn Anh Trọng Phước Khắc Đình Nhật Chí".split()
MIDDLE_FEMALE = (
    "Thị Ngọc Thanh Thu Kim Mỹ Bích Hồng Phương Quỳnh Diễm Thùy Cẩm Tuyết Ánh Yến Khánh Như".split()
)
GIVEN_MALE = (
    "An Bình Cường Dũng Đạt Hải Hiếu Hùng Huy Khang Khoa Kiệt Lâm Long Lộc Nam Nghĩa Nhân Phát Phong Phú Phúc Quân "
    "Quang Sơn Tài Tâm Thành Thắng Thịnh Tiến Toàn Trí Trung Tú Tùng Việt Vinh Vũ Đăng Hậu Thiện Khôi Duy"
).split()
GIVEN_FEMALE = (
    "An Anh Châu Chi Dung Duyên Giang Hà Hạnh Hằng Hân Hiền Hoa Huệ Hương Lan Liên Linh Loan Ly Mai My Nga Ngân Nhi "
    "Nhung Oanh Phượng Quyên Thảo Thơ Thúy Thủy Tiên Trâm Trang Trinh Tuyền Uyên Vân Vy Xuân Ý Yến Nguyệt Diệp Thư"
).split()
ETHNICITIES = ("Kinh",) * 9 + ("Khmer", "Hoa", "Chăm")

# TT 07/2016/TT-BCA: codes of the old 63 provinces; the weights keep to the south-west, where the sample office lies.
PROVINCES = {
    "001": "Hà Nội",
    "002": "Hà Giang",
    "004": "Cao Bằng",
    "006": "Bắc Kạn",
    "008": "Tuyên Quang",
    "010": "Lào Cai",
    "011": "Điện Biên",
    "012": "Lai Châu",
    "014": "Sơn La",
    "015": "Yên Bái",
    "017": "Hòa Bình",
    "019": "Thái Nguyên",
    "020": "Lạng Sơn",
    "022": "Quảng Ninh",
    "024": "Bắc Giang",
    "025": "Phú Thọ",
    "026": "Vĩnh Phúc",
    "027": "Bắc Ninh",
    "030": "Hải Dương",
    "031": "Hải Phòng",
    "033": "Hưng Yên",
    "034": "Thái Bình",
    "035": "Hà Nam",
    "036": "Nam Định",
    "037": "Ninh Bình",
    "038": "Thanh Hóa",
    "040": "Nghệ An",
    "042": "Hà Tĩnh",
    "044": "Quảng Bình",
    "045": "Quảng Trị",
    "046": "Thừa Thiên Huế",
    "048": "Đà Nẵng",
    "049": "Quảng Nam",
    "051": "Quảng Ngãi",
    "052": "Bình Định",
    "054": "Phú Yên",
    "056": "Khánh Hòa",
    "058": "Ninh Thuận",
    "060": "Bình Thuận",
    "062": "Kon Tum",
    "064": "Gia Lai",
    "066": "Đắk Lắk",
    "067": "Đắk Nông",
    "068": "Lâm Đồng",
    "070": "Bình Phước",
    "072": "Tây Ninh",
    "074": "Bình Dương",
    "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu",
    "079": "Thành phố Hồ Chí Minh",
    "080": "Long An",
    "082": "Tiền Giang",
    "083": "Bến Tre",
    "084": "Trà Vinh",
    "086": "Vĩnh Long",
    "087": "Đồng Tháp",
    "089": "An Giang",
    "091": "Kiên Giang",
    "092": "Cần Thơ",
    "093": "Hậu Giang",
    "094": "Sóc Trăng",
    "095": "Bạc Liêu",
    "096": "Cà Mau",
}
_NEAR = ("093",) * 8 + ("092", "094", "091", "095", "096", "086", "079", "038")

# (commune, district, province) before 1/7/2025, as older cards and origins print them.
OLD_PLACES = (
    ("Vị Thắng", "Vị Thủy", "Hậu Giang"),
    ("Vị Thanh", "Vị Thủy", "Hậu Giang"),
    ("Vĩnh Tường", "Vị Thủy", "Hậu Giang"),
    ("Hỏa Lựu", "Vị Thanh", "Hậu Giang"),
    ("Tân Hòa", "Châu Thành A", "Hậu Giang"),
    ("Phương Bình", "Phụng Hiệp", "Hậu Giang"),
    ("Lương Tâm", "Long Mỹ", "Hậu Giang"),
    ("Thạnh Xuân", "Châu Thành A", "Hậu Giang"),
    ("Mỹ Khánh", "Phong Điền", "Cần Thơ"),
    ("Đông Hiệp", "Cờ Đỏ", "Cần Thơ"),
)
# Communes of Cần Thơ after 1/7/2025 (NQ 1668/NQ-UBTVQH15).
COMMUNES = (
    "xã Vị Thủy",
    "xã Vị Thanh 1",
    "xã Vĩnh Tường",
    "xã Tân Hòa",
    "xã Hỏa Lựu",
    "xã Phương Bình",
    "xã Lương Tâm",
    "phường Vị Tân",
)


@dataclass(frozen=True)
class Person:
    """names in ordinary case; sex Nam or Nữ; origin and residences as a paper prints them."""

    name: str
    sex: str
    born: date
    personal_id: str
    ethnicity: str
    origin: str
    residence: str
    old_residence: str
    birthplace: str


def personal_id(rng: Random, province: str, sex: str, born: date) -> str:
    """12 digits: province, century and sex, year, six of chance (the structure of Decree 137/2015, art 13)."""
    century = (born.year // 100 - 19) * 2 + (sex == "Nữ")
    return f"{province}{century}{born.year % 100:02d}{rng.randrange(1000, 1_000_000):06d}"


def full_name(rng: Random, sex: str, surname: str | None = None) -> str:
    surname = surname or rng.choice(SURNAMES)
    middles, givens = (MIDDLE_MALE, GIVEN_MALE) if sex == "Nam" else (MIDDLE_FEMALE, GIVEN_FEMALE)
    middle = rng.choice(middles)
    if rng.random() < 0.25:
        middle += " " + rng.choice(middles)
    given = rng.choice([g for g in givens if g not in middle.split() and g != surname])
    return " ".join(dict.fromkeys(f"{surname} {middle} {given}".split()))


def day_between(rng: Random, first: date, last: date) -> date:
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    return day.replace(day=min(day.day, 28))


def adult(rng: Random, sex: str, youngest: int, oldest: int, commune: str, today: date) -> Person:
    """A grown-up who lives in `commune` (as after 1/7/2025)."""
    born = day_between(rng, date(today.year - oldest, 1, 1), date(today.year - youngest, 1, 1))
    province = rng.choice(_NEAR)
    old = rng.choice(OLD_PLACES)
    hamlet = f"Ấp {rng.randrange(1, 13)}"
    if rng.random() < 0.35:
        hamlet = f"Số {rng.randrange(2, 420)}, {hamlet}"
    home = rng.choice(OLD_PLACES)
    return Person(
        name=full_name(rng, sex),
        sex=sex,
        born=born,
        personal_id=personal_id(rng, province, sex, born),
        ethnicity=rng.choice(ETHNICITIES),
        origin=", ".join(home),
        residence=f"{hamlet}, {commune}, thành phố Cần Thơ",
        old_residence=f"{hamlet}, {', '.join(old)}",
        birthplace=f"{home[0]}, {home[1]}, {home[2]}",
    )
