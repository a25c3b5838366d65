"""The readers that ours is held against, each over the same files: their texts, and what they cost."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytesseract
from pdf2image import convert_from_path
from PIL import Image, ImageSequence

from bench import ocrmypdf
from bench.spent import Spent, spending
from dossier.errors import SohoaError
from dossier.settings import ReadingSettings
from ocr.cleaning import clean_page
from ocr.colour import inks
from ocr.colourtext import coloured_print
from ocr.inspection import inspect_file
from ocr.marks import find_marks
from ocr.orientation import rotate, upright
from ocr.pixels import grey_of
from ocr.pool import ReadingPool
from ocr.render import render_page
from ocr.resolution import first_dpi
from ocr.skew import deskew, measure_skew
from ocr.toolbox import Toolbox

DPI = 300
LANGUAGE = "vie"
RAW, CLEANED, OCRMYPDF = "pytesseract", "tesseract, cleaned", "OCRmyPDF"

Texts = list[str]
Way = Callable[[list[Path]], Texts]


def read_raw(path: Path) -> str:
    """All pages' text: pdf2image or Pillow, pytesseract with its defaults, no preparation."""
    if path.suffix.lower() == ".pdf":
        pages = convert_from_path(path, DPI)
    else:
        with Image.open(path) as picture:
            pages = [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]
    return "\n".join(pytesseract.image_to_string(page, lang=LANGUAGE) for page in pages)


def read_all_raw(paths: list[Path]) -> Texts:
    """read_raw over many files, one process a core, each of one thread."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(read_raw, paths))


def read_all_cleaned(paths: list[Path]) -> Texts:
    """Tesseract with its defaults on our upright, deskewed, cleaned pages, in our reading processes."""
    with ReadingPool(ReadingSettings()) as pool:
        futures = [pool.submit(cleaned_text, path) for path in paths]
        return [future.result() for future in futures]


def cleaned_text(toolbox: Toolbox, path: Path) -> str:
    """All pages' text, in a reading process; empty if the file is refused."""
    try:
        info = inspect_file(path, path.name, toolbox.settings)
        texts = []
        for number, size in enumerate(info.pages, 1):
            dpi = first_dpi(size)
            delivered = render_page(path, info, number, dpi)
            pixels = rotate(delivered, upright(delivered, dpi, toolbox.orientation, toolbox.first))
            pixels = deskew(pixels, measure_skew(grey_of(pixels)))
            found = inks(pixels)
            red = coloured_print(found.red, find_marks(pixels, found, number, dpi), dpi)
            picture = Image.fromarray(clean_page(pixels, found, dpi, keep=red).grey)
            texts.append(pytesseract.image_to_string(picture, LANGUAGE, f"--dpi {round(dpi)}"))
    except SohoaError:
        return ""
    return "\n".join(texts)


def read_all_ocrmypdf(paths: list[Path]) -> Texts:
    """The sidecar text of each file; as many at a time as there are cores, each on one."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(ocrmypdf.read_text, paths))


def peers() -> Mapping[str, Way]:
    """All peers that this machine has, by name. Prints how to get the one that it has not."""
    ways: dict[str, Way] = {RAW: read_all_raw, CLEANED: read_all_cleaned}
    if ocrmypdf.program() is None:
        print(ocrmypdf.MISSING)
    else:
        ways[OCRMYPDF] = read_all_ocrmypdf
    return ways


def read_with(way: Way, paths: list[Path]) -> tuple[Texts, Spent]:
    """A peer's texts and its cost, its start included."""
    with spending() as spent:
        texts = way(paths)
    return texts, spent
