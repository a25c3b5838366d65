"""Word by word: where no two readers agree on a whole value, but on each of its words two of them do.

Every word of the outcome was seen by two readings, so nothing comes on record that no witness saw. It is no witness
itself and counts for less than two that agree on the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dossier.kinds import Kind
from dossier.text.vietnamese import tone_key
from ocr.readers.base import Candidate

BY = "vote"
VOTERS = 3  # with two, nothing is outvoted
_GROUPS = ("name", "text")


def voted(wanted: Kind, candidates: Sequence[Candidate]) -> Candidate | None:
    """The value that the majority of words makes, None if readers agree on a whole, or on too little."""
    voters = [one for one in candidates if one.printed and one.by not in ("qr", "mrz", "words", "signature")]
    if wanted.group not in _GROUPS or len(voters) < VOTERS or _two_agree(wanted, voters):
        return None
    rows = [one.printed.split() for one in voters]
    length = Counter(map(len, rows)).most_common(1)[0][0]
    able = [(one, row) for one, row in zip(voters, rows, strict=True) if len(row) == length]
    if len(able) < VOTERS or length < 2:
        return None
    words = []
    for column in zip(*(row for _, row in able), strict=True):
        counts = Counter(tone_key(word) for word in column)
        key, count = counts.most_common(1)[0]
        if count < 2 or not key:
            return None
        words.append(Counter(word for word in column if tone_key(word) == key).most_common(1)[0][0])
    first = able[0][0]
    text = " ".join(words)
    value = wanted.parse(text)
    if value is None:
        return None
    pen = any(one.handwritten for one in voters)
    return Candidate(text, value, first.page, first.box, BY, first.confidence, pen)


def _two_agree(wanted: Kind, voters: Sequence[Candidate]) -> bool:
    values = [one.value for one in voters if one.value is not None]
    return any(wanted.same(left, right) for at, left in enumerate(values) for right in values[at + 1 :])
