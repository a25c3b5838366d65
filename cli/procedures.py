"""`sohoa procedures`: the catalogue of procedures, one of them as a checklist, and its check."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.console import NOT_ALL, out, plain
from dossier.catalogue.checklist import checklist
from dossier.catalogue.checks import checks, load_catalogue, problems
from dossier.catalogue.procedures import FOLDER, procedure_on, procedure_versions
from dossier.errors import ConfigurationError

app = typer.Typer(help="Procedures: what a dossier must hold, by version.", invoke_without_command=True)


@app.callback()
def listed(context: typer.Context) -> None:
    """List every version of every procedure."""
    if context.invoked_subcommand:
        return
    table = Table(title="Procedures")
    for column in ("code", "version", "from", "until", "title", "papers"):
        table.add_column(column, overflow="fold")
    for versions in procedure_versions().values():
        for one in versions:
            until = one.valid_until.isoformat() if one.valid_until else ""
            first = one.valid_from.isoformat()
            table.add_row(one.id, one.version, first, until, one.title, str(len(one.requirements)))
    out.print(table)


@app.command()
def show(
    code: str,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="default: today")] = None,
) -> None:
    """Print the version in force on a day as a checklist, in Vietnamese. Exit: 0, 2 no such version."""
    on = day.date() if day else date.today()
    found = procedure_on(code, on)
    if found is None:
        known = ", ".join(procedure_versions())
        raise ConfigurationError(
            "procedure-unknown",
            f"no version of {code} is in force on {on}; there are {known}",
            f"Không có phiên bản của thủ tục {code} hiệu lực ngày {on:%d/%m/%Y}.",
        )
    out.print(plain(checklist(found), "\n"), end="")


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="of procedures; default: the catalogue's own")] = FOLDER,
    as_json: Annotated[bool, typer.Option("--json", help="a JSON list of problems")] = False,
) -> None:
    """Find contradictions and rot in the procedures. Exit: 0 none, 1 some."""
    if not folder.is_dir():
        raise ConfigurationError("folder-missing", f"{folder} is no folder", "Không có thư mục này.")
    catalogue = load_catalogue(folder)
    found = problems(catalogue)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            where = " ".join(part for part in (one.file, one.version, one.requirement) if part)
            out.print(plain(f"{where}: {one.text} [{one.check}]"))
        versions = sum(map(len, catalogue.files.values()))
        out.print(f"{versions} versions, {len(checks())} checks, {len(found)} problems")
    if found:
        raise typer.Exit(NOT_ALL)
