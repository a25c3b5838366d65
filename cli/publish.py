"""`sohoa publish`: records handed on to downstream databases."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, out, plain
from dossier.errors import ConfigurationError, SohoaError
from dossier.settings import Settings, load_settings
from flows.publishing import Outcome, changed_rows, hand_on, names, put_aside, standing, summary


def command(
    target: Annotated[str | None, typer.Argument(help="only this target of the settings")] = None,
    status: Annotated[bool, typer.Option("--status", help="how far each is, and what went aside")] = False,
    retry: Annotated[bool, typer.Option("--retry-aside", help="try once more what went aside")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="hold every row against the records; hands on nothing")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="say it as JSON")] = False,
) -> None:
    """Hand on what is new to the downstream targets. The flow `publish` does this every minute.

    Exit: 0 all handed on, 1 a target could not be brought to the end, something is aside or differs, 2 usage.
    """
    settings = load_settings()
    asked = names(settings, target)
    if not asked:
        raise ConfigurationError(
            "target-unset",
            "no target is set",
            "Khai báo [targets.TÊN] trong sohoa.toml: xem docs/downstream.md.",
        )
    if status:
        raise typer.Exit(_status(settings, asked, as_json))
    if verify:
        raise typer.Exit(_verify(settings, asked, as_json))
    outcomes = [hand_on(settings, name, retry_aside=retry) for name in asked]
    if as_json:
        typer.echo(json.dumps([one.told() for one in outcomes], ensure_ascii=False))
    else:
        out.print(plain(summary(outcomes)))
        for one in outcomes:
            if one.error:
                said = str(one.message).removeprefix(f"{one.target}: ")
                err.print(plain(f"{one.target}: {said} [{one.error}]"), style="red")
    waiting = [name for name in asked if _waits(settings, name)]
    raise typer.Exit(ALL_WELL if all(_well(one) for one in outcomes) and not waiting else NOT_ALL)


def _waits(settings: Settings, name: str) -> bool:
    """Whether something is aside at a target, or waits there for another try."""
    try:
        return bool(put_aside(settings, name))
    except SohoaError:  # told already: it could not be handed on to either
        return True


def _verify(settings: Settings, asked: tuple[str, ...], as_json: bool) -> int:
    found = [
        {"target": name} | asdict(difference) for name in asked for difference in changed_rows(settings, name)
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            place = f"{one['target']}: {one['table']}: {one['office']} {one['dossier']}"
            err.print(plain(f"{place}: {one['missing']} rows missing, {one['strange']} strange"), style="red")
        out.print(f"{len(found)} differences" if found else "every row is as its record says")
    return NOT_ALL if found else ALL_WELL


def _well(one: Outcome) -> bool:
    return one.error is None and not one.aside


def _status(settings: Settings, asked: tuple[str, ...], as_json: bool) -> int:
    said: list[dict[str, Any]] = []
    for name in asked:
        one: dict[str, Any] = {"target": name, "offices": [], "aside": [], "error": None}
        try:
            one["offices"] = [stand.told() for stand in standing(settings, name)]
            one["aside"] = [vars(aside) for aside in put_aside(settings, name)]
        except SohoaError as error:
            one["error"] = str(error)
        said.append(one)
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        _print(said)
    well = all(
        one["error"] is None and not one["aside"] and not any(stand["behind"] for stand in one["offices"])
        for one in said
    )
    return ALL_WELL if well else NOT_ALL


def _print(said: list[dict[str, Any]]) -> None:
    table = Table(
        "target", "office", "handed on to", "of", "behind", "aside", "last", title="Downstream targets"
    )
    for one in said:
        for stand in one["offices"]:
            cells = (stand[name] for name in ("office", "seq", "head", "behind", "aside", "at"))
            table.add_row(one["target"], *(plain(str(cell if cell is not None else "-")) for cell in cells))
    out.print(table)
    for one in said:
        if one["error"]:
            out.print(plain(f"{one['target']}: {one['error']}"), style="red")
        for aside in one["aside"]:
            place = f"{aside['office']} #{aside['seq']} {aside['dossier'] or ''} v{aside['version'] or '?'}"
            out.print(plain(f"{one['target']}: aside: {place}: {aside['message']} [{aside['code']}]"))
