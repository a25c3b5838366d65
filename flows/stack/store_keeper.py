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

FIRST_PAUSE_S, LONGEST_PAUSE_S, CALM_S = 5.0, 600.0, 1800.0
"""Between two starts in a row; one that stood for CALM_S begins with the first again."""


class StoreKeeper:
    """Of the main thread: the kernel ends the store with the thread that started it. hint: the port to nudge when
    something comes. probe_s: between two looks whether it takes what it is given.
    """

    def __init__(self, settings: Settings, hint: int, voice: Voice, probe_s: float = EVERY_S) -> None:
        self.server = EmbeddedStore(store_folder(settings), settings, webhook=f"http://127.0.0.1:{hint}/")
        self._settings, self._voice = settings, voice
        self._probe = Probe(self._client, self.server.folder, probe_s)
        self._full = False
        self._pause, self._since, self._due = 0.0, 0.0, 0.0

    @property
    def endpoint(self) -> str:
        """With its scheme."""
        return f"http://{self.server.endpoint}"

    def begin(self) -> None:
        """The first start, with buckets. Raises StoreError, ConfigurationError."""
        self.server.start()
        ensure_buckets(Store(self.server.settings_for("admin")), self._settings)
        self._since = time.monotonic()
        self._probe.start()
        self._voice.say("store", f"ready on {self.endpoint}")

    def watch(self) -> bool:
        """Start it again where that is needed; whether it is at another place then, which who runs does not know."""
        standing = self._probe.standing
        self._tell(standing)
        process = self.server.process
        dead = process is None or process.poll() is not None
        if (not dead and standing is not Standing.STUCK) or time.monotonic() < self._due:
            return False
        if process is not None:
            why = "ended unexpectedly" if dead else "takes nothing any more, though its disk has room"
            self._voice.say("store", f"{why}; starting it again")
        return self._start_again()

    def stop(self) -> None:
        self._probe.stop()
        self.server.stop()

    def _start_again(self) -> bool:
        before = self.endpoint
        calm = time.monotonic() - self._since > CALM_S
        self._pause = FIRST_PAUSE_S if calm or not self._pause else min(2 * self._pause, LONGEST_PAUSE_S)
        try:
            self.server.stop()
            self.server.start()
        except StoreError as error:
            self._voice.say("store", f"ERROR {error.code}: it does not start; again in {self._pause:.0f} s")
        self._probe.forget()
        self._since = time.monotonic()
        self._due = self._since + self._pause
        return self.endpoint != before

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
