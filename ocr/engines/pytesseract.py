"""Tesseract as a program, through pytesseract: for machines without the binding. A process per page.

pytesseract ends its child at a time-out of its own; when the reading process itself is stopped, the child goes
with it because they share a process group (ocr/pool.py).
"""

from __future__ import annotations

import os

import pytesseract
from PIL import Image

from dossier.errors import ConfigurationError, ReadingCrashed, ReadingTimeout
from dossier.reading import Word
from dossier.text.vietnamese import clean
from ocr.engines.base import Grey, Line
from ocr.engines.tesseract import LANGUAGE, bears_nothing, join, model_mark, tessdata

TIMEOUT_S = 60.0


class PytesseractEngine:
    """PageEngine on the program `tesseract`. timeout_s: wall time of one call, then its process is killed."""

    name = "pytesseract"

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        # Threads of one page fight with those of the next: four times the CPU time without this.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._timeout_s = timeout_s
        self._tessdata = tessdata(LANGUAGE)
        try:
            version = pytesseract.get_tesseract_version()
        except pytesseract.TesseractNotFoundError:
            raise ConfigurationError("tesseract-missing", "install tesseract-ocr") from None
        self.version = f"{version}-{LANGUAGE}-{model_mark(LANGUAGE)}"

    def words(self, page: Grey, dpi: float, *, psm: int = 4) -> tuple[Word, ...]:
        return self._words(page, dpi, psm, "")

    def line(self, crop: Grey, dpi: float, *, alphabet: str | None = None) -> Line:
        # The characters reach tesseract as one argument of a command line.
        safe = "".join(c for c in alphabet or "" if not c.isspace() and c not in "\"'\\")
        return join(self._words(crop, dpi, 7, f'-c tessedit_char_whitelist="{safe}"' if safe else ""))

    def close(self) -> None:
        """Nothing is held between two calls."""

    def _words(self, page: Grey, dpi: float, psm: int, more: str) -> tuple[Word, ...]:
        if bears_nothing(page):
            return ()
        image = Image.fromarray(page)
        image.format = "PPM"  # pytesseract would write a PNG, which costs more than the reading
        config = f'--tessdata-dir "{self._tessdata}" --oem 1 --psm {psm} --dpi {round(dpi)} {more}'
        try:
            table = pytesseract.image_to_data(
                image,
                lang=LANGUAGE,
                config=config,
                output_type=pytesseract.Output.DICT,
                timeout=self._timeout_s,
            )
        except pytesseract.TesseractError as error:
            raise ReadingCrashed("tesseract-failed", f"tesseract ended with {error.status}") from None
        except RuntimeError:
            raise ReadingTimeout("tesseract-timeout", f"no answer within {self._timeout_s} s") from None
        return _words(table)


def _words(table: dict[str, list[str | int | float]]) -> tuple[Word, ...]:
    found: list[Word] = []
    numbers: dict[tuple[object, ...], int] = {}
    columns = ("text", "conf", "left", "top", "width", "height", "block_num", "par_num", "line_num")
    rows = zip(*(table[name] for name in columns), strict=True)
    for text, confidence, left, top, width, height, *place in rows:
        word = clean(str(text))
        if not word or float(confidence) < 0:
            continue
        x, y = float(left), float(top)
        found.append(
            Word(
                text=word,
                box=(x, y, x + float(width), y + float(height)),
                confidence=min(float(confidence) / 100.0, 1.0),
                line=numbers.setdefault(tuple(place), len(numbers)),
            )
        )
    return tuple(found)
