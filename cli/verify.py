"""`sohoa verify CODE`: whether everything kept of a dossier agrees with everything else."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, out
from dossier.settings import load_settings
from storage.connect import open_store
from storage.proof import DossierProof, prove
from storage.records import Records


def command(
    code: Annotated[str, typer.Argument(help="dossier code")],
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="what was looked at and what does not hold")
    ] = False,
) -> None:
    """Prove that a dossier's records, originals, sealed copies, outbox, feed and audit tell one story.

    Every original and sealed copy is read and hashed. Exit: 0 all agrees, 1 something does not, 2 usage, 3 a fault
    of ours.
    """
    store = open_store(load_settings())
    proof = prove(store, Records(store).office_of(code, office), code)
    if as_json:
        typer.echo(json.dumps(asdict(proof) | {"whole": proof.whole}, ensure_ascii=False))
    else:
        _show(proof)
    raise typer.Exit(ALL_WELL if proof.whole else NOT_ALL)


def _show(proof: DossierProof) -> None:
    looked = ", ".join(f"{number} {kind}" for kind, number in sorted(proof.looked.items()))
    out.print(f"{proof.dossier}: looked at {looked}")
    if proof.whole:
        out.print("all of it agrees", style="green")
        return
    table = Table(title="What does not hold", title_justify="left")
    for column in ("kind", "which", "what"):
        table.add_column(column)
    for doubt in proof.doubts:
        table.add_row(doubt.kind, doubt.of, doubt.what, style="red")
    out.print(table)
    out.print("Restore what is damaged from a backup (docs/administrators.md), then verify again.")
