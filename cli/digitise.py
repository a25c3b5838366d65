"""`sohoa digitise FOLDER --out DIR`: dossiers to records, without any server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from cli.console import ALL_WELL, NOT_ALL, OUR_FAULT, err, out, plain, verdict_table
from dossier.settings import load_settings
from flows.offline import Ended, Progress, digitise


def command(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="a folder of dossiers or of loose files")
    ],
    out_dir: Annotated[
        Path, typer.Option("--out", file_okay=False, help="where records go: DIR/<code>/record.json")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON line a dossier instead of the table")
    ] = False,
    sealed: Annotated[
        bool,
        typer.Option("--sealed", help="write each paper as a searchable PDF/A too: DIR/<code>/<paper>.pdf"),
    ] = False,
) -> None:
    """Read every dossier of FOLDER and hold it against the four words.

    Exit: 0 all checked, 1 some not, 2 usage, 3 a fault of ours.
    """
    settings = load_settings()
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pages]} pages"),
        console=err,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task("digitising", total=None, pages=0)
        pages = 0

        def page_read(count: int) -> None:
            nonlocal pages
            pages += count
            bar.update(task, pages=pages)

        ended = digitise(
            folder,
            out_dir,
            settings,
            Progress(
                total=lambda n: bar.update(task, total=n),
                pages=page_read,
                dossiers=lambda n: bar.update(task, advance=n),
            ),
            sealed=sealed,
        )
    _say(ended, as_json)
    raise typer.Exit(_exit_code(ended))


def _say(ended: list[Ended], as_json: bool) -> None:
    records = [end.record for end in ended if end.record]
    if not ended:
        err.print("sohoa: the folder holds no dossier and no file")
    if as_json:
        for end in ended:
            state = end.record.state if end.record else "fault"
            out.print_json(json.dumps({"dossier": end.code, "state": state}), indent=None)
    else:
        out.print(verdict_table(records))
    for end in ended:
        if end.error:
            err.print(plain(f"{end.code}: {end.error.code}: {end.error.message}"), style="red")


def _exit_code(ended: list[Ended]) -> int:
    if any(end.record is None for end in ended):
        return OUR_FAULT
    return ALL_WELL if all(end.record and end.record.state == "checked" for end in ended) else NOT_ALL
