"""The store to back up or to restore into: the one that runs, or the embedded one, started for so long as needed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dossier.settings import Settings
from storage.buckets import ensure_buckets
from storage.connect import open_store, store_folder
from storage.s3 import Store
from storage.seaweed.files import ADMIN, read_state
from storage.seaweed.store import EmbeddedStore


@contextmanager
def serving(settings: Settings, make: bool = False) -> Iterator[Store]:
    """The store of these settings as the pipeline sees it, with all its buckets.

    make: there may be none yet. Raises ConfigurationError if there is none and it may not be made.
    """
    folder = store_folder(settings)
    if settings.store.endpoint or is_running(folder) or not (make or read_state(folder)):
        if make:
            ensure_buckets(open_store(settings, ADMIN), settings)
        yield open_store(settings)
        return
    server = EmbeddedStore(folder, settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        yield Store(server.settings_for())
    finally:
        server.stop()


def is_running(folder: Path) -> bool:
    """Whether a process holds the embedded store under this folder."""
    try:
        with open(folder / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
