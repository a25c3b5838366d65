"""Kinds of free text: addresses, offices, and anything that is kept as printed."""

from __future__ import annotations

import re

from dossier.catalogue.units import LISTED_DAYS, parse_address
from dossier.kinds.base import Kind, plain_text, register, same_words, trimmed


def _words(printed: str) -> str | None:
    """Text with at least one whole word: a lone sign or letter is a misreading of an empty place."""
    text = plain_text(printed)
    return text if text and re.search(r"[^\W\d_]{2}", text) else None


def _address(printed: str) -> str | None:
    """As printed, wrapped lines joined. It is never rewritten to today's units here."""
    text = _proper(printed)
    return re.sub(r"\s+([,;])", r"\1", text) if text else None


def _same_address(left: str, right: str) -> bool:
    """The same words, or the same units of one list and the same words below the commune, however written.

    An address of before July 2025 and one of after are two values, even of one place: each stays as printed.
    """
    if same_words(left, right):
        return True
    for day in LISTED_DAYS:
        a, b = parse_address(left, day), parse_address(right, day)
        if a.commune and b.commune:
            return a.commune.code == b.commune.code and same_words(a.rest, b.rest)
    return False


def _proper(printed: str) -> str | None:
    """Text in which `VỊ Thủy` is `Vị Thủy`: at small sizes recognisers take `ị` for `Ị`. `UBND` is left alone."""
    text = _words(printed)
    if text is None or text == text.upper():
        return text
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if _shouted(word[0]) else word[0], text)


def _shouted(word: str) -> bool:
    """In capitals, short, and with a mark on one of them, which no abbreviation has (but for a lone `Đ`)."""
    return 1 < len(word) < 5 and word == word.upper() and not word.replace("Đ", "D").isascii()


def _position(printed: str) -> str | None:
    """`KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`; a speck between words is no sign."""
    text = _words(printed)
    if text is None:
        return None
    text = re.sub(r"\b(TM|KT|TL|TUQ|Q)[.,:;]\s*(?=[^\W\d_])", r"\1. ", text)
    return re.sub(r"(?<=[^\W\d_]{3})[.,:;_]+(?=[^\W\d_])", " ", text)


def _business_line(printed: str) -> str | None:
    """A line of business without its ordinal, its code of four figures and the mark of the main one."""
    text = re.sub(
        r"[\s(,.:;-]*(?:mã (?:ngành|số)\W*)?\d{4}\)?\s*$", "", trimmed(printed), flags=re.IGNORECASE
    )
    text = re.split(r"(?i)\s*\((?:ngành )?chính\)|\s+\(?(?:ngành )?chính\)?\s*$", text)[0]
    return _words(re.sub(r"^\d{1,2}[.)\s]\s*(?=[^\W\d_])", "", text))


register(Kind("business-line", "text", _business_line, same_words, wraps=True))
register(Kind("address", "text", _address, _same_address, wraps=True))
register(Kind("office", "text", _proper, same_words, wraps=True))
register(Kind("position", "text", _position, same_words, wraps=True))
register(Kind("relationship", "text", _words, same_words))
register(Kind("text", "text", plain_text, same_words, wraps=True, free=True))
