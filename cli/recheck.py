"""`sohoa recheck`: what stopped being alive in the records that are kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from cli.console import ALL_WELL, NOT_ALL, err, out
from dossier.errors import TerminalError
from dossier.settings import load_settings
from flows.rechecking import Rechecked, question, recheck, summary
from flows.shelves import opened_shelves


def command(
    code: Annotated[str | None, typer.Argument(help="only this dossier, due or not")] = None,
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    rule: Annotated[str | None, typer.Option(help="only this live rule, over every record")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the counts as JSON")] = False,
) -> None:
    """Hold the live rules again over stored records: those that are due, one dossier's, or one rule over all.

    No page is read. A verdict that changed makes the record's next version. The flow `recheck` does this every night.

    Exit: 0 all looked at, 1 some could not be (they are due again), 2 usage, 3 a fault of ours.
    """
    asked = question(rule=rule)
    if not asked.rules:
        raise TerminalError(
            "rule-unknown", f"no live rule is called {rule}", "Xem các quy tắc sống bằng `sohoa rules`."
        )
    with opened_shelves(load_settings()) as shelves:
        only = (shelves.records.office_of(code, office), code) if code else None
        done = recheck(shelves, asked, only, told=lambda _: None if as_json else _tell(_))
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    else:
        out.print(summary(done))
    raise typer.Exit(NOT_ALL if done.failed or done.busy else ALL_WELL)


def _tell(done: Rechecked) -> None:
    err.print(f"\r{done.looked} looked at, {done.changed} changed", end="")
