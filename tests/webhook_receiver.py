"""A receiver of webhooks on loopback that checks signatures, drops repeats, and fails on purpose as it is told."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

Behaviour = int | str | tuple[int, dict[str, str]]
"""A status (with headers), or: `reset` the connection after the body was taken, `slow` in sending the answer's bytes,
`silent`: no answer at all."""


@dataclass
class Receiver:
    """plan: what to do with the coming messages, by webhook-id or for all (`*`); then 204."""

    secret: str
    url: str = ""
    plan: dict[str, list[Behaviour]] = field(default_factory=dict)
    always: dict[str, Behaviour] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[tuple[str, int]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    forged: int = 0

    def take(self, headers: dict[str, str], body: bytes) -> Behaviour:
        """As any receiver is told to in docs/webhooks.md: verify, drop what is there already, keep, answer."""
        try:
            event = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.forged += 1
            return 401
        name = headers["webhook-id"]
        self.seen.append(name)
        self.headers.append(headers)
        assert name == event["id"]
        behaviour = self._behaviour(name, event["subject"])
        if behaviour in (204, "reset") and name not in self.events:
            self.events[name] = json.loads(body)
            self.order.append((event["subject"], event["data"]["version"]))
        return behaviour

    def _behaviour(self, name: str, dossier: str) -> Behaviour:
        for key in (name, dossier, "*"):
            if self.plan.get(key):
                return self.plan[key].pop(0)
            if key in self.always:
                return self.always[key]
        return 204


@contextmanager
def running(receiver: Receiver, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            behaviour = receiver.take(headers, body)
            if behaviour == "reset":
                # Linger of nothing: the peer is told by RST, not by FIN.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
            elif behaviour == "slow":
                for byte in b"HTTP/1.1 204 No Content\r\nX-Slow: yes\r\n\r\n":
                    time.sleep(0.1)
                    self.wfile.write(bytes((byte,)))
            elif behaviour == "silent":
                time.sleep(5)
            else:
                status, more = behaviour if isinstance(behaviour, tuple) else (behaviour, {})
                self.send_response(int(status))
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "https" if tls is not None else "http"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
