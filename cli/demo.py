"""`sohoa demo FOLDER`: the main job on sample dossiers, from the drop to the record, held against their truth."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, open_findings, out, verdict_table
from cli.drop import await_receipt
from dossier.errors import TransientError
from dossier.record import Record
from dossier.settings import Settings, load_settings
from flows.dropping import drop, manifest_for
from flows.stack.place import is_up, read_stack
from storage.connect import open_store
from storage.records import Records
from storage.rights import digitiser

START_S, STOP_S, END_S = 120.0, 60.0, 600.0


def command(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="holds dossiers/ and truth/")],
) -> None:
    """Start the stack unless it is up, drop every sample dossier as a digitiser would, wait for how each ends.

    Exit: 0 if each ended as its truth says, 1 if not, 3 on a fault of ours.
    """
    settings = load_settings()
    with _stack(settings):
        records = [_end_of(settings, manifest) for manifest in _drop_all(settings, folder / "dossiers")]
    out.print(verdict_table(records))
    truth = {path.stem: json.loads(path.read_text()) for path in sorted((folder / "truth").glob("*.json"))}
    astray = [row for record in records for row in differences(record, truth[record.dossier])]
    ends = ", ".join(
        f"{sum(r.state == state for r in records)} {state}" for state in ("checked", "returned", "refused")
    )
    out.print(f"{len(records)} dossiers ended: {ends}")
    if astray:
        table = Table("dossier", "expected", "came out", title="Not as the truth says")
        for row in astray:
            table.add_row(*row)
        out.print(table)
        raise typer.Exit(NOT_ALL)
    out.print("each ended as its truth says", style="green")
    raise typer.Exit(ALL_WELL)


def differences(record: Record, truth: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Where a record is not what the truth says: its state, and each reason that had to be named."""
    if record.state != truth["state"]:
        yield record.dossier, truth["state"], record.state
    named = {finding.rule for finding in open_findings(record)} | {refused.code for refused in record.refused}
    for reason in truth["reasons"]:
        if reason not in named:
            yield record.dossier, reason, ", ".join(sorted(named)) or "no reason"


def _drop_all(settings: Settings, folder: Path) -> list[Any]:
    dropped = []
    for dossier in sorted(path for path in folder.iterdir() if path.is_dir()):
        manifest = manifest_for(dossier)
        drop(open_store(settings, digitiser(str(manifest.office))), dossier, manifest)
        dropped.append(manifest)
    err.print(f"dropped {len(dropped)} dossiers into the inbox")
    return dropped


def _end_of(settings: Settings, manifest: Any) -> Record:
    await_receipt(open_store(settings, digitiser(manifest.office)), manifest, END_S)
    deadline = monotonic() + START_S
    while monotonic() < deadline:  # the pointer that makes a version count follows its receipt
        record = Records(open_store(settings)).latest(manifest.office, manifest.dossier)
        if record is not None and {f.sha256 for f in manifest.files} <= {f.sha256 for f in record.drop}:
            return record
        sleep(1.0)
    raise TransientError("record-late", f"no record of {manifest.dossier} although its receipt is there")


@contextmanager
def _stack(settings: Settings) -> Iterator[None]:
    """The stack, up: the one that runs already on these data, or one of our own that is stopped afterwards."""
    if read_stack(settings) and is_up(settings):
        yield
        return
    process = subprocess.Popen([sys.executable, "-m", "cli.main", "up"])
    try:
        deadline = monotonic() + START_S
        while not ((found := read_stack(settings)) and found.supervisor == process.pid):
            if process.poll() is not None or monotonic() > deadline:
                raise TransientError("stack-down", "the stack did not come up; its output above says why")
            sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(STOP_S)
