"""Kinds of measure: money, areas, weights; and what they are in words."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, register, trimmed
from dossier.text.numbers import number_from_words, whole_number
from dossier.text.vietnamese import fold

_CURRENCY = r"(?:đồng|đ|vnđ|vnd|việt nam đồng)"
_GRAMS = (300, 9000)
"""Of a newborn; outside it is a misreading."""
_AREA = re.compile(r"(\d[\d.,\s]*\d|\d)\s*(?:m\S{0,2}|mét vuông)?(?=\W|$)", re.IGNORECASE)
_TRIPLES = r"\d{1,3}(?:\.\d{3})+"


def _weight(printed: str) -> str | None:
    """Grams of a newborn: `3.200 gram`, `3200g`, `3,2 kg`."""
    found = re.fullmatch(r"([\d., ]*\d)\s*(kg|kilogam|g|gr|gam|gram|grams)?\.?", trimmed(printed).lower())
    if not found:
        return None
    if (found[2] or "").startswith("k"):
        kilograms = re.fullmatch(r"(\d)(?:[.,](\d{1,3}))?", found[1].replace(" ", ""))
        grams = int(kilograms[1]) * 1000 + int((kilograms[2] or "0").ljust(3, "0")) if kilograms else None
    else:
        grams = whole_number(found[1])
    return str(grams) if grams is not None and _GRAMS[0] <= grams <= _GRAMS[1] else None


def _money(printed: str) -> str | None:
    """Whole đồng: `200.000.000 đồng (Hai trăm triệu đồng)`. Figures that are not grouped by three are no amount."""
    found = re.match(rf"([\d., ]*\d)\s*(?:{_CURRENCY}\b|(?=\())?", trimmed(printed).lower())
    if not found:
        return None
    rest = trimmed(printed)[found.end() :]
    amount = whole_number(found[1])
    return str(amount) if amount is not None and not re.match(r"\s*\d", rest) else None


def _money_in_words(text: str) -> str | None:
    """`(Hai trăm triệu đồng)`, or the words alone."""
    amount = number_from_words(re.sub(r"(?i)\b(?:việt nam )?đồng\b.*$", "", _words_of(text)))
    return str(amount) if amount else None


def _area(printed: str) -> str | None:
    """Square metres with a decimal point and no needless zeros: `1.250,50 m²` -> `1250.5`."""
    found = _AREA.match(trimmed(printed))
    if not found:
        return None
    figures = re.sub(r"\s+", "", found[1])
    if "," in figures:
        whole, _, part = figures.rpartition(",")
        if not re.fullmatch(rf"\d+|{_TRIPLES}", whole) or not re.fullmatch(r"\d{1,2}", part):
            return None
    elif re.fullmatch(rf"\d+|{_TRIPLES}", figures):
        whole, part = figures, ""
    elif re.fullmatch(r"\d+\.\d{1,2}", figures):
        whole, _, part = figures.partition(".")
    else:
        return None
    return _decimal(int(whole.replace(".", "")), part)


def _area_in_words(text: str) -> str | None:
    """`Một trăm hai mươi phẩy năm mét vuông` -> `120.5`."""
    words = re.sub(r"(?i)\bm(?:ét|et)?\s?vuông\b.*$", "", _words_of(text))
    whole, comma, part = fold(words).partition(" phay ")
    number = number_from_words(whole)
    if number is None:
        return None
    if not comma:
        return _decimal(number, "")
    digits = [number_from_words(word) for word in part.split()]
    if all(digit is not None and digit < 10 for digit in digits):  # read out digit by digit
        return _decimal(number, "".join(str(digit) for digit in digits))
    decimals = number_from_words(part)
    return _decimal(number, f"{decimals:02d}") if decimals is not None and decimals < 100 else None


def _words_of(text: str) -> str:
    """What stands in brackets after figures, without `bằng chữ:`; else the whole text."""
    inner = re.search(r"\d\D*?\(([^()\d]+)\)?", text)
    return trimmed(re.sub(r"(?i)^\W*(?:viết |ghi )?bằng chữ\W*", "", inner[1] if inner else text)).strip(
        "() "
    )


def _decimal(whole: int, part: str) -> str:
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else str(whole)


register(Kind("weight-grams", "number", _weight, equal, alphabet="0123456789.,"))
register(Kind("money", "number", _money, equal, wraps=True, in_words=_money_in_words))
register(Kind("area", "number", _area, equal, in_words=_area_in_words))
