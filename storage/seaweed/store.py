"""The embedded store: one SeaweedFS process on loopback, with rights, certificates and keys from its first start.

A second start on the same data goes on where the first ended. The process ends with the one that started it.
"""

from __future__ import annotations

import fcntl
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import urllib3
from pydantic import SecretStr

from dossier.errors import ConfigurationError, StoreError
from dossier.settings import Settings, StoreSettings
from storage.buckets import RECORDS
from storage.certificates import write_private
from storage.rights import ADMIN, PIPELINE
from storage.s3 import Store
from storage.s3_errors import translated
from storage.seaweed.files import prepare, read_state, write_state
from storage.seaweed.log import nameless
from storage.seaweed.process import (
    HOST,
    PARTS,
    STOP_S,
    end_orphan,
    kept_or_new_ports,
    private,
    server_command,
)
from storage.seaweed.volumes import mend_indexes

LOG_BYTES = 20 * 2**20

OBJECTS_S = 15.0
"""How long a start waits for the objects of a store that was killed."""


class EmbeddedStore:
    """`weed mini` under `data_dir`. start() and stop(), or command() for a supervisor of one's own.

    webhook: a loopback URL that is told, best effort, when something changes in the inbox.
    """

    def __init__(self, data_dir: Path, settings: Settings, webhook: str | None = None) -> None:
        self.folder = data_dir.resolve()
        self._settings = settings
        self._webhook = webhook
        self._lock: IO[str] | None = None
        self._state: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Write the configuration, end an orphan of a killed run, choose ports. Called by start().

        Raises ConfigurationError if another process runs the store on the same data, StoreError if a volume of it
        cannot be mended.
        """
        self._state = prepare(self.folder, self._settings, self._webhook)
        self._take_lock()
        end_orphan(self.folder)
        mend_indexes(self.folder)
        self._take_ports(kept_or_new_ports(self._state["ports"]))

    def command(self) -> list[str]:
        """The argv of the server; its working directory must be `folder`. Call prepare() before."""
        return server_command(self.folder, self._state["ports"])

    @property
    def endpoint(self) -> str:
        return f"{HOST}:{self._state['ports']['s3']}"

    def port(self, part: str) -> int:
        """The port of `s3`, `filer`, `volume`, `master`, `admin`, or with `.grpc` behind it."""
        return int(self._state["ports"][part])

    def settings_for(self, identity: str = PIPELINE) -> StoreSettings:
        """How a client reaches the store as `admin`, `pipeline` or `digitiser-<office>`."""
        return _client_settings(self._settings, self._state, identity)

    def start(self, timeout_s: float = 60.0) -> None:
        """Start and wait until requests are answered. Its log is `weed.log`, without the names of objects.

        Raises StoreError if it is not ready in time, or its files cannot be written.
        """
        try:
            self._start(timeout_s)
        except OSError as error:
            self.stop()
            raise StoreError(
                "store-disk", f"{error.strerror}: the embedded store under {self.folder}"
            ) from None

    def _start(self, timeout_s: float) -> None:
        self.prepare()
        for attempt in range(3):
            self._spawn()
            if self._wait_ready(timeout_s):
                return
            self.stop()
            if attempt < 2:
                self._take_lock()
                # A port may have been taken between choosing and binding. If not, they stay: clients know them.
                self._take_ports(kept_or_new_ports(self._state["ports"]))
        raise StoreError("store-start", f"the embedded store did not start; see {self.folder / 'weed.log'}")

    def stop(self) -> None:
        """SIGTERM, wait, SIGKILL. Idempotent."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
            for part in PARTS:  # it leaves some of them behind
                Path(f"/tmp/seaweedfs-{part}-grpc-{self.port(part + '.grpc')}.sock").unlink(missing_ok=True)
            (self.folder / "pid").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _spawn(self) -> None:
        path = self.folder / "weed.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with open(path, "ab", opener=private) as log, nameless(log) as pipe:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=pipe,
                stderr=subprocess.STDOUT,
                umask=0o077,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops the store last
            )
        write_private(self.folder / "pid", str(self.process.pid).encode())

    def _wait_ready(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        http = urllib3.PoolManager(timeout=2.0, retries=False)
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            with suppress(urllib3.exceptions.HTTPError):
                # 403 is the right answer to a stranger; an admin's listing tells that rights and filer stand.
                if http.request("GET", f"http://{self.endpoint}/").status == 403 and self._lists_buckets():
                    self._wait_for_objects()
                    return True
            time.sleep(0.1)
        return False

    def _wait_for_objects(self) -> None:
        """Wait until an object can be read, if there is any: after a kill the volumes come a moment behind the rest.

        Not for ever: this very object may be damaged.
        """
        store, until = Store(self.settings_for(ADMIN)).impatient(), time.monotonic() + OBJECTS_S
        while time.monotonic() < until:
            try:
                first = next(iter(store.list(RECORDS)), None)
                if first is None or store.get(RECORDS, first.key) is not None:
                    return
            except ConfigurationError:  # the first start: there are no buckets yet
                return
            except StoreError:
                time.sleep(0.2)

    def _lists_buckets(self) -> bool:
        with suppress(StoreError):
            store = Store(self.settings_for("admin"))
            with translated("list buckets"):
                store.client.list_buckets()
            return True
        return False

    def _take_ports(self, ports: dict[str, int]) -> None:
        self._state["ports"] = ports
        write_state(self.folder, self._state)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = open(self.folder / "lock", "w", opener=private)  # noqa: SIM115  (held as long as the store runs)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise ConfigurationError("store-in-use", "another process runs the store on this data") from None
        self._lock = lock


def embedded_settings(data_dir: Path, settings: Settings, identity: str = PIPELINE) -> StoreSettings:
    """How to reach the embedded store under `data_dir` as this identity, from another process."""
    state = read_state(data_dir)
    if state is None or not state["ports"]:
        raise ConfigurationError("store-absent", "no store was started on this data yet: run sohoa up")
    return _client_settings(settings, state, identity)


def _client_settings(settings: Settings, state: dict[str, Any], identity: str) -> StoreSettings:
    access, secret = _credentials(state, identity)
    return settings.store.model_copy(
        update={
            "endpoint": f"{HOST}:{state['ports']['s3']}",
            "secure": False,
            "access_key": access,
            "secret_key": SecretStr(secret),
        }
    )


def _credentials(state: dict[str, Any], identity: str) -> tuple[str, str]:
    try:
        access, secret = state["keys"][identity]
    except KeyError:
        raise ConfigurationError(
            "store-identity", f"the embedded store knows no identity {identity}"
        ) from None
    return access, secret
