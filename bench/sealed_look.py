"""Sealed copies looked at from outside: do they open, and does their text lie on the words?"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as raw

from dossier.model import Box
from dossier.reading import PageReading
from ocr.placing import as_seen
from storage.pdfa.text import sayable


@dataclass(frozen=True)
class Overlap:
    """Of one word. shared: of both boxes together (intersection over union). covered: of the word's own box.

    Both 0 where no text like it is found there.
    """

    shared: float
    covered: float


def opens(path: Path) -> list[str]:
    """The readers of PDF that cannot open the file or draw its first page; empty: all can."""
    failed = []
    try:
        with pypdfium2.PdfDocument(path) as document:
            document[0].render(scale=0.2)
    except pypdfium2.PdfiumError:
        failed.append("pdfium")
    command = ["pdftoppm", "-r", "20", "-f", "1", "-l", "1", "-png", str(path)]
    drawn = subprocess.run(command, capture_output=True, check=False, timeout=60)
    if drawn.returncode or not drawn.stdout.startswith(b"\x89PNG") or drawn.stderr:
        failed.append("poppler")
    try:
        with pikepdf.open(path) as pdf:
            if pdf.check_pdf_syntax():
                failed.append("qpdf")
    except pikepdf.PdfError:
        failed.append("qpdf")
    return failed


def overlaps(path: Path, pages: Sequence[PageReading]) -> list[Overlap]:
    """For every word that was read: how well the text that pdfium finds in the copy lies on it."""
    found: list[Overlap] = []
    with pypdfium2.PdfDocument(path) as document:
        for number, reading in enumerate(pages):
            page = document[number]
            wide, high = page.get_size()
            there: dict[str, list[Box]] = {}
            for text, box in words_of(page):
                there.setdefault(text, []).append((box[0], high - box[3], box[2], high - box[1]))
            for word in reading.words:
                if not (text := sayable(word.text)):
                    continue
                x0, y0, x1, y1 = word.box
                corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float64)
                seen = as_seen(reading, corners) * (wide, high)
                (left, top), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
                own = (float(left), float(top), float(right), float(bottom))
                best = max(
                    (_overlap(own, box) for box in there.get(text, ())),
                    default=Overlap(0.0, 0.0),
                    key=_shared,
                )
                found.append(best)
    return found


def _shared(one: Overlap) -> float:
    return one.shared


def words_of(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Words as pdfium parts them, with their boxes in points: left, bottom, right, top."""
    text = page.get_textpage()
    letters: list[str] = []
    boxes: list[Box] = []
    edges = [ctypes.c_double() for _ in range(4)]
    for index in range(text.count_chars() + 1):
        code = raw.FPDFText_GetUnicode(text, index) if index < text.count_chars() else 32
        letter = chr(code or 32)
        if not letter.isspace():
            letters.append(letter)
            raw.FPDFText_GetCharBox(text, index, *map(ctypes.byref, edges))
            left, right, bottom, top = (edge.value for edge in edges)
            boxes.append((left, bottom, right, top))
        elif letters:
            sides = list(zip(*boxes, strict=True))
            yield "".join(letters), (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
            letters, boxes = [], []


def _overlap(own: Box, other: Box) -> Overlap:
    wide = min(own[2], other[2]) - max(own[0], other[0])
    high = min(own[3], other[3]) - max(own[1], other[1])
    both = max(wide, 0.0) * max(high, 0.0)
    mine, its = ((box[2] - box[0]) * (box[3] - box[1]) for box in (own, other))
    union = mine + its - both
    return Overlap(both / union if union else 0.0, both / mine if mine else 0.0)
