"""Processes that the supervisor starts: they speak through it and do not outlive it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36
KEPT_LINES = 40

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Make this process the parent of its descendants' orphans, so that none escapes the stop."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Child:
    """One process. say: takes each line it prints. Its lines also go to `log`, whole.

    It leads its own process group: Ctrl-C in the terminal reaches the supervisor alone, which stops in order.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    say: Callable[[str], None]
    cwd: Path | None = None
    last: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # PDEATHSIG follows the thread that forks: start children from the main thread only.
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.env),
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        threading.Thread(target=self._pump, args=(self.process,), name=self.name, daemon=True).start()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        """SIGTERM, without waiting."""
        if self.process is not None and self.running:
            self.process.terminate()

    def stop(self, grace_s: float) -> None:
        """SIGTERM, then SIGKILL for the whole group after `grace_s`."""
        if self.process is None:
            return
        if self.running:
            self.process.terminate()
            try:
                self.process.wait(grace_s)
            except subprocess.TimeoutExpired:
                signal_group(self.process.pid, signal.SIGKILL)
                self.process.wait()
        signal_group(self.process.pid, signal.SIGKILL)  # what it left behind in its group

    def _pump(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with self.log.open("a", encoding="utf-8") as log:
            for line in process.stdout:
                text = line.rstrip()
                log.write(text + "\n")
                log.flush()
                if text:
                    self.last.append(text)
                    self.say(text)


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if there still is one."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def descendants(pid: int) -> list[int]:
    """All living descendants of a process, children first. Linux only."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parent(process: Path) -> int | None:
    try:
        after_name = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent = after_name[0], int(after_name[1])
    return None if state == "Z" else parent


def end_descendants(grace_s: float) -> int:
    """Stop every process below this one: SIGTERM, then SIGKILL after `grace_s`. How many there were."""
    left = descendants(os.getpid())
    count = len(left)
    deadline = time.monotonic() + grace_s
    for pid in left:
        _signal(pid, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        _reap()
        time.sleep(0.05)
        left = descendants(os.getpid())
    for pid in left:
        _signal(pid, signal.SIGKILL)
    _reap()
    return count


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
