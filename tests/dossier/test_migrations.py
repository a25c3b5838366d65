"""Records of older schemas are read by today's program; what is newer or foreign is refused by name."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import TerminalError
from dossier.migrations import RECORD_MIGRATIONS, Migrations
from dossier.record import RECORD_SCHEMA


def _name_split(said: dict[str, Any]) -> dict[str, Any]:
    first, _, last = said["name"].partition(" ")
    return {key: value for key, value in said.items() if key != "name"} | {"first": first, "last": last}


def _with_note(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"note": None}


THREE = Migrations("sohoa/example/3", {1: _name_split, 2: _with_note})


def test_an_object_goes_through_every_step_from_its_own_version() -> None:
    oldest = {"schema": "sohoa/example/1", "name": "Bưởi Trần"}
    before = copy.deepcopy(oldest)
    assert THREE.upgraded(oldest) == {
        "schema": "sohoa/example/3",
        "first": "Bưởi",
        "last": "Trần",
        "note": None,
    }
    assert oldest == before, "a step must leave what it was given"
    assert THREE.upgraded({"schema": "sohoa/example/2", "x": 1}) == {
        "schema": "sohoa/example/3",
        "x": 1,
        "note": None,
    }


def test_the_newest_is_left_as_it_is() -> None:
    said = {"schema": RECORD_SCHEMA, "anything": 1}
    assert RECORD_MIGRATIONS.upgraded(said) is said


def test_a_newer_version_says_that_the_program_has_to_be_upgraded() -> None:
    with pytest.raises(TerminalError, match="upgrade") as caught:
        THREE.upgraded({"schema": "sohoa/example/4"})
    assert caught.value.code == "record-newer"
    assert caught.value.advice


@pytest.mark.parametrize(
    "schema",
    [None, 1, "", "sohoa/example", "sohoa/example/", "other/1", "sohoa/example/0", "sohoa/example/01"],
)
def test_an_unknown_schema_is_refused(schema: object) -> None:
    with pytest.raises(TerminalError) as caught:
        THREE.upgraded({"schema": schema} if schema is not None else {})
    assert caught.value.code == "record-schema-unknown"


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_whatever_stands_for_a_schema_is_taken_or_refused_by_a_typed_error(schema: object) -> None:
    if schema == RECORD_SCHEMA:
        return
    with pytest.raises(TerminalError, match=r"record-(newer|schema-unknown)"):
        RECORD_MIGRATIONS.upgraded({"schema": schema})


def test_no_version_may_be_without_its_step() -> None:
    with pytest.raises(ValueError, match="one step"):
        Migrations("sohoa/example/3", {1: _name_split})
