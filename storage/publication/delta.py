"""Delta tables in object storage as a target. Each batch is in each table exactly once, killed wherever it may be.

Rows are only ever added. What a later version changes (withdrawn, superseded, valid_to) follows from the rows of
`versions` and is computed by the views (storage.publication.delta_views): changing rows in place would rewrite whole
files for each dossier that goes on, and several tables cannot be changed in one step.

    papers, fields, findings, records -> versions -> cursor

Each append notes in the table's own log how far the office's feed is in it: done again, it changes nothing, however the
feed is cut into batches then. The views show what `versions` names, so a batch is seen whole, or not yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dossier.targets import DeltaTarget
from storage.buckets import ANALYTICS
from storage.feed import Announced
from storage.publication.delta_rows import VERSIONS, delta_shapes
from storage.publication.delta_state import DeltaAside, DeltaPlace, DeltaState
from storage.publication.delta_tables import DeltaTables
from storage.publication.delta_views import duckdb_views
from storage.publication.events import Unusable, told
from storage.publication.rows import Misfit, Row, Rows, check, rows, wanted
from storage.publication.standing import Life, why_not_checked
from storage.publication.targets import (
    Aside,
    Cursor,
    CursorMoved,
    Delivery,
    FeedDiverged,
    Handed,
    Problem,
    Stand,
    one_of,
)
from storage.s3 import Store


@dataclass
class _Batch:
    rows: Rows = field(default_factory=dict)
    asides: list[DeltaAside] = field(default_factory=list)
    events: int = 0
    taken: list[Announced] = field(default_factory=list)
    left: list[Announced] = field(default_factory=list)

    @property
    def handed(self) -> Handed:
        return Handed(self.events, len(self.taken), len(self.left), tuple(self.taken), tuple(self.left))

    def put_aside(self, aside: DeltaAside, announced: Announced) -> None:
        self.asides.append(aside)
        self.left.append(announced)


class DeltaLake:
    """One target of the kind `delta`. Of one thread at a time."""

    def __init__(self, name: str, settings: DeltaTarget, store: Store) -> None:
        self.name = name
        self.settings = settings
        self._store = store
        self.shapes = delta_shapes(settings)
        self._tables = DeltaTables(address(store, name), store.settings)
        self._state = DeltaState(store, name)

    def prepare(self) -> None:
        """Make the tables, the columns that the catalogue got since, and beside them `views.sql` for their readers."""
        views = duckdb_views(self.settings, address(self._store, self.name))
        fingerprint = hashlib.sha256(repr((sorted(self.shapes.items()), views)).encode()).hexdigest()
        if self._state.schema() != fingerprint:
            for shape in self.shapes.values():
                self._tables.make(shape)
            self._store.put(ANALYTICS, f"{self.name}/views.sql", views.encode(), "application/sql")
            self._state.note_schema(fingerprint)

    def cursor(self, office: str) -> Cursor:
        """Raises FeedDiverged if the tables are behind what was written: they were restored or removed."""
        place = self._state.place(office)
        if place.written > (self._tables.written(VERSIONS.name, _series(office)) or 0):
            raise FeedDiverged(
                "feed-diverged",
                f"{self.name}: the tables end before number {place.written} of {office}, which was written: "
                "they were restored or removed; nothing was handed on",
            )
        return place.cursor

    def stands(self) -> dict[str, Stand]:
        waiting = [aside.office for aside in self._state.asides()]
        return {
            office: Stand(place.cursor, place.at, waiting.count(office))
            for office, place in self._state.places().items()
        }

    def hand(self, office: str, before: Cursor, deliveries: Sequence[Delivery]) -> Handed:
        place = self._state.place(office)
        if (place.seq, place.sha256) != (before.seq, before.sha256):
            raise CursorMoved("cursor-moved", f"{self.name}: another publisher was first")
        batch = self._batch(office, deliveries)
        for aside in batch.asides:
            self._state.put_aside(aside)
        last = deliveries[-1].announced
        written = place.written
        for name in self._in_order(batch.rows):
            lines = batch.rows[name]
            done = self._tables.written(name, _series(office)) or 0
            if fresh := [line for line in lines if line["feed_seq"] > done]:
                number = max(line["feed_seq"] for line in fresh)
                self._tables.append(self.shapes[name], fresh, _series(office), number)
            if name == VERSIONS.name:
                written = max(done, *(line["feed_seq"] for line in lines))
        moved = DeltaPlace(seq=last.seq, sha256=last.sha256, told=place.told, written=written)
        self._state.move(office, moved)
        return batch.handed

    def became(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        numbers = [delivery.announced.seq for delivery in deliveries]
        lines = self.stored(VERSIONS.name, office, min(numbers) - 1, max(numbers)) if numbers else []
        lines.sort(key=lambda line: line["how"] != "aside")  # one that came in later has two
        how = {line["feed_seq"]: line["how"] for line in lines}
        handed = Handed(events=len(deliveries))
        for one in (delivery.announced for delivery in deliveries):
            handed += one_of(one, how.get(one.seq, "aside"))
        return handed

    def resume(self) -> Iterator[Handed]:
        return iter(())  # what a run left half done is done again from its cursor

    def told(self, office: str, seq: int) -> None:
        place = self._state.place(office)
        if place.told < seq:
            self._state.move(office, place.model_copy(update={"told": seq}))

    def asides(self) -> list[Aside]:
        return [aside.aside for aside in self._state.asides()]

    def again(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        handed = Handed()
        for delivery in deliveries:
            handed += self._again(office, delivery)
        return handed

    def tidy(self) -> int:
        """Make few files of many in each table, and remove those that were replaced some days ago."""
        return sum(self._tables.tidy(name, self.settings.keep_hours) for name in self.shapes)

    def planned(self, office: str, deliveries: Sequence[Delivery]) -> Rows:
        """The rows that these should have in the tables."""
        return self._batch(office, deliveries).rows

    def stored(self, name: str, office: str, after: int, until: int) -> list[Row]:
        """The rows of a table that are of an office's feed behind number `after`, up to `until`."""
        quoted = office.replace("'", "''")
        return self._tables.rows(name, f"office = '{quoted}' AND feed_seq > {after} AND feed_seq <= {until}")

    def close(self) -> None:
        """Nothing is held."""

    def _again(self, office: str, delivery: Delivery) -> Handed:
        batch, seq = self._batch(office, [delivery]), delivery.announced.seq
        if batch.asides:
            self._state.put_aside(batch.asides[0])
            return batch.handed
        series = f"{_series(office)}/{seq}"
        for name in self._in_order(batch.rows):
            if self._tables.written(name, series) is None:
                self._tables.append(self.shapes[name], batch.rows[name], series, seq)
        for aside in self._state.asides():
            if (aside.office, aside.seq) == (office, seq):
                self._state.put_aside(aside.model_copy(update={"settled": True}))
        return batch.handed

    def _batch(self, office: str, deliveries: Sequence[Delivery]) -> _Batch:
        batch = _Batch(events=len(deliveries))
        for delivery in deliveries:
            self._one(office, delivery, batch)
        return batch

    def _one(self, office: str, delivery: Delivery, batch: _Batch) -> None:
        seq, record, problem = delivery.announced.seq, delivery.record, delivery.problem
        try:
            said = told(delivery.announced)
        except Unusable as error:
            aside = DeltaAside(
                office=office, seq=seq, dossier=None, version=None, code="event-unusable", message=str(error)
            )
            batch.put_aside(aside, delivery.announced)
            return
        how, made = "aside", Rows()
        if record is None:
            problem = problem or Problem("record-missing", "there is no record")
        elif wanted(record, self.settings):
            try:
                made = rows(record, said.sha256, seq, Life("live", said.made_at), self.settings)
                made = _numbered(made, seq)
                check(made, self.shapes)
                how = "handed"
                batch.taken.append(delivery.announced)
            except Misfit as error:
                made, problem = Rows(), Problem("value-misfit", str(error))
        else:
            how = "told"
        if problem is not None:
            aside = DeltaAside(
                office=office,
                seq=seq,
                dossier=said.dossier,
                version=said.version,
                code=problem.code,
                message=problem.message,
            )
            batch.put_aside(aside, delivery.announced)
        line = {
            "office": office,
            "dossier": said.dossier,
            "version": said.version,
            "state": said.state,
            "made_at": said.made_at,
            "record_sha256": said.sha256,
            "how": how,
            "told": why_not_checked(record) if record is not None else None,
        }
        for name, lines in (made | _numbered({VERSIONS.name: [line]}, seq)).items():
            batch.rows.setdefault(name, []).extend(lines)

    def _in_order(self, found: Rows) -> list[str]:
        return [name for name in self.shapes if found.get(name)]


def address(store: Store, name: str) -> str:
    """Where the tables of a target are, as readers of Delta spell it."""
    return f"s3://{store.bucket(ANALYTICS)}/{name}"


def _numbered(made: Rows, seq: int) -> Rows:
    return {name: [line | {"feed_seq": seq} for line in lines] for name, lines in made.items()}


def _series(office: str) -> str:
    return f"sohoa/{office}"
