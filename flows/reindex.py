"""The flow `reindex`: the derived index, made anew from the records. Nightly, and whenever someone doubts it."""

from __future__ import annotations

from contextlib import closing

from prefect import flow

from dossier.settings import load_settings
from storage.connect import open_store
from storage.index import open_index
from storage.records import Records


@flow(name="reindex")
def reindex() -> int:
    """Throw the index away and read every record's newest version again; how many there were."""
    settings = load_settings()
    with closing(open_index(settings)) as index:
        return index.rebuild(Records(open_store(settings)))
