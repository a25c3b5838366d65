from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.leases import LeaseLost, Leases
from storage.s3 import Store


@pytest.fixture
def name() -> str:
    return f"H13.96.31/{uuid.uuid4().hex}"


def test_a_held_lease_is_refused_to_others_and_free_after_its_release(store: Store, name: str) -> None:
    ours, theirs = Leases(store, "ours", 30), Leases(store, "theirs", 30)
    lease = ours.acquire(name)
    assert lease is not None
    assert lease.valid
    assert theirs.acquire(name) is None
    assert ours.acquire(name) is None  # not even the same owner twice
    lease.renew()
    lease.release()
    lease.release()
    assert not lease.valid
    with theirs.acquire(name) or pytest.fail("the lease was released") as second:
        assert second.valid


def test_a_dead_holders_lease_is_taken_over_and_the_dead_one_learns_it(store: Store, name: str) -> None:
    dead = Leases(store, "dead", 1).acquire(name)
    assert dead is not None
    taker = Leases(store, "taker", 1)
    while (lease := taker.acquire(name)) is None:
        assert [state.owner for state in taker.standing() if state.name == name] == ["dead"]
        time.sleep(0.1)
    assert not dead.valid
    with pytest.raises(LeaseLost):
        dead.check()
    with pytest.raises(LeaseLost):
        dead.renew()
    dead.release()  # changes nothing
    lease.renew()
    assert lease.valid


def test_of_eight_that_want_it_exactly_one_holds_it_at_any_time(store: Store, name: str) -> None:
    inside = threading.Semaphore(1)
    violations, turns = [], []

    def work(worker: int) -> None:
        leases = Leases(store, f"worker {worker}", 1)
        for turn in range(12):
            lease = leases.acquire(name)
            if lease is None:
                continue
            if not inside.acquire(blocking=False):
                violations.append(turn)
                continue
            turns.append(worker)
            if turn % 3 == 0:
                lease.renew()
            # Whoever leaves without releasing is a crash: its lease must end by itself.
            inside.release()
            if turn % 5:
                lease.release()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert not violations
    assert turns
