"""The population database as a file, for an office that tries the rules or has an extract of its own.

personal_id,full_name,date_of_birth,died_on,married_on,divorced_on,moved_on,new_id_on

The first three must be there. `date_of_birth` may be a year alone, or empty. The others name the day of what last
happened. One line a person; of two for one personal ID the last counts.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from dossier.sources import Happening, KnownPerson, StatusEvent
from storage.sources.table import Row, Table

_EVENTS: dict[str, Happening] = {
    "died_on": "death",
    "married_on": "marriage",
    "divorced_on": "divorce",
    "moved_on": "moved",
    "new_id_on": "new-id",
}


class PopulationFile:
    """Port PopulationDatabase over a CSV file."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("personal_id", "full_name", "date_of_birth"), _entry)

    def check(self) -> None:
        self._table.check()

    def person(self, personal_id: str) -> KnownPerson | None:
        found = self._table.of(personal_id)
        return found[-1] if found else None


def _entry(row: Row) -> tuple[str, KnownPerson]:
    number = row.matching("personal_id", r"\d{12}", "a personal ID of twelve digits")
    year, born = _born(row)
    events = [StatusEvent(kind, on) for column, kind in _EVENTS.items() if (on := row.day(column))]
    known = KnownPerson(
        full_name=row.text("full_name"),
        birth_year=year,
        date_of_birth=born,
        events=tuple(sorted(events, key=lambda event: event.on)),
    )
    return number, known


def _born(row: Row) -> tuple[int | None, date | None]:
    told = row.cells.get("date_of_birth", "")
    if re.fullmatch(r"(?:18|19|20)\d\d", told, re.ASCII):
        return int(told), None
    born = row.day("date_of_birth")
    return (born.year, born) if born else (None, None)
