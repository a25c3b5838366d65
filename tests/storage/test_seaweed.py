"""The embedded store as a process: it goes on where it was, on other ports if need be, and leaves no orphan."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from dossier.errors import ConfigurationError, StoreForbidden
from dossier.settings import Settings
from storage.buckets import INBOX, RECORDS, ensure_buckets
from storage.connect import open_store, store_folder
from storage.rights import ADMIN
from storage.s3 import Store
from storage.seaweed.files import STATE
from storage.seaweed.store import EmbeddedStore
from storage.seaweed.volumes import ENTRY_BYTES


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, offices=("H13.96.31",))


@pytest.fixture
def told() -> Iterator[tuple[str, Queue[bytes]]]:
    """A receiver of the store's webhook: its URL, and what it was told."""
    heard: Queue[bytes] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{receiver.server_port}/", heard
        receiver.shutdown()


@pytest.fixture
def server(own: Settings, told: tuple[str, Queue[bytes]]) -> Iterator[EmbeddedStore]:
    """A store of this test's own, with its buckets."""
    server = EmbeddedStore(store_folder(own), own, webhook=told[0])
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), own)
        yield server
    finally:
        server.stop()


def test_a_second_start_goes_on_where_the_first_ended_even_on_other_ports(
    own: Settings, server: EmbeddedStore
) -> None:
    store = open_store(own)
    store.put(RECORDS, "a", b"first")
    keys, port = server.settings_for("pipeline"), server.port("s3")
    server.stop()
    server.stop()

    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        widened = own.model_copy(update={"offices": ("H30.1",)})
        again = EmbeddedStore(store_folder(own), widened)
        again.start()
    try:
        assert again.port("s3") != port
        assert again.settings_for("pipeline").secret_key == keys.secret_key
        store = open_store(widened)
        found = store.get(RECORDS, "a")
        assert found is not None
        assert found.data == b"first"
        ensure_buckets(Store(again.settings_for(ADMIN)), widened)
        store.put(RECORDS, "b", b"second")
        Store(again.settings_for("digitiser-H30.1")).put(INBOX, "H30.1/x/a.pdf", b"x")
        # An office that left the settings has no rights any more.
        with pytest.raises(StoreForbidden):
            Store(again.settings_for("digitiser-H13.96.31")).put(INBOX, "H13.96.31/x/a.pdf", b"x")
    finally:
        again.stop()


def test_a_store_that_was_killed_has_lost_nothing_that_it_acknowledged(
    own: Settings, server: EmbeddedStore
) -> None:
    store = open_store(own)
    for number in range(50):
        store.put(RECORDS, f"{number}", str(number).encode())
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    found = [open_store(own).get(RECORDS, f"{number}") for number in range(50)]
    assert [blob.data for blob in found if blob] == [str(number).encode() for number in range(50)]


def test_a_store_that_dies_while_it_starts_comes_back_where_its_clients_know_it(
    own: Settings, server: EmbeddedStore
) -> None:
    known = server.endpoint
    server.stop()
    with ThreadPoolExecutor(1) as threads:
        starting = threads.submit(server.start)
        while server.process is None:
            time.sleep(0.001)
        server.process.kill()
        starting.result()
        assert server.endpoint == known
        open_store(own).put(RECORDS, "a", b"there")  # in here: it ends with the thread that started it


@pytest.mark.parametrize("left", [5, -5])
def test_a_volume_whose_index_was_cut_short_by_a_full_disk_is_found_again(
    own: Settings, server: EmbeddedStore, left: int
) -> None:
    store = open_store(own)
    for number in range(20):
        store.put(RECORDS, f"{number}", str(number).encode())
    server.stop()
    [index] = store_folder(own).glob("records_*.idx")
    with index.open("r+b") as file:
        file.truncate(index.stat().st_size + left)
    server.start()
    found = [open_store(own).get(RECORDS, f"{number}") for number in range(20)]
    assert [blob.data for blob in found if blob] == [str(number).encode() for number in range(20)]
    open_store(own).put(RECORDS, "20", b"20")
    assert index.stat().st_size % ENTRY_BYTES == 0


def test_what_it_wrote_is_private_and_it_cannot_be_started_twice(
    own: Settings, server: EmbeddedStore
) -> None:
    folder = store_folder(own)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    with pytest.raises(ConfigurationError, match="in-use"):
        EmbeddedStore(folder, own).start()
    assert server.process is not None
    assert server.process.poll() is None


def test_the_webhook_tells_of_the_inbox_only(
    own: Settings, server: EmbeddedStore, told: tuple[str, Queue[bytes]]
) -> None:
    assert server.process is not None
    store = open_store(own)
    store.put(RECORDS, "a", b"x")
    store.put(INBOX, "H13.96.31/x/a.pdf", b"x")
    heard = [told[1].get(timeout=20)]
    while not told[1].empty():
        heard.append(told[1].get())
    assert all(b"/buckets/inbox" in event for event in heard)


def test_every_port_is_on_loopback(server: EmbeddedStore) -> None:
    assert server.process is not None
    inodes = set()
    for entry in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:  # a connection that the server closed since the listing; listeners stay
            continue
        if target.startswith("socket:"):
            inodes.add(target[8:-1])
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and columns[9] in inodes:
                listening.append(columns[1].split(":")[0])
    assert len(listening) >= 8
    assert set(listening) == {"0100007F"}


def test_a_store_whose_parent_was_killed_ends_and_the_next_start_goes_on(own: Settings) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                f"""
                import time
                from pathlib import Path
                from dossier.settings import Settings
                from storage.buckets import ensure_buckets
                from storage.s3 import Store
                from storage.seaweed.store import EmbeddedStore
                settings = Settings(data=Path({str(own.data)!r}), offices={own.offices!r})
                server = EmbeddedStore(settings.data / "store", settings)
                server.start()
                ensure_buckets(Store(server.settings_for("admin")), settings)
                Store(server.settings_for()).put("records", "a", b"kept")
                print(server.process.pid, flush=True)
                time.sleep(600)
                """
            ),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    again = EmbeddedStore(store_folder(own), own)
    again.start()
    try:
        found = open_store(own).get(RECORDS, "a")
        assert found is not None
        assert found.data == b"kept"
        assert _gone(pid)
    finally:
        again.stop()


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_without_a_store_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="sohoa up"):
        open_store(Settings(data=tmp_path))
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / STATE).write_text("{")
    with pytest.raises(ConfigurationError, match="backup"):
        open_store(Settings(data=tmp_path))
