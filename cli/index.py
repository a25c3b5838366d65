"""`sohoa index`: the derived index."""

from __future__ import annotations

import typer

from cli.console import out
from dossier.settings import load_settings
from storage.connect import open_store
from storage.index.index import open_index
from storage.records import Records

app = typer.Typer(
    help="The derived index: answers questions about many dossiers, can be made anew at any time."
)


@app.callback()
def _group() -> None:
    """Keeps `rebuild` a command of its own."""


@app.command()
def rebuild() -> None:
    """Throw the index away and make it anew from the records in the store."""
    settings = load_settings()
    count = open_index(settings).rebuild(Records(open_store(settings)))
    out.print(f"index rebuilt from {count} records")
