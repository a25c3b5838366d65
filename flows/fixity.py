"""The flow `fixity`: every night, whether what was kept is still what it was."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from dossier.errors import TransientError
from dossier.settings import load_settings
from flows.faults import told
from flows.fixing import (
    Checked,
    HoldsKept,
    Tidied,
    check,
    holds_line,
    keep_holds,
    loose_rows,
    rows,
    summary,
    tidy,
)
from storage.connect import open_store
from storage.rights import CUSTODIAN


@flow(name="fixity", flow_run_name="fixity", validate_parameters=False, persist_result=False)
async def fixity(everything: bool = False) -> dict[str, int]:
    """Read a slice of what was kept, or everything, and the rows that targets have of it; hold what came to held
    dossiers since.

    Fails at its end if something is lost or damaged, a row differs, or an original of a held dossier is not held.
    """
    async with told():
        checked, tidied = await asyncio.to_thread(_look, everything)
    looked, line = checked.looked, summary(checked)
    get_run_logger().info("%s", line)
    get_run_logger().info("removed %d old working copies, %d unended uploads", tidied.expired, tidied.uploads)
    await acreate_markdown_artifact(
        f"# Fixity\n\n{line}", key="fixity", description="Whether what was kept is what it was."
    )
    if looked.damages:
        await acreate_table_artifact(
            table=rows(looked),
            key="fixity-damages",
            description="Objects that are not as they were kept, by their hashes, and what to do.",
        )
    if not checked.downstream.whole:
        await acreate_table_artifact(
            table=checked.downstream.rows(),
            key="fixity-rows",
            description="Dossiers whose downstream rows are not what their records say; docs/downstream.md.",
        )
    held = await _hold_again()
    if not checked.whole:
        raise TransientError("fixity-damages", line)
    if held.loose:
        raise TransientError("holds-loose", holds_line(held))
    return looked.objects


async def _hold_again() -> HoldsKept:
    """Held dossiers keep their hold, whatever came to them since."""
    async with told():
        held = await asyncio.to_thread(_keep_holds)
    get_run_logger().info("%s", holds_line(held))
    if held.loose:
        await acreate_table_artifact(
            table=loose_rows(held),
            key="holds-loose",
            description="Originals of held dossiers that no legal hold keeps, and what to do.",
        )
    return held


def _keep_holds() -> HoldsKept:
    settings = load_settings()
    return keep_holds(open_store(settings), open_store(settings, CUSTODIAN))


def _look(everything: bool) -> tuple[Checked, Tidied]:
    settings = load_settings()
    store = open_store(settings)
    tidied = tidy(settings, store)
    return check(settings, store, everything), tidied
