"""One page of a file, from its bytes to words."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

from dossier.reading import FileInfo, PageReading, TextLayer, Word
from ocr.cleaning import clean_page
from ocr.codes import find_codes
from ocr.colour import inks
from ocr.colourtext import blue_print, coloured_print
from ocr.engines.base import Colour
from ocr.flatten import flatten, measure_flattening
from ocr.lines import split_lines
from ocr.marks import find_marks
from ocr.orientation import rotate, upright
from ocr.pixels import grey_of
from ocr.quality import measure
from ocr.redheads import missed_headings
from ocr.render import check_blank, render_page
from ocr.resolution import NEAR, SMALL_DPI, first_dpi, near, small_print
from ocr.skew import deskew, measure_skew
from ocr.steps import Step
from ocr.textlayer import Placement, judged, layer_of
from ocr.toolbox import Toolbox

PREVIEW_DPI = 100.0
PREVIEW_SIDE = 1700
PREVIEW_BYTES = 120_000
PREVIEW_QUALITIES = (70, 50, 30, 15)
KEPT_BYTES = 80_000_000
"""Three A4 pages at 300 dpi: more would be most of what a reading process takes, and a paper is seldom longer."""


def read_page(path: Path, info: FileInfo, page: int, toolbox: Toolbox) -> tuple[PageReading, bytes]:
    """Read one page; `page` counts from 1, as in PageReading.page and FileInfo.pages[page - 1].

    Second: a JPEG preview of the upright page at about 100 dpi, under 120 kB.
    Words of one `line` stand side by side; columns of a letterhead are lines of their own (ocr/lines.py).
    Raises FileRefused when the page cannot be shown or not be trusted, ReadingCrashed when an engine fails.
    """
    clock = _Clock()
    size = info.pages[page - 1]
    dpi = first_dpi(size)
    with clock("render"):
        delivered = render_page(path, info, page, dpi)
        if dpi < SMALL_DPI and size.dpi >= SMALL_DPI * NEAR[0] and small_print(grey_of(delivered), dpi):
            dpi = near(size, SMALL_DPI)
            delivered = render_page(path, info, page, dpi)
    with clock("flatten"):
        flattening = measure_flattening(delivered, dpi, near(size, size.dpi))
        if flattening is not None:
            whole = render_page(path, info, page, flattening.delivered_dpi)
            delivered, dpi = flatten(whole, flattening), flattening.dpi
    with clock("upright"):
        turn = upright(delivered, dpi, toolbox.orientation, toolbox.first)
        pixels = rotate(delivered, turn)
        skew = measure_skew(grey_of(pixels)) if toolbox.cleaning.runs(Step.DESKEW) else 0.0
        pixels = deskew(pixels, skew)
    with clock("clean"):
        found = inks(pixels)
        marks = find_marks(pixels, found, page, dpi)
        coloured = coloured_print(found.red, marks, dpi)
        keep = (*coloured, *blue_print(found.blue, dpi))
        cleaned = clean_page(pixels, found, dpi, keep, toolbox.cleaning)
        grey = grey_of(pixels)
        quality = measure(
            grey,
            found,
            number=page,
            scan_dpi=flattening.scan_dpi if flattening else size.dpi,
            dpi=dpi,
            skew=skew,
            marks=marks,
        )
    if quality.blank:
        check_blank(path, info, page)
    with clock("codes"):
        codes = find_codes(pixels, dpi)
    words: tuple[Word, ...] = ()
    layer: TextLayer = "none"
    if not quality.blank:
        if info.media_type == "application/pdf" and flattening is None:
            with clock("layer"):
                placement = Placement(delivered.shape[1], delivered.shape[0], turn, skew)
                own = layer_of(path, page, placement)
                layer = judged(own, grey, dpi, toolbox.first)
            if own is not None:
                words = own.words if layer == "trusted" else ()
                quality = quality.model_copy(update={"text_layer": layer, "encoding": own.encoding})
        if layer != "trusted":
            with clock("words"):
                words = split_lines(toolbox.first.words(cleaned.grey, dpi), cleaned.upright_rules)
                if toolbox.cleaning.runs(Step.HEADINGS):
                    words += missed_headings(found.red, coloured, words, dpi, toolbox.first)
    with clock("preview"):
        picture = preview(pixels, dpi)
    height, width = pixels.shape[:2]
    reading = PageReading(
        sha256=info.sha256,
        page=page,
        width=width,
        height=height,
        dpi=dpi,
        rotation=turn,
        words=words,
        codes=codes,
        marks=marks,
        quality=quality,
        text_layer=layer,
        flattening=flattening,
        seconds=clock.seconds,
    )
    _keep(reading, pixels)
    return reading, picture


def page_image(path: Path, info: FileInfo, reading: PageReading) -> Colour:
    """The upright, deskewed RGB page whose pixels the reading's boxes refer to (same width and height).

    The last few are kept in this process; callers do not write into them.
    """
    kept = _kept.get(_key(reading))
    if kept is not None:
        return kept
    how = reading.flattening
    delivered = render_page(path, info, reading.page, how.delivered_dpi if how else reading.dpi)
    if how:
        delivered = flatten(delivered, how)
    pixels = deskew(rotate(delivered, reading.rotation), reading.quality.skew)
    _keep(reading, pixels)
    return pixels


def preview(pixels: Colour, dpi: float) -> bytes:
    """A JPEG at about 100 dpi, under 120 kB."""
    scale = min(PREVIEW_DPI / dpi, PREVIEW_SIDE / max(pixels.shape[:2]), 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    data = b""
    for quality in PREVIEW_QUALITIES:
        done, coded = cv2.imencode(
            ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
        )
        data = coded.tobytes() if done else data
        if len(data) <= PREVIEW_BYTES:
            break
    return data


def _key(reading: PageReading) -> tuple[object, ...]:
    return reading.sha256, reading.page, reading.dpi, reading.rotation, reading.quality.skew


def _keep(reading: PageReading, pixels: Colour) -> None:
    pixels.flags.writeable = False
    _kept[_key(reading)] = pixels
    while len(_kept) > 1 and sum(image.nbytes for image in _kept.values()) > KEPT_BYTES:
        _kept.popitem(last=False)


_kept: OrderedDict[tuple[object, ...], Colour] = OrderedDict()
"""Page images of this process, newest last: the readers of fields ask for what was just read."""


class _Clock:
    """Wall seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + time.perf_counter() - start, 4)
