"""The intake: watches the inbox and runs every ready dossier as a subflow of its own.

    list the inbox -> what is ready -> lease -> dossier (keep, read, judge, store) -> list again

Listing is the truth; a nudge only makes it look sooner. The reading processes are started once and keep their
engines loaded; the pages of all dossiers in hand go through them.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from prefect import flow, get_client, get_run_logger
from prefect.client.schemas.objects import State, StateType
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run
from prefect.states import Cancelled, Failed

from dossier.errors import SohoaError, TransientError
from dossier.settings import load_settings
from flows.batch import split
from flows.desk import Arrival, Desk, arrival
from flows.digitise import digitise, error_of
from flows.hint import Ear, listening
from flows.keeping import drop_marks, turn_away
from flows.process_identity import this_process
from flows.registers import take_registers
from flows.sweep import dead_owners, end_orphans
from flows.telling import Reporter
from flows.tools import Tools, opened_tools
from storage.inbox.objects import Drop, Listing, Turned
from storage.leases import Lease, Leases

SHORTEST_PAUSE_S = 0.2  # a burst of nudges is one look
ASK_S = 5.0
PUT_DOWN_S = 2.0
STOPPED = "Stopped. What was in hand goes on with the next intake."


@flow(name="intake", flow_run_name="intake", validate_parameters=False, persist_result=False)
async def intake() -> State[None]:
    """Run until it is cancelled. Started once for each machine that reads; leases keep several apart."""
    settings = load_settings()
    with opened_tools(settings) as tools:
        leases = Leases(tools.store, this_process(), settings.intake.lease_s)
        return await Intake(tools, leases, UUID(flow_run.get_id())).run()


@dataclass
class Hand:
    """A dossier in hand. lost: its lease ended before its work did."""

    arrival: Arrival
    lease: Lease
    task: asyncio.Task[None] | None = None
    lost: bool = False


class Intake:
    """The loop of one intake run."""

    def __init__(self, tools: Tools, leases: Leases, run: UUID) -> None:
        self._tools = tools
        self._limits = tools.settings.intake
        self._leases = leases
        self._run = run
        self._desk = Desk(str(run))
        self._reporter = Reporter(tools.store)
        self._hands: dict[str, Hand] = {}
        self._dead: frozenset[str] = frozenset()
        self._ear = Ear()
        self._fault: BaseException | None = None
        self._parent = os.getppid()
        self._asked = time.monotonic()
        self._logger = get_run_logger()

    async def run(self) -> State[None]:
        """Sweep, then watch until something says stop; what is in hand then is put down."""
        await self._sweep()
        async with listening(self._tools.settings) as self._ear:
            heart = asyncio.create_task(self._beat())
            try:
                return await self._watch()
            finally:
                heart.cancel()
                await self._put_down()

    async def _sweep(self) -> None:
        orphans = await end_orphans()
        self._dead = await asyncio.to_thread(dead_owners, self._leases)
        if orphans or self._dead:
            self._logger.info(
                "sweep: %d runs and the leases of %d dead processes were left", orphans, len(self._dead)
            )

    async def _watch(self) -> State[None]:
        while (end := await self._end()) is None:
            self._ear.look.clear()
            try:
                await self._take_in(await asyncio.to_thread(self._tools.inbox.look))
            except TransientError as error:
                self._logger.warning("the inbox could not be looked at: %s", error)
            await self._reporter.tell(self._desk.status())
            await asyncio.sleep(SHORTEST_PAUSE_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ear.look.wait(), self._limits.poll_s)
        return end

    async def _take_in(self, listing: Listing) -> None:
        for stray in listing.strays:
            await asyncio.to_thread(self._turn_away, stray)
        now = datetime.now(UTC)
        for drop in _left_over(listing, self._limits.quiet_s, now):
            await asyncio.to_thread(drop_marks, self._tools, drop)
        for ready in self._desk.look([arrival(drop) for drop in listing.drops if not _is_bare(drop)], now):
            if len(self._hands) >= self._limits.dossiers_in_flight:
                return
            lease = await asyncio.to_thread(self._leases.acquire, ready.name, self._dead)
            if lease is None:
                self._desk.wait(ready, "another intake, which holds its lease")
                continue
            self._desk.take(ready, datetime.now(UTC))
            hand = Hand(ready, lease)
            self._hands[ready.name] = hand
            hand.task = asyncio.create_task(self._work_on(hand))
            hand.task.add_done_callback(self._notice)

    def _turn_away(self, stray: Turned) -> None:
        with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
            refused = turn_away(self._tools.store, self._tools.inbox, stray, Path(folder))
        self._logger.info("refused object %s: %s", refused.sha256[:12], refused.code)

    async def _work_on(self, hand: Hand) -> None:
        arrival, desk = hand.arrival, self._desk
        try:
            state = await _story(arrival)(self._tools, arrival, hand.lease, desk.run)
            if state.type == StateType.COMPLETED:
                desk.end(arrival, (state.name or "").lower(), datetime.now(UTC))
            else:
                await self._failed(arrival, await error_of(state))
        except (httpx.HTTPError, PrefectException) as error:
            away = TransientError(
                "prefect-away", f"the Prefect server did not answer: {type(error).__name__}"
            )
            await self._failed(arrival, away)
        except asyncio.CancelledError:
            if not hand.lost:
                raise
            self._logger.warning("%s: its lease was lost; it was put down", arrival.code)
        finally:
            desk.put_back(arrival)
            del self._hands[arrival.name]
            with suppress(TransientError):
                await asyncio.to_thread(hand.lease.release)
            self._ear.look.set()

    def _notice(self, task: asyncio.Task[None]) -> None:
        # What no dossier's run caught is a fault of the intake itself: it ends, visibly, and is started anew.
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
            self._ear.look.set()

    async def _failed(self, arrival: Arrival, error: SohoaError) -> None:
        trouble = self._desk.fail(arrival, error.code, datetime.now(UTC))
        self._logger.error("%s failed: %s; tried again after %s", arrival.code, error, trouble.until)
        with suppress(TransientError):
            await asyncio.to_thread(
                self._tools.index.note_error, arrival.office, arrival.code, error.code, error.message
            )

    async def _beat(self) -> None:
        """Renew every lease in hand well before it ends; let go of what was lost."""
        while True:
            await asyncio.sleep(self._limits.lease_s / 4)
            for hand in list(self._hands.values()):
                with suppress(TransientError):
                    await asyncio.to_thread(hand.lease.renew)
                if not hand.lease.valid and hand.task is not None:
                    hand.lost = True
                    hand.task.cancel()

    async def _end(self) -> State[None] | None:
        """Why to stop, if there is a reason: cancelled by a person, or the worker that started us is gone."""
        if self._fault is not None:
            raise self._fault
        if self._ear.stop.is_set():
            return Cancelled(message=STOPPED)
        if os.getppid() != self._parent:
            return Failed(message="The worker that ran this intake is gone.")
        if time.monotonic() - self._asked < ASK_S and not self._ear.look.is_set():
            return None
        self._asked = time.monotonic()
        try:
            async with get_client() as client:
                state = (await client.read_flow_run(self._run)).state
        except httpx.HTTPError:
            return None  # the server is away; the work goes on
        if state is not None and state.type in (StateType.CANCELLING, StateType.CANCELLED):
            return Cancelled(message=STOPPED)
        if state is not None and state.is_final():
            # Somebody declared this run dead (no heartbeat). Another intake has been started for it.
            return state
        return None

    async def _put_down(self) -> None:
        tasks = [hand.task for hand in self._hands.values() if hand.task is not None]
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=PUT_DOWN_S)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _story(arrival: Arrival) -> Callable[[Tools, Arrival, Lease, str], Awaitable[State[Any]]]:
    if arrival.drop.stacks:
        return split
    return take_registers if arrival.drop.registers else digitise


def _is_bare(drop: Drop) -> bool:
    """Nothing but marks (`_ready`, deletions): the papers may be on their way."""
    return not (drop.objects or drop.refused or drop.manifest)


def _left_over(listing: Listing, quiet_s: float, now: datetime) -> list[Drop]:
    """Drops of marks to which no paper came in time. There is nothing in them to keep."""
    return [
        drop
        for drop in listing.drops
        if _is_bare(drop) and (now - drop.last_change).total_seconds() > quiet_s
    ]
