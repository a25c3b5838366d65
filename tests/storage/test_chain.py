"""Hash chains: gapless under many writers, and every way of falsifying them is found."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

import pytest

from dossier.errors import StoreError
from storage.buckets import FEED
from storage.chain import chain as chain_module
from storage.chain.chain import Chain, chain
from storage.chain.links import Head
from storage.chain.walk import Break, breaks
from storage.s3 import Store


@pytest.fixture
def folder() -> str:
    return f"Z99.{uuid.uuid4().hex[:5]}"


def walk(store: Store, folder: str) -> tuple[list[Break], Head]:
    *found, head = breaks(store, FEED, folder)
    assert isinstance(head, Head)
    return [one for one in found if isinstance(one, Break)], head


def written(store: Store, folder: str, number: int) -> Chain:
    made = chain(store, FEED, folder)
    for n in range(1, number + 1):
        made.append({"id": n})
    return made


def test_links_are_numbered_from_one_and_each_names_the_one_before(store: Store, folder: str) -> None:
    made = written(store, folder, 3)
    first, second, third = made.after(0, 10)
    assert [link.seq for link in (first, second, third)] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.sha256, second.sha256)
    assert made.after(2, 10) == [third]
    assert made.after(0, 2) == [first, second]
    assert walk(store, folder) == ([], Head(3, third.sha256))


def test_many_writers_that_do_not_know_one_another_leave_no_gap_and_lose_nothing(
    store: Store, folder: str
) -> None:
    def write(writer: int) -> None:
        own = Chain(store, FEED, folder)  # each as a process of its own would have it
        for n in range(10):
            own.append({"id": f"{writer}-{n}"})

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
    links = chain(store, FEED, folder).after(0, 100)
    assert [link.seq for link in links] == list(range(1, 61))
    assert len({link.entry["id"] for link in links}) == 60
    for writer in range(6):
        own = [link.entry["id"] for link in links if link.entry["id"].startswith(f"{writer}-")]
        assert own == [f"{writer}-{n}" for n in range(10)]
    assert walk(store, folder)[0] == []


def test_a_writer_that_knows_nothing_finds_the_end_of_a_long_chain(
    store: Store, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(store, folder, 37)
    monkeypatch.setattr(chain_module, "_chains", WeakKeyDictionary())
    assert chain(store, FEED, folder).append({"id": "next"}).seq == 38


@pytest.mark.parametrize(
    ("falsify", "expected"),
    [
        ("alter", {"altered", "overwritten"}),
        ("remove", {"missing"}),
        ("remove with a mark", {"no-link"}),
        ("exchange", {"out-of-place", "overwritten"}),
        ("rubbish", {"no-link", "overwritten"}),
    ],
)
def test_what_was_falsified_is_found_and_named(
    admin_store: Store, folder: str, falsify: str, expected: set[str]
) -> None:
    store = admin_store
    made = written(store, folder, 6)
    third, fourth = (store.get(FEED, made.key(seq)) for seq in (3, 4))
    assert third is not None
    assert fourth is not None
    if falsify == "alter":
        said = json.loads(third.data)
        said["entry"]["id"] = 33
        store.put(FEED, made.key(3), (json.dumps(said, indent=1, sort_keys=True) + "\n").encode())
    elif falsify == "remove":
        store.delete(FEED, made.key(3), third.version_id, bypass_lock=True)
    elif falsify == "remove with a mark":
        store.delete(FEED, made.key(3))
    elif falsify == "exchange":
        store.put(FEED, made.key(3), fourth.data)
        store.put(FEED, made.key(4), third.data)
    else:
        store.put(FEED, made.key(3), b"{}")
    found, _ = walk(store, folder)
    assert {one.what for one in found} >= expected
    assert {one.seq for one in found} <= {3, 4}


@pytest.mark.parametrize("removed", range(1, 20))
def test_a_removed_link_is_never_written_anew(admin_store: Store, folder: str, removed: int) -> None:
    made = written(admin_store, folder, 20)
    there = admin_store.stat(FEED, made.key(removed))
    assert there is not None
    admin_store.delete(FEED, made.key(removed), there.version_id, bypass_lock=True)
    assert Chain(admin_store, FEED, folder).append({"id": "next"}).seq == 21


def test_a_removed_last_link_keeps_its_number_where_it_left_a_mark(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 3)
    admin_store.delete(FEED, made.key(3))
    assert Chain(admin_store, FEED, folder).append({"id": "next"}).seq == 4
    assert {one.what for one in walk(admin_store, folder)[0]} == {"no-link"}


def test_nobody_goes_on_past_a_missing_link_in_silence(admin_store: Store, folder: str) -> None:
    made = written(admin_store, folder, 6)
    there = admin_store.stat(FEED, made.key(4))
    assert there is not None
    admin_store.delete(FEED, made.key(4), there.version_id, bypass_lock=True)
    with pytest.raises(StoreError, match="link 4"):
        made.after(0, 10)
    assert [link.seq for link in made.after(0, 3)] == [1, 2, 3]
