from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from bench.stored import stored_records
from dossier.settings import Settings, load_settings
from dossier.targets import DeltaTarget, WebhookTarget
from flows.publishing import changed_rows, hand_on, standing
from flows.stack.environment import settings_env
from flows.tidy import _tidy
from storage.buckets import ANALYTICS
from storage.records import Records
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore


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
    assert changed_rows(settings, name) == []
    assert store.get(ANALYTICS, f"{name}/views.sql") is not None


def test_targets_of_every_kind_reach_the_runs_as_they_were_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "whsec_" + "A" * 44
    Path(tmp_path, "sohoa.toml").write_text(
        "[targets.lake]\nkind = 'delta'\nkeep_hours = 24\n"
        "[targets.registry]\nkind = 'webhook'\nurl = 'https://registry.example.vn/hooks'\nca_file = 'ca.pem'\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_TARGETS__REGISTRY__SECRET", secret)
    told = load_settings()
    registry = told.targets["registry"]
    assert isinstance(registry, WebhookTarget)
    assert registry.secret.get_secret_value() == secret
    assert secret not in repr(told)
    for variable, value in settings_env(told).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path.parent)
    there = load_settings().targets
    assert there["lake"] == told.targets["lake"]
    assert there["registry"] == registry.model_copy(update={"ca_file": tmp_path / "ca.pem"})
