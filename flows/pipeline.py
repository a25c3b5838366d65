"""The story of one dossier, from its files to its record. No server and no Prefect: flows and the offline
command tell the same story.

    files -> inspect -> pages -> papers -> fields -> verdicts -> record
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from dossier.catalogue.documents import document_types
from dossier.catalogue.procedures import procedure_on
from dossier.errors import FileRefused, ReadingCrashed, ReadingTimeout
from dossier.reading import FileInfo, FileReading, PageReading
from dossier.record import Component, ProcedureRef, Record, Refused
from flows.dossier_input import DossierInput, InputFile
from flows.provenance import made_by
from ocr.component import read_component
from ocr.duplicates import near_duplicates
from ocr.grouping import Draft, group
from ocr.pool import ReadingPool
from validators.case import Case, EarlierRecords
from validators.engine import judge as judge_case
from validators.roles import assign_roles
from validators.verdict import scores, state, verdicts

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ATTEMPTS = 2
IN_HAND = 2
"""Tasks of one dossier that wait for or are in the reading processes, for each of them: a dossier of a thousand
pages does not stand before all others in the queue."""

FILE_UNREADABLE = (
    "Tệp không đọc được (quá thời gian hoặc tệp hỏng). Hãy quét lại giấy tờ này rồi nộp lại tệp."
)
PAGE_UNREADABLE = (
    "Trang {} không đọc được (quá thời gian hoặc tệp hỏng). Hãy quét lại trang này rồi nộp lại tệp."
)
PAPER_UNREADABLE = "Giấy tờ trong tệp này không đọc được (quá thời gian). Hãy quét lại rồi nộp lại tệp."

T = TypeVar("T")
Page = tuple[PageReading, bytes]
Progress = Callable[[int], None]


class ReadingCache(Protocol):
    """Where page and component readings are kept between runs, by content and versions."""

    def page(self, sha256: str, page: int) -> Page | None: ...
    def keep_page(self, reading: PageReading, preview: bytes) -> None: ...
    def component(self, draft: Draft) -> Component | None: ...
    def keep_component(self, draft: Draft, component: Component) -> None: ...


class NoCache:
    """Remembers nothing: every page is read."""

    def page(self, sha256: str, page: int) -> Page | None:
        return None

    def keep_page(self, reading: PageReading, preview: bytes) -> None: ...

    def component(self, draft: Draft) -> Component | None:
        return None

    def keep_component(self, draft: Draft, component: Component) -> None: ...


@dataclass(frozen=True)
class DossierReading:
    """All that was seen in a dossier. previews: JPEG of each upright page, by (sha256, page)."""

    components: tuple[Component, ...]
    refused: tuple[Refused, ...]
    pages: dict[tuple[str, int], PageReading] = field(default_factory=dict)
    previews: dict[tuple[str, int], bytes] = field(default_factory=dict)
    duplicates: tuple[tuple[tuple[str, int], tuple[str, int]], ...] = ()


async def read(
    pool: ReadingPool, dossier: DossierInput, cache: ReadingCache, progress: Progress | None = None
) -> DossierReading:
    """Read every file of a dossier. A file or paper that cannot be read ends in `refused`; the others go on."""
    readings, refused, previews = await read_files(pool, dossier.files, cache, progress)
    drafts = await asyncio.to_thread(group, readings)
    outcomes = await _all(_read_component(pool, draft, dossier, readings, cache) for draft in drafts)
    unread = tuple(entry for outcome in outcomes if isinstance(outcome, tuple) for entry in outcome)
    return DossierReading(
        components=tuple(outcome for outcome in outcomes if isinstance(outcome, Component)),
        refused=dossier.refused + refused + unread,
        pages={(page.sha256, page.page): page for reading in readings for page in reading.pages},
        previews=previews,
        duplicates=await asyncio.to_thread(near_duplicates, readings),
    )


async def read_files(
    pool: ReadingPool, files: Sequence[InputFile], cache: ReadingCache, progress: Progress | None = None
) -> tuple[list[FileReading], tuple[Refused, ...], dict[tuple[str, int], bytes]]:
    """Read the pages of files side by side: the readings, the files that were refused, the pages' previews."""
    gate = asyncio.Semaphore(IN_HAND * pool.size)
    outcomes = await _all(_read_file(pool, file, cache, progress, gate) for file in files)
    done = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    refused = tuple(outcome for outcome in outcomes if isinstance(outcome, Refused))
    previews = {key: preview for _, pages in done for key, preview in pages.items()}
    return [reading for reading, _ in done], refused, previews


def judge(
    dossier: DossierInput,
    reading: DossierReading,
    *,
    version: int = 1,
    earlier: EarlierRecords | None = None,
    required_sources: frozenset[str] = frozenset(),
    engines: dict[str, str],
    started_at: datetime,
) -> Record:
    """Hold what was read against the four words and write the record of this version. Pure but for the clock."""
    manifest = dossier.manifest
    received_on = dossier.received_at.astimezone(VIETNAM).date()
    procedure = procedure_on(manifest.procedure, received_on) if manifest.procedure else None
    components = assign_roles(reading.components, procedure)
    types = document_types()
    findings = judge_case(
        Case(
            dossier=dossier.code,
            office=dossier.office,
            manifest=manifest,
            procedure=procedure,
            components=components,
            refused=reading.refused,
            files=dossier.dropped,
            document_types=types,
            today=datetime.now(VIETNAM).date(),
            received_at=dossier.received_at,
            received_on=received_on,
            earlier=earlier,
            duplicates=reading.duplicates,
            required_sources=required_sources,
            procedure_required=dossier.procedure_required,
        )
    )
    return Record(
        schema=Record.model_fields["schema_"].default,
        dossier=dossier.code,
        version=version,
        procedure=ProcedureRef(id=manifest.procedure, version=procedure.version if procedure else None)
        if manifest.procedure
        else None,
        office=dossier.office,
        state=state(findings, components, reading.refused, types),
        components=components,
        refused=reading.refused,
        findings=findings,
        verdicts=verdicts(findings),
        scores=scores(findings),
        made_by=made_by(engines),
        times={"received": dossier.received_at, "started": started_at, "made": datetime.now(UTC)},
        drop=dossier.dropped,
        manifest=manifest.model_dump(mode="json", exclude_defaults=True),
    )


async def _read_file(
    pool: ReadingPool,
    file: InputFile,
    cache: ReadingCache,
    progress: Progress | None,
    gate: asyncio.Semaphore,
) -> tuple[FileReading, dict[tuple[str, int], bytes]] | Refused:
    try:
        async with gate:
            info = await _attempt(lambda: pool.inspect(file.path, file.name), FILE_UNREADABLE)
        pages = await _all(
            _read_page(pool, file, info, number, cache, progress, gate)
            for number in range(1, len(info.pages) + 1)
        )
    except FileRefused as refusal:
        return Refused(file=file.name, sha256=file.sha256, reason=refusal.advice, code=refusal.code)
    except OSError as error:
        raise ReadingCrashed(
            "file-vanished", f"a file could not be opened any more: {error.strerror}"
        ) from None
    reading = FileReading(name=file.name, info=info, pages=tuple(page for page, _ in pages))
    return reading, {(page.sha256, page.page): preview for page, preview in pages}


async def _read_page(
    pool: ReadingPool,
    file: InputFile,
    info: FileInfo,
    number: int,
    cache: ReadingCache,
    progress: Progress | None,
    gate: asyncio.Semaphore,
) -> Page:
    async with gate:
        page = await asyncio.to_thread(cache.page, info.sha256, number)
        if page is None:
            advice = PAGE_UNREADABLE.format(number)
            page = await _attempt(lambda: pool.page(file.path, info, number), advice)
            await asyncio.to_thread(cache.keep_page, *page)
    if progress:
        progress(1)
    return page


async def _attempt(work: Callable[[], Future[T]], advice: str) -> T:
    """The result of a task in the pool. Raises FileRefused (page-unreadable) if it fails again and again."""
    # A reading process can be killed for reasons that are not the page's; a page that kills it twice is at fault.
    for _ in range(ATTEMPTS):
        try:
            return await asyncio.wrap_future(work())
        except (ReadingTimeout, ReadingCrashed) as error:
            last = error
    raise FileRefused("page-unreadable", f"not read in {ATTEMPTS} tries: {last}", advice)


async def _all(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results, in order; at the first error what is left of the work is cancelled, and the error raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _read_component(
    pool: ReadingPool, draft: Draft, dossier: DossierInput, readings: list[FileReading], cache: ReadingCache
) -> Component | tuple[Refused, ...]:
    """The paper; if reading it fails again and again, its files as refused."""
    if (kept := await asyncio.to_thread(cache.component, draft)) is not None:
        return kept
    wanted = {sha256 for _, sha256, _ in draft.pages}
    paths = {file.sha256: file.path for file in dossier.files if file.sha256 in wanted}
    infos = {reading.info.sha256: reading.info for reading in readings if reading.info.sha256 in wanted}
    pages = {
        (page.sha256, page.page): page
        for reading in readings
        if reading.info.sha256 in wanted
        for page in reading.pages
    }
    try:
        component = await _attempt(
            lambda: pool.submit(read_component, draft, paths, infos, pages), PAPER_UNREADABLE
        )
    except FileRefused as refusal:
        files = dict.fromkeys((name, sha256) for name, sha256, _ in draft.pages)
        return tuple(
            Refused(file=name, sha256=sha256, reason=refusal.advice, code=refusal.code)
            for name, sha256 in files
        )
    await asyncio.to_thread(cache.keep_component, draft, component)
    return component
