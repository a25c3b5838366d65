"""How well papers are read, held against the goals of bench/goals.py.

Papers come from seeds that nothing was fitted on; those in layouts and a font family that no reading template was
made with are read too and printed apart. `--baselines` reads the same papers with the peers. `--fit` fits the
confidence table on other seeds instead.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from bench.corpus import EVERY_GRADE, GRADES, Batch, Order, make_papers
from bench.dossiers import dossier_rates
from bench.figures import figures_of, stated
from bench.goals import READING, Figure, judge, told
from bench.peers import peers, read_with
from bench.reading_tables import by_type_and_grade, side_by_side, weakest
from bench.reliability import Stated, print_bins, print_parts, write_diagram
from bench.score import OURS, SURE, PaperScore, score
from bench.spent import Spent, spending
from dossier.record import Record
from dossier.settings import load_settings
from flows.offline import digitise

SEED = "reading-test"
DIAGRAM = Path("out/reliability.svg")


@dataclass
class Read:
    """Papers of an order, scored. spent, pages: by reader and grade."""

    papers: list[PaperScore] = field(default_factory=list)
    spent: dict[tuple[str, str], Spent] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)

    @property
    def peers(self) -> list[str]:
        return [name for name in dict.fromkeys(name for name, _ in self.spent) if name != OURS]


def main() -> int:
    asked = _arguments()
    if asked.fit:
        from bench.fitting import fit_calibration

        return fit_calibration(asked.per_type)
    began = time.monotonic()
    console = Console(width=140)
    grades = tuple(grade for grade in EVERY_GRADE if grade in asked.grades.split(","))
    main_order = Order(asked.seed, asked.per_type, grades, asked.held_back, tuple(asked.type))
    read = read_order(main_order, asked.baselines)
    apart = Read()
    if asked.apart and not asked.held_back:
        apart = read_order(Order(asked.seed, asked.apart, grades, True, tuple(asked.type)))
    console.print(by_type_and_grade("Fields exact by type and grade, per cent", read.papers, read.peers))
    if apart.papers:
        console.print(by_type_and_grade("The same, layouts and font held back", apart.papers))
    console.print(weakest(read.papers))
    if asked.baselines:
        console.print(side_by_side(read.papers, read.spent, read.pages))
    _print_reliability(console, read.papers, apart.papers, asked.diagram)
    figures = figures_of(read.papers)
    rates = None
    if asked.dossiers:
        rates = dossier_rates(asked.seed, asked.dossiers)
        figures["wrong-when-checked"] = Figure(float(rates.wrong), rates.fields)
    missed = judge(
        console,
        "Goals of reading",
        READING,
        figures,
        **({"held_back": figures_of(apart.papers)} if apart.papers else {}),
    )
    fields = [one for paper in read.papers for one in paper.fields]
    sure = [one for one in fields if one.sure]
    summary = (
        f"reading: {len(read.papers)} papers in {time.monotonic() - began:.0f} s, {told(READING, figures)}; "
        f"fields exact {_per_cent([one.exact for one in fields])}, "
        f"wrong at {SURE} and above {sum(one.wrong for one in sure)} of {len(sure)}"
    )
    if rates:
        summary += (
            f"; dossiers checked without a person {rates.checked} of {rates.dossiers}, "
            f"wrong fields in checked records {rates.wrong} of {rates.fields}"
        )
    print(summary)
    return 1 if missed else 0


def read_order(order: Order, with_peers: bool = False) -> Read:
    """Make papers, read them grade by grade, score them. The stray type `other` must come out as unknown."""
    read = Read()
    with tempfile.TemporaryDirectory() as scratch:
        for batch in make_papers(Path(scratch, "scans"), order):
            with spending() as ours:
                records = _digitise(batch, Path(scratch, "out", batch.grade))
            read.spent[OURS, batch.grade], read.pages[batch.grade] = ours, batch.pages
            texts: dict[str, list[str]] = {}
            for name, way in peers().items() if with_peers else ():
                texts[name], read.spent[name, batch.grade] = read_with(way, batch.paths)
            for number, truth in enumerate(batch.truths):
                seen = {name: each[number] for name, each in texts.items()}
                read.papers.append(score(truth, records.get(Path(truth["file"]).stem), seen))
    return read


def _digitise(batch: Batch, out: Path) -> dict[str, Record | None]:
    return {ended.code: ended.record for ended in digitise(batch.folder, out, load_settings())}


def _print_reliability(
    console: Console, papers: Sequence[PaperScore], apart: Sequence[PaperScore], diagram: Path
) -> None:
    fields = [one for paper in papers for one in paper.fields]
    held_back = [one for paper in apart for one in paper.fields]
    print_bins(console, "Confidence, stated and measured", stated(fields))
    if held_back:
        print_bins(console, "The same, layouts and font held back", stated(held_back))
    parts: dict[str, list[Stated]] = {
        grade: stated(one for one in fields if one.grade == grade) for grade in GRADES
    }
    parts |= {
        group: stated(one for one in fields if one.group == group)
        for group in sorted({o.group for o in fields})
    }
    print_parts(console, "Confidence by grade and by group of kinds", parts)
    series = {"papers": stated(fields)} | ({"held back": stated(held_back)} if held_back else {})
    write_diagram(diagram, series)
    console.print(f"reliability diagram: {diagram}", markup=False)


def _per_cent(flags: Sequence[bool]) -> str:
    return f"{100.0 * sum(flags) / len(flags):.1f} %" if flags else "-"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parser.add_argument("--per-type", type=int, default=7, help="papers of each type and grade")
    parser.add_argument("--grades", default=",".join(GRADES), help="also: photo")
    parser.add_argument(
        "--type", action="append", default=[], help="only papers of this type; may be repeated"
    )
    parser.add_argument("--seed", default=SEED)
    parser.add_argument(
        "--apart", type=int, default=2, help="papers of each type and grade in held-back layouts"
    )
    parser.add_argument(
        "--held-back", action="store_true", help="read nothing but layouts and fonts held back"
    )
    parser.add_argument("--baselines", action="store_true", help="read with the peers too, side by side")
    parser.add_argument(
        "--dossiers", type=int, default=6, help="whole dossiers for the last two rates; 0: none"
    )
    parser.add_argument(
        "--diagram", type=Path, default=DIAGRAM, help="where the reliability diagram goes (SVG)"
    )
    parser.add_argument(
        "--short", action="store_true", help="one paper of each type, two grades, two dossiers"
    )
    parser.add_argument("--fit", action="store_true", help="fit ocr/calibration.json and stop")
    asked = parser.parse_args()
    if asked.short:
        asked.per_type, asked.grades, asked.apart, asked.dossiers = 1, "clean,office", 0, 2
    return asked
