"""Reading with a clock in hand: the same pages and papers as in production, and what each engine costs them.

What runs inside the reading processes lies at module level, so that the pool can name it.
"""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from dossier.model import Sha256
from dossier.reading import FileInfo, FileReading, PageReading
from dossier.record import Component
from ocr.component import read_component
from ocr.grouping import Draft, group
from ocr.pool import ReadingPool
from ocr.toolbox import Toolbox

AGAIN, SECOND, THIRD, REST = "first reader again", "second reader", "third reader", "search and judging"
_WARM_S = 0.5

Seconds = Counter[str]


def warm(pool: ReadingPool) -> None:
    """Every process of the pool has its engines loaded afterwards."""
    for future in [pool.submit(_load) for _ in range(2 * pool.size)]:
        future.result()


def read_pages(pool: ReadingPool, path: Path, name: str) -> FileReading:
    """All pages of a file, in order, side by side in the pool."""
    info = pool.inspect(path, name).result()
    futures = [pool.page(path, info, number) for number in range(1, len(info.pages) + 1)]
    return FileReading(name=name, info=info, pages=tuple(future.result()[0] for future in futures))


def read_papers(
    pool: ReadingPool, files: Sequence[tuple[Path, FileReading]]
) -> tuple[list[Component], Seconds]:
    """The papers of each file with their fields, and the CPU seconds of reading fields, by engine."""
    futures: list[Future[tuple[Component, Seconds]]] = []
    for path, reading in files:
        infos = {reading.info.sha256: reading.info}
        for draft in group([reading]):
            mine = {(sha256, number) for _, sha256, number in draft.pages}
            pages = {key: page for page in reading.pages if (key := (page.sha256, page.page)) in mine}
            futures.append(pool.submit(clocked_component, draft, {reading.info.sha256: path}, infos, pages))
    outcomes = [future.result() for future in futures]
    return [component for component, _ in outcomes], sum((spent for _, spent in outcomes), Counter())


def clocked_component(
    toolbox: Toolbox,
    draft: Draft,
    paths: dict[Sha256, Path],
    infos: dict[Sha256, FileInfo],
    readings: dict[tuple[Sha256, int], PageReading],
) -> tuple[Component, Seconds]:
    """ocr.component.read_component, and its CPU seconds by engine, in a reading process."""
    spent: Seconds = Counter()
    clocked = copy.copy(toolbox)  # the engines stay those of the process
    for name, engine, label in (
        ("first", toolbox.first, AGAIN),
        ("second", toolbox.second, SECOND),
        ("third", toolbox.third, THIRD),
    ):
        if engine is not None:
            setattr(clocked, name, _Clocked(engine, label, spent))
    began = time.process_time()
    component = read_component(clocked, draft, paths, infos, readings)
    spent[REST] = time.process_time() - began - sum(spent.values())  # type: ignore[assignment]
    return component, spent


def stage_seconds(pages: Sequence[PageReading]) -> Mapping[str, float]:
    """Wall seconds of all pages by stage, as the readings tell them."""
    total: dict[str, float] = {}
    for page in pages:
        for stage, seconds in page.seconds.items():
            total[stage] = total.get(stage, 0.0) + seconds
    return total


class _Clocked:
    """An engine whose calls are timed."""

    def __init__(self, engine: Any, label: str, spent: Seconds) -> None:
        self._engine, self._label, self._spent = engine, label, spent

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if not callable(found):
            return found

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return found(*args, **kwargs)
            finally:
                self._spent[self._label] += time.process_time() - began  # type: ignore[assignment]

        return timed


def _load(toolbox: Toolbox) -> None:
    toolbox.versions()
    for _engine in (toolbox.first, toolbox.second, toolbox.third, toolbox.orientation):
        pass
    time.sleep(_WARM_S)  # so that the other processes get their own
