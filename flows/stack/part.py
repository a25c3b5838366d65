"""A part of the stack that is kept alive: a child, its back-off, and when it is due again."""

from __future__ import annotations

import time

from flows.stack.child import Child
from flows.stack.voice import Voice

CALM_S = 60.0  # a part that ran for so long starts its back-off anew
LONGEST_PAUSE_S = 30.0


class Part:
    """A child that is started again when it dies, with growing pauses."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._pause = 1.0
        self._since = 0.0
        self._due: float | None = None

    def start(self) -> None:
        self._since, self._due = time.monotonic(), None
        self.child.start()

    def watch(self, voice: Voice) -> None:
        now = time.monotonic()
        if self.child.running:
            return
        if self._due is None:
            self._pause = 1.0 if now - self._since > CALM_S else min(2 * self._pause, LONGEST_PAUSE_S)
            self._due = now + self._pause
            voice.say(self.child.name, f"ended unexpectedly; starting it again in {self._pause:.0f} s")
        elif now >= self._due:
            self.start()
