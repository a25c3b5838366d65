"""Vietnamese text: normal form, comparison keys, folding. Values are compared by key and stored as printed."""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}  # grave, acute, tilde, hook above, dot below
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_LOOKALIKES = str.maketrans(
    {"\u00d0": "Đ", "\u00f0": "đ", "\u0110": "Đ", "\u0111": "đ", "\u2044": "/", "\u2215": "/"}
)


def clean(text: str) -> str:
    """NFC, Đ for its look-alike Ð, plain slashes, no invisible characters, single spaces. Content is not rewritten."""
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def tone_key(text: str) -> str:
    """A key under which `hoà` equals `hòa`: per syllable the tone mark stands at the end; case and spaces fold."""
    syllables = []
    for syllable in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", clean(text)).casefold()):
        letters, tone = [], ""
        for char in unicodedata.normalize("NFD", syllable):
            if char in _TONES:
                tone = char
            else:
                letters.append(char)
        syllables.append(unicodedata.normalize("NFC", "".join(letters)) + tone)
    return " ".join(syllables)


def fold(text: str) -> str:
    """Lower case without any mark, đ as d: for finding, never for equality of values."""
    decomposed = unicodedata.normalize("NFD", clean(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


def same_text(left: str, right: str) -> bool:
    """Equal but for case, spaces, punctuation and the place of the tone mark."""
    return tone_key(left) == tone_key(right)
