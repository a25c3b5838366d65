"""The machine-readable zone of a page: found, each line looked at in several ways, judged by its check digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np

from dossier.errors import ReadingCrashed
from dossier.model import Box
from ocr.engines.base import Colour, Grey
from ocr.mrz import Mrz, parse_td1
from ocr.mrzcells import find_cells
from ocr.mrzfind import Place, find_zones
from ocr.mrzlines import ALPHABETS, LENGTH, Look, VotedLine, vote, vote_word
from ocr.mrzrepair import repair
from ocr.pixels import u8
from ocr.toolbox import Toolbox

STRIP_DPI = 300.0
"""Of a straightened line (30 pixels a character)."""
SMALL = 0.7
RIM = 20
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Zone:
    """What a zone says, its box on the page, and its lines as voted and repaired."""

    mrz: Mrz
    box: Box
    lines: tuple[str, ...]


def read_zone(page: Colour, dpi: float, toolbox: Toolbox, today: date) -> Zone | None:
    """The zone on an upright page; None if there is none of which a check digit confirms anything.

    A page may have been taken for upright that stands on its head: then the zone is read the other way up.
    """
    for place in find_zones(page, dpi):
        for lines in (place.lines, tuple(u8(np.rot90(line, 2)) for line in reversed(place.lines))):
            if zone := _read(replace(place, lines=lines), toolbox, today):
                return zone
    return None


def _read(place: Place, toolbox: Toolbox, today: date) -> Zone | None:
    """First with a look of each recogniser; the others are asked only where these leave a doubt."""
    looks: list[list[Look]] = [[], []]
    best: Zone | None = None
    for round_ in _rounds(toolbox):
        for number in (0, 1):
            looks[number] += [look(place.lines[number], ALPHABETS[number]) for look in round_]
        voted = [vote(look, number) for number, look in enumerate(looks)]
        zone = _judged(voted, place.box, today)
        best = zone or best
        if zone and zone.mrz.composite and not zone.mrz.repaired and all(one and one.agreed for one in voted):
            break
        if not any(voted):
            return None
    if best is None:
        return None
    name = _name(place.lines, toolbox)
    full_name = " ".join(part for part in name.split("<") if part) or None
    return replace(best, lines=(*best.lines, name), mrz=replace(best.mrz, full_name=full_name))


def _judged(voted: list[VotedLine | None], box: Box, today: date) -> Zone | None:
    lines = [one.text if one else "" for one in voted]
    changed: frozenset[str] = frozenset()
    if (one := voted[0]) and (two := voted[1]):
        mended = repair((one.text, two.text), (one.seen, two.seen), today)
        lines[:2], changed = mended.lines, mended.parts
    mrz = parse_td1(lines, today)
    if mrz is None or not (mrz.personal_id or mrz.date_of_birth):
        return None
    return Zone(replace(mrz, repaired=changed), box, tuple(lines))


def _name(lines: tuple[Grey, ...], toolbox: Toolbox) -> str:
    """The third line, each word read by itself between its fillers; empty if a word stays unread."""
    cells = find_cells(lines)
    if cells is None:
        return ""
    row = ["<"] * LENGTH
    for word in cells.words():
        picture = cells.crop(lines[2], word)
        looks = [look(picture, LETTERS) for round_ in _rounds(toolbox) for look in round_]
        read = vote_word(looks, len(word))
        if read is None:
            return ""
        row[word.start : word.stop] = read
    return "".join(row)


_Reader = Callable[[Grey, str], Look]


def _rounds(toolbox: Toolbox) -> Iterator[list[_Reader]]:
    """Looks, in rounds: as it is; then smaller and in black and white."""

    def first(change: Callable[[Grey], Grey]) -> _Reader:
        def look(line: Grey, alphabet: str) -> Look:
            try:
                read = toolbox.first.line(_framed(change(line)), STRIP_DPI, alphabet=alphabet)
            except ReadingCrashed:  # nothing to read in these pixels
                return Look("tesseract", "")
            return Look("tesseract", read.text.replace(" ", ""))

        return look

    def second(change: Callable[[Grey], Grey]) -> list[_Reader]:
        engine = toolbox.second
        if engine is None:
            return []
        return [lambda line, _: Look("aster", engine.lines([change(line)])[0].text.replace(" ", ""))]

    yield [*second(lambda line: line), first(lambda line: line)]
    yield [*second(_smaller), first(_smaller), first(_binary)]


def _smaller(line: Grey) -> Grey:
    return u8(cv2.resize(line, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA))


def _binary(line: Grey) -> Grey:
    paper = cv2.blur(cv2.morphologyEx(line, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8)), (25, 25))
    even = u8(cv2.divide(line, paper, scale=255))
    smooth = cv2.GaussianBlur(even, (0, 0), 1.2)
    return u8(cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])


def _framed(line: Grey) -> Grey:
    tone = int(np.percentile(line, 90))
    return u8(cv2.copyMakeBorder(line, RIM, RIM, RIM, RIM, cv2.BORDER_CONSTANT, value=(tone,)))
