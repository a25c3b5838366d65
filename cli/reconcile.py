"""`sohoa reconcile`: did everything that came end as it must."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, out, plain
from dossier.settings import load_settings
from flows.reconciling import account, finish, rows, summary
from storage.connect import open_store


def command(
    full: Annotated[bool, typer.Option("--full", help="from the beginning, not only the last days")] = False,
    finish_them: Annotated[
        bool,
        typer.Option("--finish", help="bring to its end what dead runs left half published, then look again"),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="counts and losses as JSON")] = False,
) -> None:
    """Hold inbox, audit, originals and records against one another; name what did not end, and what to do.

    The flow `reconcile` does this every night. Exit: 0 nothing is lost, 1 something is, 2 usage, 3 a fault of ours.
    """
    settings = load_settings()
    store = open_store(settings)
    made = account(settings, store, full=full)
    if finish_them and made.done.losses:
        ended = finish(
            store, made.done.losses, lambda loss, code: err.print(f"{loss.dossier} {loss.of}: {code}")
        )
        err.print(f"{ended} versions brought to their end")
        made = account(settings, store, full=full)
    if as_json:
        said = {"whole": made.whole, "counts": dict(made.done.counts), "losses": rows(made)}
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        out.print(summary(made))
        if found := rows(made):
            table = Table(title="What did not end as it must", title_justify="left")
            for column in found[0]:
                table.add_column(column, overflow="fold")
            for row in found:
                table.add_row(*(plain(cell) for cell in row.values()))
            out.print(table)
    raise typer.Exit(ALL_WELL if made.whole else NOT_ALL)
