"""Who holds a lease: a process that can be found again, so that a dead one's work is taken over at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

PARTS = 5


def this_process() -> str:
    """`<host> <boot> <pid namespace> <pid> <start time>`, the same as long as this process lives."""
    return f"{_machine()} {os.getpid()} {_started(os.getpid())}"


def surely_dead(owner: str) -> bool:
    """Whether the process of this name ran on this machine since its boot, and is gone. False when in doubt."""
    parts = owner.split()
    if len(parts) != PARTS or " ".join(parts[:3]) != _machine() or not parts[3].isdigit():
        return False
    return _started(int(parts[3])) != parts[4]


def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    return f"{socket.gethostname()} {boot} {namespace}"


def _started(pid: int) -> str:
    """Clock ticks since boot at which the process began; empty when there is none, or only its corpse."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if after_name[0] in "ZX" else after_name[19]  # proc_pid_stat(5): field 22
