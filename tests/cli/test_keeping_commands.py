"""`sohoa hold`, `fixity` and `policies` as their user meets them, on the embedded store, without Prefect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from paper_builder import notice

from dossier.drop import Manifest
from dossier.settings import Settings
from flows import keeping
from flows.dossier_input import DossierInput, InputFile
from flows.pipeline import DossierReading, judge
from flows.stack.environment import settings_env
from storage import originals
from storage.buckets import ORIGINALS
from storage.records import Records
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

OFFICE = "H13.96.31"


@pytest.fixture
def env(embedded_store: EmbeddedStore, store_settings: Settings) -> dict[str, str]:
    assert embedded_store.process is not None
    return os.environ | settings_env(store_settings) | {"COLUMNS": "200"}


@pytest.fixture
def code(store: Store) -> str:
    """A dossier of one paper, whose original is kept."""
    sha256 = originals.keep(store, os.urandom(100))
    name = f"H13.96.31-261125-{sha256[:8]}"
    paper = notice()
    source = paper.sources[0].model_copy(update={"sha256": sha256})
    paper = paper.model_copy(update={"id": "c1", "sources": (source,)})
    manifest = Manifest(dossier=name, office=OFFICE, received_at="2026-11-24T08:00:00+07:00")
    assert manifest.received_at is not None
    files = (InputFile(source.file, sha256, Path(source.file)),)
    dossier = DossierInput(name, OFFICE, manifest, files, manifest.received_at, procedure_required=True)
    reading = DossierReading((paper,), ())
    record = judge(dossier, reading, engines={}, started_at=manifest.received_at)
    keeping.publish(Records(store), record, reading)
    return name


def sohoa(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words], env=env, capture_output=True, text=True, timeout=120
    )


def test_a_dossier_is_held_and_released_and_says_so(
    env: dict[str, str], admin_store: Store, store: Store, code: str
) -> None:
    assert "never held" in sohoa(env, "hold", code).stdout
    held = sohoa(env, "hold", code, "--reason", "Công văn 12/TA-HS")
    assert (held.returncode, "1 originals held" in held.stdout) == (0, True)
    record = Records(store).latest(OFFICE, code)
    assert record is not None
    sha256 = record.drop[0].sha256
    assert admin_store.client.is_object_legal_hold_enabled(ORIGINALS, sha256)
    assert ": held since" in sohoa(env, "hold", code).stdout
    assert sohoa(env, "hold", code, "--release").returncode == 2
    assert sohoa(env, "hold", code, "--release", "--reason", "xong").returncode == 0
    assert not admin_store.client.is_object_legal_hold_enabled(ORIGINALS, sha256)
    assert sohoa(env, "hold", f"{code}x", "--reason", "x").returncode == 2


def test_fixity_tells_what_it_looked_at_and_its_exit_code_whether_all_is_whole(
    env: dict[str, str], code: str
) -> None:
    done = sohoa(env, "fixity", "--all", "--json")
    told = json.loads(done.stdout)
    assert told["objects"]["original"] >= 1
    assert done.returncode == (0 if told["whole"] else 1)
    assert code not in {damage["key"] for damage in told["damages"]}


def test_policies_are_printed_and_written(env: dict[str, str], tmp_path: Path) -> None:
    done = sohoa(env, "policies", "--json", "--out", str(tmp_path / "iam"))
    told = json.loads(done.stdout)
    assert set(told) >= {"pipeline", "auditor", "custodian", "administrator", f"digitiser-{OFFICE}"}
    for name, policy in told.items():
        assert json.loads((tmp_path / "iam" / f"{name}.json").read_text()) == policy
