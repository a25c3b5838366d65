"""How fast pages are read: pages a CPU second beside the peers, and what each stage costs, all in one run.

Every reader gets the same PDF of office-grade scans. Ours are loaded before the clock starts, as they are in a server;
what loading costs stands in a row of its own. OCRmyPDF gets all pages in one call, so it starts once.
Wall times hold only on an idle machine, CPU times nearly anywhere.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import ocrmypdf
from bench.clocked import read_pages, read_papers, stage_seconds, warm
from bench.corpus import Order, bind, make_papers
from bench.goals import PAGES, Figure, judge, told
from bench.peers import read_raw
from bench.spent import Spent, spending, threads_of_engines
from dossier.settings import ReadingSettings
from ocr.pool import ReadingPool

SEED = "pages"
START, FIRST, ALL = (
    "sohoa: loading its engines",
    "sohoa: first reader, cleaning, codes",
    "sohoa: everything on",
)
PEER, PEER_ONE = "OCRmyPDF", "OCRmyPDF, OMP_THREAD_LIMIT=1"
PLAIN, PLAIN_ONE = "pdf2image + pytesseract", "pdf2image + pytesseract, OMP_THREAD_LIMIT=1"


@dataclass
class Ours:
    """stages: wall seconds of pages by stage. fields: CPU seconds of fields by engine."""

    spent: dict[str, Spent] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, float] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--per-type", type=int, default=2, help="office papers of each type")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument(
        "--short", action="store_true", help="one paper of each type, peers on one thread only"
    )
    asked = parser.parse_args()
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as scratch:
        order = Order(asked.seed, 1 if asked.short else asked.per_type, ("office",))
        (batch,) = make_papers(Path(scratch, "scans"), order)
        path = Path(scratch, "all.pdf")
        pages = bind(batch.paths, path)
        ours = read_ours(path)
        spent = ours.spent | dict(_read_peers(path, pages, asked.short))
    figures = _figures(spent)
    console.print(_ways(pages, spent))
    console.print(_stages(pages, ours))
    missed = judge(console, "Goals of speed", PAGES, figures)
    speed = pages / spent[ALL].cpu
    print(f"pages: {pages} office pages, {speed:.2f} a CPU second with everything on, {told(PAGES, figures)}")
    return 1 if missed else 0


def read_ours(path: Path) -> Ours:
    """Read a PDF twice: with the first reader alone, no fields; then with everything on."""
    ours = Ours()
    with ReadingPool(ReadingSettings(second_reader=False)) as pool:
        warm(pool)
        with spending() as ours.spent[FIRST]:
            read_pages(pool, path, path.name)
    with spending() as ours.spent[START]:
        pool = ReadingPool(ReadingSettings())
        warm(pool)
    with pool:
        with spending() as ours.spent[ALL]:
            reading = read_pages(pool, path, path.name)
            _, ours.fields = read_papers(pool, [(path, reading)])
        ours.stages = stage_seconds(reading.pages)
    return ours


def _read_peers(path: Path, pages: int, short: bool) -> Iterator[tuple[str, Spent]]:
    cores = os.cpu_count() or 1
    limits = {PLAIN_ONE: 1} if short else {PLAIN: None, PLAIN_ONE: 1}
    for name, limit in limits.items():
        with threads_of_engines(limit), spending() as spent:
            read_raw(path)
        yield name, spent
    if ocrmypdf.program() is None:
        print(ocrmypdf.MISSING)
        return
    for name, limit in ({PEER_ONE: 1} if short else {PEER: None, PEER_ONE: 1}).items():
        with threads_of_engines(limit), spending() as spent:
            text = ocrmypdf.read_text(path, cores, pages)
        if text:
            yield name, spent
        else:
            print(f"{name}: gave the file up")


def _figures(spent: Mapping[str, Spent]) -> dict[str, Figure]:
    """Ratios against OCRmyPDF in the way in which it is faster."""
    found = {"two-cores": Figure(spent[ALL].wall / spent[ALL].cpu)} if os.cpu_count() == 2 else {}
    peer = min((spent[name].cpu for name in (PEER, PEER_ONE) if name in spent), default=None)
    if peer is not None:
        found |= {"first": Figure(peer / spent[FIRST].cpu), "all": Figure(peer / spent[ALL].cpu)}
    return found


def _ways(pages: int, spent: Mapping[str, Spent]) -> Table:
    table = Table(title=f"{pages} pages, office grade, {os.cpu_count()} cores", title_justify="left")
    for column in ("way", "wall s", "CPU s", "pages/min", "pages / CPU s", "CPU s/page", "times OCRmyPDF"):
        table.add_column(column, justify="left" if column == "way" else "right")
    peer = min((spent[name].cpu for name in (PEER, PEER_ONE) if name in spent), default=float("nan"))
    for name in (FIRST, ALL, PLAIN, PLAIN_ONE, PEER, PEER_ONE):
        if name not in spent:
            continue
        cost = spent[name]
        table.add_row(
            name,
            f"{cost.wall:.1f}",
            f"{cost.cpu:.1f}",
            f"{60 * pages / cost.wall:.1f}",
            f"{pages / cost.cpu:.2f}",
            f"{cost.cpu / pages:.2f}",
            f"{peer / cost.cpu:.2f}",
        )
    table.add_section()
    table.add_row(START, f"{spent[START].wall:.1f}", f"{spent[START].cpu:.1f}", "", "", "", "")
    return table


def _stages(pages: int, ours: Ours) -> Table:
    table = Table(title="What each stage costs, everything on", title_justify="left")
    for column in ("stage", "s/page", "share, %"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    costs = {f"page: {stage} (wall)": seconds for stage, seconds in ours.stages.items()}
    costs |= {f"fields: {engine} (CPU)": seconds for engine, seconds in ours.fields.items()}
    total = sum(costs.values())
    for stage, seconds in costs.items():
        table.add_row(stage, f"{seconds / pages:.3f}", f"{100 * seconds / total:.1f}")
    return table
