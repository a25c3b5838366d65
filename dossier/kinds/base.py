"""The contract of a kind of value, and the registry of all of them.

A kind knows how its printed text becomes a value, and when two values say the same. It guesses nothing:
text that does not surely hold such a value parses to None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dossier.text.vietnamese import clean, fold, same_text

Group = Literal["name", "date", "id", "closed", "number", "text"]
"""Kinds of one group are read about equally well; confidence is calibrated by group."""

# What stands in a form's empty place (DOMAIN 6; CV 4856 error group 1).
_EMPTY_WORDS = frozenset((
    "", "n a", "null", "none", "nil", "chua dat ten", "chua co", "chua ro", "chua xac dinh", "chua khai",
    "khong", "khong co", "khong ro", "khong biet", "khong xac dinh", "khong co thong tin", "de trong", "bo trong",
))  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of value.

    parse: printed text -> value, or None. same: do two values (not printed texts) say the same.
    alphabet: letters that a line of it may hold, for reading the crop again; None: any.
    placeholders: `/`, `...`, `-`, `không` in its place mean that nothing was filled in.
    wraps: the printed value may go on over several lines. secure: a value of the kind has a form that a
    misreading rarely keeps by chance (twelve digits, a real date, one of a closed list).
    free: running text, in which the words of other labels may stand (`…, nơi cư trú: …`).
    in_words: the value that the same thing written out has (`hai trăm triệu đồng`), or None; such words are a
    witness of their own.
    """

    name: str
    group: Group
    parse: Callable[[str], str | None]
    same: Callable[[str, str], bool]
    alphabet: str | None = None
    placeholders: bool = True
    wraps: bool = False
    secure: bool = False
    free: bool = False
    in_words: Callable[[str], str | None] | None = None

    def empty(self, printed: str) -> bool:
        """Is the place empty, or filled with a mere placeholder?"""
        return self.placeholders and is_placeholder(printed)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.name in _KINDS:
        raise ValueError(f"kind {kind.name} is registered twice")
    _KINDS[kind.name] = kind
    return kind


def registered() -> dict[str, Kind]:
    return dict(_KINDS)


def is_placeholder(printed: str) -> bool:
    """`/`, `-`, `…`, `không`, `0000` and the like, or nothing at all."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(printed)).strip()
    return words in _EMPTY_WORDS or re.fullmatch(r"0+|x+|o{3,}", words.replace(" ", "")) is not None


def trimmed(printed: str) -> str:
    """Clean text without the leaders, colons and stray strokes around it."""
    return clean(printed).strip(" .…,:;_|*-–—~'\"`“”‘’=<>/\\")


def plain_text(printed: str) -> str | None:
    """Trimmed text with at least one letter or digit, else None. A bracket is kept if both halves are there.

    A number that was broken over two lines behind its slash is one again: `26/ TLKT` is `26/TLKT`.
    """
    text = re.sub(r"(?<=\d/)\s+(?=[A-ZĐ\d])", "", trimmed(printed))
    if text.count("(") != text.count(")"):
        text = text.strip("()").strip()
    return text if re.search(r"[^\W_]", text) else None


def equal(left: str, right: str) -> bool:
    return left == right


def same_words(left: str, right: str) -> bool:
    return same_text(left, right)
