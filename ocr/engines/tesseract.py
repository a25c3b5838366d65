"""What the two ways to Tesseract share: the language, where its models lie, how words make a line."""

from __future__ import annotations

import hashlib
import math
import os
from pathlib import Path

from dossier.errors import ConfigurationError
from dossier.reading import Word
from ocr.engines.base import Grey, Line

LANGUAGE = "vie"
SCRIPT = "Vietnamese"
"""The model of all languages in Vietnamese letters: trained apart from `vie`, it errs on other words."""
_PACKAGES = {LANGUAGE: "tesseract-ocr-vie", SCRIPT: "tesseract-ocr-script-viet", "osd": "tesseract-ocr-osd"}
EVEN = 16
"""Grey levels; a picture with less between its darkest and lightest pixel bears no text. Tesseract sees some."""

# The wheel of tesserocr brings no models, and distributions put them in different places.
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def tessdata(language: str) -> Path:
    """The folder that holds `<language>.traineddata`; TESSDATA_PREFIX comes first. Raises ConfigurationError."""
    prefix = os.environ.get("TESSDATA_PREFIX")
    for place in (prefix, prefix and f"{prefix}/tessdata", *_PLACES):
        if place and (Path(place) / f"{language}.traineddata").is_file():
            return Path(place)
    raise ConfigurationError(
        "tessdata-missing",
        f"{language}.traineddata was not found; install {_PACKAGES.get(language, 'it')} or set TESSDATA_PREFIX",
    )


def model_mark(language: str) -> str:
    """Eight hex digits that name the model's bytes: two models may bear the same version."""
    path = tessdata(language) / f"{language}.traineddata"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def bears_nothing(page: Grey) -> bool:
    """Whether a picture is one even tone, or too small for a letter."""
    return min(page.shape) < 5 or int(page.max()) - int(page.min()) < EVEN


def join(words: tuple[Word, ...]) -> Line:
    """The words as one line; its confidence is the geometric mean by letters."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return Line("", 0.0)
    logs = sum(len(word.text) * math.log(max(word.confidence, 1e-3)) for word in words)
    return Line(" ".join(word.text for word in words), math.exp(logs / letters))
