"""A pool of reading processes, each with its engines loaded."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from dossier.reading import FileInfo, PageReading
from dossier.settings import ReadingSettings
from ocr.toolbox import Toolbox

P = ParamSpec("P")
T = TypeVar("T")


class ReadingPool:
    """Processes that read pages. Futures work with asyncio.wrap_future."""

    def __init__(self, settings: ReadingSettings) -> None:
        self.settings = settings

    def inspect(self, path: Path, name: str) -> Future[FileInfo]:
        """ocr.inspection.inspect_file in a worker."""
        raise NotImplementedError

    def page(self, path: Path, info: FileInfo, page: int) -> Future[tuple[PageReading, bytes]]:
        """ocr.pages.read_page in a worker."""
        raise NotImplementedError

    def submit(
        self, function: Callable[Concatenate[Toolbox, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """`function(toolbox, *args)` in a worker; function is named at module level."""
        raise NotImplementedError

    def close(self) -> None:
        """End every worker."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
