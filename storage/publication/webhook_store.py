"""Where a webhook's state lies: in the store, so that another process goes on where this one ended.

    handovers/<target>/state.json                              how far, what waits for another try
    handovers/<target>/aside/<office>/<dossier>/v000001.json   an event that was given up, with the reason
    handovers/<target>/newest/<office>/<dossier>   the newest version that was taken, where it is not the first

The state is written over by conditional put: of two publishers at work at once one is told so, and stops.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from pydantic import AwareDatetime, ValidationError

from dossier.model import Frozen
from storage.buckets import HANDOVERS
from storage.keys import version_name
from storage.publication.kept_state import KeptState
from storage.publication.webhook_state import WebhookState
from storage.s3 import Store

_log = logging.getLogger(__name__)
DAMAGED: Final = "letter-damaged"


class Letter(Frozen):
    """An event that was given up, and what became of it since.

    state: dead, until a person has it tried again; then taken, waiting, or overtaken: a newer version of its dossier
    had been taken already, so it was not sent. What came into the feed behind a newer version is overtaken at once.
    dossier, version: `_` and the number in the feed, of an event that
    does not tell them. One that lies damaged is told as dead for the reason `DAMAGED`, with number 0: what it was of is
    known by its place alone.
    """

    office: str
    seq: int
    dossier: str
    version: int
    event: dict[str, Any]
    reason: str
    tries: int
    at: AwareDatetime
    state: Literal["dead", "taken", "waiting", "overtaken"] = "dead"


class WebhookStore:
    """The state and the letters of one target."""

    def __init__(self, store: Store, target: str) -> None:
        self._store = store
        self._folder = f"{target}/"
        self._writer = uuid.uuid4().hex
        key, what = f"{self._folder}state.json", "the state of a webhook"
        self._state = KeptState(store, key, WebhookState, "webhook-state", what)

    def load(self) -> WebhookState:
        """As it stands. Raises StoreError if what lies there cannot be read: nothing is sent again by a guess."""
        return self._state.load() or WebhookState()

    def save(self, state: WebhookState) -> None:
        """Write what follows from the state that was loaded. Raises Conflict if another publisher wrote meanwhile."""
        self._state.save(state.model_copy(update={"writer": self._writer}))

    def put_letter(self, letter: Letter) -> None:
        key = self._key(letter.office, letter.dossier, letter.version)
        self._store.put(HANDOVERS, key, letter.model_dump_json(indent=1).encode(), "application/json")

    def letter(self, office: str, dossier: str, version: int) -> Letter | None:
        """What was given up of this version last, whatever became of it since."""
        return self._read(self._key(office, dossier, version))

    def letters(self, office: str = "", dossier: str = "") -> Iterator[Letter]:
        """All that were ever given up, or those of one dossier."""
        place = f"{office}/{dossier}/" if dossier else ""
        for entry in self._store.list(HANDOVERS, f"{self._folder}aside/{place}"):
            if (letter := self._read(entry.key)) is not None:
                yield letter

    def _read(self, key: str) -> Letter | None:
        """One damaged letter keeps nobody from reading the others: it is told, and stays until it is mended."""
        found = self._store.get(HANDOVERS, key)
        if found is None:
            return None
        try:
            return Letter.model_validate_json(found.data)
        except ValidationError:
            office, dossier, name = key.removeprefix(f"{self._folder}aside/").split("/")
            return Letter(
                office=office,
                seq=0,
                dossier=dossier,
                version=int(name.removesuffix(".json")[1:]),
                event={},
                reason=DAMAGED,
                tries=0,
                at=datetime.now(UTC) - timedelta(seconds=found.age_s),
            )

    def newest(self, office: str, dossier: str) -> int:
        """The newest version of a dossier that was taken; 0: none, the first alone, or it cannot be told."""
        found = self._store.get(HANDOVERS, self._newest_key(office, dossier))
        if found is None:
            return 0
        try:
            return int(found.data)
        except ValueError:  # what comes too late is then sent: a receiver drops it by its version
            _log.warning("what was taken of dossier %s last cannot be read", dossier)
            return 0

    def note_newest(self, office: str, dossier: str, version: int) -> None:
        """A first version needs no note: nothing is older."""
        if version > 1:
            self._store.put(HANDOVERS, self._newest_key(office, dossier), str(version).encode(), "text/plain")

    def _newest_key(self, office: str, dossier: str) -> str:
        return f"{self._folder}newest/{office}/{dossier}"

    def _key(self, office: str, dossier: str, version: int) -> str:
        return f"{self._folder}aside/{office}/{dossier}/{version_name(version)}.json"
