"""Tesseract in this process, its model kept loaded. The fastest way; a crash of it takes the process along."""

from __future__ import annotations

import numpy as np
import tesserocr

from dossier.errors import ReadingCrashed
from dossier.model import Box
from dossier.reading import Word
from dossier.text.vietnamese import clean
from ocr.engines.base import Grey, Line
from ocr.engines.tesseract import LANGUAGE, bears_nothing, join, model_mark, tessdata


class TesserocrEngine:
    """PageEngine on the binding tesserocr, with the model of that name. Not thread-safe."""

    def __init__(self, model: str = LANGUAGE, name: str = "tesserocr") -> None:
        self.name = name
        # Leptonica writes "box outside rectangle" to stderr for many a single line; nothing comes of it.
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        self.version = f"{tesserocr.tesseract_version().split()[1]}-{model}-{model_mark(model)}"
        self._api = tesserocr.PyTessBaseAPI(
            path=str(tessdata(model)), lang=model, oem=tesserocr.OEM.LSTM_ONLY
        )
        self._osd: tesserocr.PyTessBaseAPI | None = None

    def words(self, page: Grey, dpi: float, *, psm: int = 4) -> tuple[Word, ...]:
        if bears_nothing(page):
            return ()
        self._show(self._api, page, dpi, psm)
        level = tesserocr.RIL.WORD
        found: list[Word] = []
        try:
            if not self._api.Recognize():
                raise ReadingCrashed("tesseract-failed", "tesseract could not recognise the page")
            line = -1
            iterator = self._api.GetIterator()
            for item in tesserocr.iterate_level(iterator, level) if iterator else ():
                if item.IsAtBeginningOf(tesserocr.RIL.TEXTLINE) or line < 0:
                    line += 1
                word = _word(item, level, line)
                if word:
                    found.append(word)
        finally:
            self._api.Clear()
        return tuple(found)

    def line(self, crop: Grey, dpi: float, *, alphabet: str | None = None) -> Line:
        self._api.SetVariable("tessedit_char_whitelist", alphabet or "")
        try:
            words = self.words(crop, dpi, psm=int(tesserocr.PSM.SINGLE_LINE))
        finally:
            self._api.SetVariable("tessedit_char_whitelist", "")
        return join(words)

    def orientation(self, page: Grey, dpi: float) -> tuple[int, float] | None:
        """Degrees clockwise that turn the page upright, and Tesseract's confidence; None when it cannot tell."""
        if self._osd is None:
            self._osd = tesserocr.PyTessBaseAPI(path=str(tessdata("osd")), lang="osd")
        self._show(self._osd, page, dpi, int(tesserocr.PSM.OSD_ONLY))
        try:
            seen = self._osd.DetectOrientationScript()
        except RuntimeError:  # too few characters on the page
            return None
        finally:
            self._osd.Clear()
        return ((360 - int(seen["orient_deg"])) % 360, float(seen["orient_conf"])) if seen else None

    def close(self) -> None:
        self._api.End()
        if self._osd is not None:
            self._osd.End()

    @staticmethod
    def _show(api: tesserocr.PyTessBaseAPI, page: Grey, dpi: float, psm: int) -> None:
        height, width = page.shape
        api.SetPageSegMode(psm)
        api.SetImageBytes(np.ascontiguousarray(page).tobytes(), width, height, 1, width)
        api.SetSourceResolution(round(dpi))


def _word(item: tesserocr.PyResultIterator, level: int, line: int) -> Word | None:
    try:
        text = clean(item.GetUTF8Text(level) or "")
    except RuntimeError:  # "No text returned": a line without words
        return None
    box: Box | None = item.BoundingBox(level)
    if not text or box is None:
        return None
    return Word(text=text, box=box, confidence=min(max(item.Confidence(level) / 100.0, 0.0), 1.0), line=line)
