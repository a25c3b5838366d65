"""How fast: pages a CPU second beside plain pytesseract, and what Prefect and the store add to a dossier.

All in one run on one machine, so that the ratios hold where the seconds do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from bench.peers import read_raw
from bench.processes import cpu_by_part
from cli.drop import await_receipt
from dossier.drop import Manifest
from dossier.settings import Settings
from flows.dropping import drop, manifest_for
from flows.stack.place import read_stack
from samples.dossier import Order
from samples.good import good_dossier
from storage.connect import open_store
from storage.rights import digitiser

SEED = "speed"
GOAL_OURS, GOAL_ALL = 5.0, 25.0
START_S, END_S = 120.0, 900.0


@dataclass(frozen=True)
class Spent:
    """wall and CPU seconds."""

    wall: float
    cpu: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench speed", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=8, help="of about five pages each")
    count = parser.parse_args().dossiers
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = [good_dossier(Order(Random(f"{SEED}/{n}"), n + 1, "office"), "usual") for n in range(count)]
        for dossier in made:
            dossier.write(folder)
        pages = sum(len(p["pages"]) for d in made for f in d.truth()["files"].values() for p in f["papers"])
        plain = _plain(folder / "dossiers")
        offline = _offline(folder)
        wall, parts = _stack(folder)
    return _report(count, pages, plain, offline, wall, parts)


def _plain(folder: Path) -> Spent:
    """pdf2image and pytesseract with their defaults, but for OMP_THREAD_LIMIT=1; one page after another."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    own = time.process_time()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".json":
            read_raw(path)
    return Spent(time.monotonic() - began, _children_since(before) + time.process_time() - own)


def _offline(folder: Path) -> Spent:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "digitise",
        str(folder / "dossiers"),
        "--out",
        str(folder / "out"),
    ]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return Spent(time.monotonic() - began, _children_since(before))


def _stack(folder: Path) -> tuple[float, Counter[str]]:
    """Wall seconds from first drop to last receipt, and CPU seconds by part, without start and stop."""
    settings = Settings(data=folder / "data")
    environment = os.environ | {"SOHOA_DATA": str(settings.data)}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "up"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _await_up(settings, process)
        dossiers = sorted((folder / "dossiers").iterdir())
        _run(settings, dossiers[:1])  # the first one waits for engines to load
        before, began = cpu_by_part(process.pid), time.monotonic()
        _run(settings, dossiers[1:])
        wall, after = time.monotonic() - began, cpu_by_part(process.pid)
    finally:
        process.terminate()
        process.wait(60)
    after.subtract(before)
    return wall, after


def _await_up(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while not ((stack := read_stack(settings)) and stack.supervisor == process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("the stack did not come up")
        time.sleep(0.5)


def _run(settings: Settings, folders: list[Path]) -> None:
    dropped: list[Manifest] = []
    for folder in folders:
        manifest = manifest_for(folder)
        drop(open_store(settings, digitiser(str(manifest.office))), folder, manifest)
        dropped.append(manifest)
    for manifest in dropped:
        await_receipt(open_store(settings, digitiser(str(manifest.office))), manifest, END_S)


def _children_since(before: resource.struct_rusage) -> float:
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _report(count: int, pages: int, plain: Spent, offline: Spent, wall: float, parts: Counter[str]) -> int:
    table = Table(title=f"{count} dossiers, {pages} pages, office grade")
    for column in ("way", "wall s", "CPU s", "pages / CPU s", "against plain"):
        table.add_column(column, justify="left" if column == "way" else "right")
    for way, spent in (("pdf2image + pytesseract", plain), ("sohoa digitise", offline)):
        ratio = plain.cpu / spent.cpu
        table.add_row(
            way, f"{spent.wall:.1f}", f"{spent.cpu:.1f}", f"{pages / spent.cpu:.2f}", f"{ratio:.2f}"
        )
    console = Console(width=110)
    console.print(table)

    ocr = parts["reading"]
    ours = 100.0 * (parts["flow"] + parts["around"]) / ocr
    every = ours + 100.0 * (parts["server"] + parts["store"]) / ocr
    shares = Table(title=f"The same through the stack ({count - 1} dossiers, {wall:.1f} s): CPU by part")
    shares.add_column("part")
    shares.add_column("CPU s", justify="right")
    shares.add_column("% of reading", justify="right")
    for part in ("reading", "flow", "around", "server", "store"):
        shares.add_row(part, f"{parts[part]:.1f}", f"{100.0 * parts[part] / ocr:.1f}")
    console.print(shares)
    print(
        f"speed: {pages / offline.cpu:.2f} pages a CPU second ({plain.cpu / offline.cpu:.2f} of plain pytesseract); "
        f"Prefect and store add {ours:.1f} % in our processes (goal {GOAL_OURS:.0f}), "
        f"{every:.1f} % with the servers' (goal {GOAL_ALL:.0f})"
    )
    return 0 if ours <= GOAL_OURS and every <= GOAL_ALL else 1
