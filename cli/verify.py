"""`sohoa verify CODE`: whether everything kept of a dossier agrees with everything else."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, out, plain
from dossier.settings import load_settings
from flows.downstream import compare_downstream
from storage.connect import open_store
from storage.keys import NO_OFFICE
from storage.proof import DossierProof, office_of, prove


def command(
    code: Annotated[str, typer.Argument(help="dossier code")],
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="what was looked at and what does not hold")
    ] = False,
) -> None:
    """Prove that a dossier's records, originals, sealed copies, outbox, feed, audit and downstream rows tell one
    story.

    Every original and sealed copy is read and hashed. Exit: 0 all agrees, 1 something does not, 2 usage, 3 a fault
    of ours.
    """
    settings = load_settings()
    store = open_store(settings)
    place = office_of(store, code, office)
    proof = prove(store, place, code)
    downstream = compare_downstream(settings, {place or NO_OFFICE: {code}})
    rows, away = downstream.rows(), downstream.away
    if as_json:
        said = asdict(proof) | {"downstream": rows, "away": away, "whole": proof.whole and not rows}
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        _show(proof, rows)
        for name in away:
            err.print(plain(f"{name}: its rows could not be looked at"))
    raise typer.Exit(ALL_WELL if proof.whole and not rows and not away else NOT_ALL)


def _show(proof: DossierProof, rows: list[dict[str, Any]]) -> None:
    looked = ", ".join(f"{number} {kind}" for kind, number in sorted(proof.looked.items()))
    out.print(f"{proof.dossier}: looked at {looked}")
    if proof.whole and not rows:
        out.print("all of it agrees", style="green")
        return
    table = Table(title="What does not hold", title_justify="left")
    for column in ("kind", "which", "what"):
        table.add_column(column)
    for doubt in proof.doubts:
        table.add_row(doubt.kind, doubt.of, doubt.what, style="red")
    for row in rows:
        told = f"{row['missing']} rows missing, {row['strange']} strange"
        table.add_row(f"downstream {row['target']}", row["table"], told, style="red")
    out.print(table)
    out.print("Restore what is damaged from a backup (docs/administrators.md), then verify again.")
