"""What each step of cleaning is worth: the same papers read as they are, and with steps left out or always taken.

A step is said to have helped when without it fewer fields are exact, or as many with more errors of running text.
Few papers show large effects only: the interval tells how much of a difference is the choice of papers.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.clocked import warm
from bench.corpus import EVERY_GRADE, Order, Truth, make_papers
from bench.running import Errors
from bench.score import OURS, PaperScore, score_components, share
from dossier.errors import SohoaError
from dossier.reading import FileReading
from dossier.record import Component
from dossier.settings import load_settings
from ocr.component import read_component
from ocr.grouping import group
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.pool import ReadingPool
from ocr.steps import AS_MEASURED, GATED, Policy, Step
from ocr.toolbox import Toolbox

SEED = "ablation"
GRADES = "office,hard"
TYPES = ("birth-certificate", "marriage-certificate", "decision", "birth-registration-form", "residence-form")
"""Certificates under seals and red print, running text, forms with leaders, a form with a table."""
AS_IT_IS = "as it is"
RESAMPLES = 2000

Outcome = tuple[tuple[Component, ...], float]


@dataclass(frozen=True)
class Way:
    """Papers read under one policy, in the order of the sample. cpu_s: in the reading processes."""

    name: str
    papers: tuple[PaperScore, ...]
    cpu_s: float

    @property
    def exact(self) -> list[list[bool]]:
        """By paper."""
        return [[field.exact for field in paper.fields] for paper in self.papers]

    @property
    def errors(self) -> Errors:
        return sum((paper.running.get(OURS, Errors()) for paper in self.papers), Errors())


@dataclass(frozen=True)
class Change:
    """Fields that a way gained and lost, and the difference of exact fields with its interval, per cent."""

    gained: int
    lost: int
    difference: float
    low: float
    high: float


def policies() -> dict[str, Policy]:
    """All ways of cleaning by name: as it is, each step left out, all left out, each step that can always taken."""
    return {
        AS_IT_IS: AS_MEASURED,
        **{without(step): Policy(never=frozenset({step})) for step in Step},
        "without all": Policy(never=frozenset(Step)),
        **{f"{step} always": Policy(always=frozenset({step})) for step in Step if step in GATED},
    }


def without(step: Step) -> str:
    return f"without {step}"


def main() -> int:
    asked = _arguments()
    began = time.monotonic()
    grades = tuple(grade for grade in EVERY_GRADE if grade in asked.grades.split(","))
    order = Order(asked.seed, asked.per_type, grades, types=tuple(asked.type) or TYPES)
    with tempfile.TemporaryDirectory() as scratch, ReadingPool(load_settings().reading) as pool:
        batches = make_papers(Path(scratch), order)
        sample = [pair for batch in batches for pair in zip(batch.paths, batch.truths, strict=True)]
        warm(pool)
        ways = [_read(pool, name, policy, sample) for name, policy in policies().items()]
    pages = sum(batch.pages for batch in batches)
    Console(width=140).print(_table(ways, grades, pages))
    idle = [step for step in Step if not helped(step, ways)]
    print(
        f"ablation: {len(sample)} papers, {pages} pages, {len(ways)} ways in {time.monotonic() - began:.0f} s; "
        f"did not help on this sample: {', '.join(idle) or 'none'}"
    )
    return 0


def _read(pool: ReadingPool, name: str, policy: Policy, sample: Sequence[tuple[Path, Truth]]) -> Way:
    futures: list[Future[Outcome]] = [pool.submit(read_under, policy, path) for path, _ in sample]
    outcomes = [future.result() for future in futures]
    papers = (score_components(truth, found) for (_, truth), (found, _) in zip(sample, outcomes, strict=True))
    return Way(name, tuple(papers), sum(spent for _, spent in outcomes))


def read_under(toolbox: Toolbox, policy: Policy, path: Path) -> Outcome:
    """The papers of a file and the CPU seconds of reading it, in a reading process; none if it is refused."""
    ours = copy.copy(toolbox)  # the engines stay those of the process
    ours.cleaning = policy
    began = time.process_time()
    try:
        info = inspect_file(path, path.name, toolbox.settings)
        pages = tuple(read_page(path, info, n, ours)[0] for n in range(1, len(info.pages) + 1))
        drafts = group([FileReading(name=path.name, info=info, pages=pages)])
        readings = {(page.sha256, page.page): page for page in pages}
        files, infos = {info.sha256: path}, {info.sha256: info}
        found = tuple(read_component(ours, draft, files, infos, readings) for draft in drafts)
    except SohoaError:
        found = ()
    return found, time.process_time() - began


def compare(way: Sequence[Sequence[bool]], base: Sequence[Sequence[bool]]) -> Change:
    """Exact fields of the same papers under two ways, by paper. The interval (95 %) is of whole papers drawn again
    (percentile bootstrap, Efron 1979): fields of one paper fall together."""
    pairs = [list(zip(one, other, strict=True)) for one, other in zip(way, base, strict=True)]
    gained = np.array([sum(now and not then for now, then in paper) for paper in pairs])
    lost = np.array([sum(then and not now for now, then in paper) for paper in pairs])
    fields = np.array([len(paper) for paper in pairs])
    drawn = np.random.default_rng(0).integers(0, len(pairs), (RESAMPLES, len(pairs)))
    net = gained - lost
    low, high = np.percentile(
        100.0 * net[drawn].sum(axis=1) / np.maximum(fields[drawn].sum(axis=1), 1), (2.5, 97.5)
    )
    difference = 100.0 * float(net.sum()) / max(int(fields.sum()), 1)
    return Change(int(gained.sum()), int(lost.sum()), difference, float(low), float(high))


def helped(step: Step, ways: Sequence[Way]) -> bool:
    """Whether reading without the step was worse: fewer fields exact, or as many with more errors of text."""
    by_name = {way.name: way for way in ways}
    base, off = by_name[AS_IT_IS], by_name[without(step)]
    change = compare(off.exact, base.exact)
    return (change.lost - change.gained, off.errors.edits - base.errors.edits) > (0, 0)


def _table(ways: Sequence[Way], grades: Sequence[str], pages: int) -> Table:
    table = Table(title="Cleaning: fields exact, per cent, by way")
    table.add_column("way")
    headings = (*grades, "difference", "95 %", "gained", "lost", "errors of text %", "CPU s a page")
    for heading in headings:
        table.add_column(heading, justify="right")
    for way in ways:
        change = compare(way.exact, ways[0].exact)
        by_grade = [
            share(field.exact for paper in way.papers if paper.grade == grade for field in paper.fields)
            for grade in grades
        ]
        told = (f"{change.difference:+.1f}", f"{change.low:+.1f} to {change.high:+.1f}")
        counts = (str(change.gained), str(change.lost))
        table.add_row(
            way.name,
            *(f"{rate:.1f}" for rate in by_grade),
            *((*told, *counts) if way is not ways[0] else ("", "", "", "")),
            f"{way.errors.rate:.2f}",
            f"{way.cpu_s / max(pages, 1):.2f}",
        )
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench ablation", description=__doc__)
    parser.add_argument("--per-type", type=int, default=2, help="papers of each type and grade")
    parser.add_argument("--grades", default=GRADES)
    parser.add_argument("--type", action="append", default=[], help="instead of the mix; may be repeated")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--short", action="store_true", help="one paper of each type and grade")
    asked = parser.parse_args()
    if asked.short:
        asked.per_type = 1
    return asked
