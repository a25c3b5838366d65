"""What `sohoa up` tells the Prefect server: the work pool, the deployments of prefect.yaml, the zombie automation.

Import it only after PREFECT_API_URL is set: Prefect reads its settings at import.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.automations import AutomationCore, EventTrigger, Posture
from prefect.cli.deploy._config import _load_deploy_configs_and_actions
from prefect.cli.deploy._core import _run_single_deploy
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.exceptions import ObjectAlreadyExists
from prefect.states import Crashed
from prefect.workers.process import ProcessWorker
from rich.console import Console

from dossier.settings import load_settings
from flows.stack.server import HEARTBEAT_S, POOL

INTAKE = "intake/intake"
PUBLISH = "publish"
PREFECT_YAML = Path(__file__).parents[2] / "prefect.yaml"
ZOMBIES = "sohoa: an intake without heartbeat is dead"
LIVING = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.PAUSED]
ENDED_EVENTS = {f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Crashed", "Cancelled")}


async def deploy_all(prefect_yaml: Path = PREFECT_YAML) -> None:
    """Create the work pool, every deployment of the file and the automations. Idempotent."""
    async with get_client() as client:
        try:
            template = ProcessWorker.get_default_base_job_template()
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type="process", base_job_template=template)
            )
        except ObjectAlreadyExists:
            pass
        # The same code as `prefect deploy --all`, without the four seconds that a CLI call costs.
        silent = Console(file=io.StringIO())
        configs, actions = _load_deploy_configs_and_actions(prefect_yaml, console=silent)
        for config in configs:
            await _run_single_deploy(
                as_set(config),
                actions,
                client=client,
                prefect_file=prefect_yaml,
                console=silent,
                is_interactive=lambda: False,
            )
        await _declare_zombie_automation(client)


def as_set(config: dict[str, Any]) -> dict[str, Any]:
    """A deployment as the settings ask for it: without a target there is nothing to publish every minute."""
    if config["name"] != PUBLISH or load_settings().targets:
        return config
    return config | {"schedules": [schedule | {"active": False} for schedule in config["schedules"]]}


async def end_dead_runs(message: str) -> int:
    """Set every run that is still alive in the server's eyes Crashed. Only while no worker runs. How many."""
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(LIVING)))
            )
        )
        dead = [run for run in runs if not run.auto_scheduled]  # what a schedule planned is still to come
        for run in dead:
            await client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return len(dead)


async def start_intake(stack: str) -> UUID:
    """Create the run that `sohoa up` begins with. stack: names this start; asking twice gives the same run."""
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(INTAKE)
        run = await client.create_flow_run_from_deployment(
            deployment.id, name="intake", idempotency_key=f"up-{stack}"
        )
    return run.id


@dataclass(frozen=True)
class Intakes:
    """Intake runs that have not ended. coming: ids of those that are planned or being started."""

    running: int
    coming: tuple[UUID, ...]


async def intakes() -> Intakes:
    """As the server sees them."""
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=["intake"])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(LIVING)))
            ),
        )
    coming = tuple(run.id for run in runs if run.state_type in (StateType.SCHEDULED, StateType.PENDING))
    return Intakes(len(runs) - len(coming), coming)


async def give_up(runs: Iterable[UUID], message: str) -> None:
    """Set these Crashed: a process of theirs that wakes up one day is told so, and ends."""
    async with get_client() as client:
        for run in runs:
            await client.set_flow_run_state(run, Crashed(message=message), force=True)


async def _declare_zombie_automation(client: PrefectClient) -> None:
    # A killed machine reports nothing: its runs would stay Running for ever.
    automation = AutomationCore(
        name=ZOMBIES,
        description="Sets an intake run Crashed when three heartbeats in a row were missed.",
        enabled=True,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat"} | ENDED_EVENTS,
            for_each={"prefect.resource.id"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            # Dossiers' runs die with their intake and are ended by the sweep of the next one.
            match_related={"prefect.resource.role": "flow", "prefect.resource.name": "intake"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=3 * HEARTBEAT_S),
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="No heartbeat: its process is gone.")],
    )
    known = await client.read_automations_by_name(ZOMBIES)
    for old in known[1:]:
        await client.delete_automation(old.id)
    if known:
        await client.update_automation(known[0].id, automation)
    else:
        await client.create_automation(automation)
