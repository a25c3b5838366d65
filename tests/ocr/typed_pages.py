"""Page readings typed by hand: what a recogniser would have given, without one."""

from __future__ import annotations

import hashlib

import numpy as np

from dossier.catalogue.documents import document_types
from dossier.reading import Code, FileInfo, FileReading, PageReading, PageSize, Quality, Word
from dossier.settings import ReadingSettings
from ocr.engines.base import Colour
from ocr.readers.base import PageView, View
from ocr.toolbox import Toolbox

A4 = (1654, 2339)
CARD = (674, 425)
LETTER, HEIGHT, STEP = 14, 26, 46

Typed = str | tuple[int, int, str]


def page(
    *lines: Typed,
    size: tuple[int, int] = A4,
    number: int = 1,
    qr: str | None = None,
    blank: bool = False,
    letter: int = LETTER,
) -> PageReading:
    """A page at 200 dpi. A line is its text, one below the other, or (x, y, text). Two spaces make a wide gap."""
    words: list[Word] = []
    for at, line in enumerate(lines):
        left, top, text = line if isinstance(line, tuple) else (160, 160 + at * STEP, line)
        for word in text.split(" "):
            wide = len(word) * letter
            if word:
                box = (float(left), float(top), float(left + wide), float(top + HEIGHT))
                words.append(Word(text=word, box=box, confidence=0.95, line=at))
            left += wide + (letter if word else 6 * letter)
    codes = (Code(kind="QRCode", text=qr, box=(500.0, 20.0, 600.0, 120.0)),) if qr else ()
    return PageReading(
        sha256=hashlib.sha256(b"typed").hexdigest(),
        page=number,
        width=size[0],
        height=size[1],
        dpi=200.0,
        rotation=0,
        words=tuple(words),
        codes=codes,
        quality=_quality(number, blank),
        seconds={},
    )


def file(name: str, *pages: PageReading) -> FileReading:
    """A file of these pages, numbered from 1, with a hash of its name's."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    numbered = tuple(
        one.model_copy(update={"page": at, "sha256": sha256}) for at, one in enumerate(pages, start=1)
    )
    sizes = tuple(PageSize(width=one.width, height=one.height, dpi=one.dpi) for one in pages)
    info = FileInfo(sha256=sha256, media_type="application/pdf", pages=sizes)
    return FileReading(name=name, info=info, pages=numbered)


def view(document: str, *pages: PageReading) -> View:
    """A paper of a catalogue type whose pictures are white: only its typed words can be seen."""
    settings = ReadingSettings(second_reader=False)
    shown = tuple(PageView(f"{document}.pdf", one, lambda one=one: _white(one)) for one in pages)
    return View(document_types()[document], shown, Toolbox(settings))


def _white(one: PageReading) -> Colour:
    return np.full((one.height, one.width, 3), 255, dtype=np.uint8)


def _quality(number: int, blank: bool) -> Quality:
    return Quality(
        page=number,
        dpi=200.0,
        skew=0.0,
        sharpness=500.0,
        contrast=0.9,
        ink=0.0 if blank else 0.05,
        coloured_ink=0.0,
        black_border=0.0,
        colour=True,
        blank=blank,
    )
