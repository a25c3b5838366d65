"""What lies in the store and the index, for work that reads no page: no reading process is started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from dossier.settings import Settings
from flows.sources import connected
from storage.connect import current_index, open_store
from storage.index.index import Index
from storage.records import Records
from storage.s3 import Store
from validators.sources import Sources


@dataclass(frozen=True)
class Shelves:
    """Store, records, index and connected sources of one set of settings."""

    settings: Settings
    store: Store
    records: Records
    index: Index
    sources: Sources


@contextmanager
def opened_shelves(settings: Settings) -> Iterator[Shelves]:
    """Store and index reached. Raises ConfigurationError or TransientError if that fails."""
    sources = connected(settings)
    store = open_store(settings)
    with closing(current_index(settings, store)) as index:
        yield Shelves(settings=settings, store=store, records=Records(store), index=index, sources=sources)
