"""The baseline: the page as it is, through pdf2image or Pillow, into pytesseract with its defaults."""

from __future__ import annotations

import os
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytesseract
from pdf2image import convert_from_path
from PIL import Image, ImageSequence

DPI = 300


def read_raw(path: Path) -> str:
    """All pages' text, psm 3, language vie, no preparation."""
    if path.suffix.lower() == ".pdf":
        pages = convert_from_path(path, DPI)
    else:
        with Image.open(path) as picture:
            pages = [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]
    return re.sub(r"\s+", " ", " ".join(pytesseract.image_to_string(page, lang="vie") for page in pages))


def read_all_raw(paths: list[Path]) -> list[str]:
    """The baseline over many files, one process a core."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(read_raw, paths))
