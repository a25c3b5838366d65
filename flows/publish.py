"""The flow `publish`: every minute, what is new in the feed handed on to each downstream target."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_table_artifact

from dossier.errors import TransientError
from dossier.settings import Settings, load_settings
from flows.faults import told
from flows.publishing import Outcome, hand_on, names, standing, summary


@flow(name="publish", flow_run_name="publish", validate_parameters=False, persist_result=False)
async def publish(target: str | None = None) -> dict[str, dict[str, Any]]:
    """Hand on to every target, or to one. Fails at its end if one could not be brought to the end of the feed.

    Killed at any moment, it is gone on with by the next run: each target keeps its own place.
    """
    async with told():
        settings = load_settings()
        asked = names(settings, target)
    if not asked:
        get_run_logger().info("no target is set")
        return {}
    outcomes = await asyncio.gather(*(_task(settings, name) for name in asked))
    get_run_logger().info("%s", summary(outcomes))
    if any(one.events or one.error for one in outcomes):
        await acreate_table_artifact(
            table=await asyncio.to_thread(_table, settings, outcomes),
            key="publish",
            description="How far each downstream target is, by office.",
        )
    stopped = [f"{one.target} ({one.error})" for one in outcomes if one.error]
    if stopped:
        raise TransientError("publish-incomplete", f"stopped: {', '.join(stopped)}")
    return {one.target: one.told() for one in outcomes}


async def _task(settings: Settings, name: str) -> Outcome:
    """One target as a task of its own: what it did and how long it took stands in the run."""

    # Made for each run, so that the settings are no parameters: those are sent to the server.
    @task(name="hand on", task_run_name="hand on to {name}", persist_result=False)
    async def one(name: str) -> Outcome:
        async with told():
            return await asyncio.to_thread(hand_on, settings, name)

    return await one(name)


def _table(settings: Settings, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one in outcomes:
        if one.error:
            rows.append({"target": one.target, "error": one.error, "message": one.message})
            continue
        for stand in standing(settings, one.target):
            rows.append(stand.told() | {"handed on now": one.records})
    return rows
