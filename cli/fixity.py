"""`sohoa fixity`: whether what was kept is still what it was."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, out, plain
from dossier.settings import load_settings
from flows.fixing import Checked, check, summary, told
from storage.connect import open_store


def command(
    everything: Annotated[bool, typer.Option("--all", help="every object, not tonight's slice")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="what was looked at and what is damaged")] = False,
) -> None:
    """Read kept objects again and hold each against its hash: originals, records, evidence, sealed copies, the chains
    of audit and feed; then the downstream rows of the same dossiers against their records.

    Exit: 0 all as it was kept, 1 something is lost or damaged or could not be looked at, 2 usage, 3 a fault of ours.
    """
    settings = load_settings()
    checked = check(settings, open_store(settings), everything)
    if as_json:
        typer.echo(json.dumps(told(checked), ensure_ascii=False))
    else:
        _show(checked)
    raise typer.Exit(ALL_WELL if checked.whole and not checked.downstream.away else NOT_ALL)


def _show(checked: Checked) -> None:
    looked = checked.looked
    out.print(summary(checked), style="green" if checked.whole else "red")
    for row in checked.downstream.rows():
        told_of = f"{row['missing']} rows missing, {row['strange']} strange"
        out.print(
            plain(f"{row['target']} {row['table']} {row['office']} {row['dossier']}: {told_of}"), style="red"
        )
    if not looked.damages:
        return
    table = Table(title="Not as it was kept", title_justify="left")
    for column in ("kind", "what", "bucket", "key"):
        table.add_column(column, overflow="fold")
    for damage in looked.damages:
        table.add_row(
            damage.kind, damage.what, damage.bucket, damage.key, style="red" if damage.is_loss else "yellow"
        )
    out.print(table)
    for advice in sorted({damage.advice for damage in looked.damages}):
        out.print(f"- {advice}")
