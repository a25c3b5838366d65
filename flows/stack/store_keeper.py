"""The embedded store under `sohoa up`: started, watched, started again when it died or takes nothing any more."""

from __future__ import annotations

import time

from dossier.errors import StoreError
from dossier.settings import Settings
from flows.stack.store_probe import EVERY_S, Probe, Standing
from flows.stack.voice import Voice
from storage.buckets import ensure_buckets
from storage.connect import store_folder
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

CALM_S, LONGEST_PAUSE_S = 60.0, 30.0
"""A store that stood for so long is started again at once; one that did not, after pauses that grow."""
STUCK_PAUSE_S, STUCK_CALM_S = 600.0, 1800.0
"""The same for one that takes nothing, though it stands: what can be read is read meanwhile."""


class Pauses:
    """Between starts in a row: none, then a second, twice as long each time up to longest_s; calm_s forgets them."""

    def __init__(self, calm_s: float, longest_s: float) -> None:
        self._calm_s, self._longest_s = calm_s, longest_s
        self._pause, self._since = 0.0, float("-inf")

    def over(self) -> bool:
        """Whether the next start may be now."""
        return time.monotonic() - self._since >= self._pause

    def begin(self) -> None:
        """A start was made."""
        calm = time.monotonic() - self._since > self._calm_s
        self._pause = 0.0 if calm else min(max(1.0, 2 * self._pause), self._longest_s)
        self._since = time.monotonic()


class StoreKeeper:
    """Of the main thread: the kernel ends the store with the thread that started it. hint: the port to nudge when
    something comes. probe_s: between two looks whether it takes what it is given.
    """

    def __init__(self, settings: Settings, hint: int, voice: Voice, probe_s: float = EVERY_S) -> None:
        self.server = EmbeddedStore(store_folder(settings), settings, webhook=f"http://127.0.0.1:{hint}/")
        self._settings, self._voice = settings, voice
        self._probe = Probe(self._client, self.server.folder, probe_s)
        self._full = False
        self._dead, self._stuck = Pauses(CALM_S, LONGEST_PAUSE_S), Pauses(STUCK_CALM_S, STUCK_PAUSE_S)

    @property
    def endpoint(self) -> str:
        """With its scheme."""
        return f"http://{self.server.endpoint}"

    def begin(self) -> None:
        """The first start, with buckets. Raises StoreError, ConfigurationError."""
        self.server.start()
        ensure_buckets(Store(self.server.settings_for("admin")), self._settings)
        self._probe.start()
        self._voice.say("store", f"ready on {self.endpoint}")

    def watch(self) -> bool:
        """Start it again where that is needed; whether it is at another place then, which who runs does not know."""
        standing = self._probe.standing
        self._tell(standing)
        process = self.server.process
        dead = process is None or process.poll() is not None
        pauses = self._dead if dead else self._stuck
        if not (dead or standing is Standing.STUCK) or not pauses.over():
            return False
        if process is not None:
            why = "ended unexpectedly" if dead else "takes nothing any more, though its disk has room"
            self._voice.say("store", f"{why}; starting it again")
        before = self.endpoint
        self._start_again(pauses)
        return self.endpoint != before

    def stop(self) -> None:
        self._probe.stop()
        self.server.stop()

    def _start_again(self, pauses: Pauses) -> None:
        try:
            self.server.stop()
            self.server.start()
        except StoreError as error:
            self._voice.say("store", f"ERROR {error.code}: it does not start; tried again")
        self._probe.forget()
        pauses.begin()

    def _tell(self, standing: Standing) -> None:
        if standing is Standing.FULL and not self._full:
            where = self.server.folder
            self._voice.say(
                "store", f"ERROR its disk is full ({where}): it takes nothing until there is room"
            )
            self._full = True
        elif standing is Standing.WELL and self._full:
            self._voice.say("store", "its disk has room again")
            self._full = False

    def _client(self) -> Store | None:
        process = self.server.process
        if process is None or process.poll() is not None:
            return None
        return Store(self.server.settings_for()).impatient()
