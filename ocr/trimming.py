"""Which of the words beside or below a label are its value's: without leaders, strokes and what follows a gap."""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.reading import Word
from ocr.layout import BREAK
from ocr.letters import letters

_STOP = re.compile(r"[a-zà-ỹđ]{2}[.]$")
"""A word that ends a sentence; `TP.` and `Q.` are capitals."""
_LEADER = re.compile(r"[.…·]{4,}|…")


def before_leader(words: list[Word]) -> list[Word]:
    """Up to the dotted leader that fills the rest of the line; what is read out of its dots is nothing."""
    for at, word in enumerate(words):
        leader = _LEADER.search(word.text)
        if leader and any(letters(one.text) for one in [*words[:at], _cut(word, leader.start())]):
            return [*words[:at], _cut(word, leader.start())]
    return words


def _cut(word: Word, length: int) -> Word:
    """The word's first characters, with their share of its box."""
    x0, y0, x1, y1 = word.box
    share = length / len(word.text)
    return replace(word, text=word.text[:length], box=(x0, y0, x0 + (x1 - x0) * share, y1))


def after_the_labels_tail(words: list[Word]) -> list[Word]:
    """Without footnote marks, hints in brackets and unread ends of the label, up to its colon."""
    for at, word in enumerate(words[:9]):
        if word.text.endswith(":") and not re.search(r"\d{3}", "".join(w.text for w in words[: at + 1])):
            return words[at + 1 :]
    while words and re.fullmatch(r"\(\d{1,2}\)", words[0].text):
        words = words[1:]
    return words


def unbroken(words: list[Word], height: float) -> list[Word]:
    """Up to a gap too wide for one value. Leaders, pen gaps and tabs before it begins do not count."""
    for at in range(1, len(words)):
        if not any(letters(word.text) for word in words[:at]):
            continue
        if words[at].box[0] - words[at - 1].box[2] > BREAK * height:
            return words[:at]
    return words


def tidy(words: list[Word]) -> list[Word]:
    """Without leaders and strokes at both ends; a lone placeholder (`/`, `-`) is no value."""
    while words and not letters(words[0].text):
        words = words[1:]
    while words and not letters(words[-1].text):
        words = words[:-1]
    return words


def to_the_full_stop(lines: list[list[Word]]) -> list[list[Word]]:
    """Up to the end of a sentence that another one follows: `…, tỉnh Lào Cai. Về tình trạng …`."""
    kept: list[list[Word]] = []
    for line in lines:
        kept.append([])
        for at, word in enumerate(line):
            kept[-1].append(word)
            if _STOP.search(word.text) and at + 1 < len(line) and line[at + 1].text[:1].isupper():
                return kept
    return kept
