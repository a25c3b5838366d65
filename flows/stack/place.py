"""Where the stack lives: its lock, its ports, and the file that tells others where to find it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, ValidationError

from dossier.errors import ConfigurationError
from dossier.model import Frozen
from dossier.settings import Settings

LOCK = "up.lock"
STACK = "stack.json"


class Stack(Frozen):
    """`stack.json`. hint: loopback port on which the intake takes a nudge, and with the token the order to stop.

    pids: by component name.
    """

    api: str
    ui: str
    store: str
    hint: int
    token: str
    supervisor: int
    pids: dict[str, int] = Field(default_factory=dict)


@contextmanager
def the_only_one(data: Path) -> Iterator[None]:
    """Hold the data directory's lock. Raises ConfigurationError if another stack holds it."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    data.chmod(0o700)  # keys, scans and logs below it are nobody else's business
    with (data / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise ConfigurationError(
                "stack-running",
                f"a stack is already up on {data} (process {lock.read().strip() or 'unknown'})",
                "Hệ thống đang chạy trên thư mục dữ liệu này. Dừng nó trước, hoặc chọn thư mục khác (SOHOA_DATA).",
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield  # closing the file frees the lock; the kernel does so too when this process dies


def read_stack(settings: Settings) -> Stack | None:
    """The stack as last written, None if there is none. It may be down: see `is_up`."""
    try:
        return Stack.model_validate_json((settings.data / STACK).read_text())
    except (FileNotFoundError, ValidationError):
        return None


def write_stack(settings: Settings, stack: Stack) -> None:
    """Write `stack.json`, readable for its owner alone, whole or not at all."""
    path = settings.data / STACK
    new = path.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(stack.model_dump(), stream, indent=1)
    new.replace(path)


def is_up(settings: Settings) -> bool:
    """Whether a supervisor holds the data directory."""
    try:
        with (settings.data / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def free_port(wanted: int | None = None) -> int:
    """A free loopback port; `wanted` if it is free, so that addresses stay as they were."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigurationError("no-free-port", "no loopback port is free")
