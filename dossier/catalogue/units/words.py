"""Words of addresses: kinds of units and their abbreviations, keys of names, and the pieces of an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.text.vietnamese import clean, fold, tone_key

KINDS = {
    "province": ("tỉnh", "thành phố"),
    "district": ("huyện", "quận", "thị xã", "thành phố"),
    "commune": ("xã", "phường", "thị trấn", "đặc khu"),
}
_KINDS = {kind.replace(" ", ""): kind for kinds in KINDS.values() for kind in kinds}
_SHORT = {
    "tp": "thành phố", "t": "tỉnh", "h": "huyện", "q": "quận", "tx": "thị xã",
    "x": "xã", "p": "phường", "f": "phường", "tt": "thị trấn", "đk": "đặc khu",
}  # fmt: skip

_WORDS = (
    r"thành\s?phố(?!\s*\d)", r"thị\s?xã", r"thị\s?trấn", r"đặc\s?khu", r"phường", r"quận",
    # `tỉnh lộ 10`, `đường huyện 5`, `bảo hiểm xã hội`: words of the same sound that begin no unit
    r"(?:tỉnh|huyện)(?!\s*(?:\d|lộ\b))", r"xã(?!\s*(?:\d|(?:hội|đội)\s*$))",
)  # fmt: skip
_FULL = rf"(?:{'|'.join(_WORDS)})"
_ROMAN = {"i": 1, "v": 5, "x": 10}

# Names that papers, and the two lists, write in more than one way.
_ALIASES = {
    "hcm": "hồ chí minh", "hn": "hà nội", "tphcm": "hồ chí minh", "bà rịa vt": "bà rịa vũng tàu",
    "kontum": "kon tum", "đắc lắc": "đắk lắk", "đăk lăk": "đắk lắk", "đắc lắk": "đắk lắk",
    "đắc nông": "đắk nông", "đăk nông": "đắk nông", "thừa thiên huế": "huế", "mù căng chải": "mù cang chải",
}  # fmt: skip

# Houses that bear the name of a unit: `Bệnh viện Phụ sản thành phố Cần Thơ, phường An Bình, thành phố Cần Thơ`.
_HOUSE = re.compile(
    r"(?:bệnh viện|bv|trung tâm|trạm|nhà hộ sinh|phòng khám|trường|ủy ban|uỷ ban|ubnd|công an)\b", re.I
)


@dataclass(frozen=True)
class Piece:
    """A part of an address. text: as printed. kind: the kind of unit that it names, None if it names none.

    sure: the kind is written out, not abbreviated. name: without the kind.
    """

    text: str
    kind: str | None
    sure: bool
    name: str


def name_key(name: str) -> str:
    """Key of a unit's name: no case, no place of tones, no apostrophes; `V`, `05` and `5` are one number."""
    words = tone_key(re.sub(r"['’`]", "", clean(name))).split(" ")
    if words[-1].isdecimal():
        words[-1] = str(int(words[-1]))
    elif len(words) == 1 and re.fullmatch(r"x{0,2}(?:i{1,3}|iv|vi{0,3}|ix|x)", words[0]):
        words[0] = str(_roman(words[0]))
    key = " ".join(words)
    return _ALIAS_KEYS.get(key, key)


def near_key(name: str) -> str:
    """As `name_key`, without any mark and with `i` for `y`: for seeing what was meant, never for equality."""
    return re.sub(r"[^a-z0-9]", "", fold(name_key(name)).replace("y", "i"))


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


_ALIAS_KEYS: dict[str, str] = {}
_ALIAS_KEYS.update({name_key(alias): name_key(name) for alias, name in _ALIASES.items()})


def pieces(text: str, houses: bool = False) -> list[Piece]:
    """The parts of an address from left to right, a closing `Việt Nam` left out.

    houses: the name of a hospital or an office is one part, whatever unit it bears.
    """
    found: list[Piece] = []
    for part in re.split(r"[,;]", clean(text)):
        part = part.strip(" .-–")
        found += [Piece(part, None, False, part)] if houses and _HOUSE.match(part) else _parts(part)
    return found[:-1] if len(found) > 1 and fold(found[-1].text) == "viet nam" else found


def _parts(part: str) -> list[Piece]:
    """One part between commas, split again where a further unit is named: `ấp 3 xã A huyện B`, `xã A - huyện B`."""
    if not re.search(r"\w", part):
        return []
    marks = rf"\b{_FULL}(?=\s+\w|\s*[.:]\s*\w)|\b(?:tp|tx|tt|đk|[thqpxf])\.(?=\s*\w)|\b[pq](?=\d)"
    starts = [found.start() for found in re.finditer(marks, part, re.IGNORECASE)]
    cuts, last = [0], _kind(part)
    for start in starts:
        behind = part[len(part) - len(last[2]) : start]  # between the kind before, if any, and this one
        named = _kind(part[start:])
        # Not right behind a kind (`phường Phường Đúc`), and not where the kind is the name (`xã Tân Xã huyện …`).
        if behind.strip() and not _kind(named[2])[0]:
            cuts.append(start)
            last = named
    texts = [part[a:b].strip(" .-–") for a, b in zip(cuts, [*cuts[1:], len(part)], strict=True)]
    return [Piece(text, *_kind(text)) for text in texts if text]


def _kind(text: str) -> tuple[str | None, bool, str]:
    """The kind that a part begins with, whether it is written out, and the name behind it."""
    if found := re.match(rf"({_FULL})(?=\s|[.:]|\d)[\s.:]*(?=\S)", text, re.IGNORECASE):
        return _KINDS[re.sub(r"\s", "", found[1].casefold())], True, text[found.end() :]
    if found := re.match(r"(tp)\.?\s?(?=hcm\b)", text, re.IGNORECASE):
        return "thành phố", False, text[found.end() :]
    short = re.match(
        r"(?:(tp|tx|tt|đk|[thqpxf])\s*\.\s*|(tp|tx|tt)\s+|([pqf])\s?(?=\d{1,2}\b|[IVX]{1,4}\b))(?=\S)",
        text,
        re.IGNORECASE,
    )
    if short:
        return _SHORT[(short[1] or short[2] or short[3]).casefold()], False, text[short.end() :]
    return None, False, text
