"""`sohoa rules`: the rule book."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from cli.console import WORDS, out
from validators.table import rules_table


def command(as_json: Annotated[bool, typer.Option("--json", help="a JSON list")] = False) -> None:
    """List every rule: what it holds, how grave it is, and the text it stands on."""
    rows = rules_table()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(title="Rules")
    for column in ("id", "word", "severity", "title", "source", "state"):
        table.add_column(column, overflow="fold")
    titles = {str(word): title for word, title in WORDS.items()}
    for row in rows:
        table.add_row(
            row["id"], titles[row["word"]], row["severity"], row["title"], row["source"], row["state"]
        )
    out.print(table)
