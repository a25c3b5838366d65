"""The registers of an office, taken in: kept under their hash, their rows for the figures, a receipt for each."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from dossier.errors import TerminalError
from dossier.record import Refused
from flows.desk import Arrival
from flows.faults import told
from flows.keeping import drop_marks, ended, fetch_dropped, let_go, turn_away
from flows.register_file import register_in
from flows.tools import Tools
from storage import originals
from storage.inbox.objects import REGISTER, Dropped
from storage.leases import Lease
from storage.refused import note_refusal
from storage.registers import KeptRegister, keep_register

TAKEN: Final = "Taken"
"""Name of the final state of a run that went through its registers."""


async def take_registers(tools: Tools, arrival: Arrival, lease: Lease, intake: str) -> State[Any]:
    """Take an office's registers as a subflow of the running intake; its final state, TAKEN or a failure."""

    # Made for each run, so that the tools are no parameters: those are sent to the server.
    @flow(name="register", flow_run_name="register {office}", validate_parameters=False, persist_result=False)
    async def register(office: str, intake: str) -> State[str]:  # noqa: ARG001
        async with told():
            for turned in arrival.drop.refused:
                with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
                    await asyncio.to_thread(turn_away, tools.store, tools.inbox, turned, Path(folder))
            taken = [await take_register(tools, office, dropped, lease) for dropped in arrival.drop.objects]
            await asyncio.to_thread(drop_marks, tools, arrival.drop)
        rows = sum(len(kept.rows) for kept in taken)
        said = (
            f"{len(taken)} registers, {rows} dossiers, {sum(len(k.problems) for k in taken)} rows not taken"
        )
        get_run_logger().info("%s", said)
        return Completed(name=TAKEN, message=said)

    return await register(office=arrival.office, intake=intake, return_state=True)


async def take_register(tools: Tools, office: str, dropped: Dropped, lease: Lease) -> KeptRegister:
    """One register, from the inbox to its rows. One that cannot be read is refused whole."""
    with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        path = await asyncio.to_thread(fetch_dropped, tools.store, dropped, Path(folder))
        sha256 = await asyncio.to_thread(originals.keep, tools.store, path)
        about: dict[str, Any] = {
            "office": office,
            "file": dropped.name,
            "sha256": sha256,
            "dropped_at": dropped.last_modified,
        }
        try:
            read = await asyncio.wrap_future(tools.pool.submit(register_in, path, dropped.name))
            kept = KeptRegister(**about, rows=read.rows, problems=read.problems)
        except TerminalError as error:
            kept = KeptRegister(**about, refused=error.advice)
            refused = Refused(file=dropped.name, sha256=sha256, reason=error.advice, code=error.code)
            await asyncio.to_thread(
                note_refusal,
                tools.store,
                office,
                REGISTER,
                refused,
                key=dropped.key,
                dropped_at=dropped.last_modified,
            )
    lease.check()
    await asyncio.to_thread(keep_register, tools.store, kept)
    taken = [ended(dropped, "kept", sha256)]
    await asyncio.to_thread(let_go, tools.store, tools.inbox, (office, REGISTER), [dropped], taken)
    return kept
