"""The keeper of the intake outlives whatever answers where the Prefect server should be."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flows.stack.place import free_port

LOOK = """
from flows.stack.intake_keeper import IntakeKeeper
from flows.stack.voice import Voice
IntakeKeeper(Voice()).look()
"""


@pytest.fixture
def rubbish() -> Iterator[str]:
    """Something that answers every request, and says nothing that a Prefect server would."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = _answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()


def look(api: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PREFECT_API_URL": api, "PREFECT_CLIENT_MAX_RETRIES": "0"}
    return subprocess.run([sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=False)


def test_an_answer_that_is_none_changes_nothing(rubbish: str) -> None:
    done = look(rubbish)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_server_that_is_away_changes_nothing() -> None:
    done = look(f"http://127.0.0.1:{free_port()}/api")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
