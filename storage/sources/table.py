"""A CSV file as a table by key: read when first asked, and again when it has changed.

Nothing of what stands in a cell goes into an error or a log: a place is told by file name, line and column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from dossier.errors import ConfigurationError, SourceAway
from dossier.text.vietnamese import clean

T = TypeVar("T")
MAX_BYTES = 2**30
_PARTING = (",", ";")


@dataclass(frozen=True)
class Row:
    """One line. Methods raise ConfigurationError naming line and column, never the cell."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        if not (found := self.cells.get(column, "")):
            raise self.wrong(column, "is empty")
        return found

    def day(self, column: str) -> date | None:
        """A day, None for an empty cell or a column that is not there."""
        told = self.cells.get(column, "")
        if not told:
            return None
        if vietnamese := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", told, re.ASCII):
            told = f"{vietnamese[3]}-{int(vietnamese[2]):02d}-{int(vietnamese[1]):02d}"
        with suppress(ValueError):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", told, re.ASCII):
                return date.fromisoformat(told)
        raise self.wrong(column, "is no day (2026-11-24 or 24/11/2026)")

    def matching(self, column: str, form: str, what: str) -> str:
        """A cell of this form, whole."""
        found = self.text(column)
        if not re.fullmatch(form, found, re.ASCII):
            raise self.wrong(column, f"is not {what}")
        return found

    def wrong(self, column: str, what: str) -> ConfigurationError:
        return ConfigurationError(
            "source-invalid",
            f"{self.file}, line {self.line}, column {column}: {what}",
            f"Sửa dòng {self.line}, cột {column} của tệp {self.file}.",
        )


class Table(Generic[T]):
    """path: of the file. columns: that must be there; others may. entry: (key, value) of a row."""

    def __init__(self, path: Path, columns: Sequence[str], entry: Callable[[Row], tuple[str, T]]) -> None:
        self._path, self._columns, self._entry = path, columns, entry
        self._lock = Lock()
        self._seen: tuple[int, int] | None = None
        self._held: dict[str, tuple[T, ...]] = {}

    def check(self) -> None:
        """Read it now. Raises ConfigurationError: it is not there, or not as it should be."""
        try:
            self._fresh()
        except OSError as error:
            raise ConfigurationError(
                "source-unreadable",
                f"{self._path.name}: {error.strerror or type(error).__name__}",
                f"Kiểm tra tệp {self._path.name} và quyền đọc.",
            ) from None

    def of(self, key: str) -> tuple[T, ...]:
        """The values under a key, in the order of the file. Raises SourceAway if the file cannot be read now."""
        return self._asked().get(key, ())

    def all(self) -> tuple[T, ...]:
        """Every value. Raises SourceAway if the file cannot be read now."""
        return tuple(value for values in self._asked().values() for value in values)

    def _asked(self) -> dict[str, tuple[T, ...]]:
        try:
            return self._fresh()
        except OSError as error:
            raise SourceAway("source-unreadable", f"{self._path.name}: {type(error).__name__}") from None
        except ConfigurationError as error:  # it was right when we began, and was changed since
            raise SourceAway(error.code, error.message, error.advice) from None

    def _fresh(self) -> dict[str, tuple[T, ...]]:
        with self._lock:
            status = self._path.stat()
            now = (status.st_mtime_ns, status.st_size)
            if now != self._seen:
                self._held = self._read(status.st_size)
                self._seen = now
            return self._held

    def _read(self, size: int) -> dict[str, tuple[T, ...]]:
        if size > MAX_BYTES:
            raise ConfigurationError("source-invalid", f"{self._path.name}: larger than {MAX_BYTES} bytes")
        found: dict[str, list[T]] = {}
        for row in self._rows():
            key, value = self._entry(row)
            found.setdefault(key, []).append(value)
        return {key: tuple(values) for key, values in found.items()}

    def _rows(self) -> Iterator[Row]:
        name = self._path.name
        with self._path.open(encoding="utf-8-sig", newline="") as stream:
            try:
                first = stream.readline()
                parting = max(_PARTING, key=first.count)
                columns = [clean(cell).lower() for cell in next(csv.reader([first], delimiter=parting), [])]
                self._hold_header(columns)
                reader = csv.reader(stream, delimiter=parting, strict=True)
                for cells in reader:
                    if not any(cell.strip() for cell in cells):
                        continue
                    line = reader.line_num + 1
                    if len(cells) > len(columns):
                        raise ConfigurationError(
                            "source-invalid",
                            f"{name}, line {line}: {len(cells)} cells for {len(columns)} columns",
                        )
                    yield Row(name, line, dict(zip(columns, map(clean, cells), strict=False)))
            except (csv.Error, UnicodeDecodeError) as error:
                raise ConfigurationError(
                    "source-invalid",
                    f"{name}: not a CSV file in UTF-8 ({type(error).__name__})",
                    f"Lưu lại tệp {name} dạng CSV, mã hóa UTF-8.",
                ) from None

    def _hold_header(self, columns: list[str]) -> None:
        missing = [column for column in self._columns if column not in columns]
        twice = sorted({column for column in columns if column and columns.count(column) > 1})
        if missing or twice:
            what = "lacks" if missing else "says twice"
            raise ConfigurationError(
                "source-invalid",
                f"{self._path.name}, line 1: {what} the column {', '.join(missing or twice)}",
                f"Dòng đầu của tệp {self._path.name} phải có các cột: {', '.join(self._columns)}.",
            )
