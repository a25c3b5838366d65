"""The flow `recheck`: every night, what stopped being alive in the records that this office keeps."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact

from dossier.errors import TransientError
from dossier.settings import load_settings
from flows.faults import told
from flows.rechecking import Question, Rechecked, question, recheck, summary
from flows.shelves import opened_shelves


@flow(name="recheck", flow_run_name="recheck", validate_parameters=False, persist_result=False)
async def recheck_all(
    dossier: str | None = None, office: str | None = None, rule: str | None = None
) -> dict[str, int]:
    """Hold the live rules over all records that are due; or over one dossier's; or one rule over every record.

    Killed, it is gone on with by the next run. Fails at its end if records could not be looked at.
    """
    asked = question(rule=rule)
    async with told():
        done = await asyncio.to_thread(_recheck, asked, dossier, office)
    get_run_logger().info("%s", summary(done))
    await acreate_markdown_artifact(
        f"# Recheck of {asked.today}\n\n{summary(done)}\n\nRules: {', '.join(sorted(asked.rules))}",
        key="recheck",
        description="What stopped being alive, or lives again.",
    )
    if done.failed:
        raise TransientError("recheck-incomplete", f"{done.failed} records could not be looked at")
    return {"looked": done.looked, "changed": done.changed, "busy": done.busy, "failed": done.failed}


def _recheck(asked: Question, dossier: str | None, office: str | None) -> Rechecked:
    with opened_shelves(load_settings()) as shelves:
        if dossier is None:
            return recheck(shelves, asked)
        return recheck(shelves, asked, (shelves.records.office_of(dossier, office), dossier))
