"""Word by word: where no two recognisers agree on a whole value, but on each of its words several looks do.

Every word of the outcome was seen by a reading, so nothing comes on record that no witness saw. It is no witness
itself and counts for less than two that agree on the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dossier.kinds import Kind
from dossier.text.vietnamese import tone_key
from ocr.readers.base import Candidate

BY = "vote"
TIED = "vote/split"
"""For some word there were as many looks against as for it: the more trusted reader's stands."""
VOTERS = 3  # with two, nothing is outvoted
_GROUPS = ("name", "text")


def voted(wanted: Kind, candidates: Sequence[Candidate], trust: Mapping[str, float]) -> Candidate | None:
    """The value that the majority of looks makes word by word; None if they are too few or too far apart.

    trust: by witness, how much its look weighs; 0.8 unless told.
    """
    voters = [one for one in candidates if one.printed and one.by not in ("qr", "mrz", "words", "signature")]
    if wanted.group not in _GROUPS or len(voters) < VOTERS:
        return None
    rows = [one.printed.split() for one in voters]
    length = Counter(map(len, rows)).most_common(1)[0][0]
    able = [(one, row) for one, row in zip(voters, rows, strict=True) if len(row) == length]
    if len(able) < VOTERS or length < 2:
        return None
    words, tied = [], False
    for column in zip(*(row for _, row in able), strict=True):
        seen = Counter(map(_key, column))
        weight: dict[str, float] = {}
        for (one, _), word in zip(able, column, strict=True):
            weight[_key(word)] = weight.get(_key(word), 0.0) + trust.get(one.by, 0.8)
        key = max(weight, key=lambda key: weight[key])
        if seen[key] < 2:
            return None
        tied |= any(count >= seen[key] for other, count in seen.items() if other != key)
        words.append(Counter(word for word in column if _key(word) == key).most_common(1)[0][0])
    first = able[0][0]
    text = " ".join(words)
    value = wanted.parse(text)
    if value is None:
        return None
    pen = any(one.handwritten for one in voters)
    return Candidate(text, value, first.page, first.box, TIED if tied else BY, first.confidence, pen)


def _key(word: str) -> str:
    return tone_key(word) or word  # a dash between words has no letters
