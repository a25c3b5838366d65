"""`sohoa backup` and `sohoa restore`: everything that counts to a second place, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.console import ALL_WELL, NOT_ALL, err, out, plain
from dossier.errors import ConfigurationError
from dossier.settings import Settings, StoreSettings, load_settings
from storage.anchors import verify_chains
from storage.backup.house import RESTORED, house_files
from storage.backup.manifest import Problem, chosen, details, heads, read_head
from storage.backup.place import open_place
from storage.backup.restore import Restored, restore, restore_house
from storage.backup.run import back_up
from storage.backup.serving import serving
from storage.backup.verify import verify
from storage.buckets import ALL
from storage.connect import open_store
from storage.index.index import open_index
from storage.records import Records
from storage.rights import CUSTODIAN

SHOWN = 50
WHAT = {
    "changed": "other bytes than in the run before, where nothing may change: look with `sohoa verify`",
    "gone": "was in the run before and is not in the store any more",
    "damaged": "the bytes are not what their hash says",
    "missing": "is not in the backup",
    "differs": "something else stands there; it was left as it is",
    "unread": "the store could not give it",
    "unheld": "its originals are not held: `sohoa hold CODE --reason …` with keys that may (custodian)",
    "manifest": "this part of the manifest is damaged: what it listed is not restored",
}

Where = Annotated[
    str | None,
    typer.Option("--to", help="folder, s3://BUCKET/PREFIX, https://HOST/BUCKET/PREFIX; default: backup.to"),
]
From = Annotated[
    str | None,
    typer.Option("--from", help="where the backup lies, as in `sohoa backup --to`; default: backup.to"),
]
At = Annotated[
    str | None,
    typer.Option("--at", help="a run, or a day or time in UTC: the newest run of it; default: newest"),
]
AsJson = Annotated[bool, typer.Option("--json", help="the result as JSON")]

app = typer.Typer(help="Copies of everything that counts, in a second place.", invoke_without_command=True)


@app.callback()
def command(context: typer.Context, to: Where = None, as_json: AsJson = False) -> None:
    """Copy what the backup does not hold yet: records, originals, evidence, audit, feed, receipts, settings.

    The stack may go on meanwhile. Exit: 0 whole, 1 whole but for what is named, 2 usage, 3 broken off (begin again:
    what was copied is not copied twice).
    """
    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    place = open_place(_where(settings, to), settings.backup, make=True)
    with serving(settings) as store:
        head = back_up(store, place, house_files(settings), settings.backup.threads)
    if as_json:
        typer.echo(json.dumps(head.model_dump(mode="json", exclude={"parts"}), ensure_ascii=False))
    else:
        told = details(head)
        out.print(
            f"run {head.run}: {told['objects']} objects, {told['MB']} MB; "
            f"{head.copied} of them new, {told['new MB']} MB"
        )
        _tell(head.problems, head.problem_count)
    raise typer.Exit(NOT_ALL if head.problems else ALL_WELL)


@app.command("list")
def list_runs(place: From = None, as_json: AsJson = False) -> None:
    """The runs that came to their end, the oldest first. Each is a whole backup."""
    settings = load_settings()
    opened = open_place(_where(settings, place), settings.backup)
    rows = [details(read_head(opened, *one)) for one in heads(opened)]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    table = Table(title=f"{len(rows)} runs", title_justify="left")
    for column in rows[0] if rows else ("run",):
        table.add_column(column, justify="left" if column in ("run", "ended") else "right", no_wrap=True)
    for row in rows:
        table.add_row(*map(str, row.values()))
    out.print(table)


@app.command("verify")
def verify_backup(
    place: From = None,
    at: At = None,
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="take damaged bytes away, so that the next run copies them anew"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read every byte of the backup, or of one run (--at), and hold it against its hash. Exit: 0 whole, 1 not."""
    settings = load_settings()
    opened = open_place(_where(settings, place), settings.backup)
    found = verify(opened, at, set_aside=set_aside, threads=settings.backup.threads)
    if as_json:
        typer.echo(
            json.dumps(
                {"runs": found.runs, "objects": found.objects, "size": found.size}
                | {"problems": [one.model_dump() for one in found.problems]},
                ensure_ascii=False,
            )
        )
    else:
        out.print(f"{len(found.runs)} runs, {found.objects} objects, {found.size / 1e6:.1f} MB read")
        _tell(found.problems)
    raise typer.Exit(ALL_WELL if found.whole else NOT_ALL)


def restore_command(
    place: From = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="a new data folder with an embedded store of its own")
    ] = None,
    at: At = None,
    go_on: Annotated[
        bool, typer.Option("--continue", help="the store holds something; nothing in it is written over")
    ] = False,
    bucket: Annotated[
        list[str] | None, typer.Option("--bucket", help="only this bucket; may be given several times")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back into an empty store, hold every byte against its hash, make the index anew.

    Exit: 0 whole, 1 whole but for what is named, 2 usage or the store is not empty, 3 broken off (--continue).
    """
    settings = load_settings()
    if unknown := {*(bucket or ())} - {*ALL}:
        raise ConfigurationError("bucket-unknown", f"no bucket of Sohoa: {', '.join(sorted(unknown))}")
    opened = open_place(_where(settings, place), settings.backup)
    head = chosen(opened, at)
    if into is not None:
        settings = settings.model_copy(update={"data": into, "store": StoreSettings(), "index_url": None})
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if head.problems:
        err.print(
            f"sohoa: run {head.run} told {head.problem_count} problems when it was made, such as "
            f"{head.problems[0].what} in {head.problems[0].bucket}; `sohoa backup list` shows the runs before (--at)",
            style="yellow",
        )
    house = restore_house(opened, head, settings.data)
    with serving(settings, make=True) as store:
        done = restore(
            store,
            opened,
            head,
            go_on=go_on,
            only=bucket or (),
            threads=settings.backup.threads,
            custodian=open_store(settings, CUSTODIAN),
        )
        done.problems[:0] = house
        with closing(open_index(settings)) as index:
            indexed = index.rebuild(Records(store))
        proof = verify_chains(store)
    _tell_restored(done, settings, indexed, len(proof.breaks), as_json)
    raise typer.Exit(ALL_WELL if done.whole and proof.whole else NOT_ALL)


def _tell_restored(done: Restored, settings: Settings, indexed: int, breaks: int, as_json: bool) -> None:
    if as_json:
        said = {
            "run": done.run,
            "objects": done.objects,
            "kept": done.kept,
            "dossiers": indexed,
            "breaks": breaks,
        }
        problems = [one.model_dump() for one in done.problems]
        typer.echo(json.dumps(said | {"problems": problems}, ensure_ascii=False))
        return
    out.print(f"restored from run {done.run}")
    table = Table()
    table.add_column("bucket")
    table.add_column("objects", justify="right")
    for bucket, number in done.objects.items():
        table.add_row(bucket, str(number))
    out.print(table)
    out.print(f"{indexed} dossiers in the index; breaks in the chains of audit and feed: {breaks}")
    if done.kept:
        out.print(f"{done.kept} objects were there already, with the same bytes")
    _tell(done.problems)
    out.print(
        f"Data folder: {settings.data}. Settings of then, for a look: {settings.data / RESTORED}. "
        "Next: start `sohoa up`, then `sohoa reconcile --full`."
    )


def _tell(problems: Sequence[Problem], count: int | None = None) -> None:
    if not problems:
        return
    number = len(problems) if count is None else count
    table = Table(title=f"{number} problems", title_justify="left")
    for column in ("bucket", "key", "what"):
        table.add_column(column, overflow="fold")
    for one in problems[:SHOWN]:
        table.add_row(one.bucket, plain(one.key), f"{one.what}: {WHAT.get(one.what, '')}", style="red")
    out.print(table)
    if number > SHOWN:
        out.print(f"… and {number - SHOWN} more (--json)")


def _where(settings: Settings, named: str | None) -> str:
    where = named or settings.backup.to
    if not where:
        raise ConfigurationError("backup-unset", "say where the backup lies (--to, --from), or set backup.to")
    return where
