"""CPU time of a tree of processes, from /proc, by what each process is."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_by_part(root: int) -> Counter[str]:
    """CPU seconds so far of `root` and all below it: `reading`, `flow`, `server`, `store`, `around`.

    The time of children that have ended is with the parent that waited for them.
    """
    parents, seconds = _processes()
    parts: Counter[str] = Counter()
    for pid, spent in seconds.items():
        if _is_below(pid, root, parents):
            parts[_part(pid)] += spent  # type: ignore[assignment]  # a Counter of seconds
    return parts


def below(root: int) -> list[int]:
    """The processes that descend from `root`, without it."""
    parents, _ = _processes()
    return [pid for pid in parents if pid != root and _is_below(pid, root, parents)]


def own_peak() -> float:
    """The most memory that this process ever held, in MiB.

    Not `ru_maxrss`: a program that was just started still counts there what its parent held.
    """
    status = Path("/proc/self/status").read_text()
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def _processes() -> tuple[dict[int, int], dict[int, float]]:
    """Parent and CPU seconds of every process."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # ended meanwhile
            parents[int(entry.name)] = int(stat[1])
            seconds[int(entry.name)] = sum(int(ticks) for ticks in stat[11:15]) / TICKS
    return parents, seconds


def _is_below(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid > 1:
        if pid == root:
            return True
        pid = parents.get(pid, 0)
    return False


def _part(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return "around"
    if "weed" in command.split(" ")[0]:
        return "store"
    if "multiprocessing" in command:
        return "reading"
    if "flow_engine" in command or "flow_run" in command or "prefect.engine" in command:
        return "flow"
    if "server" in command and ("prefect" in command or "uvicorn" in command):
        return "server"
    return "around"
