"""The store's log tells what went wrong and where in the program, and never a file's name."""

from __future__ import annotations

import time
from pathlib import Path

from dossier.settings import Settings
from storage.buckets import INBOX, ensure_buckets
from storage.rights import ADMIN
from storage.s3 import Store
from storage.seaweed.log import nameless
from storage.seaweed.store import EmbeddedStore

NAME = "Giấy khai sinh Trương Mộng Thuyên.pdf"


def test_objects_that_come_and_go_are_not_named_in_the_stores_log(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    server = EmbeddedStore(tmp_path / "store", settings, webhook="http://127.0.0.1:9/")  # nobody listens
    server.start()
    try:
        store = Store(server.settings_for(ADMIN))
        ensure_buckets(store, settings)
        store.put(INBOX, f"H13.96.31/H13.96.31-261125-0001/{NAME}", b"%PDF-1.7")
        for entry in list(store.list(INBOX, versions=True)):
            store.delete(INBOX, entry.key, entry.version_id)
    finally:
        server.stop()
    told = (tmp_path / "store" / "weed.log").read_text(errors="replace")
    assert "Thuyên" not in told
    assert "H13.96.31-261125-0001" not in told
    assert "delete.go" in told
    assert "Start Seaweed" in told


def test_a_full_disk_takes_lines_and_not_the_server() -> None:
    with Path("/dev/full").open("wb") as full, nameless(full) as pipe:
        for number in range(5):
            pipe.write(f"I1125 04:07:50.98 master.go:7 volume {number} grown\n".encode())
            pipe.flush()
            time.sleep(0.1)  # time enough to die of it


def test_a_line_keeps_its_place_and_loses_what_may_be_a_name(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file, nameless(file) as pipe:
        pipe.write(f"E1125 04:07:50.98 webhook_queue.go:195 failed: /buckets/inbox/a/{NAME}\n".encode())
        pipe.write(f"new_entry:{{name:{NAME}}}\n".encode())
        pipe.write(b"I1125 04:07:50.98 master.go:7 volume grown\n")
    lines: list[str] = []
    while len(lines) < 2:
        lines = log.read_text().splitlines()
    assert lines == [
        "E1125 04:07:50.98 webhook_queue.go:195 told of an object",
        "I1125 04:07:50.98 master.go:7 volume grown",
    ]
