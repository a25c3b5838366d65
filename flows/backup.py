"""The flow `backup`: every night, what the second place does not hold yet. Does nothing where none is set."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_table_artifact

from dossier.errors import TransientError
from dossier.settings import load_settings
from flows.faults import told
from storage.backup.house import house_files
from storage.backup.manifest import Head, details
from storage.backup.place import open_place
from storage.backup.run import back_up
from storage.connect import open_store

UNSET = "no backup: `backup.to` is not set"


@flow(name="backup", flow_run_name="backup", validate_parameters=False, persist_result=False)
async def back_up_all() -> str | None:
    """One run; its name. Fails at its end if something is not as it must be: the run is there all the same."""
    async with told():
        head = await asyncio.to_thread(_run)
    if head is None:
        get_run_logger().info(UNSET)
        return None
    row = details(head)
    # Keys can hold names of files: which objects it is about is told by `sohoa backup list` and the head itself.
    kinds = sorted({f"{problem.what} in {problem.bucket}" for problem in head.problems})
    await acreate_table_artifact(
        table=[row | {"what": ", ".join(kinds) or "whole"}],
        key="backup",
        description="The last backup; `sohoa backup list` tells of all.",
    )
    get_run_logger().info("backup %s: %d objects, %d new", head.run, row["objects"], head.copied)
    if head.problems:
        raise TransientError("backup-problems", f"backup {head.run}: {', '.join(kinds)}")
    return head.run


def _run() -> Head | None:
    settings = load_settings()
    if not settings.backup.to:
        return None
    place = open_place(settings.backup.to, settings.backup, make=True)
    return back_up(open_store(settings), place, house_files(settings), settings.backup.threads)
