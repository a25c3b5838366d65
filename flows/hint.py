"""A nudge to the intake that something came. Only a hint: the listing of the inbox is the truth.

The store's webhook and `sohoa drop` speak to one loopback port; whatever they say means "look now".
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from dossier.settings import Settings
from flows.stack.place import read_stack

TIMEOUT_S = 1.0
LONGEST_REQUEST = 1 << 16
ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def nudge(settings: Settings) -> bool:
    """Tell the intake of this stack to look at the inbox now. False if nobody listens, which is no error."""
    stack = read_stack(settings)
    if stack is None:
        return False
    try:
        with socket.create_connection(("127.0.0.1", stack.hint), TIMEOUT_S) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        return False
    return True


@asynccontextmanager
async def listening(settings: Settings, heard: asyncio.Event) -> AsyncIterator[None]:
    """Set `heard` on each nudge. Without a stack file, or with its port taken, nobody listens: polling remains."""

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(TIMEOUT_S):
                await reader.read(LONGEST_REQUEST)
                writer.write(ANSWER)
                await writer.drain()
        writer.close()

    stack = read_stack(settings)
    try:
        server = await asyncio.start_server(hear, "127.0.0.1", stack.hint) if stack else None
    except OSError:
        server = None
    try:
        yield
    finally:
        if server is not None:
            server.close()
