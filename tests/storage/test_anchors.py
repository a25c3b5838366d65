"""Anchors tell what a chain alone cannot: that its end is gone, or that it was written anew."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.anchors import anchor, newest_first, verify_chains
from storage.buckets import FEED
from storage.chain.chain import Chain, chain
from storage.chain.walk import Break
from storage.s3 import Store


@pytest.fixture
def folder() -> str:
    return f"Z98.{uuid.uuid4().hex[:5]}"


def found(store: Store, folder: str) -> set[tuple[int, str]]:
    return {(one.seq, one.what) for one in verify_chains(store, FEED).breaks if one.chain == folder}


def written(store: Store, folder: str, number: int) -> Chain:
    made = chain(store, FEED, folder)
    for n in range(number):
        made.append({"id": n})
    return made


def test_a_whole_chain_stands_by_its_anchors(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 3)
    first = anchor(admin_store)
    made.append({"id": "more"})
    second = anchor(admin_store)
    assert first.heads[FEED, folder].seq == 3
    assert (second.seq, second.heads[FEED, folder].seq) == (first.seq + 1, 4)
    assert next(newest_first(admin_store)) == second
    assert found(admin_store, folder) == set()


def test_an_end_that_was_cut_off_is_found(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 3)
    anchor(admin_store)
    last = admin_store.stat(FEED, made.key(3))
    assert last is not None
    admin_store.delete(FEED, made.key(3), last.version_id, bypass_lock=True)
    assert found(admin_store, folder) == {(3, "cut-off")}


def test_a_chain_that_was_written_anew_is_found(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 3)
    anchor(admin_store)
    for seq in (1, 2, 3):
        there = admin_store.stat(FEED, made.key(seq))
        assert there is not None
        admin_store.delete(FEED, made.key(seq), there.version_id, bypass_lock=True)
    anew = Chain(admin_store, FEED, folder)
    for n in range(3):
        anew.append({"id": f"false {n}"})
    assert found(admin_store, folder) == {(3, "altered")}


def test_a_chain_that_has_gone_altogether_is_found(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 1)
    anchor(admin_store)
    there = admin_store.stat(FEED, made.key(1))
    assert there is not None
    admin_store.delete(FEED, made.key(1), there.version_id, bypass_lock=True)
    assert found(admin_store, folder) == {(1, "cut-off")}
    assert Break(folder, 1, "cut-off") in verify_chains(admin_store).breaks


def test_anchors_of_two_who_write_at_once_follow_one_another(admin_store: Store, folder: str) -> None:
    written(admin_store, folder, 2)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: anchor(admin_store), range(8)))
    assert len({one.seq for one in made}) == 8
    assert not [one for one in verify_chains(admin_store).breaks if one.chain == "anchor"]
    assert found(admin_store, folder) == set()


def test_what_came_since_an_anchor_is_verified_by_itself(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 3)
    since = anchor(admin_store)
    made.append({"id": "more"})
    anchor(admin_store)
    later = verify_chains(admin_store, FEED, since)
    assert later.anchors == 2
    assert not [one for one in later.breaks if one.chain == folder]
    last = admin_store.stat(FEED, made.key(4))
    assert last is not None
    admin_store.delete(FEED, made.key(4), last.version_id, bypass_lock=True)
    assert Break(folder, 4, "cut-off") in verify_chains(admin_store, FEED, since).breaks
