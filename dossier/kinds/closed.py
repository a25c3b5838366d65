"""Kinds with a closed list of values: sex, ethnic group, nationality.

A lost tone mark is put right where the list leaves one reading only. What is not in the list stays as printed:
whether it may stand is for rule S09 to say.
"""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, plain_text, register, same_words
from dossier.text.vietnamese import fold

# The 54 ethnic groups (Decision 121-TCTK/PPCĐ of 1979), each with the other spellings that papers carry.
ETHNIC_GROUPS: dict[str, tuple[str, ...]] = {
    "Kinh": (), "Tày": (), "Thái": (), "Hoa": (), "Khơ Me": ("Khmer", "Khơ-me", "Khơme"), "Mường": (),
    "Nùng": (), "Mông": ("H'Mông", "Hmông", "HMông"), "Dao": (), "Gia Rai": ("Gia-rai", "Jrai"), "Ngái": (),
    "Ê Đê": ("Ê-đê", "Êđê"), "Ba Na": ("Ba-na", "Bana"), "Xơ Đăng": ("Xơ-đăng", "Xê Đăng"),
    "Sán Chay": ("Cao Lan", "Sán Chỉ"), "Cơ Ho": ("C ho", "K ho", "Cơ-ho", "K'Ho", "Kơ Ho"), "Chăm": (),
    "Sán Dìu": (), "Hrê": (), "Mnông": ("M'Nông",), "Ra Glai": ("Ra-glai", "Raglai"),
    "Xtiêng": ("Stiêng", "X'tiêng"), "Bru Vân Kiều": ("Bru - Vân Kiều", "Vân Kiều"), "Thổ": (),
    "Giáy": ("Giấy", "Giây", "Záy"), "Cơ Tu": ("Cơ-tu",), "Giẻ Triêng": ("Gié Triêng", "Giẻ - Triêng"), "Mạ": (),
    "Khơ Mú": ("Khơ-mú",), "Co": ("Cor",), "Tà Ôi": ("Tà-ôi",), "Chơ Ro": ("Chơ-ro",), "Kháng": (),
    "Xinh Mun": ("Xinh-mun",), "Hà Nhì": (), "Chu Ru": ("Chu-ru",), "Lào": (), "La Chí": (), "La Ha": (),
    "Phù Lá": (), "La Hủ": (), "Lự": (), "Lô Lô": (), "Chứt": (), "Mảng": (), "Pà Thẻn": (), "Cơ Lao": (),
    "Cống": (), "Bố Y": (), "Si La": (), "Pu Péo": (), "Brâu": (), "Ơ Đu": (), "Rơ Măm": (),
}  # fmt: skip

NATIONALITIES: dict[str, tuple[str, ...]] = {
    "Việt Nam": ("Việt-Nam", "Viet Nam"), "Lào": (), "Campuchia": ("Cam-pu-chia",), "Trung Quốc": (),
    "Thái Lan": (), "Hàn Quốc": (), "Nhật Bản": (), "Hoa Kỳ": ("Mỹ",), "Đài Loan": (), "Pháp": (), "Đức": (),
    "Anh": (), "Nga": ("Liên bang Nga",), "Úc": ("Ô-xtrây-li-a", "Australia"), "Ca-na-đa": ("Canada",),
    "Xinh-ga-po": ("Singapore",), "Ma-lai-xi-a": ("Malaysia",), "In-đô-nê-xi-a": ("Indonesia",),
    "Phi-líp-pin": ("Philippines",), "Ấn Độ": (),
}  # fmt: skip


def _key(text: str) -> str:
    return re.sub(r"[^a-z]", "", fold(text))


def _spellings(table: dict[str, tuple[str, ...]]) -> tuple[dict[str, str], dict[str, str]]:
    """Key -> spelling as it may stand, and key -> the entry's main name."""
    forms: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, others in table.items():
        for form in (name, *others):
            forms.setdefault(_key(form), form)
            names.setdefault(_key(form), name)
    return forms, names


_GROUP_FORMS, _GROUP_NAMES = _spellings(ETHNIC_GROUPS)
_NATION_FORMS, _NATION_NAMES = _spellings(NATIONALITIES)


def ethnic_group(text: str) -> str | None:
    """The official name of the ethnic group that `text` spells, None if it is none of the 54."""
    return _GROUP_NAMES.get(_key(text))


def country(text: str) -> str | None:
    """The usual Vietnamese name of the country that `text` spells, None if it is not in the list."""
    return _NATION_NAMES.get(_key(text))


def _sex(printed: str) -> str | None:
    """`Nam` or `Nữ`. Both words (an unticked or unread pair of boxes) say nothing."""
    words = set(re.findall(r"[a-z]+", fold(printed)))
    female = bool(words & {"nu", "nua"})  # `Nữ` is often read as `Nữa`
    if female == ("nam" in words):
        return None
    return "Nữ" if female else "Nam"


def _ethnicity(printed: str) -> str | None:
    text = plain_text(printed)
    return _GROUP_FORMS.get(_key(text), text) if text and re.search(r"[^\W\d_]{2}", text) else None


def _nationality(printed: str) -> str | None:
    text = plain_text(printed)
    return _NATION_FORMS.get(_key(text), text) if text and re.search(r"[^\W\d_]{2}", text) else None


def _same_group(left: str, right: str) -> bool:
    return same_words(left, right) or (ethnic_group(left) or left) == (ethnic_group(right) or right)


def _same_country(left: str, right: str) -> bool:
    return same_words(left, right) or (country(left) or left) == (country(right) or right)


register(Kind("sex", "closed", _sex, equal, secure=True))
register(Kind("ethnicity", "closed", _ethnicity, _same_group))
register(Kind("nationality", "closed", _nationality, _same_country))
