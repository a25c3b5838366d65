"""One dossier as a run that an administrator can see: keep, read, lay out, judge, seal, store.

It runs inside the intake's process, as its subflow. What it is called with is shown and kept by Prefect: codes
only, never a file name or a value. Errors that leave it are ours, or stripped of their text.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
from prefect import Task, flow, get_client, get_run_logger, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.states import Completed, aget_state_exception
from prefect.tasks import exponential_backoff

from dossier.errors import SohoaError, TransientError
from dossier.record import Component, Record, Sealed
from flows import keeping, pipeline, sealing
from flows.artifacts import dossier_key, dossier_page
from flows.desk import Arrival
from flows.faults import OurFault, told
from flows.keeping import Kept
from flows.pipeline import DossierReading
from flows.sealing import Outcome
from flows.sources import of_office
from flows.tools import Tools
from storage.buckets import RECEIPTS
from storage.leases import Lease
from storage.receipts.receipts import receipt_key
from storage.sealed import keep_sealed
from validators.registry import rules

UNCHANGED: Final = "Unchanged"
ENDS: Final = ("Checked", "Returned", "Refused", UNCHANGED)
"""Names of the final states in which a dossier's run ends well: what a list of runs tells at a glance."""


class Work:
    """One dossier in hand, from step to step. Not a dataclass: Prefect searches those for futures, word by word."""

    kept: Kept
    reading: DossierReading
    laid: dict[str, Outcome]
    record: Record

    def __init__(self, tools: Tools, arrival: Arrival, lease: Lease, folder: Path) -> None:
        self.tools = tools
        self.arrival = arrival
        self.lease = lease
        self.folder = folder
        self.started_at = datetime.now(UTC)


async def digitise(tools: Tools, arrival: Arrival, lease: Lease, intake: str) -> State[Any]:
    """Run one dossier as a subflow of the running intake; its final state, one of ENDS or a failure."""

    # Made for each dossier, so that the tools are no parameters: those are sent to the server.
    @flow(name="dossier", flow_run_name="{code}", validate_parameters=False, persist_result=False)
    async def dossier(code: str, office: str, intake: str) -> State[str]:  # noqa: ARG001
        with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
            return await _story(Work(tools, arrival, lease, Path(folder)))

    return await dossier(code=arrival.code, office=arrival.office, intake=intake, return_state=True)


async def error_of(state: State[Any]) -> SohoaError:
    """The error that a failed run ended with, in our own terms."""
    error = await aget_state_exception(state)
    if isinstance(error, SohoaError):
        return error
    return OurFault("run-failed", f"the run ended {state.name}: {type(error).__name__}")


async def _story(work: Work) -> State[str]:
    attempts = work.tools.settings.intake.attempts
    await _patient(keep, attempts)(work)
    if work.kept.unchanged is not None:
        return _end(UNCHANGED, work.kept.unchanged)
    if work.kept.version > 1:
        await _rename(f"{work.arrival.code} v{work.kept.version}")
    await _patient(read, attempts)(work)
    await _patient(lay_out, attempts)(work)
    async with work.tools.turn:
        await _patient(judge, attempts)(work)
        await _patient(seal, attempts)(work)
        await _patient(store, attempts)(work)
    return _end(work.record.state.capitalize(), work.record)


@task(cache_policy=NO_CACHE, persist_result=False)
async def keep(work: Work) -> None:
    """The bytes are safe under their hash before anything else happens to them."""
    async with told():
        work.kept = await asyncio.to_thread(
            keeping.keep, work.tools.store, work.tools.records, work.arrival.drop, work.folder
        )
        if work.kept.unchanged is not None:
            await asyncio.to_thread(_done, work, work.kept.unchanged)


@task(cache_policy=NO_CACHE, persist_result=False)
async def read(work: Work) -> None:
    """Pages and papers, in the reading processes; what was read before is not read again."""
    async with told():
        work.reading = await pipeline.read(work.tools.pool, work.kept.dossier, work.tools.cache)


@task(cache_policy=NO_CACHE, persist_result=False)
async def lay_out(work: Work) -> None:
    """The pages of the sealed copies: what takes time, before anyone has to wait for this dossier's turn."""
    async with told():
        work.laid = await sealing.lay_out(
            work.tools.pool, work.kept.dossier, work.reading, work.folder, work.kept.before
        )


@task(cache_policy=NO_CACHE, persist_result=False)
async def judge(work: Work) -> None:
    """The four words."""
    async with told():
        work.record = await asyncio.to_thread(
            lambda: pipeline.judge(
                work.kept.dossier,
                work.reading,
                version=work.kept.version,
                decisions=work.kept.decisions,
                reused=work.kept.reused,
                open_since=work.kept.open_since,
                earlier=work.tools.index,
                required_sources=frozenset(work.tools.settings.required_sources),
                sources=of_office(work.tools.sources, work.tools.records, work.kept.dossier.office),
                engines=work.tools.engines,
                started_at=work.started_at,
            )
        )


@task(cache_policy=NO_CACHE, persist_result=False)
async def seal(work: Work) -> None:
    """The sealed copy of each paper, kept before the record that names it."""
    office, code = work.kept.dossier.office, work.kept.dossier.code

    def keep(component: Component, data: bytes, pages: int) -> Sealed:
        return keep_sealed(work.tools.store, office, code, component.id, data, pages)

    async with told():
        work.lease.check()
        work.record = await sealing.seal(
            work.tools.pool, work.record, work.laid, work.folder, keep, work.tools.sign
        )


@task(cache_policy=NO_CACHE, persist_result=False)
async def store(work: Work) -> None:
    """Record, outbox, receipt, pointer, index; then what was taken leaves the inbox. Done twice it counts once."""
    async with told():
        work.lease.check()
        work.record = await asyncio.to_thread(keeping.publish, work.tools.records, work.record, work.reading)
        await asyncio.to_thread(_done, work, work.record)
    await _show(work.record, work.tools.settings.store.endpoint or "")


def _done(work: Work, record: Record) -> None:
    work.tools.index.upsert(record)
    drop, place = work.arrival.drop, (work.arrival.office, work.arrival.code)
    keeping.let_go(work.tools.store, work.tools.inbox, place, drop.everything, work.kept.taken)


@cache
def _patient(step: Task[[Work], Awaitable[None]], attempts: int) -> Task[[Work], Awaitable[None]]:
    """The step, tried again with growing pauses where that may help."""
    return step.with_options(
        retries=attempts - 1,
        retry_delay_seconds=exponential_backoff(backoff_factor=2),
        retry_condition_fn=_may_help,
    )


def _may_help(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.data, TransientError)


def _end(name: str, record: Record) -> State[str]:
    """Completed, under the name of how it ended. The message tells what to look at first."""
    open_rules = sorted(
        {
            f"{finding.rule} {finding.verdict}"
            for finding in record.findings
            if finding.severity != "INFO" and finding.verdict in ("FAIL", "UNKNOWN")
        }
    )
    words = ", ".join(f"{word} {verdict}" for word, verdict in record.verdicts.items())
    said = f"version {record.version}: {words}" + (f"; {', '.join(open_rules)}" if open_rules else "")
    get_run_logger().info("%s, %s", name.lower(), said)
    return Completed(name=name, message=said)


async def _rename(name: str) -> None:
    with suppress(httpx.HTTPError):
        async with get_client() as client:
            await client.update_flow_run(UUID(flow_run.get_id()), name=name)


async def _show(record: Record, endpoint: str) -> None:
    """The dossier's page in Prefect. The work is done by now: a page that cannot be shown is no failure."""
    key = receipt_key(record.office, record.dossier)
    receipt = (
        f"`{RECEIPTS}/{key}`" + (f" at {endpoint}" if endpoint else "") + f"; `sohoa show {record.dossier}`"
    )
    with suppress(httpx.HTTPError):
        await acreate_markdown_artifact(
            dossier_page(record, {rule.id: rule for rule in rules()}, receipt),
            key=dossier_key(record.dossier),
            description=f"version {record.version}: {record.state}",
        )
