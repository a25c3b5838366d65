"""Since when a dossier has been open, told by the versions of its record in a real store."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dossier.errors import SourceAway
from dossier.record import Record
from dossier.settings import StoreSettings
from storage.defects import RecordedDefects
from storage.records import Records
from storage.s3 import Store


@pytest.fixture
def records(store: Store) -> Records:
    return Records(store)


def test_a_dossier_is_open_since_the_day_that_its_record_tells(records: Records, record: Record) -> None:
    defects = RecordedDefects(records, record.office)
    assert defects.open_since(record.dossier) is None
    for version, state, day in (
        (1, "returned", 2),
        (2, "checked", 3),
        (3, "returned", 4),
        (4, "returned", 9),
    ):
        made = datetime(2026, 11, day, 20, tzinfo=UTC)  # the next day in Vietnam
        since = datetime(2026, 11, 4, 20, tzinfo=UTC) if version == 4 else made
        times = record.times | {"made": made} | ({} if state == "checked" else {"open_since": since})
        records.publish(record.model_copy(update={"version": version, "state": state, "times": times}))
        opened = defects.open_since(record.dossier)
        assert opened == {1: date(2026, 11, 3), 2: None}.get(version, date(2026, 11, 5))


def test_a_store_that_is_away_is_a_source_that_is_away() -> None:
    nobody = StoreSettings(endpoint="127.0.0.1:9", access_key="a", secret_key="b")
    with pytest.raises(SourceAway):
        RecordedDefects(Records(Store(nobody)), "H13.96.31").open_since("X1")
