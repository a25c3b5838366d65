"""What is damaged is told from a store that is away: only what cannot be given again and again is called damaged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import StoreError
from storage.buckets import RECORDS
from storage.chain.walk import readable_link
from storage.damaged import (
    NO_RECORD,
    Reader,
    Unreadable,
    named_originals,
    named_record,
    named_sealed,
    parsed,
)
from storage.key_set import KeySet
from storage.s3 import Store
from storage.s3_objects import Blob

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["data", "record"]), inner),
    max_leaves=12,
)


class Faltering(Store):
    """A real store whose next `failures` reads fail, as those of one that is being started do."""

    failures = 0

    def impatient(self) -> Store:
        return self

    def get(self, bucket: str, key: str, version_id: str | None = None) -> Blob | None:
        self._falter()
        return super().get(bucket, key, version_id)

    def _falter(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("store-error", "get: InternalError")


@pytest.fixture
def faltering(store: Store) -> Faltering:
    store.put(RECORDS, "H1/damaged/v000001.json", b"{}")
    return Faltering(store.settings)


def test_an_object_that_is_given_at_the_last_read_is_whole(faltering: Faltering) -> None:
    reader = Reader(faltering, (0.0, 0.0))
    faltering.failures = 2
    assert reader.get(RECORDS, "H1/damaged/v000001.json") == b"{}"
    assert reader.sha256(RECORDS, "H1/damaged/v000001.json") == hashlib.sha256(b"{}").hexdigest()


def test_an_object_that_is_never_given_is_damaged(faltering: Faltering) -> None:
    reader = Reader(faltering, (0.0, 0.0))
    faltering.failures = 3
    with pytest.raises(Unreadable):
        reader.get(RECORDS, "H1/damaged/v000001.json")


def test_a_store_that_is_away_accuses_no_object(store: Store) -> None:
    nowhere = Store(store.settings.model_copy(update={"endpoint": "127.0.0.1:1"}), tries=1)
    with pytest.raises(StoreError) as error:
        Reader(nowhere, (0.0,)).get(RECORDS, "H1/damaged/v000001.json")
    assert not isinstance(error.value, Unreadable)
    with pytest.raises(StoreError):
        readable_link(Reader(nowhere, ()), RECORDS, "H1", 1)


def test_what_is_not_there_is_neither(store: Store) -> None:
    assert Reader(store).get(RECORDS, "H1/nothing/v000001.json") is None


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_lies_there_is_read_as_an_object_or_as_an_empty_one(data: bytes) -> None:
    assert isinstance(parsed(data), dict)
    assert isinstance(named_record(parsed(data)), str)


def test_nesting_without_end_is_no_object() -> None:
    assert parsed(b"[" * 200_000) == {}


@given(st.dictionaries(st.sampled_from(["components", "drop", "refused", "evidence"]), json_values))
@pytest.mark.parametrize("names", [named_originals, named_sealed])
def test_a_record_that_is_none_raises_what_its_reader_knows(
    names: Callable[[dict[str, Any]], object], said: dict[str, Any]
) -> None:
    try:
        names(said)
    except NO_RECORD:
        return


@given(st.lists(st.text()), st.lists(st.text()))
def test_a_key_set_holds_what_was_added(added: list[str], asked: list[str]) -> None:
    keys = KeySet()
    keys.add(added)
    assert [key in keys for key in asked + added] == [key in set(added) for key in asked + added]
    keys.close()
