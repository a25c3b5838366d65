"""Rubber stamps in straight lines: the mail desk's box (CÔNG VĂN ĐẾN), a signer's name or title.

They are told from print by their colour, or, in grey scans, by a frame that does not stand level.
"""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.colour import Mask
from ocr.marks.sheet import Labels, Sheet, components, overlap
from ocr.pixels import u8

FRAME_MM = ((24.0, 75.0), (8.0, 50.0))
"""Least and most width and height of a frame; the mail desk's measures 35-60 x 15-40 mm (Decree 30/2020)."""
LETTER_MM = (1.8, 7.5)
FEWEST_LETTERS = 4
LEVEL = 0.35
"""Degrees; print stands as level as the page."""
RIM = 0.8
"""Share of each side of a frame that must be drawn."""
FEWEST_PIXELS = 200
COLOURED_SHARE = 0.5


def stamps(sheet: Sheet, others: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Frames and coloured rows of letters. others: marks already found; a seal's letters are no stamp."""
    frames = list(_frames(sheet, *sheet.pieces, False))
    for colour in (sheet.red, sheet.blue):
        if cv2.countNonZero(colour) > FEWEST_PIXELS:
            closed = u8(cv2.morphologyEx(colour, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
            more = _frames(sheet, *components(closed), True)
            frames += [one for one in more if not any(overlap(one.box, other.box) for other in frames)]
    rows = [
        mark
        for colour in (sheet.red, sheet.blue)
        for mark in _rows(sheet, colour)
        if not any(overlap(mark.box, one.box) for one in (*others, *frames))
    ]
    return (*frames, *rows)


def _frames(sheet: Sheet, labels: Labels, stats: Labels, own: bool) -> tuple[Mark, ...]:
    """own: the pieces are of coloured ink alone; print that lies across them is left out."""
    (low_w, most_w), (low_h, most_h) = FRAME_MM
    marks = []
    wides, highs = stats[:, 2], stats[:, 3]
    fits = (
        (wides >= sheet.px(low_w))
        & (wides <= sheet.px(most_w))
        & (highs >= sheet.px(low_h))
        & (highs <= sheet.px(most_h))
    )
    for index in np.flatnonzero(fits & (stats[:, 4] < 0.5 * wides * highs)) + 1:
        x, y, wide, high, _ = (int(v) for v in stats[index - 1])
        piece = labels[y : y + high, x : x + wide] == index
        corners = _quad(piece, sheet)
        if corners is None:
            continue
        drawn, angle = corners
        coloured = 1.0 if own else ((sheet.red | sheet.blue)[y : y + high, x : x + wide][piece] > 0).mean()
        if drawn < RIM or not (coloured > COLOURED_SHARE or abs(angle) > LEVEL):
            continue
        box = sheet.box(x, y, x + wide, y + high)
        sure = drawn * (0.97 if coloured > COLOURED_SHARE else 0.8)
        marks.append(Mark(kind="stamp", page=sheet.page, box=box, confidence=round(float(sure), 2)))
    return tuple(marks)


def _quad(piece: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], sheet: Sheet) -> tuple[float, float] | None:
    """Share drawn of the worst side of a slightly turned frame, and the turn of its upper side in degrees."""
    high, wide = piece.shape
    reach = int(0.25 * high)
    columns = np.arange(int(0.1 * wide), int(0.9 * wide))
    rows = np.arange(int(0.12 * high), int(0.88 * high))
    sides = (
        (columns, piece[:, columns].argmax(0)),
        (columns, high - 1 - piece[::-1, columns].argmax(0)),
        (rows, piece[rows].argmax(1)),
        (rows, wide - 1 - piece[rows][:, ::-1].argmax(1)),
    )
    worst, turn = 1.0, 0.0
    for number, (along, across) in enumerate(sides):
        if along.size < 10:
            return None
        slope, start = np.polyfit(along, np.asarray(across, np.float64), 1)
        for _ in range(2):  # letters that stick out draw the line away
            near = np.abs(across - (slope * along + start)) < max(sheet.px(0.8), 2)
            if near.sum() < 0.3 * along.size:
                break
            slope, start = np.polyfit(along[near], np.asarray(across[near], np.float64), 1)
        near = np.abs(across - (slope * along + start)) < max(sheet.px(0.45), 1.5)
        worst = min(worst, float(near.mean()))
        if abs(slope) > 0.14 or reach < 2:
            return None
        if number == 0:
            turn = float(np.degrees(np.arctan(slope)))
    return worst, turn


def _rows(sheet: Sheet, colour: Mask) -> list[Mark]:
    """Rows of coloured letters of one height on one line, in the lower part of a page, where papers are signed.

    Above it coloured rows are print: titles and numbers of certificates and cards.
    """
    if not cv2.countNonZero(colour[int(0.45 * colour.shape[0]) :]):
        return []
    solid = u8(cv2.morphologyEx(colour, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8)))
    joined = u8(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((3, int(sheet.px(4.5))), np.uint8)))
    _, stats = components(joined)
    height = sheet.grey.shape[0]
    marks = []
    for x, y, wide, high, _ in stats.tolist():
        if (
            wide < sheet.px(14)
            or not sheet.px(2.0) <= high <= sheet.px(13)
            or y < 0.45 * height
            or wide < 2.2 * high
        ):
            continue
        if height < sheet.px(150):  # a card
            continue
        part = solid[y : y + high, x : x + wide]
        straightness = _type(part, sheet)
        if straightness is None:
            continue
        box = sheet.box(x, y, x + wide, y + high)
        marks.append(Mark(kind="stamp", page=sheet.page, box=box, confidence=round(straightness, 2)))
    return marks


def _type(part: Mask, sheet: Sheet) -> float | None:
    """How much a piece of coloured ink looks like type; None if it does not: strokes run on, type stands apart."""
    _, stats = components(part)
    low, most = (sheet.px(v) for v in LETTER_MM)
    letters = stats[(stats[:, 3] >= low) & (stats[:, 3] <= most) & (stats[:, 2] <= 1.8 * stats[:, 3])]
    if len(letters) < FEWEST_LETTERS:
        return None
    if letters[:, 4].sum() < 0.6 * (part > 0).sum():
        return None
    tall = letters[letters[:, 3] > 0.6 * np.percentile(letters[:, 3], 80)]
    middles = tall[:, 0] + tall[:, 2] / 2
    feet = (tall[:, 1] + tall[:, 3]).astype(np.float64)
    slope, start = np.polyfit(middles, feet, 1) if len(tall) > 2 else (0.0, float(feet.mean()))
    off = np.abs(feet - (slope * middles + start))
    onto = float((off < 0.14 * np.median(tall[:, 3])).mean())
    return 0.5 + 0.45 * onto if onto >= 0.6 else None
