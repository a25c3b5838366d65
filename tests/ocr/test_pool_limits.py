"""The reading pool: what goes wrong in one process stays there and comes back as an error of ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pool_tasks
import pytest

from dossier.errors import FileRefused, ReadingCrashed, ReadingTimeout
from dossier.settings import ReadingSettings
from ocr.pool import ReadingPool


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(ReadingSettings(processes=2, memory_mb=4096)) as pool:
        yield pool


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(300):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_task_gets_the_toolbox_and_its_arguments(pool: ReadingPool) -> None:
    assert pool.submit(pool_tasks.add, 2, right=3).result(60) == 5


def test_it_works_from_asyncio(pool: ReadingPool) -> None:
    async def both() -> list[int]:
        futures = [asyncio.wrap_future(pool.submit(pool_tasks.add, n, n)) for n in (1, 2)]
        return list(await asyncio.gather(*futures))

    assert asyncio.run(both()) == [2, 4]


def test_reading_processes_know_nothing_of_the_workflow_engine(pool: ReadingPool) -> None:
    loaded = pool.submit(pool_tasks.modules).result(60)
    assert "prefect" not in loaded
    assert "pytest" not in loaded


def test_a_process_that_dies_is_told_and_harms_no_other(pool: ReadingPool) -> None:
    lost = pool.submit(pool_tasks.die)
    others = [pool.submit(pool_tasks.add, n, 1) for n in range(4)]
    with pytest.raises(ReadingCrashed):
        lost.result(60)
    assert [other.result(60) for other in others] == [1, 2, 3, 4]


def test_an_idle_process_that_is_killed_is_replaced(pool: ReadingPool) -> None:
    os.kill(pool.submit(pool_tasks.whoami).result(60), signal.SIGKILL)

    def works() -> bool:
        with contextlib.suppress(ReadingCrashed):
            return pool.submit(pool_tasks.add, 1, 1).result(60) == 2
        return False

    assert eventually(works)


def test_wanting_more_memory_than_allowed_refuses_the_file(pool: ReadingPool) -> None:
    with pytest.raises(FileRefused) as refused:
        pool.submit(pool_tasks.hoard, 8192).result(60)
    assert refused.value.code == "too-large"
    assert refused.value.advice


def test_a_task_beyond_its_time_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with ReadingPool(ReadingSettings(processes=1, page_timeout_s=1.0)) as pool:
        pool.submit(pool_tasks.add, 1, 1).result(60)
        with pytest.raises(ReadingTimeout):
            pool.submit(pool_tasks.hang, note).result(60)
        assert all(eventually(lambda pid=pid: gone(pid)) for pid in map(int, note.read_text().split()))
        assert pool.submit(pool_tasks.add, 1, 1).result(60) == 2


def test_cancelling_stops_the_work(pool: ReadingPool, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    future = pool.submit(pool_tasks.hang, note)
    assert eventually(lambda: note.exists() and " " in note.read_text())
    assert future.cancel()
    assert all(eventually(lambda pid=pid: gone(pid)) for pid in map(int, note.read_text().split()))


def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    script = (
        "import sys, time; from pathlib import Path\n"
        f"sys.path[:0] = [{str(Path(__file__).parent)!r}]\n"
        "from dossier.settings import ReadingSettings; from ocr.pool import ReadingPool\n"
        "import pool_tasks\n"
        f"ReadingPool(ReadingSettings(processes=1)).submit(pool_tasks.hang, Path({str(note)!r}))\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    assert eventually(lambda: note.exists() and " " in note.read_text())
    parent.kill()
    parent.wait()
    assert all(eventually(lambda pid=pid: gone(pid)) for pid in map(int, note.read_text().split()))


def test_a_closed_pool_takes_nothing_more() -> None:
    pool = ReadingPool(ReadingSettings(processes=1))
    pool.close()
    pool.close()
    with pytest.raises(RuntimeError):
        pool.submit(pool_tasks.add, 1, 1)
