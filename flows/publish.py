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
    done: dict[str, Outcome] = {}
    await asyncio.gather(*(_task(settings, name, done) for name in asked), return_exceptions=True)
    outcomes = [done[name] for name in asked if name in done]
    get_run_logger().info("%s", summary(outcomes))
    if any(one.events or one.error for one in outcomes):
        async with told():
            table = await asyncio.to_thread(_table, settings, outcomes)
        await acreate_table_artifact(
            table=table,
            key="publish",
            description="How far each downstream target is, by office.",
        )
    stopped = [
        f"{name} ({done[name].error if name in done else 'fault'})" for name in asked if not _well(done, name)
    ]
    if stopped:
        raise TransientError("publish-incomplete", f"stopped: {', '.join(stopped)}")
    return {one.target: one.told() for one in outcomes}


def _well(done: dict[str, Outcome], name: str) -> bool:
    return name in done and done[name].error is None


async def _task(settings: Settings, name: str, done: dict[str, Outcome]) -> None:
    """One target as a task of its own, which fails if the target could not be brought to the end of the feed."""

    # Made for each run, so that the settings are no parameters: those are sent to the server.
    @task(name="hand on", task_run_name="hand on to {name}", persist_result=False)
    async def one(name: str) -> None:
        async with told():
            done[name] = outcome = await asyncio.to_thread(hand_on, settings, name)
            if outcome.error:
                raise TransientError("publish-stopped", f"{name}: {outcome.error}")

    await one(name)


def _table(settings: Settings, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one in outcomes:
        if one.error:
            rows.append({"target": one.target, "error": one.error, "message": one.message})
            continue
        for stand in standing(settings, one.target):
            rows.append(stand.told() | {"handed on now": one.records})
    return rows
