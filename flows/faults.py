"""Errors that nobody foresaw, told by where they happened and without their text."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from dossier.errors import SohoaError, TerminalError

PLACES = 3


class OurFault(TerminalError):
    """An error nobody foresaw. It tells where, not what: its own text may carry what stands on a paper."""


def our_fault(error: BaseException) -> OurFault:
    """The error in our own terms: its type and the innermost places that it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return OurFault("unexpected", f"{type(error).__name__} at {places}")


@asynccontextmanager
async def told() -> AsyncIterator[None]:
    """Let our own errors through; strip the others of their text, which Prefect would log and keep."""
    try:
        yield
    except SohoaError:
        raise
    except Exception as error:  # noqa: BLE001  (the border behind which texts are shown and kept)
        raise our_fault(error) from None
