"""How well ID cards' codes are read: lines of the machine-readable zone exact, QR codes found, and what they cost.

Goal: 99 % of the zone's lines at the grades clean and office, and nothing wrong that check digits let through.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.score import share, truths
from dossier.settings import ReadingSettings
from ocr.inspection import inspect_file
from ocr.mrzread import Zone, read_zone
from ocr.pages import page_image, read_page
from ocr.toolbox import Toolbox
from samples.scan import SCANNED, Grade
from samples.single import write_papers

GOAL = 99.0
TYPE = "citizen-id-card"


@dataclass
class Seen:
    """Of one grade: lines right or not, codes found or not, milliseconds."""

    lines: list[bool] = field(default_factory=list)
    codes: list[bool] = field(default_factory=list)
    wrong: int = 0
    repaired: int = 0
    ms: Counter[str] = field(default_factory=Counter)
    pages: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench cards", description=__doc__)
    parser.add_argument("--per-grade", type=int, default=20)
    parser.add_argument("--grades", default=",".join(SCANNED))
    parser.add_argument("--seed", default="cards-test")
    asked = parser.parse_args()
    toolbox = Toolbox(ReadingSettings())
    grades: list[Grade] = asked.grades.split(",")
    seen = {grade: _grade(toolbox, grade, asked.per_grade, asked.seed) for grade in grades}
    table = Table(title="Codes of ID cards")
    for column in (
        "grade",
        "MRZ lines",
        "exact",
        "QR read",
        "repaired",
        "wrong",
        "MRZ ms/page",
        "codes ms/page",
    ):
        table.add_column(column, justify="left" if column == "grade" else "right")
    for grade, one in seen.items():
        table.add_row(
            grade,
            str(len(one.lines)),
            f"{share(one.lines):.1f} %",
            f"{share(one.codes):.1f} %",
            str(one.repaired),
            str(one.wrong),
            *(f"{one.ms[stage] / max(one.pages, 1):.0f}" for stage in ("mrz", "codes")),
        )
    Console(width=110).print(table)
    easy = [line for grade in ("clean", "office") if grade in seen for line in seen[grade].lines]
    wrong = sum(one.wrong for one in seen.values())
    print(
        f"cards: MRZ lines exact {share(easy):.1f} % at clean and office (goal {GOAL:.0f}), wrong values {wrong}"
    )
    return 1 if wrong or (easy and share(easy) < GOAL) else 0


def _grade(toolbox: Toolbox, grade: Grade, count: int, seed: str) -> Seen:
    seen = Seen()
    with tempfile.TemporaryDirectory() as scratch:
        write_papers(Path(scratch), seed, count, grade, types=(TYPE,))
        for truth in truths(Path(scratch)):
            _paper(toolbox, Path(scratch, truth["file"]), truth, seen)
    return seen


def _paper(toolbox: Toolbox, path: Path, truth: dict[str, Any], seen: Seen) -> None:
    info = inspect_file(path, path.name, toolbox.settings)
    zone: Zone | None = None
    texts: list[str] = []
    for number in range(1, len(info.pages) + 1):
        page, _ = read_page(path, info, number, toolbox)
        start = time.perf_counter()
        zone = read_zone(page_image(path, info, page), page.dpi, toolbox, date.today()) or zone
        seen.ms["mrz"] += round(1000 * (time.perf_counter() - start))
        seen.ms["codes"] += round(1000 * page.seconds["codes"])
        seen.pages += 1
        texts += [code.text for code in page.codes]
    lines = zone.lines if zone else ("", "", "")
    seen.lines += [read == line for read, line in zip(lines, truth["notes"]["mrz"].split("\n"), strict=True)]
    seen.codes.append(truth["notes"]["qr"] in texts)
    if zone:
        seen.repaired += bool(zone.mrz.repaired)
        for name in ("personal_id", "date_of_birth", "sex", "expiry_date"):
            value = getattr(zone.mrz, name)
            seen.wrong += value is not None and str(value) != truth["fields"].get(name)
