"""`sohoa procedures check`: the shipped catalogue is clean, and every check finds the fault that it is for."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.catalogue.checklist import checklist
from dossier.catalogue.checks import check, checks, load_catalogue, problems
from dossier.catalogue.procedures import procedure_versions, read_procedure
from dossier.catalogue.vocabulary import Clue, Fact, NamedPaper, vocabulary
from dossier.errors import ConfigurationError

REQUIREMENT: dict[str, Any] = {"id": "form", "title": "Tờ khai", "types": ["birth-registration-form"]}
VERSION: dict[str, Any] = {
    "id": "1.000001",
    "version": "2025-07",
    "title": "Thủ tục thử",
    "valid_from": "2025-07-01",
    "legal_basis": ["Luật thử"],
    "agency": "Ủy ban nhân dân cấp xã",
    "time_limit_days": 1,
    "results": ["birth-certificate"],
    "requirements": [REQUIREMENT],
}


def found(folder: Path, *versions: dict[str, Any], name: str = "1.000001.yaml", **words: Any) -> set[str]:
    (folder / name).write_text(yaml.safe_dump(list(versions), allow_unicode=True), encoding="utf-8")
    catalogue = load_catalogue(folder, replace(vocabulary(), **words))
    return {problem.check for problem in problems(catalogue)}


def asking(**changes: Any) -> dict[str, Any]:
    return VERSION | {"requirements": [REQUIREMENT | changes]}


def test_the_shipped_catalogue_is_clean() -> None:
    assert problems(load_catalogue()) == ()


def test_a_good_version_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, VERSION) == set()


ENDED = VERSION | {"valid_until": "2025-08-31"}
LATER = VERSION | {"version": "2025-10", "valid_from": "2025-10-01"}
FAULTS: list[tuple[str, list[dict[str, Any]]]] = [
    ("unreadable", [VERSION | {"colour": "red"}]),
    ("file-name", [VERSION | {"id": "1.000002"}]),
    ("version-name", [VERSION | {"version": "first"}]),
    ("days", [ENDED, LATER]),
    ("days", [VERSION, LATER]),
    ("days", [VERSION | {"valid_until": "2025-01-01"}]),
    ("same-version", [VERSION, VERSION]),
    ("legal-basis", [VERSION | {"legal_basis": []}]),
    ("time-limit", [VERSION | {"time_limit_days": None}]),
    ("time-limit", [VERSION | {"time_limit_days": 3, "time_limit_checking": 2}]),
    ("unknown-type", [asking(types=["birth-registration-from"])]),
    ("unknown-type", [VERSION | {"optional": ["birth-certficate"]}]),
    ("unknown-fact", [asking(when="delagated")]),
    ("unknown-fact", [VERSION | {"cases": ["own-house"]}]),
    ("unknown-source", [asking(lookup="population")]),
    ("unknown-source", [VERSION | {"data_from": "population"}]),
    ("result", [VERSION | {"results": ["birth-paper"]}]),
    ("result", [VERSION | {"results": ["residence-notice"]}]),
    ("result", [VERSION | {"result_unread": "chưa có mẫu"}]),
    ("result", [VERSION | {"results": []}]),
    ("unreachable", [asking(when="delegated", unless=["delegated"])]),
    ("unreachable", [asking(when=["own-housing", "rented-housing"])]),
    ("unreachable", [asking(when="minor")]),
    ("fact", [VERSION | {"cases": ["own-housing"]}]),
    ("duplicate", [VERSION | {"requirements": [REQUIREMENT, REQUIREMENT]}]),
    ("duplicate", [VERSION | {"optional": ["birth-registration-form"]}]),
    ("duplicate", [asking(types=["birth-notice", "birth-notice"])]),
    ("duplicate", [asking(id="result")]),
    ("choice", [asking(mode="ONE_OF", types=[])]),
    ("choice", [asking(mode="ONE_OF")]),
    ("choice", [asking(types=[])]),
    ("choice", [asking(originals=0)]),
    ("choice", [asking(certified_unless="close-kin")]),
    ("unsure-blocks", [asking(unsure="nguồn thứ cấp")]),
]


@pytest.mark.parametrize(("id", "versions"), FAULTS)
def test_a_fault_is_found_by_its_check(tmp_path: Path, id: str, versions: list[dict[str, Any]]) -> None:
    assert id in found(tmp_path, *versions)


def test_faults_of_the_words_are_found(tmp_path: Path) -> None:
    words = vocabulary()
    twice = {**words.papers, "decision": NamedPaper(title="Quyết định")}
    assert "type-told-twice" in found(tmp_path, VERSION, papers=twice)
    clue = Clue(type="residence-form", field="birthday", test="younger-than")
    blind = {**words.facts, "minor": Fact(title="trẻ em", told_by="paper", clues=(clue,))}
    assert "fact" in found(tmp_path, VERSION, facts=blind)


def test_every_check_has_its_fault_here() -> None:
    assert {id for id, _ in FAULTS} | {"type-told-twice"} == set(checks())


def test_an_id_of_a_check_is_taken_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        check("days")(lambda _: ())


def test_one_file_that_cannot_be_read_does_not_hide_the_faults_of_others(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("- [", encoding="utf-8")
    assert found(tmp_path, asking(when="delagated")) == {"unreadable", "unknown-fact"}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_versions_or_a_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    with contextlib.suppress(ConfigurationError):
        read_procedure(path)


@pytest.mark.parametrize("code", sorted(procedure_versions()))
def test_every_version_can_be_shown(code: str) -> None:
    for version in procedure_versions()[code]:
        text = checklist(version)
        assert version.version in text
        assert all(one.title in text for one in version.requirements)


def test_the_command_ends_with_1_on_problems_and_says_them_as_json(tmp_path: Path) -> None:
    (tmp_path / "1.000001.yaml").write_text(yaml.safe_dump([asking(when="delagated")]), encoding="utf-8")
    command = [sys.executable, "-m", "cli.main", "procedures", "check"]
    ended = subprocess.run([*command, tmp_path, "--json"], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert [one["check"] for one in json.loads(ended.stdout)] == ["unknown-fact"]
