"""A database as a target. Rows and the place in the feed change in one transaction: exactly once, whatever dies."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, insert, select, update

from dossier.targets import SqlTarget
from storage.publication.events import Unusable, told
from storage.publication.plan import Planner
from storage.publication.sql_apply import apply, asides, known, stands
from storage.publication.sql_connection import Database
from storage.publication.sql_errors import ValueRefused
from storage.publication.sql_schema import fits, migrate
from storage.publication.sql_tables import tables
from storage.publication.targets import Aside, Cursor, CursorMoved, Delivery, Handed, Problem, Stand, one_of

T = TypeVar("T")


class SqlDatabase:
    """One database target. Of one thread at a time."""

    def __init__(self, name: str, settings: SqlTarget, database: Database | None = None) -> None:
        self.name = name
        self.settings = settings
        self.tables = tables(settings)
        self._database = database or Database(name, settings.url.get_secret_value())

    def prepare(self) -> None:
        """Make or migrate the schema, where it is not what we need."""
        if not self._database.run(lambda connection: fits(connection, self.tables)):
            self._database.run(lambda connection: migrate(connection, self.tables))

    def cursor(self, office: str) -> Cursor:
        table = self.tables.cursors
        query = select(table.c.seq, table.c.sha256, table.c.told).where(table.c.office == office)
        row = self._database.run(lambda connection: connection.execute(query).first())
        return Cursor(row[0], row[1], row[2]) if row else Cursor()

    def stands(self) -> dict[str, Stand]:
        return self._database.run(lambda connection: stands(connection, self.tables))

    def hand(self, office: str, before: Cursor, deliveries: Sequence[Delivery]) -> Handed:
        if before == Cursor():
            self._begin(office)
        try:
            return self._database.run(lambda connection: self._hand(connection, office, before, deliveries))
        except ValueRefused:
            # Some value of some record: found by going one by one, each with a savepoint of its own.
            return self._database.run(
                lambda connection: self._hand_singly(connection, office, before, deliveries)
            )

    def became(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        held = self._database.run(lambda connection: known(connection, self.tables, office, deliveries))
        handed = Handed(events=len(deliveries))
        for one in (delivery.announced for delivery in deliveries):
            how = "aside"
            with contextlib.suppress(Unusable):
                said = told(one)
                version = held.get(said.dossier, {}).get(said.version)
                how = version.how if version and version.sha256 == said.sha256 else "aside"
            handed += one_of(one, how)
        return handed

    def resume(self) -> Iterator[Handed]:
        return iter(())  # a transaction leaves nothing open

    def tidy(self) -> int:
        return 0  # databases tidy themselves

    def told(self, office: str, seq: int) -> None:
        table = self.tables.cursors
        statement = update(table).where(table.c.office == office, table.c.told < seq).values(told=seq)
        self._database.run(lambda connection: connection.execute(statement))

    def asides(self) -> list[Aside]:
        return self._database.run(lambda connection: asides(connection, self.tables))

    def again(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        return self._database.run(
            lambda connection: self._singly(self._locked(connection, office), office, deliveries)
        )

    def read(self, work: Callable[[Connection], T]) -> T:
        """What is asked of its tables. Raises TransientError if it is away."""
        return self._database.run(work)

    def close(self) -> None:
        self._database.close()

    def _begin(self, office: str) -> None:
        """The office's row of cursors, where there is none yet."""
        row = {"office": office, "seq": 0, "sha256": Cursor().sha256, "told": 0, "at": datetime.now(UTC)}
        statement = insert(self.tables.cursors).values(row)
        with contextlib.suppress(ValueRefused):  # it is there
            self._database.run(lambda connection: connection.execute(statement))

    def _hand(
        self, connection: Connection, office: str, before: Cursor, deliveries: Sequence[Delivery]
    ) -> Handed:
        self._move(connection, office, before, deliveries)
        planner = self._planner(connection, office, deliveries)
        plan = planner.plan(deliveries)
        apply(connection, self.tables, office, plan)
        return plan.handed

    def _hand_singly(
        self, connection: Connection, office: str, before: Cursor, deliveries: Sequence[Delivery]
    ) -> Handed:
        self._move(connection, office, before, deliveries)
        return self._singly(connection, office, deliveries)

    def _singly(self, connection: Connection, office: str, deliveries: Sequence[Delivery]) -> Handed:
        done = Handed()
        for delivery in deliveries:
            try:
                done += self._savepoint(connection, office, delivery)
            except ValueRefused as error:
                problem = Problem("value-refused", str(error))
                done += self._savepoint(connection, office, Delivery(delivery.announced, problem=problem))
        return done

    def _savepoint(self, connection: Connection, office: str, delivery: Delivery) -> Handed:
        with self._database.translated(), connection.begin_nested():
            plan = self._planner(connection, office, [delivery]).plan([delivery])
            apply(connection, self.tables, office, plan)
        return plan.handed

    def _planner(self, connection: Connection, office: str, deliveries: Sequence[Delivery]) -> Planner:
        held = known(connection, self.tables, office, deliveries)
        return Planner(office, self.settings, self.tables.shapes, held)

    def _move(
        self, connection: Connection, office: str, before: Cursor, deliveries: Sequence[Delivery]
    ) -> None:
        """Take the office's cursor, which keeps others out until the end, and move it. Raises CursorMoved."""
        table, last = self.tables.cursors, deliveries[-1].announced
        moved = connection.execute(
            update(table)
            .where(table.c.office == office, table.c.seq == before.seq, table.c.sha256 == before.sha256)
            .values(seq=last.seq, sha256=last.sha256, at=datetime.now(UTC))
        )
        if moved.rowcount != 1:
            raise CursorMoved("cursor-moved", f"{self.name}: another publisher was first")

    def _locked(self, connection: Connection, office: str) -> Connection:
        """Keep other publishers of this office out until the end of the transaction."""
        table = self.tables.cursors
        connection.execute(update(table).where(table.c.office == office).values(at=datetime.now(UTC)))
        return connection
