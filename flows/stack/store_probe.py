"""Whether the embedded store takes what it is given: tried from time to time, told apart from a disk that is full.

After a write failed on a full disk the server's table of names may take no entry any more, for good, though space has
come again and everything can still be read (docs/store.md). Only a restart mends it, and only then is one worth while.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

from dossier.errors import SohoaError, StoreError
from storage.buckets import WORK
from storage.s3 import Store

KEY: Final = "probe"
EVERY_S: Final = 10.0
REFUSALS: Final = 3
"""So many in a row are no passing fault."""
ROOM: Final = 64 * 2**20
"""Bytes of free space without which a refusal is no wonder."""


class Standing(Enum):
    """WELL: what was tried last was taken, or nobody knows. FULL: refused, and the disk has no room. STUCK: refused
    again and again although it has.
    """

    WELL = "well"
    FULL = "full"
    STUCK = "stuck"


class Judge:
    """Makes a standing of single tries."""

    def __init__(self, standing: Standing = Standing.WELL) -> None:
        self._refused = 0
        self.standing = standing

    def hear(self, taken: bool | None, free: int) -> Standing:
        """taken: None, if there was no answer, which tells nothing. free: bytes on the store's disk."""
        if taken is None:
            return self.standing
        self._refused = 0 if taken else self._refused + 1
        if taken:
            self.standing = Standing.WELL
        elif free < ROOM:
            self._refused, self.standing = 0, Standing.FULL
        elif self._refused >= REFUSALS:
            self.standing = Standing.STUCK
        return self.standing


class Probe:
    """Tries in a thread of its own. client: a store to put into, asked once, or None while there is none."""

    def __init__(self, client: Callable[[], Store | None], folder: Path, every_s: float = EVERY_S) -> None:
        self._client, self._folder, self._every_s = client, folder, every_s
        self._judge = Judge()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store probe", daemon=True)

    @property
    def standing(self) -> Standing:
        return self._judge.standing

    def start(self) -> None:
        self._thread.start()

    def forget(self) -> None:
        """The store was started again; its disk is the same."""
        self._judge = Judge(Standing.FULL if self.standing is Standing.FULL else Standing.WELL)

    def stop(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            judge, client = self._judge, self._client()
            with suppress(OSError):  # no folder, no disk to ask
                if client is not None:
                    judge.hear(_taken(client), shutil.disk_usage(self._folder).free)


def _taken(client: Store) -> bool | None:
    """Whether it takes an object without bytes, which costs a name and no room."""
    try:
        client.put(WORK, KEY, b"")
        return True
    except StoreError as error:
        return False if error.code == "store-error" else None
    except SohoaError:  # a lost race, buckets that are not there yet
        return None
    finally:
        client.close()  # a connection held open makes the store's stop slow
