"""Is a text spelt as papers spell it? Belief in what was read, never a value of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dossier.text.vietnamese import fold, tone_key

LIST = Path(__file__).with_name("familiar.yaml")


def misspelt(text: str) -> bool:
    """Whether some words are those of a familiar phrase (`familiar.yaml`) with another mark: `khu vục`."""
    return bool(misspelt_words(text.split()))


def misspelt_words(words: Sequence[str]) -> frozenset[int]:
    """Which of the words differ in a mark from what a familiar phrase has in their place."""
    marked = [(at, key) for at, word in enumerate(words) for key in tone_key(word).split()]
    keys = [key for _, key in marked]
    bare = [fold(key) for key in keys]
    phrases = _phrases()
    wrong: set[int] = set()
    for at in range(len(keys)):
        for length in phrases.lengths:
            spellings = phrases.spellings.get(tuple(bare[at : at + length]), ())
            seen = tuple(keys[at : at + length])
            if spellings and seen not in spellings:
                right = min(spellings, key=lambda one: sum(a != b for a, b in zip(one, seen, strict=True)))
                wrong |= {
                    marked[at + i][0] for i, (a, b) in enumerate(zip(right, seen, strict=True)) if a != b
                }
    return frozenset(wrong)


def odd_surname(name: str) -> bool:
    """Whether a name begins with a surname that has another mark than it is spelt with: `Nguyên`, `Lẩm`."""
    keys = tone_key(name).split()
    spellings = _surnames().get(fold(keys[0])) if keys else None
    return bool(spellings) and keys[0] not in (spellings or ())


class _Phrases:
    """spellings: bare syllables -> the ways they are spelt. lengths: of the phrases, in syllables."""

    def __init__(self, phrases: list[str]) -> None:
        self.spellings: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        for phrase in phrases:
            keys = tuple(tone_key(phrase).split())
            self.spellings[tuple(fold(key) for key in keys)].add(keys)
        self.lengths = sorted({len(bare) for bare in self.spellings})


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return lists


@cache
def _phrases() -> _Phrases:
    return _Phrases([*_lists()["phrases"], *_lists()["provinces"], *_lists()["years"]])


@cache
def _surnames() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for surname in str(_lists()["surnames"]).split():
        found[fold(surname)].add(tone_key(surname))
    return dict(found)
