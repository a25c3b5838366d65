"""`sohoa up`: the whole stack in one terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from dossier.settings import Settings, load_settings


def up(settings: Settings, until_idle: bool = False, verbose: bool = False) -> int:
    """Run the stack until it is stopped. Returns the exit code."""
    from flows.sources import connected
    from flows.stack.supervisor import run_stack

    connected(
        settings
    )  # a source that cannot be read is told here, not by an intake that fails again and again
    return run_stack(settings, until_idle=until_idle, verbose=verbose)


def command(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="stop when the inbox is empty and every dossier has ended")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="every line of every part")] = False,
) -> None:
    """Start store, Prefect server, worker and intake here; Ctrl-C stops them.

    Exit: 0 stopped, 2 settings or a stack that is already up, 3 a fault of ours.
    """
    raise typer.Exit(up(load_settings(), until_idle, verbose))
