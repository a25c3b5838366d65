"""Since when a dossier has been open with defects, told by the versions of its record."""

from __future__ import annotations

from datetime import date

from dossier.calendar import VIETNAM
from dossier.errors import SourceAway, StoreError, StoreForbidden
from storage.records import Records


class RecordedDefects:
    """Port Defects over the records of one office: the first of the last versions in a row that were not checked."""

    def __init__(self, records: Records, office: str | None) -> None:
        self._records, self._office = records, office

    def open_since(self, dossier: str) -> date | None:
        """The day in Vietnam; None: the version that counts is checked. Raises SourceAway."""
        try:
            record = self._records.latest(self._office, dossier)
        except (StoreError, StoreForbidden) as error:
            raise SourceAway(error.code, "the records did not answer") from None
        if record is None or record.state == "checked":
            return None
        return record.times.get("open_since", record.times["made"]).astimezone(VIETNAM).date()
