"""`sohoa drop FOLDER`: put a dossier's scans into the inbox, with the digitiser's own credentials."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.console import ALL_WELL, NOT_ALL, err, out, plain
from dossier.drop import Manifest
from dossier.errors import StoreForbidden, TransientError
from dossier.settings import load_settings
from flows.dropping import drop, manifest_for
from storage.buckets import RECEIPTS
from storage.connect import open_store
from storage.keys import folder as key_folder
from storage.rights import digitiser
from storage.s3 import Store

POLL_S = 1.0


def command(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="the dossier's scans")],
    office: Annotated[str | None, typer.Option(help="office code, such as H13.96.31")] = None,
    dossier: Annotated[str | None, typer.Option(help="dossier code")] = None,
    procedure: Annotated[str | None, typer.Option(help="procedure code, such as 1.001193")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="wait for the receipt and say what is wrong")] = False,
    timeout: Annotated[float, typer.Option(help="with --wait: seconds until giving up")] = 600.0,
    as_json: Annotated[bool, typer.Option("--json", help="say it as JSON")] = False,
) -> None:
    """Drop the scans of FOLDER as one dossier. What its dossier.json says holds, unless an option says otherwise.

    Exit: 0 dropped (with --wait: checked), 1 the dossier was returned or refused, 2 usage, 3 a fault of ours.
    """
    manifest = manifest_for(folder, office=office, dossier=dossier, procedure=procedure)
    store = open_store(load_settings(), digitiser(str(manifest.office)))
    with Progress(console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task("dropping", total=len(manifest.files))
        drop(store, folder, manifest, lambda count: bar.update(task, advance=count))
    if not wait:
        _say(as_json, {"dossier": manifest.dossier, "files": len(manifest.files), "state": "dropped"})
        return
    receipt = await_receipt(store, manifest, timeout)
    _say(as_json, receipt)
    raise typer.Exit(ALL_WELL if receipt["state"] == "checked" else NOT_ALL)


def await_receipt(store: Store, manifest: Manifest, timeout_s: float) -> dict[str, Any]:
    """The receipt of this drop, once it is there. Raises TransientError when `timeout_s` is over."""
    wanted = {entry.sha256 for entry in manifest.files}
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if (receipt := _receipt(store, manifest)) and wanted <= {
            entry["sha256"] for entry in receipt["files"]
        }:
            return receipt
        time.sleep(POLL_S)
    raise TransientError("receipt-late", f"no receipt for {manifest.dossier} within {timeout_s:.0f} s")


def _receipt(store: Store, manifest: Manifest) -> dict[str, Any] | None:
    try:
        found = store.get(RECEIPTS, key_folder(manifest.office, manifest.dossier) + "receipt.json")
    except StoreForbidden:  # a digitiser may not list, and so is not told that there is none yet
        return None
    return dict(json.loads(found.data)) if found else None


def _say(as_json: bool, said: dict[str, Any]) -> None:
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    out.print(f"{said['dossier']}: {said['state']}")
    for problem in said.get("problems", []):
        out.print(plain(f"  {problem['rule']} {problem['reason']}"))
