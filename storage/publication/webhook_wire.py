"""One message to one receiver over HTTP, and what its answer means: taken, to be tried again, or refused.

The standard library's client does what is wanted here and no more: it follows no redirect and knows no proxy, so
that nobody is spoken to but the host in the settings. One connection a message: a kept one that the receiver closes
meanwhile cannot be told from a message that got lost.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

import certifi

from dossier.errors import ConfigurationError

# Answers by which a receiver asks for another try: it timed out, is at odds with itself, too early, too many.
AGAIN: Final = frozenset({408, 409, 425, 429})
GONE: Final = 410


@dataclass(frozen=True)
class Answer:
    """What became of a message. reason: a stable code, `http-500`, `timeout`, `away`, `reset`, `tls`.

    again: nobody knows whether it was taken, or the receiver asks for it; send it again. refused: it will never be
    taken. gone: the receiver wants nothing more at this address. wait_s: the pause the receiver asks for.
    """

    kind: Literal["taken", "again", "refused", "gone"]
    reason: str
    wait_s: float = 0.0


class Wire:
    """The way to one receiver.

    timeout_s: for the whole exchange, however slowly a byte follows another. ca_file: whose certificates are trusted,
    for receivers within an office's own network; by default the public authorities.
    Raises ConfigurationError for an address that is not http(s) to a host.
    """

    def __init__(self, url: str, timeout_s: float, ca_file: Path | None = None) -> None:
        self._url = checked_url(url)
        self._timeout_s = timeout_s
        self._tls: ssl.SSLContext | None = None
        if self._url.scheme == "https":
            try:
                self._tls = ssl.create_default_context(cafile=str(ca_file or certifi.where()))
            except OSError:
                raise ConfigurationError("webhook-ca", "a webhook's ca_file cannot be read") from None

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send it. Never raises for what the receiver or the network does."""
        connection = self._connection()
        cut = threading.Event()
        guard = threading.Timer(self._timeout_s, _cut, (connection, cut))
        guard.daemon = True
        guard.start()
        path = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        try:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            return _meaning(response.status, response.headers.get("Retry-After"))
        except (OSError, HTTPException) as error:
            return Answer("again", "timeout" if cut.is_set() else _trouble(error))
        finally:
            guard.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._tls is not None:
            return HTTPSConnection(host, port, timeout=self._timeout_s, context=self._tls)
        return HTTPConnection(host, port, timeout=self._timeout_s)


def checked_url(url: str) -> SplitResult:
    """The parts of a receiver's address. Raises ConfigurationError, not telling the address: it may hold keys."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        host = (parts.hostname or "").encode("idna")
    except ValueError:
        parts, host = urlsplit(""), b""
    # What the client would send as it stands: other letters have to be percent-encoded, or punycode, before.
    plain = all("!" <= letter <= "~" for letter in url)
    if (
        not plain
        or not host
        or parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or parts.fragment
    ):
        raise ConfigurationError("webhook-url", "a webhook's url must be http(s)://host/..., without a user")
    return parts


def _cut(connection: HTTPConnection, cut: threading.Event) -> None:
    cut.set()
    with suppress(OSError, AttributeError):  # not connected yet: the connect itself has the same limit
        connection.sock.shutdown(socket.SHUT_RDWR)


def _trouble(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, HTTPException)):
        return "reset"
    return "away"


def _meaning(status: int, retry_after: str | None) -> Answer:
    reason = f"http-{status}"
    if 200 <= status < 300:
        return Answer("taken", reason)
    if status == GONE:
        return Answer("gone", reason)
    if status >= 500 or status in AGAIN:
        wait = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 0.0
        return Answer("again", reason, wait)
    return Answer("refused", reason)
