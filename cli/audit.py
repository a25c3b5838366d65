"""`sohoa audit`: is the audit whole, and what does it tell of a dossier."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, out
from dossier.settings import load_settings
from storage.anchors import anchor, verify_chains
from storage.audit import audited
from storage.connect import open_store
from storage.records import Records

app = typer.Typer(help="The audit: append only, hash-chained, anchored.", no_args_is_help=True)


@app.command("verify")
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="the breaks as JSON")] = False,
) -> None:
    """Walk every chain (the audit's and the feed's) and hold it against every anchor.

    Finds entries that were removed, altered, reordered or cut off. Exit: 0 whole, 1 not.
    """
    proof = verify_chains(open_store(load_settings()))
    if as_json:
        typer.echo(json.dumps(asdict(proof) | {"whole": proof.whole}))
        raise typer.Exit(ALL_WELL if proof.whole else NOT_ALL)
    out.print(f"{proof.links} entries, {proof.anchors} anchors")
    for found in proof.breaks:
        out.print(f"{found.chain}, entry {found.seq}: {found.what}", style="red")
    if proof.whole:
        out.print("whole", style="green")
    raise typer.Exit(ALL_WELL if proof.whole else NOT_ALL)


@app.command("anchor")
def write_anchor() -> None:
    """Write down now where every chain ends, into the locked bucket. The flow `reconcile` does this every night."""
    made = anchor(open_store(load_settings()))
    out.print(f"{len(made.heads)} chains anchored, anchor {made.seq}")


@app.command("show")
def show(
    code: Annotated[str, typer.Argument(help="dossier code")],
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the entries, one a line")] = False,
) -> None:
    """What the audit tells of a dossier: the oldest first, people as marks, files as hashes."""
    store = open_store(load_settings())
    links = list(audited(store, Records(store).office_of(code, office), code))
    if as_json:
        for link in links:
            typer.echo(json.dumps({"seq": link.seq, "at": link.at} | link.entry, ensure_ascii=False))
        return
    table = Table(title=f"{code}: {len(links)} entries", title_justify="left")
    for column in ("entry", "at (UTC)", "what", "version", "by", "told"):
        table.add_column(column, overflow="fold")
    for link in links:
        entry = link.entry
        told = f"{len(entry['objects'])} objects" if entry["what"] == "taken" else entry.get("state", "")
        cells = (entry["what"], entry.get("version", ""), entry.get("by", ""), told)
        table.add_row(str(link.seq), link.at[:19], *map(str, cells))
    out.print(table)
    if not links:
        err.print("the audit tells nothing of it")
