"""Tasks for the tests of the reading pool; the processes import them from here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ocr.toolbox import Toolbox


def add(toolbox: Toolbox, left: int, right: int) -> int:
    assert toolbox.settings.processes >= 1
    return left + right


def hang(_toolbox: Toolbox, note: Path) -> None:
    """Starts a child that outlives its welcome, notes both process ids, and never comes back."""
    child = subprocess.Popen(["sleep", "600"])
    note.write_text(f"{os.getpid()} {child.pid}")
    time.sleep(600)


def die(_toolbox: Toolbox) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hoard(_toolbox: Toolbox, megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def modules(_toolbox: Toolbox) -> set[str]:
    return {name.split(".")[0] for name in sys.modules}


def whoami(_toolbox: Toolbox) -> int:
    return os.getpid()
