"""Where a sample's own marks stand: the page is printed again without them, and what differs is their place."""

from __future__ import annotations

import io
import re
from typing import Any

import cv2
import numpy as np
import pypdfium2
from weasyprint import HTML

from samples.paper import Paper
from samples.render import Image, to_html

LOOK_DPI = 100
MM = 25.4
CLASSES = {
    "ink-seal": "seal",
    "ink-signature": "signature",
    "received": "stamp",
    "photo": "photograph",
    "pen": "handwriting",
    "box": "box-empty",
}
"""Classes in the templates and of what samples/ink.py draws, and the kind of mark that each one draws."""
_JOIN_MM = {"handwriting": 4.0, "signature": 3.0, "seal": 3.0, "stamp": 5.0, "photograph": 2.0}

Truth = dict[str, Any]
"""kind, page (from 1), box [x0, y0, x1, y1] in pixels of the printed page at the scan's dpi, before skew."""


def own_marks(paper: Paper, dpi: int) -> list[Truth]:
    """The marks that the paper's template draws. dpi: of the scan, in whose pixels the boxes are given."""
    html = to_html(paper)
    there = [name for name in CLASSES if re.search(rf'class="(?:[^"]* )?{name}[ "]', html)]
    if not there:
        return []
    whole = _pages(html)
    out: list[Truth] = []
    for name in there:
        kind = CLASSES[name]
        for number, (full, less) in enumerate(zip(whole, _without(html, name), strict=True), 1):
            for box in _differences(full, less, _JOIN_MM.get(kind, 0.6)):
                out.append({"kind": kind, "page": number, "box": [v * dpi / LOOK_DPI for v in box]})
    if "box" in there:
        ticks = [
            (number, box)
            for number, (full, less) in enumerate(
                zip(whole, _pages(_styled(html, ".box{color:transparent!important}")), strict=True), 1
            )
            for box in _differences(full, less, 0.6)
        ]
        _tick(out, ticks, dpi)
    return out


def _tick(found: list[Truth], ticks: list[tuple[int, list[float]]], dpi: int) -> None:
    for mark in found:
        x0, y0, x1, y1 = (v * LOOK_DPI / dpi for v in mark["box"])
        for number, (a, b, c, d) in ticks:
            within = x0 <= (a + c) / 2 <= x1 and y0 <= (b + d) / 2 <= y1
            if mark["kind"] == "box-empty" and mark["page"] == number and within:
                mark["kind"] = "box-ticked"


def _without(html: str, name: str) -> list[Image]:
    return _pages(_styled(html, f".{name}{{opacity:0!important}}"))


def _styled(html: str, css: str) -> str:
    return html.replace("</head>", f"<style>{css}</style></head>", 1)


def _pages(html: str) -> list[Image]:
    pdf = HTML(string=html).write_pdf(pdf_identifier=b"sample")
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [np.asarray(page.render(scale=LOOK_DPI / 72).to_pil().convert("RGB")) for page in document]
    finally:
        document.close()


def _differences(full: Image, less: Image, join_mm: float) -> list[list[float]]:
    """Boxes of what only the full page shows; pieces nearer than join_mm are one."""
    apart = (cv2.absdiff(full, less).max(axis=2) > 24).astype(np.uint8)
    reach = max(int(join_mm * LOOK_DPI / MM), 1)
    joined = cv2.dilate(apart, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = []
    for index in range(1, count):
        x, y, wide, high, _ = (int(v) for v in stats[index])
        rows, columns = np.nonzero(
            apart[y : y + high, x : x + wide] & (labels[y : y + high, x : x + wide] == index)
        )
        if rows.size >= 6:
            boxes.append(
                [
                    float(v)
                    for v in (x + columns.min(), y + rows.min(), x + columns.max() + 1, y + rows.max() + 1)
                ]
            )
    return [box for box in boxes if not any(other is not box and _holds(other, box) for other in boxes)]


def _holds(outer: list[float], inner: list[float]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
