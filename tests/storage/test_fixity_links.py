"""Fixity of the chains: a link that was changed, exchanged or removed is found by those who name its hash."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest

from storage.audit import CHAINS, note
from storage.buckets import AUDIT, FEED
from storage.chain.chain import chain
from storage.fixity.look import Look
from storage.s3 import Store

Tamper = Callable[[Store, str, str], None]


def flip(store: Store, bucket: str, key: str) -> None:
    found = store.get(bucket, key)
    assert found is not None
    store.put(bucket, key, found.data.replace(b'"n": ', b'"n": 1', 1))


def exchange(store: Store, bucket: str, key: str) -> None:
    found = store.get(bucket, key)
    assert found is not None
    erase(store, bucket, key)
    store.put(bucket, key, found.data.replace(b'"n": ', b'"n": 1', 1))


def rubbish(store: Store, bucket: str, key: str) -> None:
    store.put(bucket, key, b"no link")


def erase(store: Store, bucket: str, key: str) -> None:
    for entry in list(store.list(bucket, key, versions=True)):
        store.delete(bucket, key, entry.version_id, bypass_lock=True)


def hide(store: Store, bucket: str, key: str) -> None:
    store.delete(bucket, key)


def damages(store: Store, bucket: str, folder: str) -> dict[int, tuple[str, str]]:
    """Number of each damaged link -> its kind, and what it is."""
    look = Look(store, datetime.now(UTC), timedelta(0))
    listed = [one for one in store.list(bucket, f"{folder}/", versions=True) if not one.is_delete_marker]
    for key, versions in groupby(listed, key=lambda entry: entry.key):
        look.at(bucket, key, list(versions))
    return {int(one.key[-17:-5]): (one.kind, one.what) for one in look.damages()}


def chained(store: Store, bucket: str, links: int) -> str:
    folder = f"H{uuid.uuid4().int % 10**9}"
    if bucket == AUDIT:
        for number in range(links):
            note(store, "view", folder, None, {"n": number}, once=str(number))
        return f"{CHAINS}{folder}"
    for number in range(links):
        chain(store, bucket, folder).append({"n": number})
    return folder


@pytest.mark.parametrize("bucket", [AUDIT, FEED])
def test_a_chain_that_was_left_alone_is_whole(store: Store, bucket: str) -> None:
    assert damages(store, bucket, chained(store, bucket, 4)) == {}


@pytest.mark.parametrize("bucket", [AUDIT, FEED])
@pytest.mark.parametrize(
    ("tamper", "what"),
    [(flip, "damaged"), (exchange, "damaged"), (rubbish, "damaged"), (erase, "missing"), (hide, "missing")],
)
@pytest.mark.parametrize("seq", [1, 3])
def test_a_link_that_is_not_what_it_was_is_found(
    admin_store: Store, bucket: str, tamper: Tamper, what: str, seq: int
) -> None:
    folder = chained(admin_store, bucket, 5)
    tamper(admin_store, bucket, f"{folder}/{seq:012d}.json")
    assert damages(admin_store, bucket, folder) == {seq: (bucket, what)}


def test_the_last_entry_of_the_audit_is_held_against_its_place(admin_store: Store) -> None:
    folder = chained(admin_store, AUDIT, 3)
    exchange(admin_store, AUDIT, f"{folder}/000000000003.json")
    assert damages(admin_store, AUDIT, folder) == {3: ("audit", "damaged")}


def test_the_last_link_of_a_feed_is_held_against_its_first_bytes(admin_store: Store) -> None:
    folder = chained(admin_store, FEED, 3)
    flip(admin_store, FEED, f"{folder}/000000000003.json")
    assert damages(admin_store, FEED, folder) == {3: ("feed", "damaged")}


def test_links_that_have_changed_places_are_found(admin_store: Store) -> None:
    folder = chained(admin_store, FEED, 5)
    keys = [f"{folder}/{seq:012d}.json" for seq in (2, 3)]
    first, second = (admin_store.get(FEED, key) for key in keys)
    assert first is not None
    assert second is not None
    for key, blob in zip(keys, (second, first), strict=True):
        erase(admin_store, FEED, key)
        admin_store.put(FEED, key, blob.data)
    assert {2, 3} <= damages(admin_store, FEED, folder).keys()


def test_what_is_mended_is_whole_again(admin_store: Store) -> None:
    folder = chained(admin_store, AUDIT, 4)
    key = f"{folder}/000000000002.json"
    whole = admin_store.get(AUDIT, key)
    assert whole is not None
    flip(admin_store, AUDIT, key)
    admin_store.put(AUDIT, key, whole.data)
    assert damages(admin_store, AUDIT, folder) == {2: ("audit", "extra")}
