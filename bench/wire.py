"""A wire of ours between pipeline and store that can be cut, held up or answered for: a faulty network on purpose."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

Mode = Literal["whole", "refuse", "hold", "busy", "swallow"]
"""whole: bytes pass. refuse: connections are reset. hold: nothing passes until the mode ends. busy: 503 to everything.
swallow: of some requests the answer is lost, after the store has done what was asked.
"""
HOST: Final = "127.0.0.1"
CHUNK, POLL_S = 1 << 16, 0.05
_BUSY_BODY: Final = b"<Error><Code>ServiceUnavailable</Code></Error>"
BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_BUSY_BODY), _BUSY_BODY)
)
SWALLOWED = 0.4
"""Share of connections whose answer is lost in the mode `swallow`."""


@dataclass
class _Pair:
    """One connection of the pipeline and the one to the store that serves it."""

    near: socket.socket
    far: socket.socket

    def reset(self) -> None:
        for end in (self.near, self.far):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Wire:
    """Listens on a loopback port of its own and passes everything on to the store at `endpoint` (host:port)."""

    def __init__(self, endpoint: str, random: Random) -> None:
        host, _, port = endpoint.rpartition(":")
        self._to = (host, int(port))
        self._random = random
        self._mode: Mode = "whole"
        self._open: dict[int, _Pair] = {}
        self._lock = threading.Lock()
        self._listener = socket.create_server((HOST, 0), backlog=256)
        self.struck = 0
        """Connections that a mode other than `whole` has spoilt."""
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"{HOST}:{self._listener.getsockname()[1]}"

    @contextmanager
    def being(self, mode: Mode) -> Iterator[None]:
        """Behave so for a while. What is open is cut where the mode cuts, and again when a hold ends."""
        self._mode = mode
        if mode in ("refuse", "busy"):
            self._cut()
        try:
            yield
        finally:
            self._mode = "whole"
            if mode == "hold":
                self._cut()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()

    def _cut(self) -> None:
        with self._lock:
            pairs, self._open = list(self._open.values()), {}
        for pair in pairs:
            self.struck += 1
            pair.reset()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self._mode == "busy":
            self.struck += 1
            with suppress(OSError), near:
                near.settimeout(2.0)
                near.recv(CHUNK)
                near.sendall(BUSY)
            return
        try:
            far = socket.create_connection(self._to, 5.0)
            far.settimeout(None)
        except OSError:
            far = socket.socket()
            _Pair(near, far).reset()
            return
        pair = _Pair(near, far)
        if self._mode == "refuse":
            self.struck += 1
            pair.reset()
            return
        with self._lock:
            self._open[id(pair)] = pair
        asking = threading.Thread(target=self._pass, args=(pair, near, far), daemon=True)
        asking.start()
        self._pass(pair, far, near)
        asking.join()
        with self._lock:
            self._open.pop(id(pair), None)
        for end in (near, far):
            end.close()

    def _pass(self, pair: _Pair, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                while self._mode == "hold":
                    time.sleep(POLL_S)
                if self._mode == "swallow" and source is pair.far and self._random.random() < SWALLOWED:
                    self.struck += 1
                    pair.reset()
                    return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
            return
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
