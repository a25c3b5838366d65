"""The stacks of an office, split at their separator sheets into drops of its dossiers.

    stack -> original kept -> sheets found -> parts put into the inbox -> receipt -> stack removed

Every step may be done again: the same stack gives parts of the same names and bytes, which change nothing in a dossier
that has them. A part is a drop like any other; what becomes of it stands in its dossier's receipt.
"""

from __future__ import annotations

import asyncio
import mimetypes
import tempfile
from pathlib import Path
from typing import Any, Final

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from dossier.drop import extension
from dossier.errors import FileRefused, TransientError
from dossier.record import Refused
from flows.desk import Arrival
from flows.dossier_input import InputFile, sha256_of
from flows.faults import told
from flows.keeping import drop_marks, ended, fetch_dropped, let_go, turn_away
from flows.reading import FILE_UNREADABLE, attempt
from flows.stacks import Cut, a_few, cut_stack, inspected
from flows.tools import Tools
from ocr.stacks import write_part
from storage import originals
from storage.buckets import INBOX
from storage.inbox.objects import BATCH, Dropped
from storage.leases import Lease, LeaseLost
from storage.receipts.stacks import StackPart, StackReceipt, give_stack_receipt
from storage.refused import note_refusal

SPLIT: Final = "Split"
"""Name of the final state of a run that went through its stacks."""


async def split(tools: Tools, arrival: Arrival, lease: Lease, intake: str) -> State[Any]:
    """Split the stacks of an office as a subflow of the running intake; its final state, SPLIT or a failure."""

    # Made for each run, so that the tools are no parameters: those are sent to the server.
    @flow(name="batch", flow_run_name="batch {office}", validate_parameters=False, persist_result=False)
    async def batch(office: str, intake: str) -> State[str]:  # noqa: ARG001
        async with told():
            for turned in arrival.drop.refused:
                with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
                    await asyncio.to_thread(turn_away, tools.store, tools.inbox, turned, Path(folder))
            receipts, error = await _split_all(tools, arrival, lease)
            await asyncio.to_thread(drop_marks, tools, arrival.drop)
            if error is not None:
                raise error
        parts = sum(len(receipt.parts) for receipt in receipts)
        said = f"{len(receipts)} stacks, {parts} parts"
        get_run_logger().info("%s", said)
        return Completed(name=SPLIT, message=said)

    return await batch(office=arrival.office, intake=intake, return_state=True)


async def _split_all(
    tools: Tools, arrival: Arrival, lease: Lease
) -> tuple[list[StackReceipt], TransientError | None]:
    """Each stack of the drop: one for which the store or a process was away does not hold up the others."""
    receipts, error = [], None
    for stack in arrival.drop.objects:
        try:
            receipts.append(await split_stack(tools, arrival.office, stack, lease))
        except LeaseLost:
            raise
        except TransientError as away:
            error = away
    return receipts, error


async def split_stack(tools: Tools, office: str, stack: Dropped, lease: Lease) -> StackReceipt:
    """One stack, from the inbox to the drops of its dossiers. A stack that cannot be read is refused whole."""
    store = tools.store
    with tempfile.TemporaryDirectory(prefix="sohoa-") as name:
        folder = Path(name)
        path = await asyncio.to_thread(fetch_dropped, store, stack, folder)
        sha256 = await asyncio.to_thread(originals.keep, store, path)
        file = InputFile(stack.name, sha256, path)
        pages = 0
        parts: list[tuple[StackPart, Path]] = []
        refused: tuple[Refused, ...] = ()
        try:
            info = await inspected(tools.pool, file)
            pages = len(info.pages)
            found = await cut_stack(tools.pool, file, info, a_few(tools.pool))
            parts = await _parts(tools, file, found, folder)
            refused = found.refused(file)
        except FileRefused as refusal:
            refused = (Refused(file=file.name, sha256=sha256, reason=refusal.advice, code=refusal.code),)
        lease.check()
        for part, made in parts:
            await asyncio.to_thread(_drop, tools, office, file, part, made)
        receipt = StackReceipt(
            office=office,
            stack=stack.name,
            sha256=sha256,
            pages=pages,
            dropped_at=stack.last_modified,
            parts=tuple(part for part, _ in parts),
            refused=refused,
        )
        await asyncio.to_thread(_end, tools, receipt, stack)
    return receipt


async def _parts(tools: Tools, file: InputFile, found: Cut, folder: Path) -> list[tuple[StackPart, Path]]:
    """The parts as files. All are made before any is dropped: a stack is split whole or not at all."""
    made = []
    for dossier, pages in found.parts:
        name = part_name(file, pages, len(found.info.pages))
        path = folder / name
        await _written(tools, file, found, pages, path)
        made.append((StackPart(dossier=dossier, pages=pages, file=name, sha256=sha256_of(path)), path))
    return made


async def _written(tools: Tools, file: InputFile, found: Cut, pages: tuple[int, ...], path: Path) -> None:
    await attempt(lambda: tools.pool.submit(write_part, file.path, found.info, pages, path), FILE_UNREADABLE)


def part_name(stack: InputFile, pages: tuple[int, ...], of: int) -> str:
    """The name of a part, by what the stack holds and not by what it is called: dropped again it is the same."""
    wide = len(str(of))
    first, last = (f"{page:0{wide}d}" for page in (pages[0], pages[-1]))
    return f"tap-{stack.sha256[:12]}-trang-{first}-{last}.{extension(stack.name)}"


def _drop(tools: Tools, office: str, stack: InputFile, part: StackPart, path: Path) -> None:
    kind = mimetypes.guess_type(part.file)[0] or "application/octet-stream"
    said = {"stack": stack.sha256, "pages": f"{part.pages[0]}-{part.pages[-1]}"}
    tools.store.put(INBOX, f"{office}/{part.dossier}/{part.file}", path, kind, said)


def _end(tools: Tools, receipt: StackReceipt, stack: Dropped) -> None:
    """Refusals, receipt, and only then the stack leaves the inbox."""
    for refused in receipt.refused:
        note_refusal(
            tools.store, receipt.office, BATCH, refused, key=stack.key, dropped_at=stack.last_modified
        )
    give_stack_receipt(tools.store, receipt)
    taken = [ended(stack, "kept", receipt.sha256)]
    let_go(tools.store, tools.inbox, (receipt.office, BATCH), [stack], taken)
