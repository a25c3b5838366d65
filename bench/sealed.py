"""Sealed copies of the sample dossiers: do they open, conform to PDF/A-2b, and bear their text where it is seen?

Each dossier is read, and each of its papers sealed, as in a run. veraPDF is the checker where it is at hand
(bench/verapdf.py), our own second reader always; `--also` adds files or folders of your own.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench import verapdf
from bench.sealed_look import Overlap, opens, overlaps
from dossier.record import Component, Record, Sealed
from dossier.settings import ReadingSettings
from flows import sealing
from flows.dossier_input import DossierInput
from flows.folder import dossiers_in
from flows.pipeline import DossierReading, judge, read
from flows.reading import NoCache
from ocr.pool import ReadingPool
from storage.pdfa.check import problems

SAMPLES = Path("samples/demo/dossiers")
SHORT = 3
GOAL = 0.7
"""Median overlap of a word's box with that of its text."""


@dataclass(frozen=True)
class Copy:
    """One sealed paper, and what is to be told of it. scans, size: bytes of its files and of the copy; path None:
    it was not sealed.
    """

    name: str
    kind: str
    pages: int
    scans: int
    path: Path | None
    size: int = 0
    why: str = ""
    failed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    words: tuple[Overlap, ...] = ()


@dataclass(frozen=True)
class Run:
    copies: list[Copy]
    pages: int
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench sealed", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"the first {SHORT} dossiers")
    parser.add_argument(
        "--also", type=Path, action="append", default=[], help="folders or files to try as well"
    )
    parser.add_argument("--keep", type=Path, help="folder to leave the copies in")
    chosen = parser.parse_args()
    dossiers = dossiers_in(SAMPLES)[: SHORT if chosen.short else None]
    dossiers += [dossier for path in chosen.also for dossier in dossiers_in(path)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        run = asyncio.run(_all(dossiers, folder))
        paths = [copy.path for copy in run.copies if copy.path]
        vera = verapdf.broken_rules(paths) if verapdf.at_hand() and paths else None
    return _told(run, vera)


async def _all(dossiers: Sequence[DossierInput], folder: Path) -> Run:
    copies: list[Copy] = []
    seconds, pages = 0.0, 0
    with ReadingPool(ReadingSettings()) as pool:
        for dossier in dossiers:
            reading = await read(pool, dossier, NoCache())
            record = judge(dossier, reading, engines={}, started_at=datetime.now(UTC))
            with tempfile.TemporaryDirectory() as scratch:
                begun = time.perf_counter()
                laid = await sealing.lay_out(pool, dossier, reading, Path(scratch))
                keep = _keeper(dossier, folder)
                record = await sealing.seal(pool, record, laid, Path(scratch), keep)
                seconds += time.perf_counter() - begun
            pages += sum(len(source.pages) for one in record.components for source in one.sources)
            copies += [_copy(dossier, record, one, reading, folder) for one in record.components]
    return Run(copies, pages, seconds)


def _keeper(dossier: DossierInput, folder: Path) -> sealing.Keep:
    def keep(component: Component, data: bytes, pages: int) -> Sealed:
        path = _path(dossier, component, folder)
        path.write_bytes(data)
        return Sealed(key=path.name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), pages=pages)

    return keep


def _path(dossier: DossierInput, component: Component, folder: Path) -> Path:
    """A name in ASCII: not every program that checks takes another."""
    return folder / f"{hashlib.sha256(dossier.code.encode()).hexdigest()[:8]}-{component.id}.pdf"


def _copy(
    dossier: DossierInput, record: Record, component: Component, reading: DossierReading, folder: Path
) -> Copy:
    files = {file.sha256: file.path for file in dossier.files}
    numbers = [(source.sha256, page) for source in component.sources for page in source.pages]
    scans = sum(
        files[source.sha256].stat().st_size * len(source.pages) // len(reading.infos[source.sha256].pages)
        for source in component.sources
    )
    path = _path(dossier, component, folder)
    about = (f"{record.dossier} {component.id}", component.type, len(numbers), scans)
    if component.sealed is None:
        return Copy(*about, None, why=component.unsealed.code if component.unsealed else "none was made")
    seen = overlaps(path, [reading.pages[key] for key in numbers])
    size = path.stat().st_size
    return Copy(*about, path, size, failed=tuple(opens(path)), wrong=problems(path), words=tuple(seen))


def _told(run: Run, vera: dict[Path, tuple[str, ...]] | None) -> int:
    table = Table(
        title="Sealed copies", caption="overlap: of each word's box with that of its text in the copy"
    )
    for name in (
        "paper",
        "type",
        "pages",
        "scan kB",
        "copy kB",
        "opens",
        "PDF/A-2b",
        "words",
        "median",
        "5th %",
    ):
        table.add_column(name, justify="left" if name in ("paper", "type") else "right")
    sealed = [copy for copy in run.copies if copy.path]
    broken = {copy: (vera or {}).get(copy.path, ()) + copy.wrong for copy in sealed if copy.path}
    for copy in run.copies:
        table.add_row(*_row(copy, broken.get(copy, ())))
    Console(width=150).print(table)
    words = np.array([word.shared for copy in sealed for word in copy.words] or [0.0])
    covered = np.array([word.covered for copy in sealed for word in copy.words] or [0.0])
    middle, worst = float(np.median(words)), float(np.percentile(words, 5))
    fail_open = sum(bool(copy.failed) for copy in sealed)
    fail_form = sum(map(bool, broken.values()))
    missed = [copy for copy in run.copies if not copy.path]
    good = not (fail_open or fail_form or missed) and middle >= GOAL and bool(sealed)
    print(
        f"sealed: {len(sealed)} copies of {len(run.copies)} papers, {run.pages} pages; {fail_open} do not open, "
        f"{fail_form} are not PDF/A-2b by {'veraPDF and ' if vera is not None else ''}the second reader"
        f"{'' if vera is not None else ' (veraPDF is not at hand)'}; {len(words)} words, overlap median {middle:.2f} "
        f"(goal {GOAL}), 5th percentile {worst:.2f}, covered {float(np.percentile(covered, 5)):.2f}; "
        f"{_ratio(sealed)} times the scans; {1000 * run.seconds / max(run.pages, 1):.0f} ms a page: "
        f"{'met' if good else 'MISSED'}"
    )
    return 0 if good else 1


def _ratio(sealed: Sequence[Copy]) -> str:
    sizes = sum(copy.size for copy in sealed)
    return f"{sizes / max(sum(copy.scans for copy in sealed), 1):.2f}"


def _row(copy: Copy, broken: Sequence[str]) -> list[str]:
    shared = [word.shared for word in copy.words]
    return [
        copy.name,
        copy.kind,
        str(copy.pages),
        f"{copy.scans / 1000:.0f}",
        f"{copy.size / 1000:.0f}" if copy.path else copy.why,
        "no: " + ", ".join(copy.failed) if copy.failed else "yes" if copy.path else "-",
        broken[0][:40] if broken else "yes" if copy.path else "-",
        str(len(shared)),
        f"{np.median(shared):.2f}" if shared else "-",
        f"{np.percentile(shared, 5):.2f}" if shared else "-",
    ]
