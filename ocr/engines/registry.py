"""Engines by name. Imports are lazy: a machine needs only the engine that its settings name."""

from __future__ import annotations

import os
from collections.abc import Callable

from dossier.errors import ConfigurationError
from ocr.engines.base import LineEngine, PageEngine
from ocr.engines.tesseract import SCRIPT


def _tesserocr(**model: str) -> PageEngine:
    # Read when the library is loaded: threads of one page fight with those of the next, at four times the cost.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    from ocr.engines.tesserocr import TesserocrEngine

    return TesserocrEngine(**model)


def _script() -> PageEngine:
    return _tesserocr(model=SCRIPT, name="script")


def _pytesseract() -> PageEngine:
    from ocr.engines.pytesseract import PytesseractEngine

    return PytesseractEngine()


def _aster() -> LineEngine:
    from ocr.engines.aster import AsterEngine

    return AsterEngine()


PAGE_ENGINES: dict[str, Callable[[], PageEngine]] = {
    "tesserocr": _tesserocr,
    "pytesseract": _pytesseract,
    "script": _script,
}
LINE_ENGINES: dict[str, Callable[[], LineEngine]] = {"aster": _aster}


def page_engine(name: str) -> PageEngine:
    """A loaded page engine. Raises ConfigurationError for a name that is not registered or cannot be loaded."""
    if name not in PAGE_ENGINES:
        raise ConfigurationError("unknown-engine", f"{name}; there are {', '.join(sorted(PAGE_ENGINES))}")
    try:
        return PAGE_ENGINES[name]()
    except ImportError as error:
        raise ConfigurationError("engine-missing", f"{name} is not installed: {error.name}") from None


def line_engine(name: str = "aster") -> LineEngine:
    """A loaded line engine. Raises ConfigurationError."""
    if name not in LINE_ENGINES:
        raise ConfigurationError("unknown-engine", f"{name}; there are {', '.join(sorted(LINE_ENGINES))}")
    return LINE_ENGINES[name]()
