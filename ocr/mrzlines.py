"""The three lines of a machine-readable zone from several looks at each: brought to 30 characters, then voted on.

What may stand at a place is known (ICAO 9303 part 5, and what Vietnamese cards put there), so a letter where only
figures stand is read as the figure it looks like. The vote decides nothing: check digits do (ocr/mrz.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

LENGTH = 30
FILLER = "<"
DIGITS, LETTERS, ANY = "0", "A", "*"
FORMS = (
    "IDVNM" + DIGITS * 22 + "<<" + DIGITS,
    DIGITS * 7 + "S" + DIGITS * 7 + "VNM" + "*" * 11 + DIGITS,
    LETTERS * 30,
)
"""What each place of a line may bear: a figure, a letter or filler, M or F (`S`), anything, or that very letter."""
ALPHABETS = (
    "IDVNM0123456789<",
    "VNMF0123456789<",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ<",
)
"""What the recogniser is let choose from, line by line."""
_LIKE = {"I": "1LTJ", "D": "0OQ", "V": "UY", "N": "MWH", "M": "NWH"}
_TO_DIGIT = str.maketrans("OQDILZSGBT", "0001125687")
_TO_LETTER = str.maketrans("0152680", "OISZGBO")
_UNSURE = "?"


@dataclass(frozen=True)
class Look:
    """A line as one recogniser saw it. by: `aster`, `tesseract`; several looks of one have one voice together."""

    by: str
    text: str


@dataclass(frozen=True)
class VotedLine:
    """text: 30 characters. seen: by place, what any look had there. agreed: the recognisers nowhere at odds."""

    text: str
    seen: tuple[frozenset[str], ...]
    agreed: bool


def vote(looks: Sequence[Look], number: int) -> VotedLine | None:
    """Line `number` (0 to 2) by the most voices at each place; None if no look has the length of a line.

    At equal voices the look that was given first decides.
    """
    whole = [Look(look.by, fitted(look.text, number)) for look in looks]
    reference = next((look.text for look in whole if len(look.text) == LENGTH), None)
    if reference is None:
        return None
    rows = [(look.by, _beside(reference, look.text)) for look in whole if look.text]
    voices = Counter(by for by, _ in rows)
    text, seen, agreed = [], [], True
    for at in range(LENGTH):
        chars = [(by, _typed(row[at], FORMS[number][at])) for by, row in rows]
        weight: dict[str, float] = {}
        for by, char in chars:
            if char != _UNSURE:
                weight[char] = weight.get(char, 0.0) + 1.0 / voices[by]
        best = max(weight, key=lambda char: weight[char]) if weight else FILLER
        text.append(best)
        seen.append(frozenset(weight))
        agreed = agreed and all(_majority(chars, by) == best for by in voices)
    return VotedLine("".join(text), tuple(seen), agreed)


def fitted(text: str, number: int) -> str:
    """A line as read, brought to 30 characters where its fillers alone are to blame; else as long as it is."""
    row = re.sub(r"[^A-Z0-9<]", "", text.upper().replace("«", "<<").replace("‹", FILLER).replace("-", "<"))
    if number == 1 and (parts := re.fullmatch(r"([A-Z0-9]{7}[A-Z<][A-Z0-9]{7}[A-Z]{3})<{5,}(\w)", row)):
        return parts[1] + FILLER * 11 + parts[2]
    if number == 2:
        return row.rstrip(FILLER).ljust(LENGTH, FILLER)
    return row


def _beside(reference: str, text: str) -> str:
    """A look of another length place by place beside the reference; `?` where it has nothing to say."""
    if len(text) == LENGTH:
        return text
    row = list(_UNSURE * LENGTH)
    for block in Levenshtein.opcodes(reference, text):
        wide = block.src_end - block.src_start
        if wide and wide == block.dest_end - block.dest_start:
            row[block.src_start : block.src_end] = text[block.dest_start : block.dest_end]
    return "".join(row)


def _typed(char: str, form: str) -> str:
    if form == DIGITS:
        return char.translate(_TO_DIGIT)
    if form == LETTERS:
        return char.translate(_TO_LETTER)
    if form == "S":
        return char if char in ("M", "F", FILLER) else _UNSURE
    return form if char in _LIKE.get(form, "") else char


def vote_word(looks: Sequence[Look], length: int) -> str | None:
    """A word of `length` letters by the most voices at each place; None if nobody saw as many."""
    rows = [
        (look.by, text)
        for look in looks
        if len(text := re.sub(r"[^A-Z]", "", look.text.upper().translate(_TO_LETTER))) == length
    ]
    voices = Counter(by for by, _ in rows)
    word = ""
    for at in range(length if rows else 0):
        weight: dict[str, float] = {}
        for by, text in rows:
            weight[text[at]] = weight.get(text[at], 0.0) + 1.0 / voices[by]
        word += max(weight, key=lambda char: weight[char])
    return word or None


def _majority(chars: Sequence[tuple[str, str]], by: str) -> str:
    return Counter(char for other, char in chars if other == by).most_common(1)[0][0]
