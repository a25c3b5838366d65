"""All engines of one process, loaded once."""

from __future__ import annotations

from dossier.settings import ReadingSettings
from ocr.engines.base import LineEngine, PageEngine


class Toolbox:
    """The engines of one process. Not thread-safe."""

    def __init__(self, settings: ReadingSettings) -> None:
        self.settings = settings

    @property
    def first(self) -> PageEngine:
        """The page engine that the settings name."""
        raise NotImplementedError

    @property
    def second(self) -> LineEngine | None:
        """The second reader, loaded at its first use; None when the settings switch it off."""
        raise NotImplementedError

    def versions(self) -> dict[str, str]:
        """Name and version of every engine, for `made_by` and the keys of kept page results."""
        raise NotImplementedError
