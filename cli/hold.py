"""`sohoa hold`: nobody removes the scans of a dossier until the hold is released."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import ALL_WELL, NOT_ALL, out
from cli.person import account
from dossier.errors import TerminalError
from dossier.settings import load_settings
from storage.connect import open_store
from storage.holds import Held, HoldTools, hold, hold_on
from storage.records import Records
from storage.rights import CUSTODIAN
from storage.s3 import Store
from storage.secret import house_key, person_mark


def command(
    code: Annotated[str, typer.Argument(help="dossier code")],
    reason: Annotated[str, typer.Option(help="why, such as the number of a court's letter")] = "",
    release: Annotated[bool, typer.Option("--release", help="let go what was held")] = False,
    by: Annotated[
        str | None, typer.Option(help="full name of the person who decides; else the account")
    ] = None,
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
) -> None:
    """Set a legal hold on every original of a dossier, or release it; without --reason, tell whether it is held.

    With an outside store, run it with keys that may set legal holds (`sohoa policies`: custodian).
    Exit: 0 done, 1 an original is missing, 2 usage, 3 a fault of ours.
    """
    settings = load_settings()
    store = open_store(settings)
    place = Records(store).office_of(code, office)
    if not reason.strip():
        if release:
            raise TerminalError("reason-missing", "a release needs --reason", "Cần nêu lý do (--reason).")
        raise typer.Exit(_tell(store, place, code))
    tools = HoldTools(store, open_store(settings, CUSTODIAN))
    mark = person_mark(house_key(settings.data), by or account())
    done = hold(tools, place, code, not release, reason.strip(), mark)
    raise typer.Exit(_show(code, done, release))


def _tell(store: Store, office: str | None, code: str) -> int:
    found = hold_on(store, office, code)
    if found is None:
        out.print(f"{code}: never held")
    else:
        out.print(f"{code}: {'held' if found.on else 'released'} since {found.at:%Y-%m-%d %H:%M} UTC")
    return ALL_WELL


def _show(code: str, done: Held, release: bool) -> int:
    what = "released" if release else "held"
    out.print(f"{code}: {len(done.originals) - len(done.kept) - len(done.missing)} originals {what}")
    if done.kept:
        out.print(f"{len(done.kept)} stay held for another dossier")
    for sha256 in sorted(done.missing):
        out.print(f"missing in the store: {sha256}", style="red")
    return NOT_ALL if done.missing else ALL_WELL
