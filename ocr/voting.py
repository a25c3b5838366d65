"""Word by word: what the looks of several recognisers say where they do not agree on a whole value.

Every word of the outcome was seen by a reading, so nothing comes on record that no witness saw. The outcome is no
witness itself; how clear the vote was is the evidence by which its confidence is calibrated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from dossier.kinds import Kind
from dossier.text.familiar import misspelt_words
from dossier.text.vietnamese import fold, tone_key
from ocr.readers.base import Candidate

CLEAR, CLOSE, SPLIT = "vote:clear", "vote:close", "vote:split"
"""Each word has two looks more than any other, and from two recognisers; for some word the lead is less; for some
word there were as many looks against as for it, and the more trusted reader's stands."""
OUTCOMES = (CLEAR, CLOSE, SPLIT)
VOTERS = 3  # with two, nothing is outvoted
_GROUPS = ("name", "text")

_VOWELS = re.compile(r"[aeiouy]+")
"""A Vietnamese syllable has its vowels together."""

Look = tuple[str, str]
"""A witness's name and its word."""


def voted(wanted: Kind, candidates: Sequence[Candidate], trust: Mapping[str, float]) -> Candidate | None:
    """The value that the majority of looks makes word by word; None if they are too few or too far apart.

    trust: by witness, how much its look weighs; 0.8 unless told.
    """
    voters = [one for one in candidates if one.printed and one.by not in ("qr", "mrz", "words", "signature")]
    if wanted.group not in _GROUPS or len(voters) < VOTERS:
        return None
    rows = respaced([one.printed.split() for one in voters])
    length = Counter(map(len, rows)).most_common(1)[0][0]
    able = [
        (one, row, misspelt_words(row)) for one, row in zip(voters, rows, strict=True) if len(row) == length
    ]
    if len(able) < VOTERS:
        return None
    words, worst = [], CLEAR
    for at in range(length):
        seen = [(one.by, row[at]) for one, row, wrong in able if at not in wrong]
        word, outcome = _column(seen or [(one.by, row[at]) for one, row, _ in able], trust)
        if word is None:
            return None
        words.append(word)
        worst = max(worst, outcome, key=OUTCOMES.index)
    first = able[0][0]
    text = " ".join(words)
    value = wanted.parse(text)
    if value is None:
        return None
    pen = any(one.handwritten for one in voters)
    return Candidate(text, value, first.page, first.box, worst, first.confidence, pen)


def respaced(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with words taken apart that other rows have as two.

    Recognisers lose spaces rather than put any in: two rows that part a word (`MÙAA`) outweigh those that do not, and
    one is enough where the whole is no syllable (`Vềviệc`).
    """
    pairs: dict[str, list[int]] = {}
    for row in rows:
        for left, right in pairwise(row):
            if not (tone_key(left) and tone_key(right)):
                continue  # a dash between words is no syllable
            pairs.setdefault(_key(left + right), []).append(len(left))
    return [[part for word in row for part in _parted(word, pairs)] for row in rows]


def _parted(word: str, pairs: Mapping[str, Sequence[int]]) -> list[str]:
    seen = pairs.get(_key(word), ())
    if not seen or not seen[0] < len(word) or (len(seen) < 2 and len(_VOWELS.findall(fold(word))) < 2):
        return [word]
    return [word[: seen[0]], word[seen[0] :]]


def _column(looks: Sequence[Look], trust: Mapping[str, float]) -> tuple[str | None, str]:
    """The word that most looks have, and how clear that is; None if no two have the same.

    One look alone means that all others have a familiar word misspelt: it stands, unsure.
    """
    if len(looks) == 1:
        return looks[0][1], SPLIT
    seen = Counter(_key(word) for _, word in looks)
    weight = {key: sum(trust.get(by, 0.8) for by, word in looks if _key(word) == key) for key in seen}
    key = max(weight, key=lambda one: weight[one])
    if seen[key] < 2:
        return None, SPLIT
    lead = seen[key] - max((count for other, count in seen.items() if other != key), default=0)
    recognisers = {by.partition("@")[0] for by, word in looks if _key(word) == key}
    outcome = SPLIT if lead < 1 else CLOSE if lead < 2 or len(recognisers) < 2 else CLEAR
    spelt = Counter(word for _, word in looks if _key(word) == key)
    return spelt.most_common(1)[0][0], outcome


def _key(word: str) -> str:
    return tone_key(word) or word  # a dash between words has no letters
