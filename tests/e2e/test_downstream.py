"""Handed on exactly once, from outside: each kind of target of a running stack has what the records say, and is told
when it changes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from running_stack import OFFICE, RunningStack, demo_dossier
from webhook_receiver import Receiver

from flows.stack.environment import settings_env
from storage.analyst import analyst
from storage.seaweed.store import embedded_settings

pytestmark = pytest.mark.e2e
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples"
CODE = f"{OFFICE}-261124-7001"


def sohoa(stack: RunningStack, *args: str) -> tuple[int, Any]:
    env = os.environ | settings_env(stack.settings)
    command = [sys.executable, "-m", "cli.main", *args, "--json"]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return ran.returncode, json.loads(ran.stdout)


def in_database(stack: RunningStack) -> list[tuple[Any, ...]]:
    """Version, standing, and whether it has ended, of each row."""
    with closing(sqlite3.connect(stack.settings.data / "civil.sqlite", timeout=30)) as database:
        question = (
            "SELECT version, state, valid_to IS NULL FROM sohoa_records WHERE dossier = ? ORDER BY version"
        )
        try:
            return database.execute(question, (CODE,)).fetchall()
        except sqlite3.OperationalError:  # its tables are made by the first publication
            return []


def in_lake(stack: RunningStack) -> list[tuple[Any, ...]]:
    """The same by DuckDB, with the analyst's keys."""
    sys.path.insert(0, str(EXAMPLE))
    try:
        from duckdb_over_delta import connect, make_views
    finally:
        sys.path.remove(str(EXAMPLE))
    keys = embedded_settings(stack.settings.data / "store", stack.settings, analyst("lake"))
    assert keys.secret_key is not None
    with connect(str(keys.endpoint), str(keys.access_key), keys.secret_key.get_secret_value()) as database:
        make_views(database, "s3://analytics/lake")
        question = (
            "SELECT version, state, valid_to IS NULL FROM sohoa_records WHERE dossier = ? ORDER BY version"
        )
        return database.execute(question, [CODE]).fetchall()


def test_each_target_has_every_version_once_and_a_changed_row_is_found(
    stack: RunningStack, receiver: Receiver
) -> None:
    _, files, _ = demo_dossier("returned", "words-contradict")
    manifest = json.loads(files["dossier.json"]) | {"dossier": CODE}
    stack.drop(CODE, files | {"dossier.json": json.dumps(manifest).encode()})
    first = stack.record(CODE)
    stack.until(lambda: len(in_database(stack)) == 1)  # by the schedule of the deployment

    receiver.always["*"] = 503  # it is away for a while
    _, others, _ = demo_dossier("returned", "truncated-pdf")
    late = next(data for name, data in others.items() if name.endswith("1.jpg"))
    stack.drop(CODE, {"Giấy nộp thêm.jpg": late})
    second = stack.record(CODE, version=2)
    assert sohoa(stack, "publish")[0] == 1
    assert len(in_database(stack)) == 2
    del receiver.always["*"]
    stack.until(lambda: sohoa(stack, "publish")[0] == 0 and (CODE, 2) in receiver.order)
    assert sohoa(stack, "publish", "--status")[0] == 0

    rows = [(1, first.state, 0), (2, second.state, 1)]
    assert in_database(stack) == rows
    assert in_lake(stack) == rows
    assert [one for one in receiver.order if one[0] == CODE] == [(CODE, 1), (CODE, 2)]
    assert not receiver.forged
    assert sohoa(stack, "publish", "--verify") == (0, [])
    assert sohoa(stack, "verify", CODE)[1]["whole"]

    with closing(sqlite3.connect(stack.settings.data / "civil.sqlite", timeout=30)) as database, database:
        database.execute("UPDATE sohoa_fields SET printed = printed || 'x' WHERE dossier = ?", (CODE,))
    expected = {("civil", "fields", CODE)}
    for command in (["publish", "--verify"], ["verify", CODE], ["fixity"]):
        code, told = sohoa(stack, *command)
        differing = told if isinstance(told, list) else told["downstream"]
        assert code == 1
        assert {(one["target"], one["table"], one["dossier"]) for one in differing} == expected
    with closing(sqlite3.connect(stack.settings.data / "civil.sqlite", timeout=30)) as database, database:
        back = "UPDATE sohoa_fields SET printed = substr(printed, 1, length(printed) - 1) WHERE dossier = ?"
        database.execute(back, (CODE,))
    assert sohoa(stack, "verify", CODE)[0] == 0
