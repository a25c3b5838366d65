"""How files become pages and papers: side by side in the reading processes, tried again, kept in a cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from dossier.errors import FileRefused, ReadingCrashed, ReadingTimeout
from dossier.reading import FileInfo, FileReading, PageReading
from dossier.record import Component, Refused
from flows.dossier_input import DossierInput, InputFile
from flows.previews import Previews
from ocr.component import read_component
from ocr.grouping import Draft
from ocr.pool import ReadingPool

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


async def read_files(
    pool: ReadingPool, files: Sequence[InputFile], cache: ReadingCache, progress: Progress | None = None
) -> tuple[list[FileReading], tuple[Refused, ...], Previews]:
    """Read the pages of files side by side: the readings, the files that were refused, the pages' previews."""
    gate, previews = asyncio.Semaphore(IN_HAND * pool.size), Previews()
    outcomes = await all_of(_read_file(pool, file, cache, progress, gate, previews) for file in files)
    done = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    refused = tuple(outcome for outcome in outcomes if isinstance(outcome, Refused))
    return done, refused, previews


async def _read_file(
    pool: ReadingPool,
    file: InputFile,
    cache: ReadingCache,
    progress: Progress | None,
    gate: asyncio.Semaphore,
    previews: Previews,
) -> FileReading | Refused:
    try:
        async with gate:
            info = await attempt(lambda: pool.inspect(file.path, file.name), FILE_UNREADABLE)
        pages = await all_of(
            _read_page(pool, file, info, number, cache, progress, gate, previews)
            for number in file.pages or range(1, len(info.pages) + 1)
        )
    except FileRefused as refusal:
        return Refused(file=file.name, sha256=file.sha256, reason=refusal.advice, code=refusal.code)
    except OSError as error:
        raise ReadingCrashed(
            "file-vanished", f"a file could not be opened any more: {error.strerror}"
        ) from None
    if file.pages is not None:  # a signature over a stack of dossiers is none over one of them
        info = info.model_copy(update={"signatures": ()})
    return FileReading(name=file.name, info=info, pages=tuple(pages))


async def _read_page(
    pool: ReadingPool,
    file: InputFile,
    info: FileInfo,
    number: int,
    cache: ReadingCache,
    progress: Progress | None,
    gate: asyncio.Semaphore,
    previews: Previews,
) -> PageReading:
    async with gate:
        page = await asyncio.to_thread(cache.page, info.sha256, number)
        if page is None:
            advice = PAGE_UNREADABLE.format(number)
            page = await attempt(lambda: pool.page(file.path, info, number), advice)
            await asyncio.to_thread(cache.keep_page, *page)
    reading, preview = page
    previews.add((reading.sha256, reading.page), preview)
    if progress:
        progress(1)
    return reading


async def attempt(work: Callable[[], Future[T]], advice: str) -> T:
    """The result of a task in the pool. Raises FileRefused (page-unreadable) if it fails again and again."""
    # A reading process can be killed for reasons that are not the page's; a page that kills it twice is at fault.
    for _ in range(ATTEMPTS):
        try:
            return await asyncio.wrap_future(work())
        except (ReadingTimeout, ReadingCrashed) as error:
            last = error
    raise FileRefused("page-unreadable", f"not read in {ATTEMPTS} tries: {last}", advice)


async def all_of(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results, in order; at the first error what is left of the work is cancelled, and the error raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def read_paper(
    pool: ReadingPool, draft: Draft, dossier: DossierInput, readings: list[FileReading], cache: ReadingCache
) -> Component | tuple[Refused, ...]:
    """The paper; if reading it fails again and again, its files as refused."""
    if (kept := await asyncio.to_thread(cache.component, draft)) is not None:
        return kept
    pages = pages_of(draft, readings)
    wanted = {sha256 for sha256, _ in pages}
    paths = {file.sha256: file.path for file in dossier.files if file.sha256 in wanted}
    infos = {reading.info.sha256: reading.info for reading in readings if reading.info.sha256 in wanted}
    try:
        component = await attempt(
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


def pages_of(draft: Draft, readings: Iterable[FileReading]) -> dict[tuple[str, int], PageReading]:
    """The pages of one paper, by (sha256, page), and no other page of its files.

    With the whole of a long file, each of its papers would cost a reading process as much as the file.
    """
    own = {(sha256, number) for _, sha256, number in draft.pages}
    return {key: page for one in readings for page in one.pages if (key := (page.sha256, page.page)) in own}
