"""What an intake does first: end in Prefect what a dead intake left running, and find which leases are free."""

from __future__ import annotations

from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.process_identity import surely_dead
from storage.leases import Leases

ALIVE = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.PAUSED]


async def end_orphans() -> int:
    """Set dossier runs Crashed whose intake has ended: nobody works on them. How many there were.

    Runs of an intake that still lives, here or on another machine, are left alone.
    """
    async with get_client() as client:
        dossiers = await _living(
            client, FlowFilter(name=FlowFilterName(any_=["dossier", "batch", "register"]))
        )
        intakes = {intake for run in dossiers if (intake := _intake_of(run)) is not None}
        alive = await _alive(client, intakes)
        orphans = [run for run in dossiers if _intake_of(run) not in alive]
        for run in orphans:
            await client.set_flow_run_state(
                run.id, Crashed(message="Its intake died; the next one takes the dossier again."), force=True
            )
    return len(orphans)


def dead_owners(leases: Leases) -> frozenset[str]:
    """Holders of leases that are surely dead: their dossiers can be taken at once."""
    return frozenset(state.owner for state in leases.standing() if surely_dead(state.owner))


async def _living(
    client: PrefectClient, flows: FlowFilter | None, ids: set[UUID] | None = None
) -> list[FlowRun]:
    return await client.read_flow_runs(
        flow_filter=flows,
        flow_run_filter=FlowRunFilter(
            id=FlowRunFilterId(any_=list(ids)) if ids is not None else None,
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=ALIVE)),
        ),
    )


async def _alive(client: PrefectClient, ids: set[UUID]) -> set[UUID]:
    return {run.id for run in await _living(client, None, ids)} if ids else set()


def _intake_of(run: FlowRun) -> UUID | None:
    try:
        return UUID(str(run.parameters["intake"]))
    except (KeyError, ValueError):
        return None
