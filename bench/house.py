"""The whole program under one roof, so that things in it can be made to die: store, `sohoa up`, what lies between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

from bench.databases import Server
from bench.wire import Wire
from dossier.errors import SohoaError
from dossier.settings import IntakeSettings, ReadingSettings, ReconcileSettings, Settings
from flows.hint import nudge
from flows.stack.child import descendants
from flows.stack.environment import settings_env
from flows.stack.place import read_stack
from flows.status import read_status
from storage.buckets import INBOX, ensure_buckets
from storage.rights import ADMIN, PIPELINE, digitiser
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore, embedded_settings

OFFICE = "H13.96.31"
START_S, QUIET_S, STOP_S = 180.0, 600.0, 90.0
PARTS = {
    "intake": b"prefect.engine",
    "worker": b"worker\0start",
    "server": b"server\0start",
    "store": b"weed\0",
}
"""What the command line of each part's process holds."""


class Restless(Exception):
    """What was dropped did not come to its end in time."""


class House:
    """outside: the store is started here and reached through a wire; else `sohoa up` has its own.

    folder: all state. database: what is downstream, already started; settings: others than the defaults.
    """

    def __init__(
        self,
        folder: Path,
        outside: bool,
        random: Random,
        database: Server | None = None,
        **settings: object,
    ) -> None:
        self.folder, self.outside, self._random, self.database = folder, outside, random, database
        limits = {
            # A drop ends with `_ready`: on a busy machine its files may come further apart than a short quiet.
            "intake": IntakeSettings(quiet_s=60.0, poll_s=1.0),
            "reading": ReadingSettings(processes=2),
            "reconcile": ReconcileSettings.model_validate({"late": "PT0S"}),
        }
        self.settings = Settings.model_validate(
            {"data": folder / "data", "offices": (OFFICE,), **limits, **settings}
        )
        self.wire: Wire | None = None
        self.server: EmbeddedStore | None = None
        self._up: subprocess.Popen[bytes] | None = None

    @property
    def store_folder(self) -> Path:
        return self.folder / "store" if self.outside else self.settings.data / "store"

    def start(self) -> None:
        """The store, if it is ours, and the rest; until all of it is up."""
        if self.outside and self.server is None:
            self.store_folder.mkdir(parents=True, exist_ok=True)
            self.server = EmbeddedStore(self.store_folder, self.settings)
            self.server.start()
            ensure_buckets(self.store(ADMIN), self.settings)
            self.wire = Wire(self.server.endpoint, self._random)
            keys = self.server.settings_for(PIPELINE)
            far = keys.model_copy(update={"endpoint": self.wire.endpoint})
            self.settings = self.settings.model_copy(update={"store": far})
        self.up()

    def up(self, **environment: str) -> None:
        """`sohoa up`, until it says so."""
        log = self.folder / "up.out"
        began = log.stat().st_size if log.exists() else 0
        env = os.environ | settings_env(self.settings) | environment
        with log.open("ab") as out:
            self._up = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "up"], env=env, stdout=out, stderr=subprocess.STDOUT
            )
        self.until(lambda: b"up after" in log.read_bytes()[began:], START_S, "sohoa up")

    def down(self) -> None:
        if self._up is not None and self._up.poll() is None:
            self._up.send_signal(signal.SIGINT)
            try:
                self._up.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.cut_power()

    def stop(self) -> None:
        """Everything, store and wire too."""
        self.down()
        if self.wire is not None:
            self.wire.close()
        if self.server is not None:
            self.server.stop()

    def cut_power(self) -> None:
        """SIGKILL for `sohoa up` and all that it started."""
        assert self._up is not None
        for pid in [self._up.pid, *descendants(self._up.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._up.wait()

    def kill(self, part: str) -> bool:
        """SIGKILL for a part's process. False if none is found: it is being started anew already."""
        if part == "store" and self.server is not None:
            assert self.server.process is not None
            self.server.process.kill()
            self.server.process.wait()
            return True
        assert self._up is not None
        for pid in descendants(self._up.pid):
            if PARTS[part] in _command(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return True
        return False

    def mend_store(self) -> None:
        """Start our own store again; that of `sohoa up` is watched by it."""
        if self.server is not None:
            self.server.start()

    def store(self, identity: str = PIPELINE) -> Store:
        """A client of the store itself, not through the wire."""
        if self.server is not None:
            return Store(self.server.settings_for(identity))
        return Store(embedded_settings(self.store_folder, self.settings, identity))

    def drop(self, code: str, files: Mapping[str, bytes], times: int = 1) -> None:
        """Put a dossier into the inbox as an office does, `_ready` last, trying again for as long as it is refused.

        times: how often the same event is told, and the same bytes are put.
        """
        for _ in range(times):
            for name, data in {**files, "_ready": b""}.items():
                self.until(lambda name=name, data=data: self._put(f"{OFFICE}/{code}/{name}", data))  # type: ignore[misc]
            nudge(self.settings)

    def _put(self, key: str, data: bytes) -> bool:
        with suppress(SohoaError):
            self.store(digitiser(OFFICE)).put(INBOX, key, data)
            return True
        time.sleep(0.3)
        return False

    def quiet(self) -> bool:
        """Whether the inbox is empty and the intake says that nothing is in hand."""
        try:
            store = self.store()
            if next(store.list(INBOX, versions=True), None) is not None:
                return False
            status = read_status(store)
            return status is not None and not status.running and not status.waiting
        except SohoaError:
            return False

    def until(
        self, true: Callable[[], bool], patience_s: float = QUIET_S, what: str = "a quiet house"
    ) -> float:
        """Wait; the seconds it took. Raises Restless."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > patience_s:
                raise Restless(f"waited {patience_s:.0f} s for {what}")
            time.sleep(0.2)
        return time.monotonic() - began

    @property
    def api(self) -> str:
        """Where the Prefect API is."""
        stack = read_stack(self.settings)
        assert stack is not None
        return stack.api


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
