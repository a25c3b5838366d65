"""Connecting the population database as a file, as an administrator does it: by a setting, then `sohoa digitise`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "samples" / "demo"
DOSSIER = "H13.96.31-260907-0010"
CARD = ("Căn cước 1.jpg", "Căn cước 2.jpg")


def digitise(folder: Path, out: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "digitise", str(folder), "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, **settings},
    )


def holder() -> dict[str, str]:
    """The holder of the sample dossier's card, as the paper was written."""
    truth = json.loads((DEMO / "truth" / f"{DOSSIER}.json").read_text(encoding="utf-8"))
    papers = [paper for name in CARD for paper in truth["files"][name]["papers"]]
    values: dict[str, Any] = {}
    for one in papers:
        values |= one["fields"]
    return {name: values[name] for name in ("personal_id", "full_name", "date_of_birth")}


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    (folder / "card").mkdir()
    for name in CARD:
        shutil.copy(DEMO / "dossiers" / DOSSIER / name, folder / "card" / name)
    return folder


def findings(out: Path, rule: str) -> list[dict[str, Any]]:
    record = json.loads((out / "card" / "record.json").read_text(encoding="utf-8"))
    return [finding for finding in record["findings"] if finding["rule"] == rule]


def people(path: Path, **changes: str) -> str:
    row = holder() | {"died_on": ""} | changes
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    return str(path)


def test_the_answer_of_the_file_becomes_the_word_of_the_rule(scans: Path, tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv")
    digitise(scans, tmp_path / "same", SOHOA_SOURCES__POPULATION_DATABASE=source)
    assert {finding["verdict"] for finding in findings(tmp_path / "same", "D21")} == {"PASS"}
    assert {finding["verdict"] for finding in findings(tmp_path / "same", "L11")} == {"PASS"}


def test_another_name_and_a_death_are_faults_and_are_told_without_the_number(
    scans: Path, tmp_path: Path
) -> None:
    source = people(tmp_path / "people.csv", full_name="Trương Vĩnh Phát", died_on="01/09/2026")
    ended = digitise(scans, tmp_path / "other", SOHOA_SOURCES__POPULATION_DATABASE=source)
    assert ended.returncode == 1
    (name,) = findings(tmp_path / "other", "D21")
    (dead,) = findings(tmp_path / "other", "L11")
    assert (name["verdict"], name["severity"]) == ("FAIL", "BLOCK")
    assert dead["verdict"] == "FAIL"
    assert holder()["personal_id"] not in name["reason"] + dead["reason"] + ended.stdout + ended.stderr


def test_without_the_setting_the_rule_says_that_nothing_is_connected(scans: Path, tmp_path: Path) -> None:
    digitise(scans, tmp_path / "none", SOHOA_REQUIRED_SOURCES='["population-database"]')
    (found,) = findings(tmp_path / "none", "D21")
    assert (found["verdict"], found["severity"]) == ("UNKNOWN", "BLOCK")
    assert "Chưa kết nối" in found["reason"]


def test_a_wrong_cell_is_told_by_line_and_column_before_a_page_is_read(scans: Path, tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv", died_on="hôm qua")
    ended = digitise(scans, tmp_path / "wrong", SOHOA_SOURCES__POPULATION_DATABASE=source)
    assert ended.returncode == 2
    assert "line 2, column died_on" in " ".join(ended.stderr.split())
    assert "hôm qua" not in ended.stderr
    assert not (tmp_path / "wrong").exists()


def test_a_source_that_nobody_knows_is_refused(scans: Path, tmp_path: Path) -> None:
    ended = digitise(scans, tmp_path / "x", SOHOA_SOURCES__NO_SUCH="a.csv")
    assert ended.returncode == 2
    assert "sources" in ended.stderr


def test_the_stack_does_not_start_over_a_source_that_is_not_there(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cli.main", "up", "--until-idle"],
        capture_output=True,
        text=True,
        timeout=60,
        env={
            **os.environ,
            "SOHOA_DATA": str(tmp_path / "data"),
            "SOHOA_SOURCES__POPULATION_DATABASE": str(tmp_path / "nowhere.csv"),
        },
    )
    assert ended.returncode == 2
    assert "nowhere.csv" in ended.stderr
    assert not (tmp_path / "data").exists()
