"""The flow `reconcile`: every day, the proof that no scan was lost in silence, and the anchor of the chains."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from dossier.errors import TransientError
from dossier.settings import load_settings
from flows.faults import told
from flows.reconciling import Account, account, rows, summary
from storage.connect import open_store

SHOWN = 1000
"""Losses in the table; `sohoa reconcile` tells all of them."""


@flow(name="reconcile", flow_run_name="reconcile", validate_parameters=False, persist_result=False)
async def reconcile_all(full: bool = False) -> dict[str, int]:
    """Hold inbox, audit, originals and records against one another. Fails at its end if something was lost."""
    async with told():
        made = await asyncio.to_thread(_account, full)
    get_run_logger().info("%s", summary(made))
    await acreate_markdown_artifact(
        f"# Account of {made.at:%Y-%m-%d %H:%M} UTC\n\n{summary(made)}",
        key="reconcile",
        description="What came, how it ended.",
    )
    if not made.whole:
        await acreate_table_artifact(
            table=rows(made)[:SHOWN],
            key="reconcile-losses",
            description=f"What did not end as it must, and what to do: the first of {len(rows(made))}.",
        )
        raise TransientError("reconcile-losses", summary(made))
    return dict(made.done.counts)


def _account(full: bool) -> Account:
    settings = load_settings()
    return account(settings, open_store(settings), full=full)
