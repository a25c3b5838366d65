"""A pool of reading processes, each with its engines loaded.

Hostile and broken files die here, not in the process that tells the story: each task has limits of time and
memory, and the death of one process harms no other task.
"""

from __future__ import annotations

import multiprocessing.context
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from dossier.errors import ReadingCrashed, ReadingTimeout
from dossier.reading import FileInfo, PageReading
from dossier.settings import ReadingSettings
from ocr import worker
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.toolbox import Toolbox

P = ParamSpec("P")
T = TypeVar("T")

WHOLE_PAPER = 4
"""How many times the limit of one page a task on a whole paper may take (`submit`)."""


class ReadingPool:
    """Processes that read pages. Futures work with asyncio.wrap_future; cancelling one stops its work.

    Futures raise FileRefused, ReadingTimeout (stopped at its limit), ReadingCrashed (its process died),
    ConfigurationError (an engine cannot be loaded).
    """

    def __init__(self, settings: ReadingSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._closed = False

    @property
    def size(self) -> int:
        """How many reading processes there are."""
        return self.settings.processes or os.cpu_count() or 1

    def inspect(self, path: Path, name: str) -> Future[FileInfo]:
        """ocr.inspection.inspect_file in a reading process."""
        return self._schedule(self.settings.page_timeout_s, _inspect, path, name)

    def page(self, path: Path, info: FileInfo, page: int) -> Future[tuple[PageReading, bytes]]:
        """ocr.pages.read_page in a reading process; `page` counts from 1."""
        return self._schedule(self.settings.page_timeout_s, _page, path, info, page)

    def submit(
        self, function: Callable[Concatenate[Toolbox, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """`function(toolbox, *args)` in a reading process, within four times the limit of a page.

        function: named at module level of an importable module; arguments and result can be pickled.
        """
        return self._schedule(WHOLE_PAPER * self.settings.page_timeout_s, function, *args, **kwargs)

    def close(self) -> None:
        """End every reading process at once; what runs is cancelled. May be called again."""
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _schedule(self, limit_s: float, function: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        with self._lock:
            if self._closed:
                raise RuntimeError("the reading pool is closed")
            if self._pool is None or not self._pool.active:
                # pebble gives a pool up when an idle process dies; a new one costs a second.
                self._pool = self._new_pool()
            inner = self._pool.schedule(worker.run, args=(function, *args), kwargs=kwargs, timeout=limit_s)
        outer: Future[T] = Future()
        inner.add_done_callback(lambda done: _hand_over(done, outer, limit_s))

        def pass_cancel_on(done: Future[T]) -> None:
            if done.cancelled():
                inner.cancel()  # type: ignore[no-untyped-call]

        outer.add_done_callback(pass_cancel_on)
        return outer

    def _new_pool(self) -> ProcessPool:
        # Read by the processes that are started from now on; threads of one page starve those of the next.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        return ProcessPool(
            max_workers=self.size,
            max_tasks=self.settings.recycle_after,
            initializer=worker.start,
            initargs=(self.settings,),
            context=_BareContext(),
        )


def _inspect(toolbox: Toolbox, path: Path, name: str) -> FileInfo:
    return inspect_file(path, name, toolbox.settings)


def _page(toolbox: Toolbox, path: Path, info: FileInfo, page: int) -> tuple[PageReading, bytes]:
    return read_page(path, info, page, toolbox)


def _hand_over(done: Future[T], outer: Future[T], limit_s: float) -> None:
    """Pass a result on, errors in our own terms."""
    if not outer.set_running_or_notify_cancel():
        return
    try:
        error = done.exception()
    except CancelledError:
        error = ReadingCrashed("reading-stopped", "the reading pool was closed")
    if error is None:
        outer.set_result(done.result())
    elif isinstance(error, TimeoutError):
        outer.set_exception(ReadingTimeout("reading-timeout", f"stopped after {limit_s:g} s"))
    elif isinstance(error, ProcessExpired):
        outer.set_exception(ReadingCrashed("reading-crashed", f"the process ended with {error.exitcode}"))
    elif isinstance(error, BrokenProcessPool):
        outer.set_exception(ReadingCrashed("reading-crashed", "the reading processes ended"))
    else:
        outer.set_exception(error)


class _BareProcess(multiprocessing.context.SpawnProcess):
    """A spawned process that does not import the main module of its parent.

    The parent's main may be a whole workflow engine; a process that reads pages has no use for it.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _MAIN_LOCK:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return multiprocessing.context.SpawnProcess._Popen(process_obj)
            finally:
                sys.modules["__main__"] = main


_MAIN_LOCK = threading.Lock()


class _BareContext(multiprocessing.context.SpawnContext):
    Process = _BareProcess
