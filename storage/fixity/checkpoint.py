"""Where the walk of the fixity check stands, kept among the working copies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from storage.buckets import WORK
from storage.s3 import Store

KEY: Final = "fixity/checkpoint.json"
CHECKPOINT_SCHEMA: Final = "sohoa/fixity/1"
OPEN_AT_MOST: Final = 10_000


@dataclass(frozen=True)
class Place:
    """An object that was damaged when it was looked at. sha256: of the bytes that it must have, if that is known."""

    kind: str
    bucket: str
    key: str
    sha256: str


@dataclass(frozen=True)
class Checkpoint:
    """began: when this round did, None between two rounds. bucket, after: the last object that was looked at.

    open: what was found damaged and is not mended yet.
    """

    began: datetime | None
    bucket: str = ""
    after: str | None = None
    open: tuple[Place, ...] = ()

    def moved(self, bucket: str, key: str) -> Checkpoint:
        return replace(self, bucket=bucket, after=key)

    def with_open(self, places: Iterable[Place]) -> Checkpoint:
        return replace(self, open=tuple(places)[:OPEN_AT_MOST])


def load(store: Store) -> Checkpoint | None:
    """The checkpoint; None if there is none that can be read."""
    found = store.get(WORK, KEY)
    try:
        said = json.loads(found.data) if found else {}
        places = tuple(Place(*map(str, place)) for place in said["open"])
        began = datetime.fromisoformat(said["began"]) if said["began"] else None
        after = None if said["after"] is None else str(said["after"])
        return Checkpoint(began, str(said["bucket"]), after, places)
    except (ValueError, KeyError, TypeError):
        return None


def save(store: Store, at: Checkpoint) -> None:
    said = {
        "schema": CHECKPOINT_SCHEMA,
        "began": at.began.isoformat() if at.began else None,
        "bucket": at.bucket,
        "after": at.after,
        "open": [[place.kind, place.bucket, place.key, place.sha256] for place in at.open],
    }
    store.put(WORK, KEY, (json.dumps(said, indent=1) + "\n").encode(), "application/json")
