"""Receipts: what comes back to the digitiser for each dossier version, as JSON and as one self-contained page."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dossier.record import Record
from storage.buckets import RECEIPTS
from storage.keys import folder, version_name
from storage.pages import page_template
from storage.receipts.view import receipt
from storage.s3 import Store

HTML = "text/html; charset=utf-8"
MARGIN = 0.5  # per cent of the page, so that a box does not touch what it surrounds

Place = tuple[float, float, float, float]


@dataclass(frozen=True)
class Preview:
    """A page's picture. width, height: of the page reading, in whose pixels boxes are; the JPEG may be smaller."""

    jpeg: bytes
    width: int
    height: int


Previews = Mapping[tuple[str, int], Preview]
"""By (sha256 of the file, page from 1)."""


def receipt_html(record: Record, previews: Previews) -> str:
    """The page: no outside resource, no script, every text escaped. A page without its picture is told in words."""
    view = receipt(record)
    return page_template("receipt.html.j2").render(receipt=view, pictures=_pictures(view, previews))


def give_receipt(store: Store, record: Record, previews: Previews) -> None:
    """Put the receipt of this version, and make it the dossier's newest. Doing it again changes nothing."""
    start = folder(record.office, record.dossier)
    page = receipt_html(record, previews).encode()
    data = (json.dumps(receipt(record), ensure_ascii=False, indent=1) + "\n").encode()
    for name in (f"{start}{version_name(record.version)}", f"{start}receipt"):
        store.put(RECEIPTS, f"{name}.html", page, HTML)
        store.put(RECEIPTS, f"{name}.json", data, "application/json")


def receipt_key(office: str | None, code: str, version: int | None = None) -> str:
    """Where the receipt's page of a version lies, by default the newest, in the bucket of receipts."""
    return f"{folder(office, code)}{version_name(version) if version else 'receipt'}.html"


def _pictures(view: dict[str, Any], previews: Previews) -> list[dict[str, Any]]:
    """The pages that something is wrong with, each with the numbered boxes of it, in per cent of the page.

    boxes: of what is wrong; beside: of what that was held against, on this page or another.
    """
    pages: dict[tuple[str, int], dict[str, Any]] = {}
    for problem in view["problems"]:
        for place in (problem, *problem["beside"]):
            preview = previews.get((place["sha256"], place["page"]))
            if preview is None or (place is not problem and _here(place, problem)):
                continue
            page = pages.setdefault((place["sha256"], place["page"]), _page(place, preview))
            # What several rules say of one place is one box with several numbers.
            kind = "boxes" if place is problem else "beside"
            page[kind].setdefault(_place(place["box"], preview), []).append(problem)
    return list(pages.values())


def _here(place: dict[str, Any], problem: dict[str, Any]) -> bool:
    """Nothing to outline: the other value stands in the very place of the problem, or nobody knows where."""
    same = (place["sha256"], place["page"], place["box"]) == (
        problem["sha256"],
        problem["page"],
        problem["box"],
    )
    return same or place["box"] is None


def _page(place: dict[str, Any], preview: Preview) -> dict[str, Any]:
    return {
        "file": place["file"] or "",
        "page": place["page"],
        "paper": place["paper"],
        "width": preview.width,
        "height": preview.height,
        "data": base64.b64encode(preview.jpeg).decode(),
        "boxes": {},
        "beside": {},
    }


def _place(box: tuple[float, float, float, float] | None, preview: Preview) -> Place | None:
    """Left, top, width, height in per cent, a little wider than the box and kept inside the page."""
    if box is None:
        return None
    x0, x1 = (min(max(x / preview.width, 0.0), 1.0) * 100 for x in (box[0], box[2]))
    y0, y1 = (min(max(y / preview.height, 0.0), 1.0) * 100 for y in (box[1], box[3]))
    left, top = max(0.0, x0 - MARGIN), max(0.0, y0 - MARGIN)
    width, height = min(100.0, x1 + MARGIN) - left, min(100.0, y1 + MARGIN) - top
    return round(left, 2), round(top, 2), round(width, 2), round(height, 2)
