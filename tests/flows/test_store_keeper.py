"""The store under `sohoa up`: a full disk is told, and a store that takes nothing afterwards is started again."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dossier.errors import StoreError
from dossier.settings import Settings
from flows.stack.place import free_port
from flows.stack.store_keeper import StoreKeeper
from flows.stack.store_probe import REFUSALS, ROOM, Judge, Standing
from flows.stack.voice import Voice
from storage.buckets import INBOX
from storage.connect import open_store

PATIENCE_S = 90.0


def test_a_store_that_refuses_though_there_is_room_is_stuck_and_one_that_takes_is_well() -> None:
    judge = Judge()
    heard = [judge.hear(False, ROOM) for _ in range(REFUSALS)]
    assert heard == [Standing.WELL] * (REFUSALS - 1) + [Standing.STUCK]
    assert judge.hear(True, ROOM) is Standing.WELL
    assert judge.hear(False, ROOM) is Standing.WELL


def test_a_store_whose_disk_is_full_is_not_stuck_until_room_has_come() -> None:
    judge = Judge()
    assert {judge.hear(False, ROOM - 1) for _ in range(2 * REFUSALS)} == {Standing.FULL}
    heard = [judge.hear(False, ROOM) for _ in range(REFUSALS)]
    assert heard == [Standing.FULL] * (REFUSALS - 1) + [Standing.STUCK]


def test_no_answer_tells_nothing() -> None:
    judge = Judge()
    assert {judge.hear(None, ROOM) for _ in range(5 * REFUSALS)} == {Standing.WELL}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a file system of its own needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("dies", [False, True])
def test_after_a_full_disk_the_store_takes_drops_again_without_help(small_disk: Path, dies: bool) -> None:
    said = io.StringIO()
    settings = Settings(data=small_disk / "data", offices=("H13.96.31",))
    keeper = StoreKeeper(settings, free_port(), Voice(said), probe_s=0.5)
    keeper.begin()
    try:
        assert _takes(settings)
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 65536):
                pass
        _until(keeper, lambda: "its disk is full" in said.getvalue(), lambda: _takes(settings))
        if dies:
            process = keeper.server.process
            assert process is not None
            process.kill()
            _until(keeper, lambda: "it does not start" in said.getvalue())
        ballast.unlink()
        _until(keeper, lambda: _takes(settings))
        _until(keeper, lambda: "its disk has room again" in said.getvalue())
        assert said.getvalue().count("its disk is full") == 1
    finally:
        keeper.stop()


def _takes(settings: Settings) -> bool:
    """Whether an object without bytes is taken: the name alone, which is what a full disk spoils."""
    store = open_store(settings).impatient()
    try:
        store.put(INBOX, f"H13.96.31/full/{time.monotonic()}", b"")
        return True
    except StoreError:
        return False
    finally:
        store.close()  # a connection held open makes the store's stop slow


def _until(
    keeper: StoreKeeper, true: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None
) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        meanwhile()
        keeper.watch()
        time.sleep(0.05)
