"""A nudge to the intake that something came. Only a hint: the listing of the inbox is the truth.

The store's webhook and `sohoa drop` speak to one loopback port; whatever they say means "look now". One word
means more: the token of `stack.json`, which only the stack's owner can read, asks the intake to stop.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from dossier.settings import Settings
from flows.stack.place import read_stack

TIMEOUT_S = 1.0
LONGEST_REQUEST = 1 << 16
ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Ear:
    """What was heard. look: something may have come. stop: put everything down and end; then look is set too."""

    look: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)


def nudge(settings: Settings) -> bool:
    """Tell the intake of this stack to look at the inbox now. False if nobody listens, which is no error."""
    return _tell(settings, stop=False)


def ask_to_stop(settings: Settings) -> bool:
    """Tell the intake of this stack to put down its work and end. False if nobody listens."""
    return _tell(settings, stop=True)


def _tell(settings: Settings, stop: bool) -> bool:
    stack = read_stack(settings)
    if stack is None:
        return False
    path = stack.token if stop else ""
    try:
        with socket.create_connection(("127.0.0.1", stack.hint), TIMEOUT_S) as connection:
            connection.sendall(
                f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()
            )
            connection.settimeout(TIMEOUT_S)
            return bool(connection.recv(1))
    except OSError:
        return False


@asynccontextmanager
async def listening(settings: Settings) -> AsyncIterator[Ear]:
    """Hear nudges. Without a stack file, or with its port taken, nothing is heard: polling remains."""
    ear = Ear()
    stack = read_stack(settings)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ear.look.set()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(TIMEOUT_S):
                request = (await reader.read(LONGEST_REQUEST)).split(b" ", 2)
                writer.write(ANSWER)
                await writer.drain()
            path = request[1] if len(request) > 1 else b""
            if stack and secrets.compare_digest(path, f"/{stack.token}".encode()):
                ear.stop.set()
        writer.close()

    try:
        server = await asyncio.start_server(hear, "127.0.0.1", stack.hint) if stack else None
    except OSError:
        server = None
    try:
        yield ear
    finally:
        if server is not None:
            server.close()
