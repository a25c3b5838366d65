"""Leases in the store: who works on a dossier now. Never two holders, and a dead holder's lease ends by itself.

Time is measured where it cannot be wrong: a taker looks at the lease's age by the store's own clock, a holder
counts on its own monotonic clock from before it asked. So machines whose clocks differ still agree.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from dossier.errors import Conflict, TransientError
from storage.buckets import WORK
from storage.s3 import Store

FOLDER: Final = "leases/"
CLOCK_STEP_S = 1.0  # HTTP times are cut to the second: an age read there may be one too high


class LeaseLost(TransientError):
    """The lease ended before its holder was done: someone else may work on the same thing now."""


@dataclass(frozen=True)
class LeaseState:
    """A lease as it stands in the store."""

    name: str
    owner: str
    age_s: float
    expired: bool


class Lease:
    """A lease that is held. Renew it well within its duration; use it as a context manager to release it."""

    def __init__(self, leases: Leases, name: str, etag: str, asked: float) -> None:
        self._leases = leases
        self._etag = etag
        self._until = asked + leases.duration_s
        self.name = name

    @property
    def valid(self) -> bool:
        """False as soon as somebody else might hold it."""
        return time.monotonic() < self._until

    def check(self) -> None:
        """Raises LeaseLost if the lease may have ended. Call it before a step that must not be done twice."""
        if not self.valid:
            raise LeaseLost("lease-lost", "the lease on a dossier ended before its work did")

    def renew(self) -> None:
        """Hold on for another duration. Raises LeaseLost if it was taken over."""
        asked = time.monotonic()
        etag = self._leases._write(self.name, self._leases.owner, self._etag)
        if etag is None:
            self._until = float("-inf")
            raise LeaseLost("lease-lost", "the lease on a dossier was taken over")
        self._etag, self._until = etag, asked + self._leases.duration_s

    def release(self) -> None:
        """Give it back. Nothing happens if it was lost."""
        if self._until != float("-inf"):
            self._leases._write(self.name, "", self._etag)
            self._until = float("-inf")

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Leases:
    """All leases of one holder. owner: tells people who holds it (machine and process), free text.

    duration_s: a lease not renewed for so long is free (a second later for those who want it).
    """

    def __init__(self, store: Store, owner: str, duration_s: float) -> None:
        self._store = store
        self.owner = owner
        self.duration_s = duration_s

    def acquire(self, name: str, dead: Collection[str] = ()) -> Lease | None:
        """Take the lease, also over one that expired. None if another holds it. name: such as `<office>/<code>`.

        dead: owners known to be gone; their leases need not run out.
        """
        found = self._store.get(WORK, _key(name))
        owner = _owner(found.data) if found else ""
        if found is not None and owner and owner not in dead and not self._expired(found.age_s):
            return None
        asked = time.monotonic()
        etag = self._write(name, self.owner, found.etag if found else None)
        return Lease(self, name, etag, asked) if etag is not None else None

    def standing(self) -> Iterator[LeaseState]:
        """The leases that somebody holds or held until death. For a sweep, and for people."""
        for entry in self._store.list(WORK, FOLDER):
            found = self._store.get(WORK, entry.key)
            owner = _owner(found.data) if found else ""
            if found and owner:
                name = entry.key.removeprefix(FOLDER).removesuffix(".json")
                yield LeaseState(name, owner, found.age_s, self._expired(found.age_s))

    def _expired(self, age_s: float) -> bool:
        return age_s - CLOCK_STEP_S >= self.duration_s

    def _write(self, name: str, owner: str, etag: str | None) -> str | None:
        """The new ETag, None if the race was lost. The nonce makes every state's ETag its own."""
        data = json.dumps({"owner": owner, "nonce": uuid.uuid4().hex}).encode()
        try:
            if etag is None:
                return self._store.put_if_absent(WORK, _key(name), data)
            return self._store.put_if_match(WORK, _key(name), data, etag)
        except Conflict:
            # The put may have been ours, repeated after its answer got lost.
            found = self._store.get(WORK, _key(name))
            return found.etag if found and found.data == data else None


def _key(name: str) -> str:
    return f"{FOLDER}{name}.json"


def _owner(data: bytes) -> str:
    try:
        return str(json.loads(data)["owner"])
    except (ValueError, KeyError, TypeError):
        return ""  # not written by us: free, and overwritten by the next holder
