"""Since when a dossier has been open with defects, told by the versions of its record."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from dossier.errors import SourceAway, StoreError, StoreForbidden
from storage.records import Records

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class RecordedDefects:
    """Port Defects over the records of one office: the first of the last versions in a row that were not checked."""

    def __init__(self, records: Records, office: str | None) -> None:
        self._records, self._office = records, office

    def open_since(self, dossier: str) -> date | None:
        """The day in Vietnam; None: the version that counts is checked. Raises SourceAway."""
        try:
            record, since = self._records.latest(self._office, dossier), None
            while record is not None and record.state != "checked":
                since = record.times["made"].astimezone(VIETNAM).date()
                record = (
                    self._records.version(self._office, dossier, record.version - 1)
                    if record.version > 1
                    else None
                )
        except (StoreError, StoreForbidden) as error:
            raise SourceAway(error.code, "the records did not answer") from None
        return since
