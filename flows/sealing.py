"""Sealed copies of a dossier's papers: pages laid out before the verdicts, bound and kept after them.

    scans + words -> pieces of some pages (reading processes, side by side)
                  -> one PDF/A-2b a paper, with what the record says of it -> signed -> kept

A paper that cannot be sealed stops nothing: its originals are kept, and its record says why there is no copy. What the
store, the disk or a time-stamp authority keeps from us is transient, and tried again like any step. What is wrong with
the key or its certificate says nothing of the paper: the run fails and its scans wait, else each dossier until somebody
noticed would stay without a copy.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dossier.errors import FileRefused, TransientError
from dossier.record import Component, Record, Sealed, Unsealed
from flows.dossier_input import DossierInput
from flows.pipeline import DossierReading
from flows.reading import IN_HAND, all_of, attempt
from flows.sealed_facts import facts_of
from flows.sealed_tasks import NOT_SEALED, PageOf, bind_pieces, write_pages
from ocr.pool import ReadingPool
from storage.pdfa.model import Facts
from storage.signing.sealer import SealingFailed

T = TypeVar("T")
_log = logging.getLogger(__name__)
PIECE = 16
"""Pages of one task: within the time of a paper even where each page has to be drawn."""

Sign = Callable[[bytes], bytes]
"""Takes a PDF/A, gives it back signed. Raises SealingFailed where this copy takes no signature, TransientError where
trying again may help, ConfigurationError where nothing can be signed until a person has mended something.
"""
Keep = Callable[[Component, bytes, int], Sealed]
"""Takes a paper, its copy's bytes and their pages, and keeps them where they belong."""


@dataclass(frozen=True)
class Laid:
    """A paper's pages laid out. pieces: files, in order. dpi: the lowest of the scans."""

    pages: tuple[PageOf, ...]
    pieces: tuple[Path, ...]
    dpi: int


Outcome = Laid | Sealed | Unsealed


async def lay_out(
    pool: ReadingPool,
    dossier: DossierInput,
    reading: DossierReading,
    folder: Path,
    before: Record | None = None,
) -> dict[str, Outcome]:
    """The pages of every paper, by component id. before: the version before, whose copies stay where the scans do.

    folder: for the pieces; it has to last until `seal`. Raises TransientError.
    """
    kept = {one.id: sealed for one in reading.components if (sealed := kept_copy(one, before))}
    new = [one for one in reading.components if one.id not in kept]
    gate = asyncio.Semaphore(IN_HAND * pool.size)
    laid = await all_of(_lay_out(pool, one, pages_of(one, dossier, reading), folder, gate) for one in new)
    return {**kept, **dict(zip((one.id for one in new), laid, strict=True))}


async def seal(
    pool: ReadingPool,
    record: Record,
    outcomes: Mapping[str, Outcome],
    folder: Path,
    keep: Keep,
    sign: Sign | None = None,
) -> Record:
    """The record with the copy of every paper, or why it has none. Papers that were not laid out are left as they are.

    Raises TransientError, ConfigurationError (the signing key: see storage.signing.sealer).
    """

    gate = asyncio.Semaphore(IN_HAND * pool.size)
    at_once = asyncio.Semaphore(pool.size)  # the bytes of a copy are in memory while it is signed and kept

    async def one(component: Component) -> Component:
        outcome = outcomes.get(component.id)
        if isinstance(outcome, Laid) and component.reused_from is None:
            facts = facts_of(
                component,
                dossier=record.dossier,
                office=record.office,
                received=record.times["received"],
                dpi=outcome.dpi,
            )
            async with at_once:
                outcome = await _seal(pool, component, outcome, facts, folder, keep, sign, gate)
        if outcome is None or isinstance(outcome, Laid):
            return component
        sealed, unsealed = (outcome, None) if isinstance(outcome, Sealed) else (None, outcome)
        return component.model_copy(update={"sealed": sealed, "unsealed": unsealed})

    components = await all_of(one(component) for component in record.components)
    return record.model_copy(update={"components": tuple(components)})


def kept_copy(component: Component, before: Record | None) -> Sealed | None:
    """The copy that the version before has of the same pages of the same scans."""
    own = [old for old in before.components if old.reused_from is None] if before else []
    return next((old.sealed for old in own if old.sealed and _scans(old) == _scans(component)), None)


def pages_of(component: Component, dossier: DossierInput, reading: DossierReading) -> tuple[PageOf, ...]:
    """The pages of a paper, in its order."""
    paths = {file.sha256: file.path for file in dossier.files}
    return tuple(
        PageOf(paths[source.sha256], reading.infos[source.sha256], reading.pages[source.sha256, number])
        for source in component.sources
        for number in source.pages
    )


def _scans(component: Component) -> list[tuple[str, tuple[int, ...]]]:
    return [(source.sha256, source.pages) for source in component.sources]


async def _lay_out(
    pool: ReadingPool, component: Component, pages: tuple[PageOf, ...], folder: Path, gate: asyncio.Semaphore
) -> Laid | Unsealed:
    dpi = round(min(page.info.pages[page.reading.page - 1].dpi for page in pages))
    try:
        try:
            return Laid(pages, await _pieces(pool, component, pages, folder, gate, anew=False), dpi)
        except FileRefused:
            return Laid(pages, await _pieces(pool, component, pages, folder, gate, anew=True), dpi)
    except FileRefused as refusal:
        return _unsealed(refusal)


async def _pieces(
    pool: ReadingPool,
    component: Component,
    pages: tuple[PageOf, ...],
    folder: Path,
    gate: asyncio.Semaphore,
    *,
    anew: bool,
) -> tuple[Path, ...]:
    async def piece(number: int) -> Path:
        path = folder / f"{_safe(component)}{'-anew' if anew else ''}-{number:04d}.piece"
        part = pages[number * PIECE : (number + 1) * PIECE]
        async with gate:
            await _tried(lambda: pool.submit(write_pages, part, path, anew))
        return path

    return tuple(await all_of(piece(number) for number in range(-(-len(pages) // PIECE))))


async def _seal(
    pool: ReadingPool,
    component: Component,
    laid: Laid,
    facts: Facts,
    folder: Path,
    keep: Keep,
    sign: Sign | None,
    gate: asyncio.Semaphore,
) -> Sealed | Unsealed:
    to = folder / f"{_safe(component)}.pdf"
    try:
        try:
            await _tried(lambda: pool.submit(bind_pieces, laid.pieces, facts, to))
        except FileRefused:  # something that was passed through is not fit for an archive
            pieces = await _pieces(pool, component, laid.pages, folder, gate, anew=True)
            await _tried(lambda: pool.submit(bind_pieces, pieces, facts, to))
        data = await asyncio.to_thread(_read, to)
        data = await asyncio.to_thread(sign, data) if sign else data
    except (FileRefused, SealingFailed) as error:  # what speaks of this paper
        return _unsealed(error)
    return await asyncio.to_thread(keep, component, data, facts.pages)


async def _tried(work: Callable[[], Future[T]]) -> T:
    try:
        return await attempt(work, NOT_SEALED)
    except OSError as error:
        raise _disk(error) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _disk(error) from None


def _disk(error: OSError) -> TransientError:
    return TransientError("sealing-disk", f"a sealed copy could not be laid out: {error.strerror}")


def _unsealed(error: FileRefused | SealingFailed) -> Unsealed:
    _log.warning("a paper is not sealed: %s", error)
    return Unsealed(code=error.code, reason=error.advice or NOT_SEALED)


def _safe(component: Component) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in component.id)
