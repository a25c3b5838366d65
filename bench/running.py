"""Character errors of running text.

Truth is the text layer of the born-digital paper before it was printed and scanned. Each of its lines (of at least
LONG letters; shorter ones are titles, labels, fragments beside pen and seal) is sought in all that was read, by
the edit distance to the most similar stretch (Sellers 1980), blanks normalised. So no reader is charged for the
order in which it took columns, nor for dotted leaders, seals and pen strokes that it read beside a line; for all
that it misses, it is.
CER = edits / letters of the truth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np

LONG = 20
_LEADER = re.compile(r"[.…](?:\s?[.…]){3,}")  # an ellipsis has three dots
DECISION = "decision"
CERTIFICATE = "-certificate"


@dataclass(frozen=True)
class Errors:
    """edits within letters of truth."""

    edits: int = 0
    letters: int = 0

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.edits + other.edits, self.letters + other.letters)

    @property
    def rate(self) -> float:
        """Per cent; NaN of nothing."""
        return 100.0 * self.edits / self.letters if self.letters else float("nan")


def has_running_text(type: str) -> bool:
    """Whether papers of a type are judged by their running text: decisions and certificates."""
    return type == DECISION or type.endswith(CERTIFICATE)


def text_errors(lines: Sequence[str], read: str) -> Errors:
    """Errors of all long lines of a paper in what was read of it."""
    text = plain(read)
    wanted = [line for line in map(plain, lines) if len(line) >= LONG]
    return Errors(sum(nearest(line, text) for line in wanted), sum(map(len, wanted)))


def plain(text: str) -> str:
    """NFC, dotted leaders taken out, each run of blanks and line ends as one blank.

    A leader is a place to write on, not text: ours erases it, others read it as dots; neither is charged.
    """
    return " ".join(_LEADER.sub(" ", normalize("NFC", text)).split())


def nearest(line: str, text: str) -> int:
    """Edits between a line and the stretch of the text that is nearest to it; at most the line's length."""
    hay = np.array([ord(letter) for letter in text], dtype=np.int32)
    place = np.arange(len(hay) + 1, dtype=np.int32)
    row = np.zeros(len(hay) + 1, dtype=np.int32)  # a stretch may begin anywhere
    for count, letter in enumerate(line, 1):
        down = row + 1
        down[0] = count
        down[1:] = np.minimum(down[1:], row[:-1] + (hay != ord(letter)))
        row = np.minimum.accumulate(down - place) + place
    return int(row.min())
