"""What reading takes of memory: peak RSS over a PDF of 500 pages and over one of five, side by side.

Both are read as a dossier is, from file to papers with their fields, each in a process of its own whose reading
processes are watched (VmHWM, which includes pages shared between processes).
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.corpus import Order, bind, make_papers
from bench.goals import MEMORY, Figure, judge, told
from bench.processes import below
from dossier.settings import ReadingSettings
from flows.folder import dossiers_in
from flows.pipeline import read
from flows.reading import NoCache
from ocr.pool import ReadingPool

SEED = "memory"
POLL_S = 0.1


@dataclass
class Peaks:
    """MiB. workers: of each reading process, the largest first. previews: of the pages, which the parent
    keeps on disk."""

    pages: int = 0
    papers: int = 0
    wall: float = 0.0
    parent: float = 0.0
    previews: float = 0.0
    workers: list[float] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench memory", description=__doc__)
    parser.add_argument("--pages", type=int, default=500, help="of the long file")
    parser.add_argument("--few", type=int, default=5, help="pages of the short file")
    parser.add_argument("--short", action="store_true", help="40 pages in the long file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        (batch,) = make_papers(Path(scratch, "scans"), Order(SEED, 1, ("office",)))
        # The largest pages come first, so that the short file has pages as large as the long one.
        largest = sorted(batch.truths, key=lambda truth: -int(truth["dpi"]))
        paths = [batch.folder / truth["file"] for truth in largest]
        peaks = [
            peaks_of(paths, Path(scratch, f"{count}-pages"), count)
            for count in (asked.few, 40 if asked.short else asked.pages)
        ]
    few, many = peaks
    console = Console(width=120)
    console.print(_table(few, many))
    figures = {
        "worker": Figure(many.workers[0] / few.workers[0]),
        "parent": Figure(many.parent / few.parent),
    }
    missed = judge(console, "Goals of memory", MEMORY, figures)
    print(
        f"memory: a reading process at most {many.workers[0]:.0f} MiB over {many.pages} pages, "
        f"{few.workers[0]:.0f} over {few.pages} ({figures['worker'].value:.2f} times); {told(MEMORY, figures)}"
    )
    return 1 if missed else 0


def peaks_of(paths: list[Path], folder: Path, pages: int) -> Peaks:
    """Bind the scans to a file of so many pages, read it in a process of its own, tell what it took."""
    folder.mkdir()
    bind(paths, folder / "scan.pdf", pages)
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(folder, theirs))
    process.start()
    theirs.close()
    try:
        peaks: Peaks = mine.recv()
    finally:
        process.join()
    return peaks


def _read(folder: Path, told_to: Connection) -> None:
    peaks, done, high = Peaks(), threading.Event(), dict[int, float]()
    watch = threading.Thread(target=_watch, args=(done, high))
    watch.start()
    began = time.monotonic()
    (dossier,) = dossiers_in(folder)
    with ReadingPool(ReadingSettings()) as pool:
        reading = asyncio.run(read(pool, dossier, NoCache()))
    done.set()
    watch.join()
    peaks.pages, peaks.papers, peaks.wall = (
        len(reading.pages),
        len(reading.components),
        time.monotonic() - began,
    )
    peaks.parent = peak_rss(os.getpid()) or 0.0
    peaks.previews = sum(map(len, reading.previews.values())) / 2**20
    peaks.workers = sorted(high.values(), reverse=True)
    told_to.send(peaks)


def _watch(done: threading.Event, high: dict[int, float]) -> None:
    while not done.wait(POLL_S):
        for pid in below(os.getpid()):
            if (peak := peak_rss(pid)) is not None:
                high[pid] = max(peak, high.get(pid, 0.0))


def peak_rss(pid: int) -> float | None:
    """VmHWM of a process in MiB; None if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return int(line.split()[1]) / 1024 if line else None


def _table(few: Peaks, many: Peaks) -> Table:
    table = Table(title="Memory, MiB", title_justify="left")
    for column in ("", f"{few.pages} pages", f"{many.pages} pages", "times"):
        table.add_column(column, justify="left" if not column else "right")
    rows = (
        ("papers found", float(few.papers), float(many.papers)),
        ("wall s", few.wall, many.wall),
        ("reading processes, renewed ones among them", float(len(few.workers)), float(len(many.workers))),
        ("peak RSS, largest reading process", few.workers[0], many.workers[0]),
        (
            "peak RSS, median reading process",
            few.workers[len(few.workers) // 2],
            many.workers[len(many.workers) // 2],
        ),
        ("peak RSS, the process that tells the story", few.parent, many.parent),
        ("previews of the pages, on disk", few.previews, many.previews),
    )
    for name, left, right in rows:
        table.add_row(name, f"{left:.0f}", f"{right:.0f}", f"{right / left:.2f}" if left else "")
    return table
