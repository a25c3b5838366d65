"""The papers that a bench reads: made on all cores, each with its truth, which never lies beside the scans."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pikepdf
from PIL import Image, ImageSequence

from bench.score import truths
from samples import files
from samples.scan import Grade
from samples.single import MAKERS, write_papers

GRADES: tuple[Grade, ...] = ("clean", "office", "hard")
EVERY_GRADE: tuple[Grade, ...] = get_args(Grade)
"""With `photo`, which is read when it is asked for."""

Truth = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """Which papers: `per_type` of each type and grade. types: none means all that the samples can make."""

    seed: str
    per_type: int
    grades: tuple[Grade, ...] = GRADES
    held_back: bool = False
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """The papers of one grade. folder: of scans only; a truth's `file` is a name in it."""

    grade: Grade
    folder: Path
    truths: tuple[Truth, ...]

    @property
    def paths(self) -> list[Path]:
        return [self.folder / truth["file"] for truth in self.truths]

    @property
    def pages(self) -> int:
        return sum(truth["pages"] for truth in self.truths)


def make_papers(folder: Path, order: Order) -> list[Batch]:
    """Write the papers below `folder`, a subfolder for each grade; a batch for each."""
    # The held-back stray paper has no layout of its own: it would be counted as one.
    types = [kind for kind in order.types or tuple(MAKERS) if not (order.held_back and kind == "other")]
    jobs = [(folder / grade, order, grade, kind) for grade in order.grades for kind in types]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(_make, jobs))
    return [_batch(folder / grade, grade) for grade in order.grades]


def bind(paths: Sequence[Path], out: Path, pages: int | None = None) -> int:
    """All pages of scans in one PDF, over again until there are `pages` of them; gives back how many.

    Papers are taken whole where they come first. What is not a PDF is packed into one at JPEG quality 80.
    """
    with ExitStack() as open_files:
        documents = [open_files.enter_context(pikepdf.open(BytesIO(_as_pdf(path)))) for path in paths]
        bound = open_files.enter_context(pikepdf.new())
        sheets = [page for document in documents for page in document.pages]
        for page in islice(cycle(sheets), len(sheets) if pages is None else pages):
            bound.pages.append(page)
        bound.save(out)
        return len(bound.pages)


def _as_pdf(path: Path) -> bytes:
    if path.suffix == ".pdf":
        return path.read_bytes()
    with Image.open(path) as picture:
        dpi = round(picture.info["dpi"][0])
        frames = [
            np.asarray(frame.convert("L" if frame.mode == "L" else "RGB"))
            for frame in ImageSequence.Iterator(picture)
        ]
    return files.pdf([files.Sheet(frame, dpi, 80) for frame in frames])


def _make(job: tuple[Path, Order, Grade, str]) -> None:
    folder, order, grade, kind = job
    write_papers(folder, order.seed, order.per_type, grade, order.held_back, (kind,))


def _batch(folder: Path, grade: Grade) -> Batch:
    known: Sequence[Truth] = truths(folder)
    for path in folder.glob("*.json"):
        path.unlink()
    return Batch(grade, folder, tuple(known))
