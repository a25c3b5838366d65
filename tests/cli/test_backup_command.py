"""`sohoa backup` and `sohoa restore` as an administrator types them, on a stack that is down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dossier.settings import Settings
from storage.backup.house import RESTORED, SETTINGS
from storage.backup.serving import serving
from storage.buckets import RECORDS
from storage.originals import keep
from storage.seaweed.files import ADMIN, digitiser

ROOT = Path(__file__).parents[2]
OFFICE = "H13.96.31"

Sohoa = Callable[..., tuple[int, Any]]


@pytest.fixture
def sohoa(tmp_path: Path) -> Sohoa:
    """Run the command in a process of its own; exit code, and what it said as JSON."""

    def run(*arguments: str, **settings: str) -> tuple[int, Any]:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "SOHOA_DATA": str(tmp_path / "house")} | settings
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments, "--json"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    return run


def _keys(data: Path) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = json.loads((data / "store" / "state.json").read_text())["keys"]
    return keys


def test_a_house_is_backed_up_verified_and_restored_beside_itself(tmp_path: Path, sohoa: Sohoa) -> None:
    house, drill, place = tmp_path / "house", tmp_path / "drill", str(tmp_path / "backup")
    with serving(Settings(data=house, offices=(OFFICE,)), make=True) as store:
        scan = keep(store, b"a scan")
    (tmp_path / "sohoa.toml").write_text(f'offices = ["{OFFICE}"]\n')

    assert sohoa("backup")[0] == 2, "no place is said and none is set"
    assert sohoa("restore", "--from", place)[0] == 2, "nothing is there yet"
    code, first = sohoa("backup", "--to", place)
    assert (code, first["objects"]["originals"], first["problems"]) == (0, 1, [])
    code, second = sohoa("backup", SOHOA_BACKUP__TO=place, SOHOA_BACKUP__SECRETS="true")
    assert code == 0
    code, runs = sohoa("backup", "list", "--from", place)
    assert [run["run"] for run in runs] == [first["run"], second["run"]]
    code, found = sohoa("backup", "verify", "--from", place)
    assert (code, found["runs"], found["problems"]) == (0, [first["run"], second["run"]], [])

    code, refused = sohoa("restore", "--from", place)
    assert (code, "not empty" in refused) == (2, True), "the house itself holds something"
    code, done = sohoa("restore", "--from", place, "--into", str(drill), "--at", first["run"])
    assert (code, done["problems"], done["breaks"]) == (0, [], 0)
    assert (drill / "index.key").read_bytes() == (house / "index.key").read_bytes()
    assert _keys(drill) != _keys(house), "keys of the store go along only when asked for"
    assert json.loads((drill / RESTORED / SETTINGS).read_text())["offices"] == [OFFICE]
    with serving(Settings(data=drill, offices=(OFFICE,))) as restored:
        original = restored.get("originals", scan)
        assert original is not None
        assert original.data == b"a scan"

    whole = tmp_path / "whole"
    assert sohoa("restore", "--from", place, "--into", str(whole))[0] == 0
    assert {name: _keys(whole)[name] for name in (ADMIN, digitiser(OFFICE))} == {
        name: _keys(house)[name] for name in (ADMIN, digitiser(OFFICE))
    }
    assert (whole / RESTORED / "sohoa.toml").read_text() == f'offices = ["{OFFICE}"]\n'


def test_a_damaged_backup_ends_with_exit_code_1_and_says_what_it_is(tmp_path: Path, sohoa: Sohoa) -> None:
    place = tmp_path / "backup"
    with serving(Settings(data=tmp_path / "house"), make=True) as store:
        scan = keep(store, b"a scan")
        store.put(RECORDS, "_/other/v000001.json", b"not looked at here")
    assert sohoa("backup", "--to", str(place))[0] == 0
    (place / "objects" / scan[:2] / scan).write_bytes(b"a scam")
    code, found = sohoa("backup", "verify", "--from", str(place))
    assert (code, found["problems"]) == (1, [{"what": "damaged", "bucket": "originals", "key": scan}])
    code, done = sohoa("restore", "--from", str(place), "--into", str(tmp_path / "drill"))
    assert (code, done["problems"]) == (1, found["problems"])
    assert done["objects"]["records"] == 1
