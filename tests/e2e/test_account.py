"""Kept for good, from outside: the account of a running stack is whole, its dossiers are proven, a change is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from running_stack import OFFICE, RunningStack, demo_dossier

from flows.stack.environment import settings_env
from storage.buckets import RECORDS
from storage.records import record_key
from storage.s3 import Store
from storage.seaweed.files import ADMIN
from storage.seaweed.store import embedded_settings

pytestmark = pytest.mark.e2e


def sohoa(stack: RunningStack, *args: str) -> tuple[int, Any]:
    """Exit code and JSON of a command beside the running stack. What is older than some seconds must have ended."""
    env = os.environ | settings_env(stack.settings) | {"SOHOA_RECONCILE__LATE": "PT5S"}
    ran = subprocess.run(
        [sys.executable, "-m", "cli.main", *args, "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout.startswith("{") else ran.stdout + ran.stderr


def test_the_account_is_whole_and_what_an_administrator_alters_is_found(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("returned", "same-file-twice")
    stack.drop(code, files)
    version = stack.record(code).version
    stack.settled_runs(code)

    exit_code, told = sohoa(stack, "reconcile", "--full")
    assert (exit_code, told["losses"]) == (0, [])
    assert told["counts"]["kept"] >= len(files) - 1
    assert sohoa(stack, "verify", code)[1]["whole"]
    assert sohoa(stack, "audit", "verify")[1]["whole"]

    admin = Store(embedded_settings(stack.settings.data / "store", stack.settings, ADMIN))
    key = record_key(OFFICE, code, version)
    found = admin.get(RECORDS, key)
    assert found is not None
    admin.put(RECORDS, key, found.data.replace(b"returned", b"checked", 1))
    exit_code, told = sohoa(stack, "verify", code)
    assert exit_code == 1
    assert {"audit", "record"} <= {doubt["kind"] for doubt in told["doubts"]}
    admin.put(RECORDS, key, found.data)
