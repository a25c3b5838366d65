"""The real object store for every test that wants one: a SeaweedFS of its own, started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from dossier.settings import IntakeSettings, Settings
from storage.buckets import ensure_buckets
from storage.rights import ADMIN, digitiser
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

# How long an example takes says more of the machine than of the code: no test asserts time.
hypothesis_settings.register_profile("no deadline", deadline=None)
hypothesis_settings.load_profile("no deadline")

OFFICE = "H13.96.31"
OTHER_OFFICE = "H30.1"


@pytest.fixture(scope="session")
def store_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with two offices over an empty data directory."""
    data: Path = tmp_path_factory.mktemp("data")
    return Settings(data=data, offices=(OFFICE, OTHER_OFFICE), intake=IntakeSettings(quiet_s=60))


@pytest.fixture(scope="session")
def embedded_store(store_settings: Settings) -> Iterator[EmbeddedStore]:
    """The running server, with all buckets."""
    server = EmbeddedStore(store_settings.data / "store", store_settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), store_settings)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def store(embedded_store: EmbeddedStore) -> Store:
    """The store as the pipeline sees it. It is shared: let each test use dossier codes of its own."""
    return Store(embedded_store.settings_for())


@pytest.fixture(scope="session")
def admin_store(embedded_store: EmbeddedStore) -> Store:
    """The store as its administrator sees it."""
    return Store(embedded_store.settings_for(ADMIN))


@pytest.fixture(scope="session")
def digitiser_store(embedded_store: EmbeddedStore) -> Store:
    """The store as the staff of OFFICE see it."""
    return Store(embedded_store.settings_for(digitiser(OFFICE)))
