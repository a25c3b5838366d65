"""What people leave on printed paper before it is scanned, with its place: notes, strikes, stamps, ticks, scrawls.

Each overlay takes a printed page and gives it back with the mark on it and the truth about it, or nothing where
the page has no room. All chance comes from the generator that is handed in.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from weasyprint import HTML

from samples.hiding import MM, Truth
from samples.ink import BLACK, BLUE, RED, pen_digits, round_seal, signature
from samples.people import full_name
from samples.render import Image, font_face

NOTES = ((255, 242, 120), (255, 235, 90), (250, 180, 205), (178, 232, 160), (255, 214, 120))
"""Colours of sticky notes: yellows, pink, green, orange."""
_TITLES = ("CHỦ TỊCH", "PHÓ CHỦ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", "KT. GIÁM ĐỐC")
_OFFICES = ("UBND XÃ VỊ THỦY", "TRUNG TÂM PVHCC", "VĂN PHÒNG ĐKĐĐ")

Mask = NDArray[np.bool_]
Overlay = Callable[[Random, Image, int], tuple[Image, list[Truth]]]


def sticky_note(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """A coloured slip of 38 to 76 mm stuck over whatever stands there, a little turned, often written on."""
    wide, high = rng.choice(((76, 76), (51, 38), (76, 51), (50, 50)))
    left, top = _anywhere(rng, page, dpi, wide, high)
    turn = rng.uniform(-6, 6)
    unit = dpi / MM
    size = (wide * unit, high * unit)
    centre = ((left + wide / 2) * unit, (top + high / 2) * unit)
    corners = cv2.boxPoints((centre, size, turn))
    out = page.copy()
    shadow = np.zeros(page.shape[:2], np.float32)
    cv2.fillConvexPoly(shadow, (corners + 0.8 * unit).astype(np.int32), 1.0)
    shade = 1 - 0.18 * cv2.GaussianBlur(shadow, (0, 0), 0.6 * unit)[..., None]
    out = np.asarray(out * shade, np.uint8)
    cv2.fillConvexPoly(out, corners.astype(np.int32), rng.choice(NOTES), cv2.LINE_AA)
    if rng.random() < 0.7:
        writing = _raster(
            pen_digits(rng, str(rng.randrange(100, 99999)), rng.choice(BLUE + BLACK), 7), 60, 12, dpi
        )
        out, _ = _stamped(out, writing, (left + 0.15 * wide) * unit, (top + 0.4 * high) * unit)
    x0, y0 = corners.min(axis=0)
    x1, y1 = corners.max(axis=0)
    return out, [_truth("note", (x0, y0, x1, y1), page)]


def strike(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """A pen or ruler stroke through a line of words."""
    rows = _rows(page, dpi)
    if not rows:
        return page, []
    x0, y0, x1, y1 = rng.choice(rows)
    unit = dpi / MM
    length = min(x1 - x0, rng.uniform(25, 120) * unit)
    start = x0 + rng.uniform(0, x1 - x0 - length)
    middle = (y0 + y1) / 2 + rng.uniform(-0.1, 0.15) * (y1 - y0)
    tilt = rng.uniform(-0.12, 0.12) * (y1 - y0)
    bow = rng.choice((0.0, rng.uniform(-0.15, 0.15))) * (y1 - y0)
    points = [
        (start + length * t, middle + tilt * (2 * t - 1) + bow * 4 * t * (1 - t))
        for t in np.linspace(0, 1, 24)
    ]
    colour = rng.choice((*BLUE, *BLACK, *BLACK))
    out = _drawn(page, points, colour, rng.uniform(0.35, 0.6) * unit)
    ys = [y for _, y in points]
    return out, [_truth("strike", (start, min(ys), start + length, max(ys) + 1), page)]


def black_signature(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """A scrawl in black, under or across a printed name."""
    place = _room(rng, page, dpi, 52, 30)
    if place is None:
        return page, []
    unit = dpi / MM
    x, y = place[0] * unit, place[1] * unit
    out = page
    if rng.random() < 0.8:
        name = f'<b style="font-size:13pt">{full_name(rng, "Nam")}</b>'
        out, _ = _stamped(out, _raster(name, 50, 7, dpi), x + 5 * unit, y + rng.uniform(17, 23) * unit)
    wide, high = rng.uniform(30, 46), rng.uniform(13, 22)
    out, box = _stamped(
        out, _raster(signature(rng, rng.choice(BLACK), wide, high), wide + 2, high + 2, dpi), x, y
    )
    return out, [_truth("signature", box, page)] if box else []


def extra_seal(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """A second seal: whole, or over the paper's right edge as the seals across the sheets of one paper."""
    picture = _raster(
        round_seal(rng, "ỦY BAN NHÂN DÂN XÃ VỊ THỦY ★", "CẦN THƠ", rng.choice(RED), 36), 36, 36, dpi
    )
    unit = dpi / MM
    height, width = page.shape[:2]
    if rng.random() < 0.5:
        x, y = width - rng.uniform(0.45, 0.75) * 36 * unit, rng.uniform(0.25, 0.7) * height
    else:
        place = _room(rng, page, dpi, 40, 38)
        if place is None:
            return page, []
        x, y = place[0] * unit, place[1] * unit
    out, box = _stamped(page, picture, x, y)
    return out, [_truth("seal", box, page)] if box else []


def stamp(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """The mail desk's box, or a signer's name or title in straight rubber letters, red or blue."""
    colour = rng.choice(("#c8242e", "#2a3f9d", "#b3242e", "#2346b5"))
    if rng.random() < 0.55:
        number = pen_digits(rng, str(rng.randrange(20, 990)), rng.choice(BLUE), 4)
        day = pen_digits(rng, f"{rng.randrange(10, 29)}/{rng.randrange(1, 12)}", rng.choice(BLUE), 4)
        body = (
            f"<div style=\"border:.6mm solid {colour};color:{colour};width:46mm;font:bold 9pt 'S Liberation Sans';"
            f'text-align:center;padding:1mm;line-height:1.5">{rng.choice(_OFFICES)}<br>CÔNG VĂN ĐẾN<br>'
            f"Số: {number}<br>Ngày: {day}</div>"
        )
        wide, high = 52, 34
    else:
        text = rng.choice(_TITLES) if rng.random() < 0.4 else full_name(rng, "Nam")
        frame = f"border:.5mm solid {colour};padding:1mm 2mm;" if rng.random() < 0.4 else ""
        body = (
            f'<span style="display:inline-block;{frame}color:{colour};white-space:nowrap;font:bold 15pt'
            f" 'S Liberation Serif'\">{text}</span>"
        )
        wide, high = 95, 12
    place = _room(rng, page, dpi, min(wide, 60), high)
    if place is None:
        return page, []
    unit = dpi / MM
    picture = _raster(body, wide, high, dpi, turn=rng.uniform(-4, 4))
    out, box = _stamped(page, picture, place[0] * unit, place[1] * unit)
    return out, [_truth("stamp", box, page)] if box else []


def ticks(rng: Random, page: Image, dpi: int) -> tuple[Image, list[Truth]]:
    """A question with two boxes: one ticked by pen or print, or neither."""
    place = _room(rng, page, dpi, 62, 9)
    if place is None:
        return page, []
    side, rule = rng.uniform(2.8, 5.2), rng.uniform(0.18, 0.4)
    unit = dpi / MM
    left, top = place
    out, _ = _stamped(
        page, _raster('<span style="font-size:12pt">Có</span>', 10, 6, dpi), left * unit, (top + 1) * unit
    )
    out, _ = _stamped(
        out,
        _raster('<span style="font-size:12pt">Không</span>', 16, 6, dpi),
        (left + 22) * unit,
        (top + 1) * unit,
    )
    chosen = rng.choice((0, 1, None))
    found = []
    for at, x in enumerate((left + 9, left + 38)):
        y = top + 1.2 + rng.uniform(-0.3, 0.3)
        box = tuple(v * unit for v in (x, y, x + side, y + side))
        lines = [(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]), (box[0], box[1])]
        out = _drawn(out, lines, "#222222", rule * unit)
        if at == chosen:
            out = _ticked(rng, out, box, unit)
        found.append(_truth("box-ticked" if at == chosen else "box-empty", box, page))
    return out, found


def _ticked(rng: Random, page: Image, box: tuple[float, ...], unit: float) -> Image:
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    colour, pen = rng.choice(BLUE + BLACK), rng.uniform(0.35, 0.6) * unit

    def jitter() -> float:
        return rng.uniform(-0.08, 0.08) * wide

    if rng.random() < 0.5:
        cross = page
        for a, b in (((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85))):
            ends = [(x0 + p * wide + jitter(), y0 + q * high + jitter()) for p, q in (a, b)]
            cross = _drawn(cross, ends, colour, pen)
        return cross
    over = rng.uniform(-0.3, 0.15)
    hook = [(0.15, 0.5), (0.4, 0.85), (0.9 - over * 0.5, over)]
    return _drawn(page, [(x0 + p * wide + jitter(), y0 + q * high + jitter()) for p, q in hook], colour, pen)


OVERLAYS: dict[str, Overlay] = {
    "note": sticky_note,
    "strike": strike,
    "signature": black_signature,
    "seal": extra_seal,
    "stamp": stamp,
    "ticks": ticks,
}


def _truth(kind: str, box: tuple[float, ...], page: Image) -> Truth:
    height, width = page.shape[:2]
    x0, y0, x1, y1 = (float(v) for v in box)
    return {"kind": kind, "page": 1, "box": [max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)]}


def _raster(body: str, wide: float, high: float, dpi: int, turn: float = 0.0) -> Image:
    """A piece of HTML or SVG as pixels on white, wide x high millimetres."""
    css = font_face("Liberation Serif") + font_face("Liberation Sans")
    rim = 3 if turn else 0
    html = (
        f"<style>{css}@page{{size:{wide + 2 * rim}mm {high + 2 * rim}mm;margin:{rim}mm}}body{{margin:0;"
        f"font-family:'S Liberation Serif'}}</style><div style='transform:rotate({turn:.1f}deg);"
        f"transform-origin:0 0'>{body}</div>"
    )
    document = pypdfium2.PdfDocument(io.BytesIO(HTML(string=html).write_pdf(pdf_identifier=b"sample")))
    try:
        return np.asarray(document[0].render(scale=dpi / 72).to_pil().convert("RGB"), np.uint8)
    finally:
        document.close()


def _stamped(page: Image, picture: Image, x: float, y: float) -> tuple[Image, tuple[float, ...]]:
    """The picture as ink on the page (print below stays dark), and the box of its ink; empty where none is left."""
    height, width = page.shape[:2]
    left, top = max(int(x), 0), max(int(y), 0)
    high, wide = min(picture.shape[0], height - top), min(picture.shape[1], width - left)
    if high <= 0 or wide <= 0:
        return page, ()
    part = picture[:high, :wide]
    rows, columns = np.nonzero(part.min(axis=2) < 220)
    if rows.size == 0:
        return page, ()
    out = page.copy()
    under = out[top : top + high, left : left + wide].astype(np.float32)
    out[top : top + high, left : left + wide] = (under * part / 255).astype(np.uint8)
    box = (columns.min() + left, rows.min() + top, columns.max() + 1 + left, rows.max() + 1 + top)
    return out, box


def _drawn(page: Image, points: list[tuple[float, float]], colour: str, width: float) -> Image:
    """A stroke through the points. width in pixels."""
    ink = np.full_like(page, 255)
    rgb = [float(int(colour[k : k + 2], 16)) for k in (1, 3, 5)]
    path = np.asarray([(round(x * 16), round(y * 16)) for x, y in points], np.int32)
    cv2.polylines(ink, [path], False, rgb, max(round(width), 1), cv2.LINE_AA, 4)
    return np.minimum(page, ink)


def _ink(page: Image, dpi: int) -> tuple[Mask, float]:
    """Ink at 50 dpi, and the factor from there to the page's pixels."""
    factor = dpi / 50
    small = cv2.resize(page.min(axis=2), None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    return small < 225, factor


def _room(rng: Random, page: Image, dpi: int, wide: float, high: float) -> tuple[float, float] | None:
    """Left and top in millimetres of a place without print, 8 mm inside the paper; None if there is none."""
    ink, _ = _ink(page, dpi)
    unit = 50 / MM
    w, h, rim = int(wide * unit), int(high * unit), int(8 * unit)
    total = cv2.integral(ink.astype(np.uint8))
    free = (total[h:, w:] - total[:-h, w:] - total[h:, :-w] + total[:-h, :-w]) == 0
    ys, xs = (
        np.nonzero(free[rim:-rim, rim:-rim]) if min(free.shape) > 2 * rim else (np.array([]), np.array([]))
    )
    if len(ys) == 0:
        return None
    at = rng.randrange(len(ys))
    return (xs[at] + rim) / unit, (ys[at] + rim) / unit


def _anywhere(rng: Random, page: Image, dpi: int, wide: float, high: float) -> tuple[float, float]:
    height, width = (side / dpi * MM for side in page.shape[:2])
    return rng.uniform(2, max(width - wide - 2, 3)), rng.uniform(2, max(height - high - 2, 3))


def _rows(page: Image, dpi: int) -> list[tuple[float, float, float, float]]:
    """Boxes of lines of print long enough to be struck through."""
    grey = page.min(axis=2)
    factor = dpi / 100
    small = cv2.resize(grey, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA) < 160
    joined = cv2.morphologyEx(small.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 25), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    return [
        (x * factor, y * factor, (x + w) * factor, (y + h) * factor)
        for x, y, w, h, _ in stats[1:].tolist()
        if w > 120 and 10 <= h <= 26
    ]
