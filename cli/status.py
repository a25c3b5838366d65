"""`sohoa status`: how things stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import STATES, out
from dossier.errors import SohoaError
from dossier.settings import Settings, load_settings
from flows.status import IntakeStatus, read_status
from storage.connect import open_store
from storage.index.index import open_index

SHOWN = 20
TIMES = ("since", "made", "at")


def command(
    as_json: Annotated[bool, typer.Option("--json", help="say it as JSON")] = False,
    office: Annotated[str | None, typer.Option(help="only this office")] = None,
) -> None:
    """Dossiers by state, what waits and why (the oldest first), the last errors."""
    settings = load_settings()
    index = open_index(settings)
    intake, away = _intake(settings)
    said: dict[str, Any] = {
        "states": dict.fromkeys(STATES, 0) | index.by_state(office),
        "returned": index.in_state("returned", SHOWN, office),
        "refused": index.in_state("refused", SHOWN, office),
        "waiting": [
            drop.model_dump(mode="json")
            for drop in sorted(intake.waiting if intake else (), key=lambda drop: drop.since)
            if office in (None, drop.office)
        ],
        "running": [
            name
            for name in (intake.running if intake else ())
            if office is None or name.startswith(f"{office}/")
        ],
        "errors": index.last_errors(SHOWN),
        "store": away or "answers",
    }
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
        return
    out.print("  ".join(f"{state}: {count}" for state, count in said["states"].items()))
    if away:
        out.print(f"the store does not answer ({away}); what follows is from the index alone", style="yellow")
    if said["running"]:
        out.print(f"running: {', '.join(said['running'])}")
    _print(out.print, "Waiting, oldest first", said["waiting"], ("code", "office", "since", "why"))
    for state in ("returned", "refused"):
        title = f"{state.capitalize()}, oldest first"
        _print(out.print, title, said[state], ("code", "office", "version", "made", "rules"))
    _print(out.print, "Last errors", said["errors"], ("at", "code", "error", "message"))


def _intake(settings: Settings) -> tuple[IntakeStatus | None, str]:
    try:
        return read_status(open_store(settings)), ""
    except SohoaError as error:
        return None, error.code


def _print(say: Any, title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows[:SHOWN]:
        table.add_row(*(_cell(column, row[column]) for column in columns))
    say(table)


def _cell(column: str, value: Any) -> str:
    if column in TIMES:
        return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return ", ".join(value) if isinstance(value, list) else str(value)
