"""Delta tables in object storage: a thin layer over the library `deltalake` that speaks our errors.

A table's own log makes an append exactly once: it holds, for each series, the last number that was written, in the
same commit as the rows. Of two writers of one series the later one is refused by the library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deltalake import CommitProperties, DeltaTable, QueryBuilder, Schema, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, SchemaMismatchError, TableNotFoundError

from dossier.errors import Conflict, TerminalError, TransientError
from dossier.settings import StoreSettings
from storage.publication.delta_rows import arrow_schema, arrow_table
from storage.publication.rows import Row
from storage.publication.shape import Shape

KEEP_HOURS = 7 * 24
"""How long a reader may go on with what it has opened before compaction's old files go."""


class DeltaTables:
    """Tables under one address, `s3://<bucket>/<folder>`, reached as the store is."""

    def __init__(self, address: str, store: StoreSettings) -> None:
        self._address = address
        self._options = storage_options(store)
        self._open: dict[str, DeltaTable] = {}

    def make(self, shape: Shape) -> None:
        """Make the table, or add the columns it lacks."""
        with _translated(shape.name):
            table = DeltaTable.create(
                self._uri(shape.name),
                arrow_schema(shape),
                mode="ignore",
                partition_by=["office"],
                storage_options=self._options,
            )
            present = {field.name for field in table.schema().fields}
            if missing := [
                field for field in Schema.from_arrow(arrow_schema(shape)).fields if field.name not in present
            ]:
                table.alter.add_columns(missing)

    def written(self, name: str, series: str) -> int | None:
        """The last number of this series in the table; None if there is nothing of it, or no table."""
        try:
            with _translated(name):
                found: int | None = self._current(name).transaction_version(series)
                return found
        except TableNotFoundError:
            return None

    def append(self, shape: Shape, rows: Sequence[Row], series: str, number: int) -> None:
        """Add rows and note `number` in one commit. Raises Conflict if another writer of the series was first."""
        with _translated(shape.name):
            write_deltalake(
                self._open.get(shape.name) or self._current(shape.name),
                arrow_table(shape, rows),
                mode="append",
                schema_mode="merge",
                commit_properties=CommitProperties(app_transactions=[Transaction(series, number)]),
            )

    def rows(self, name: str, where: str) -> list[Row]:
        """The rows for which a condition in SQL holds."""
        with _translated(name):
            looked = QueryBuilder().register("looked", self._current(name))
            found = looked.execute(f"SELECT * FROM looked WHERE {where}").read_all()
            columns = {column: found[column].to_pylist() for column in found.column_names}
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]

    def tidy(self, name: str, keep_hours: int = KEEP_HOURS) -> int:
        """Make few files of many, and remove those that were replaced so long ago. How many files were replaced."""
        with _translated(name):
            table = self._current(name)
            replaced = int(table.optimize.compact()["numFilesRemoved"])
            table.create_checkpoint()
            table.cleanup_metadata()
            table.vacuum(keep_hours, dry_run=False, enforce_retention_duration=keep_hours >= KEEP_HOURS)
            return replaced

    def _current(self, name: str) -> DeltaTable:
        """The table as it stands now: what is appended next is held against this state."""
        table = self._open.get(name)
        if table is None:
            table = self._open[name] = DeltaTable(self._uri(name), storage_options=self._options)
        else:
            table.update_incremental()
        return table

    def _uri(self, name: str) -> str:
        return f"{self._address}/{name}"


def storage_options(store: StoreSettings) -> dict[str, str]:
    """How `deltalake` reaches the store."""
    secret = store.secret_key.get_secret_value() if store.secret_key else ""
    return {
        "endpoint": f"{'https' if store.secure else 'http'}://{store.endpoint}",
        "allow_http": str(not store.secure).lower(),
        "region": store.region,
        "access_key_id": store.access_key or "",
        "secret_access_key": secret,
        "virtual_hosted_style_request": "false",
        "conditional_put": "etag",  # a commit is a put where nothing may be yet
        "connect_timeout": "5s",
        "timeout": "60s",
        "max_retries": "3",
    }


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """The library's errors in our words; its texts name objects and are left out."""
    try:
        yield
    except TableNotFoundError:
        raise
    except CommitFailedError:
        raise Conflict("delta-conflict", f"table {name}: another writer was first") from None
    except SchemaMismatchError:
        raise TerminalError("delta-schema", f"table {name} has columns of other types than ours") from None
    except (DeltaError, OSError) as error:
        raise TransientError("delta-away", f"table {name}: {type(error).__name__}") from None
