"""Which store and index this process speaks to: those of the settings, or the embedded under the data directory."""

from __future__ import annotations

from pathlib import Path

from dossier.settings import Settings, StoreSettings
from storage.index.index import Index, open_index
from storage.records import Records
from storage.rights import PIPELINE
from storage.s3 import Store
from storage.seaweed.store import embedded_settings


def store_folder(settings: Settings) -> Path:
    """Where the embedded store keeps its data."""
    return settings.data / "store"


def store_settings(settings: Settings, identity: str = PIPELINE) -> StoreSettings:
    """Endpoint and keys. identity counts for the embedded store only: an outside store has the keys it was given.

    Raises ConfigurationError if there is neither.
    """
    if settings.store.endpoint:
        return settings.store
    return embedded_settings(store_folder(settings), settings, identity)


def open_store(settings: Settings, identity: str = PIPELINE) -> Store:
    """A client of this process's store."""
    return Store(store_settings(settings, identity))


def current_index(settings: Settings, store: Store) -> Index:
    """The index, made anew from the store's records where it is new or of another program version."""
    index = open_index(settings)
    if index.fresh:
        index.rebuild(Records(store))
    return index
