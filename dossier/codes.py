"""Codes of Vietnamese administration: personal IDs, procedures, dossiers, agencies, document numbers.

Forms only: that a code is well built never proves that it exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

# TT 07/2016/TT-BCA: the 63 provinces of the time; the numbers given did not change with the mergers of 2025.
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

PROCEDURE = re.compile(r"^\d\.\d{6}(?:\.(?:H\d{2}|000\.00\.00\.[A-Z]\d{2}))?$", re.ASCII)

_PERSONAL_ID = re.compile(r"^(\d{3})(\d)(\d{2})\d{6}$", re.ASCII)
_OLD_DOSSIER = re.compile(r"^((?:\d{3}\.)?\d{2}\.\d{2}\.[A-Z]\d{2})-(\d{6})-(\d{4,})$", re.ASCII)
_NEW_DOSSIER = re.compile(r"^([A-Z]\d{2}(?:\.\d{1,3}){1,3})-(\d{6})-(\d{4,})$", re.ASCII)
_LETTERS = "A-ZĐ"
_DOCUMENT = re.compile(
    rf"^([0-9]{{1,5}})(?:/((?:19|20)[0-9]{{2}}))?/"
    rf"([{_LETTERS}][{_LETTERS}a-zđ0-9&]*(?:-[{_LETTERS}][{_LETTERS}a-zđ0-9&]*)*)$"
)

# Decree 30/2020/NĐ-CP, Annex III: abbreviation of each kind of paper. An official letter (công văn) has none.
KINDS = {
    "NGHỊ QUYẾT": "NQ",
    "QUYẾT ĐỊNH": "QĐ",
    "CHỈ THỊ": "CT",
    "QUY CHẾ": "QC",
    "QUY ĐỊNH": "QyĐ",
    "THÔNG CÁO": "TC",
    "THÔNG BÁO": "TB",
    "HƯỚNG DẪN": "HD",
    "CHƯƠNG TRÌNH": "CTr",
    "KẾ HOẠCH": "KH",
    "PHƯƠNG ÁN": "PA",
    "ĐỀ ÁN": "ĐA",
    "DỰ ÁN": "DA",
    "BÁO CÁO": "BC",
    "BIÊN BẢN": "BB",
    "TỜ TRÌNH": "TTr",
    "HỢP ĐỒNG": "HĐ",
    "CÔNG ĐIỆN": "CĐ",
    "BẢN GHI NHỚ": "BGN",
    "BẢN THỎA THUẬN": "BTT",
    "GIẤY ỦY QUYỀN": "GUQ",
    "GIẤY MỜI": "GM",
    "GIẤY GIỚI THIỆU": "GGT",
    "GIẤY NGHỈ PHÉP": "GNP",
    "PHIẾU GỬI": "PG",
    "PHIẾU CHUYỂN": "PC",
    "PHIẾU BÁO": "PB",
}


@dataclass(frozen=True)
class PersonalId:
    """The parts of a 12-digit personal ID. place: the first three digits. birth_year: all four digits.

    Structure after Decree 137/2015 art 13, which has expired: it may cast doubt on a number, never confirm it.
    """

    place: str
    province: str | None
    sex: Literal["Nam", "Nữ"]
    birth_year: int


@dataclass(frozen=True)
class DossierCode:
    """agency: most general group first, zero groups left out (`H30.13`). day: of reception; None: no such day."""

    agency: str
    day: date | None
    serial: str


@dataclass(frozen=True)
class DocumentNumber:
    """`12/QĐ-UBND` is number 12, notation `QĐ-UBND`, parts (`QĐ`, `UBND`); `01/2023/TT-VPCP` has a year too."""

    number: int
    year: int | None
    notation: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.notation.split("-"))


def parse_personal_id(text: str) -> PersonalId | None:
    """The structure of a personal ID, None if it has not twelve digits.

    The fourth digit gives century and sex: 0/1 man/woman of the 1900s, 2/3 of the 2000s, and so on to 8/9.
    """
    found = _PERSONAL_ID.match(text)
    if not found:
        return None
    place, century, year = found.groups()
    return PersonalId(
        place=place,
        province=PROVINCES.get(place),
        sex="Nữ" if int(century) % 2 else "Nam",
        birth_year=1900 + int(century) // 2 * 100 + int(year),
    )


def parse_dossier_code(text: str) -> DossierCode | None:
    """The parts of a dossier code, of the old form (TT 01/2018/TT-VPCP art 19) or the new (TT 04/2025 art 23)."""
    if old := _OLD_DOSSIER.match(text):
        groups = [group for group in reversed(old[1].split(".")) if set(group) != {"0"}]
        return DossierCode(".".join(groups), _yymmdd(old[2]), old[3])
    if new := _NEW_DOSSIER.match(text):
        return DossierCode(new[1], _yymmdd(new[2]), new[3])
    return None


def parse_document_number(text: str) -> DocumentNumber | None:
    """The parts of a document's number and notation (Decree 30/2020/NĐ-CP, Annex I)."""
    found = _DOCUMENT.match(text)
    if not found:
        return None
    return DocumentNumber(int(found[1]), int(found[2]) if found[2] else None, found[3])


_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code_checks(text: str) -> bool | None:
    """Whether the tenth digit of a tax code checks the nine before it; None if it is no code of 10 or 13 digits.

    Weights 31, 29, 23, 19, 17, 13, 7, 5, 3; the digit is 10 less the sum modulo 11 (structure of TT 105/2020/TT-BTC,
    art. 5; the sum is that in common use, the circular does not print it).
    """
    found = re.fullmatch(r"([0-9]{9})([0-9])(?:-?[0-9]{3})?", text)
    if not found:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, found[1], strict=True))
    return 10 - total % 11 == int(found[2])


def mask(code: str) -> str:
    """A personal ID as it may be shown: `093*****1234`. Anything shorter than eight characters is all stars."""
    return f"{code[:3]}*****{code[-4:]}" if len(code) >= 8 else "*" * len(code)


def _yymmdd(text: str) -> date | None:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
