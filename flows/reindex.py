"""The flow `reindex`: the derived index, made anew from the records. Nightly, and whenever someone doubts it."""

from __future__ import annotations

import asyncio
from contextlib import closing

from prefect import flow

from dossier.settings import load_settings
from storage.connect import open_store
from storage.index.index import open_index
from storage.records import Records


@flow(name="reindex")
async def reindex() -> int:
    """Throw the index away and read every record's newest version again; how many there were."""
    return await asyncio.to_thread(_rebuild)


def _rebuild() -> int:
    settings = load_settings()
    with closing(open_index(settings)) as index:
        return index.rebuild(Records(open_store(settings)))
