from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from bench.stored import stored_records
from dossier.settings import Settings
from dossier.targets import DeltaTarget
from flows.publishing import hand_on, standing
from flows.stack.environment import settings_env
from flows.tidy import _tidy
from storage.buckets import ANALYTICS
from storage.records import Records
from storage.s3 import Store
from storage.seaweed import EmbeddedStore


def test_a_night_makes_few_files_of_many_in_delta_tables_and_leaves_the_place(
    store: Store,
    embedded_store: EmbeddedStore,
    store_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, name = f"P{uuid.uuid4().hex[:8].upper()}", f"lake-{uuid.uuid4().hex[:8]}"
    target = DeltaTarget(kind="delta", offices=(office,), states=("checked", "returned"), batch=1)
    settings = store_settings.model_copy(
        update={"targets": {name: target}, "store": embedded_store.settings_for(), "data": tmp_path}
    )
    for number, record in enumerate(stored_records(3)):
        named = record.model_copy(update={"office": office, "dossier": f"{office}-{number}"})
        Records(store).publish(named)
    assert hand_on(settings, name).records == 3
    for variable, value in settings_env(settings).items():
        monkeypatch.setenv(variable, value)
    assert _tidy(None)[name] >= 6
    (stand,) = standing(settings, name)
    assert (stand.seq, stand.behind, stand.aside) == (3, 0, 0)
    assert hand_on(settings, name).events == 0
    assert store.get(ANALYTICS, f"{name}/views.sql") is not None
