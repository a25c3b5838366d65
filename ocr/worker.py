"""What runs inside a reading process: its limits, its one toolbox, its end."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import cv2

from dossier.errors import FileRefused, ReadingCrashed, SohoaError
from dossier.settings import ReadingSettings
from ocr.toolbox import Toolbox

T = TypeVar("T")

_toolbox: Toolbox | None = None
"""The engines of this process: the one thing that outlives a task, because loading them costs more than a page."""


def start(settings: ReadingSettings) -> None:
    """Prepare a reading process: own process group, memory limit, nothing left behind at its end."""
    global _toolbox
    os.setpgrp()
    memory = settings.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    cv2.setNumThreads(1)
    _watch()
    _toolbox = Toolbox(settings)


def run(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """`function(toolbox, ...)`. Raises FileRefused where the work wants more memory than it may have, ReadingCrashed
    where a library fails in a way that nobody foresaw: on hostile bytes any of them may.
    """
    if _toolbox is None:
        raise RuntimeError("this process was not prepared for reading")
    try:
        return function(_toolbox, *args, **kwargs)
    except (SohoaError, OSError):
        raise
    except MemoryError:
        raise _too_hungry() from None
    except Exception as error:  # noqa: BLE001  (the border of the process; not every error can be pickled)
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            raise _too_hungry() from None
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise ReadingCrashed(
            "reading-failed", f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        ) from None


def _too_hungry() -> FileRefused:
    return FileRefused(
        "too-large",
        "reading wants more memory than it may have",
        "Trang quá lớn, không đọc được trong giới hạn bộ nhớ. Hãy quét lại ở 300 dpi.",
    )


def _watch() -> None:
    """End this process and all that it started when it is told to (SIGTERM) or its parent is gone."""
    told, signals = os.pipe()
    os.set_blocking(signals, False)
    # A handler in Python would wait until the engine's C code returns. The wake-up pipe is written at once.
    signal.set_wakeup_fd(signals, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda _number, _frame: _end())
    ends = [told]
    parent = multiprocessing.parent_process()
    if parent is not None:
        ends.append(parent.sentinel)
    threading.Thread(target=_end_with, args=(told, ends), daemon=True).start()


def _end_with(told: int, ends: list[int]) -> None:
    while multiprocessing.connection.wait(ends) == [told]:
        if signal.SIGTERM in os.read(told, 64):
            break
    _end()


def _end() -> None:
    # Programs that this process started (tesseract, pdftoppm) are in its group and go with it.
    os.killpg(os.getpgrp(), signal.SIGKILL)
