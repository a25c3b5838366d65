"""The real stack, started as a person starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import StoreError
from dossier.record import Record
from dossier.settings import Settings
from flows.hint import nudge
from flows.stack.child import descendants
from flows.stack.environment import settings_env
from flows.stack.place import Stack, read_stack
from storage.buckets import INBOX
from storage.connect import open_store
from storage.records import Records
from storage.rights import digitiser
from storage.s3 import Store

OFFICE = "H13.96.31"
DEMO = Path(__file__).parents[2] / "samples" / "demo"
BUSY = 503
PATIENCE_S = 240.0  # a limit for a stack that hangs, far above what a loaded machine needs


class RunningStack:
    """A stack under one data directory. It can be stopped, killed, and started again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[str] | None = None
        self.output = settings.data / "up.out"

    def start(self) -> None:
        env = os.environ | settings_env(self.settings)
        began = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("a") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "up"],
                env=env,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.until(lambda: "up after" in self.said(began) or self.ended)
        assert not self.ended, self.said(began)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(PATIENCE_S)

    def said(self, since: int = 0) -> str:
        return self.output.read_text()[since:]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def addresses(self) -> Stack:
        stack = read_stack(self.settings)
        assert stack is not None
        return stack

    @property
    def store(self) -> Store:
        return open_store(self.settings)

    @property
    def records(self) -> Records:
        return Records(self.store)

    def intake_process(self) -> int | None:
        """The process that runs the intake: the worker's child."""
        for pid in descendants(self.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except FileNotFoundError:
                continue
            if b"prefect.engine" in command:
                return pid
        return None

    def store_answers(self) -> bool:
        """Whether the store is there, which may have died and be on its way up again."""
        try:
            return self.store.stat(INBOX, "none") is None
        except StoreError:
            return False

    def drop(self, code: str, files: dict[str, bytes]) -> None:
        """Put a dossier into the inbox with the office's own put-only credentials, `_ready` last."""
        inbox = open_store(self.settings, digitiser(OFFICE))
        for name, data in files.items():
            inbox.put(INBOX, f"{OFFICE}/{code}/{name}", data)
        if "dossier.json" not in files:
            inbox.put(INBOX, f"{OFFICE}/{code}/_ready", b"")
        nudge(self.settings)

    def in_inbox(self, code: str) -> list[str]:
        return [entry.key for entry in self.store.list(INBOX, f"{OFFICE}/{code}/", versions=True)]

    def record(self, code: str, version: int = 1) -> Record:
        """The dossier's record, once it is there and the inbox is cleared."""
        self.until(lambda: self._ended(code, version))
        record = self.records.version(OFFICE, code, version)
        assert record is not None
        return record

    def runs(self, code: str) -> list[dict[str, Any]]:
        """The flow runs of a dossier, oldest first, as the Prefect API tells them."""
        found = self.ask(
            "flow_runs/filter", {"flow_runs": {"name": {"like_": code}}, "sort": "START_TIME_ASC"}
        )
        return [run for run in found if run["name"].split()[0] == code]

    def settled_runs(self, code: str) -> list[dict[str, Any]]:
        """The same, once none of them is under way: a run ends a moment after its record is there."""
        going = {"RUNNING", "PENDING", "SCHEDULED", "CANCELLING"}
        self.until(lambda: not going & {run["state"]["type"] for run in self.runs(code)})
        return self.runs(code)

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """What the Prefect API answers; asked again while a loaded server keeps it waiting, or says so (503)."""
        request = urllib.request.Request(
            f"{self.addresses.api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except (TimeoutError, urllib.error.HTTPError) as error:
                busy = not isinstance(error, urllib.error.HTTPError) or error.code == BUSY
                if not busy or time.monotonic() > deadline:
                    raise
                time.sleep(1.0)

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > deadline:
                pytest.fail(f"waited too long at {datetime.now(UTC):%H:%M:%S}:\n{self.said()[-3000:]}")
            time.sleep(0.2)

    def _ended(self, code: str, version: int) -> bool:
        latest = self.records.latest(OFFICE, code)
        return latest is not None and latest.version >= version and not self.in_inbox(code)

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None


def demo_dossier(state: str, fault: str | None = None) -> tuple[str, dict[str, bytes], dict[str, Any]]:
    """A shipped sample that ends in this state: its code, files and truth."""
    for path in sorted((DEMO / "truth").glob("*.json")):
        truth = json.loads(path.read_text())
        if truth["state"] == state and fault in (None, truth["fault"]):
            folder = DEMO / "dossiers" / truth["dossier"]
            return truth["dossier"], {file.name: file.read_bytes() for file in folder.iterdir()}, truth
    raise LookupError(f"no sample ends {state} with {fault}")
