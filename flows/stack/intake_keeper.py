"""The intake under `sohoa up`: started again when none lives, or when one that was to start does not."""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import suppress

import httpx

from flows.stack.voice import Voice

MISSES = 2
COMING_S = 120.0
"""How long a start may take. Prefect plans by the wall clock: one that jumps back while a run is being started makes
its process sleep until the old time has come again.
"""


class IntakeKeeper:
    """The trigger in prefect.yaml starts the next intake sooner, but may miss an event."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._missed = 0
        self._coming_since: float | None = None

    def look(self) -> None:
        """Whatever the Prefect server answers, or does not: it is watched beside, and asked again."""
        from prefect.exceptions import PrefectException

        # A server that is dying may answer with half a message, or another program at its port with one of its own.
        with suppress(httpx.HTTPError, OSError, ValueError, PrefectException):
            self._look()

    def _look(self) -> None:
        from flows.stack import deployments  # the supervisor sets PREFECT_API_URL first

        found = asyncio.run(deployments.intakes())
        if found.running:
            self._missed, self._coming_since = 0, None
        elif found.coming:
            self._missed = 0
            self._coming_since = self._coming_since or time.monotonic()
            if time.monotonic() - self._coming_since > COMING_S:
                asyncio.run(deployments.give_up(found.coming, f"It did not start within {COMING_S:.0f} s."))
                self._start("the one that was to start does not; starting another")
        else:
            self._missed += 1
            if self._missed >= MISSES:
                self._start("none runs; starting one")

    def _start(self, why: str) -> None:
        from flows.stack import deployments

        self._voice.say("intake", why)
        self._coming_since = None
        asyncio.run(deployments.start_intake(uuid.uuid4().hex))
