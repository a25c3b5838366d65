"""Reading what may be damaged: is it the object that the store cannot give, or the store that is away just now?

And what a record says when it is read without its model, by those who look at what may be no record any more.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from dossier.errors import StoreDamaged, StoreError
from storage.s3 import Store

NO_RECORD: Final = (KeyError, TypeError, AttributeError)
"""What those raise who read a record of what is none."""
T = TypeVar("T")
WAITS_S: Final = (1.0, 4.0)
"""Between one read and the next. A store that was just started may not find its volumes for some seconds."""


class Unreadable(StoreDamaged):
    """The store has the object, answers, and again and again does not give its bytes."""


class Reader:
    """Reads objects until it is sure. Every method returns None where there is no object, raises Unreadable, and
    StoreError where it is the store that is away.

    waits_s: how long to wait between reads; one read more than these.
    """

    def __init__(self, store: Store, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self._store, self._waits_s = store, waits_s
        # A store that finds an object damaged on its disk says so after long searching (13 s the embedded one).
        self._once = store.impatient()

    def get(self, bucket: str, key: str) -> bytes | None:
        """The bytes of an object."""
        found = self._read(bucket, key, None, lambda: self._once.get(bucket, key))
        return found.data if found else None

    def sha256(self, bucket: str, key: str, version_id: str | None = None) -> str | None:
        """The hash of an object's bytes, or of one of its versions, in hex."""
        return self._read(bucket, key, version_id, lambda: self._once.fetch(bucket, key, None, version_id))

    def _read(self, bucket: str, key: str, version_id: str | None, read: Callable[[], T]) -> T:
        for wait_s in (*self._waits_s, None):
            try:
                return read()
            except StoreError:
                self._store.stat(bucket, key, version_id)  # raises if it is the store that is away
                if wait_s is not None:
                    time.sleep(wait_s)
        raise Unreadable(
            "object-unreadable", f"the store has an object in {bucket} and cannot give its bytes"
        )


def parsed(data: bytes | None) -> dict[str, Any]:
    """A JSON object; an empty one for what is none."""
    try:
        said = json.loads(data or b"")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def named_record(event: Mapping[str, Any]) -> str:
    """The hash of the record that an event as stored tells of; empty for what is no event."""
    data = event.get("data")
    record = data.get("record") if isinstance(data, dict) else None
    return str(record.get("sha256") or "") if isinstance(record, dict) else ""


def named_originals(record: Mapping[str, Any]) -> set[str]:
    """Hashes of the originals that a record as stored rests on: what was dropped, refused, and read.

    Raises NO_RECORD.
    """
    own = [part for part in record.get("components", ()) if not part.get("reused_from")]
    files = [*record.get("drop", ()), *record.get("refused", ())]
    files += [source for part in own for source in part.get("sources", ())]
    return {str(file["sha256"]) for file in files}


def named_sealed(record: Mapping[str, Any]) -> dict[str, str]:
    """Sealed copies that a record as stored made itself: key -> hash. Raises NO_RECORD."""
    own = [part for part in record.get("components", ()) if not part.get("reused_from")]
    copies = [part["sealed"] for part in own if part.get("sealed")]
    return {str(sealed["key"]): str(sealed.get("sha256")) for sealed in copies}
