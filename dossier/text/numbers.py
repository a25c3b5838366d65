"""Numbers in Vietnamese words and figures, up to thousands of billions (tỷ)."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from dossier.text.vietnamese import fold

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNITS = {fold(word): digit for digit, word in enumerate(_DIGITS)} | {"tu": 4, "lam": 5, "nham": 5}
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_FILLERS = {"linh", "le"}
_VOCABULARY = frozenset(_UNITS) | frozenset(_SCALES) | _FILLERS | {"tram", "muoi", "chuc"}


def number_tokens(text: str, extra: frozenset[str] = frozenset()) -> list[str]:
    """Folded words of `text`, each one letter off a number word put right if only one word is that near.

    extra: further words to know. Words that are near nothing are kept as they are.
    """
    known = _VOCABULARY | extra
    tokens = []
    for token in re.findall(r"[a-z0-9]+", fold(text)):
        if token not in known and len(token) > 2:
            near = [word for word in known if Levenshtein.distance(token, word, score_cutoff=1) <= 1]
            token = near[0] if len(near) == 1 else token
        tokens.append(token)
    return tokens


def number_from_words(text: str) -> int | None:
    """The number that words say, tones lost or not: `hai ngàn lẻ năm` -> 2005. None if not wholly a number."""
    return number_from_tokens(number_tokens(text))


def number_from_tokens(tokens: list[str]) -> int | None:
    """As `number_from_words`, on folded words."""
    total, last_scale = 0, 10**12
    group: list[str] = []
    for token in tokens:
        scale = _SCALES.get(token)
        if scale is None:
            group.append(token)
            continue
        value = _below_thousand(group, after_larger=total > 0)
        if value is None or scale >= last_scale:
            return None
        total, last_scale, group = total + value * scale, scale, []
    if not group:
        return total if tokens else None
    rest = _below_thousand(group, after_larger=total > 0)
    return None if rest is None else total + rest


def _below_thousand(tokens: list[str], after_larger: bool) -> int | None:
    """0..999. A bare unit after a larger group (`hai nghìn năm`: 2005 or 2500?) cannot be told: None."""
    hundreds = 0
    said = False
    if len(tokens) >= 2 and tokens[1] == "tram":
        if tokens[0] not in _UNITS:
            return None
        hundreds, tokens, said = _UNITS[tokens[0]] * 100, tokens[2:], True
    if not tokens:
        return hundreds if said else None
    if tokens[0] in _FILLERS:
        tail = _below_hundred(tokens[1:]) if said or after_larger else None
    elif len(tokens) == 1 and tokens[0] != "muoi" and (said or after_larger):
        tail = None
    else:
        tail = _below_hundred(tokens)
    return None if tail is None else hundreds + tail


def _below_hundred(tokens: list[str]) -> int | None:
    match tokens:
        case [unit] if unit in _UNITS:
            return _UNITS[unit]
        case ["muoi"]:
            return 10
        case ["muoi", unit] if _UNITS.get(unit, 0):
            return 10 + _UNITS[unit]
        case [tens, "muoi" | "chuc"] if _UNITS.get(tens, 0) > 1:
            return _UNITS[tens] * 10
        case [tens, "muoi", unit] if _UNITS.get(tens, 0) > 1 and _UNITS.get(unit, 0):
            return _UNITS[tens] * 10 + _UNITS[unit]
        case [tens, unit] if _UNITS.get(tens, 0) > 1 and unit in ("mot", "tu", "lam", "nham"):
            return _UNITS[tens] * 10 + _UNITS[unit]  # `hai lăm`
        case _:
            return None


def whole_number(text: str) -> int | None:
    """Figures with Vietnamese or English thousands marks: `3.200` and `3 200` -> 3200. None if not a number."""
    text = text.strip()
    if re.fullmatch(r"\d{1,15}", text) or re.fullmatch(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*", text):
        return int(re.sub(r"\D", "", text))
    return None
