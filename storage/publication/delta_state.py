"""How far the Delta tables of a target are, and what went aside: kept in the store.

handovers/<target>/cursors/<office>.json     the place in the feed; written last, by conditional put
handovers/<target>/aside/<office>/<seq>.json   an announcement that could not be handed on, with the reason
handovers/<target>/schema.json               what the tables were last made for
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from pydantic import AwareDatetime, Field, ValidationError

from dossier.errors import Conflict, StoreError
from dossier.model import Frozen
from storage.buckets import HANDOVERS
from storage.publication.kept_state import KeptState
from storage.publication.targets import Aside, Cursor, CursorMoved
from storage.s3 import Store

JSON: Final = "application/json"
CODE: Final = "delta-state"
WHAT: Final = "the state of a Delta target"


class DeltaPlace(Frozen):
    """As targets.Cursor. written: the last number of this office in the table `versions`, which must not go back."""

    seq: int = 0
    sha256: str = Cursor().sha256
    told: int = 0
    written: int = 0
    at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.seq, self.sha256, self.told)


class DeltaAside(Frozen):
    """As targets.Aside. settled: it was handed on since."""

    office: str
    seq: int
    dossier: str | None
    version: int | None
    code: str
    message: str
    settled: bool = False

    @property
    def aside(self) -> Aside:
        return Aside(self.office, self.seq, self.dossier, self.version, self.code, self.message)


class DeltaState:
    """The state of one target."""

    def __init__(self, store: Store, target: str) -> None:
        self._store, self._target = store, target
        self._places: dict[str, KeptState[DeltaPlace]] = {}

    def place(self, office: str) -> DeltaPlace:
        key = f"{self._target}/cursors/{office}.json"
        kept = self._places.setdefault(office, KeptState(self._store, key, DeltaPlace, CODE, WHAT))
        return kept.load() or DeltaPlace()

    def move(self, office: str, place: DeltaPlace) -> None:
        """Write what follows from the place that was read. Raises CursorMoved if another publisher wrote meanwhile."""
        try:
            self._places[office].save(place)
        except Conflict:
            raise CursorMoved("cursor-moved", f"{self._target}: another publisher was first") from None

    def places(self) -> dict[str, DeltaPlace]:
        start = f"{self._target}/cursors/"
        names = [entry.key.removeprefix(start) for entry in self._store.list(HANDOVERS, start)]
        return {name.removesuffix(".json"): self.place(name.removesuffix(".json")) for name in names}

    def put_aside(self, aside: DeltaAside) -> None:
        key = f"{self._target}/aside/{aside.office}/{aside.seq:012d}.json"
        self._store.put(HANDOVERS, key, aside.model_dump_json(indent=1).encode(), JSON)

    def asides(self) -> Iterator[DeltaAside]:
        """Those that wait, in the order of the feed."""
        for entry in self._store.list(HANDOVERS, f"{self._target}/aside/"):
            found = self._store.get(HANDOVERS, entry.key)
            aside = _aside(found.data) if found else None
            if aside is not None and not aside.settled:
                yield aside

    def schema(self) -> str:
        """The fingerprint of what the tables were last made for."""
        found = self._store.get(HANDOVERS, f"{self._target}/schema.json")
        return found.data.decode() if found else ""

    def note_schema(self, fingerprint: str) -> None:
        self._store.put(HANDOVERS, f"{self._target}/schema.json", fingerprint.encode(), JSON)


def _aside(data: bytes) -> DeltaAside:
    try:
        return DeltaAside.model_validate_json(data)
    except ValidationError:
        raise StoreError(CODE, f"{WHAT} cannot be read") from None
