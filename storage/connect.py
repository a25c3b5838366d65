"""Which store this process speaks to: the one of the settings, or the embedded one under the data directory."""

from __future__ import annotations

from pathlib import Path

from dossier.settings import Settings, StoreSettings
from storage.s3 import Store
from storage.seaweed import embedded_settings
from storage.seaweed_files import PIPELINE


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
