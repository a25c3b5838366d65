"""How well marks beside print are found: precision and recall by kind and grade, on sample papers with overlays.

Every paper's own seals, signatures, boxes and photographs count, and beside them up to three overlays a paper
(samples/overlays.py). Goal: recall 0.9 and precision 0.95 for seals, signatures, boxes and notes at grade `office`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, cast

import numpy as np
from rich.console import Console
from rich.table import Table

from dossier.model import Box
from dossier.reading import Mark
from dossier.settings import ReadingSettings
from ocr.colour import inks
from ocr.engines.base import Colour
from ocr.inspection import inspect_file
from ocr.marks import find_marks
from ocr.marks.sheet import covered, overlap
from ocr.orientation import rotate
from ocr.pixels import grey_of
from ocr.render import render_page
from ocr.resolution import first_dpi
from ocr.skew import deskew, measure_skew
from samples import files
from samples.hiding import Truth, own_marks
from samples.overlays import OVERLAYS
from samples.render import to_images, to_pdf
from samples.scan import Grade, scan, settings
from samples.single import MAKERS

Turn = Literal[0, 90, 180, 270]
SEED = "marks-test"
GRADES: tuple[Grade, ...] = ("clean", "office", "hard")
GOALS = dict.fromkeys(("seal", "signature", "box-ticked", "box-empty", "note"), (0.9, 0.95))
IOU = 0.5
PEN = ("signature", "handwriting", "strike", "stamp")
"""Kinds without a sharp rim: found if half of them is covered, right if half of what was found is theirs."""
PEN_SHARE = 0.5


@dataclass(frozen=True)
class Seen:
    """One page: the truth, what was found (both in pixels of the reading), and the seconds that it took."""

    name: str
    truth: tuple[Mark, ...]
    found: tuple[Mark, ...]
    seconds: float
    pixels: Colour


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench marks", description=__doc__)
    parser.add_argument("--per-type", type=int, default=6, help="papers of each type and grade")
    parser.add_argument("--grades", default=",".join(GRADES))
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--short", action="store_true", help="two papers of each type, office grade")
    parser.add_argument(
        "--save", type=Path, help="folder for pictures of pages with something missed or wrong"
    )
    asked = parser.parse_args()
    grades: tuple[Grade, ...] = ("office",) if asked.short else tuple(asked.grades.split(","))
    table = Table(title="Marks by grade")
    for heading in ("grade", "kind", "there", "found", "recall", "given", "right", "precision"):
        table.add_column(heading, justify="left" if heading in ("grade", "kind") else "right")
    missed, pages, spent = [], 0, 0.0
    for grade in grades:
        count: Counter[tuple[str, str]] = Counter()
        for seen in look(asked.seed, 2 if asked.short else asked.per_type, grade):
            wrong = tally(seen, count)
            pages, spent = pages + 1, spent + seen.seconds
            if wrong and asked.save:
                _picture(asked.save, seen, wrong)
        for kind in sorted({kind for kind, _ in count}):
            recall, precision = rates(count, kind)
            table.add_row(
                grade, kind, str(count[kind, "there"]), str(count[kind, "got"]), f"{recall:.2f}",
                str(count[kind, "given"]), str(count[kind, "right"]), f"{precision:.2f}",
            )  # fmt: skip
            goal = GOALS.get(kind)
            if goal and grade == "office" and not (recall >= goal[0] and precision >= goal[1]):
                missed.append(kind)
    Console(width=120).print(table)
    print(
        f"marks: {pages} pages, {1000 * spent / max(pages, 1):.0f} ms a page, "
        f"goals missed at office grade: {', '.join(missed) or 'none'}"
    )
    return 1 if missed else 0


def look(seed: str, per_type: int, grade: Grade) -> Iterator[Seen]:
    """Make papers with marks, scan them, look for marks."""
    with tempfile.TemporaryDirectory() as scratch:
        for kind, make in MAKERS.items():
            for n in range(per_type):
                rng = Random(f"{seed}/{kind}/{n}")
                paper = make(rng, False)
                how = settings(rng, grade, card=kind == "citizen-id-card")
                pages = to_images(to_pdf(paper), how.dpi)
                truth = own_marks(paper, how.dpi)
                for name in rng.sample(sorted(OVERLAYS), 3 if kind != "citizen-id-card" else 0):
                    pages[0], more = OVERLAYS[name](rng, pages[0], how.dpi)
                    _hide(truth, more)
                    truth = truth + more
                scans = [scan(page, how, rng.getrandbits(32)) for page in pages]
                path = Path(scratch, f"{kind}-{n}.pdf")
                path.write_bytes(
                    files.pdf([files.Sheet(one, how.dpi, how.quality, how.compact) for one in scans])
                )
                yield from _read(path, truth, cast(Turn, how.turn), f"{grade}-{kind}-{n}")


def _hide(truth: list[Truth], more: list[Truth]) -> None:
    """Mark what a note has covered in part: it may be found or not."""
    for note in more:
        for one in truth:
            if note["kind"] == "note" and one["page"] == 1 and covered(_box(one), _box(note)) > 0.1:
                one["hidden"] = True


def _read(path: Path, truth: list[Truth], turn: Turn, name: str) -> Iterator[Seen]:
    info = inspect_file(path, path.name, ReadingSettings())
    for number, size in enumerate(info.pages, 1):
        dpi = first_dpi(size)
        pixels = rotate(render_page(path, info, number, dpi), turn)  # scans are turned the other way round
        pixels = deskew(pixels, measure_skew(grey_of(pixels)))
        start = time.perf_counter()
        found = find_marks(pixels, inks(pixels), number, dpi)
        seconds = time.perf_counter() - start
        scale = dpi / size.dpi
        there = tuple(
            Mark(kind=one["kind"], page=number, box=_box(one, scale), confidence=float("hidden" not in one))
            for one in truth
            if one["page"] == number
        )
        yield Seen(f"{name}-p{number}", there, found, seconds, pixels)


def tally(seen: Seen, count: Counter[tuple[str, str]]) -> list[Mark]:
    """Count into `count`; gives back what was missed and what was wrong."""
    out = []
    pen_there = [_thick(one) for one in seen.truth if one.kind in (*PEN, "box-ticked", "note")]
    for one in seen.truth:
        if not one.confidence:
            continue
        got = _is_found(one, seen.found)
        count[one.kind, "there"] += 1
        count[one.kind, "got"] += got
        if not got:
            out.append(one)
    hidden = tuple(one for one in seen.truth if not one.confidence)
    for one in seen.found:
        if any(one.kind == other.kind and overlap(one.box, other.box) for other in hidden):
            continue
        right = (
            _covered(_thick(one), pen_there if one.kind == "handwriting" else _of(seen.truth, one.kind))
            >= PEN_SHARE
        )
        if one.kind not in PEN:
            right = any(_iou(one.box, box) >= IOU for box in _of(seen.truth, one.kind))
        count[one.kind, "given"] += 1
        count[one.kind, "right"] += right
        if not right:
            out.append(one)
    return out


def rates(count: Counter[tuple[str, str]], kind: str) -> tuple[float, float]:
    """Recall and precision; 1.0 of nothing."""
    there, given = count[kind, "there"], count[kind, "given"]
    return (
        count[kind, "got"] / there if there else 1.0,
        count[kind, "right"] / given if given else 1.0,
    )


def _is_found(one: Mark, found: tuple[Mark, ...]) -> bool:
    if one.kind in PEN:
        kinds = ("handwriting", "signature") if one.kind == "handwriting" else (one.kind,)
        return _covered(_thick(one), [box for kind in kinds for box in _of(found, kind)]) >= PEN_SHARE
    return any(_iou(one.box, box) >= IOU for box in _of(found, one.kind))


def _of(marks: tuple[Mark, ...], kind: str) -> list[Box]:
    return [_thick(one) for one in marks if one.kind == kind]


def _thick(one: Mark) -> Box:
    """A stroke has no height to speak of: a half height of print is given to it, up and down."""
    x0, y0, x1, y1 = one.box
    slack = max(12.0 - (y1 - y0) / 2, 0.0) if one.kind == "strike" else 0.0
    return x0, y0 - slack, x1, y1 + slack


def _covered(box: Box, others: list[Box]) -> float:
    """Share of a box that lies under others."""
    x0, y0, x1, y1 = (round(v) for v in box)
    area = np.zeros((max(y1 - y0, 1), max(x1 - x0, 1)), bool)
    for a, b, c, d in others:
        area[max(round(b) - y0, 0) : max(round(d) - y0, 0), max(round(a) - x0, 0) : max(round(c) - x0, 0)] = (
            True
        )
    return float(area.mean())


def _iou(one: Box, other: Box) -> float:
    sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    cut = covered(one, other) * sizes[0]
    return cut / max(sum(sizes) - cut, 1e-6)


def _box(one: Truth, scale: float = 1.0) -> Box:
    x0, y0, x1, y1 = (float(v) * scale for v in one["box"])
    return x0, y0, x1, y1


def _picture(folder: Path, seen: Seen, wrong: list[Mark]) -> None:
    """The page with the truth in green, what was found in blue, errors in red; and a list of them beside it."""
    import cv2

    folder.mkdir(parents=True, exist_ok=True)
    out = np.ascontiguousarray(seen.pixels[..., ::-1]).copy()
    for marks, colour in ((seen.truth, (0, 160, 0)), (seen.found, (220, 60, 0)), (tuple(wrong), (0, 0, 255))):
        for one in marks:
            x0, y0, x1, y1 = (int(v) for v in one.box)
            cv2.rectangle(out, (x0, y0), (x1, y1), colour, 2)
            cv2.putText(out, one.kind, (x0, y0 - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1)
    cv2.imwrite(
        str(folder / f"{seen.name}.jpg"), cv2.resize(out, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    )
    told = [
        f"{'missed' if one in seen.truth else 'wrong'} {one.kind} {[round(v) for v in one.box]}"
        for one in wrong
    ]
    (folder / f"{seen.name}.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
