"""What a backup copies: every bucket but the derived one, as it was at one moment, while the stack goes on.

The store writes what is named before what names it: originals, evidence, record, event, feed, audit, receipt, pointer.
So all that was written up to a moment of the store's own clock is a state that a power cut could have left, and every
program here goes on from such a state. What a section restores before another is never named by what is not there yet.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from dossier.errors import StoreError
from storage.buckets import (
    ALL,
    ANCHORS,
    AUDIT,
    EVIDENCE,
    FEED,
    INBOX,
    ORIGINALS,
    OUTBOX,
    RECEIPTS,
    RECORDS,
    REFUSED,
    REGISTERS,
    SEALED,
    VERSIONED,
    WORK,
)
from storage.records import POINTER
from storage.s3 import Store
from storage.s3_objects import Entry

HOUSE_SECTION: Final = "house"
POINTERS: Final = "pointers"
_FIRST: Final = (ORIGINALS, SEALED, EVIDENCE, REGISTERS, REFUSED)
_LAST: Final = (RECORDS, OUTBOX, FEED, AUDIT, ANCHORS, RECEIPTS, POINTERS, INBOX)
SECTIONS: Final = (
    *_FIRST,
    *(bucket for bucket in ALL if bucket not in (*_FIRST, *_LAST, WORK)),
    *_LAST,
)
"""In the order of restoring. Each is a bucket, but for the pointers, which are taken out of the records."""

IMMUTABLE: Final = (ORIGINALS, EVIDENCE, RECORDS, OUTBOX, FEED, ANCHORS, REGISTERS)
"""Sections in which a key never gets other bytes, and nothing leaves but by an administrator's hand."""

MARK: Final = "backup/mark"


def in_order(names: Collection[str]) -> Iterator[str]:
    """Sections of a run in the order of restoring: what is named before what names it."""
    yield from (section for section in (HOUSE_SECTION, *SECTIONS) if section in names)
    yield from (section for section in names if section not in (HOUSE_SECTION, *SECTIONS))


def bucket_of(section: str) -> str:
    return RECORDS if section == POINTERS else section


def cut(store: Store) -> datetime:
    """A moment by the store's clock that is over: nothing that is listed from now on is written before it."""
    store.put(WORK, MARK, b"", "application/octet-stream")
    mark = store.stat(WORK, MARK)
    if mark is None:
        raise StoreError("store-error", "the store does not hold what was put")
    time.sleep(2.1)  # the store tells whole seconds: the one of the mark and the next must be over
    return mark.last_modified + timedelta(seconds=1)


def entries(store: Store, section: str, until: datetime) -> Iterator[Entry]:
    """The objects of a section as they were at the cut, by key. version_id only where the bucket has versions."""
    bucket = bucket_of(section)
    for entry in _as_of(store, bucket, until):
        if bucket != RECORDS or entry.key.endswith(f"/{POINTER}") == (section == POINTERS):
            yield entry


def _as_of(store: Store, bucket: str, until: datetime) -> Iterator[Entry]:
    if bucket not in VERSIONED:
        for entry in store.list(bucket):
            # A receipt written over since is that of a newer version: better than none.
            if entry.last_modified <= until or bucket == RECEIPTS:
                yield replace(entry, version_id=None)
        return
    for _, group in groupby(_versions(store, bucket), key=lambda entry: entry.key):
        found = list(group)
        # None is the latest: a mark of deletion lies on top, which only an administrator can set.
        older = [entry for entry in found if entry.last_modified <= until]
        if older and any(entry.is_latest for entry in found):
            yield max(older, key=lambda entry: entry.last_modified)  # the first of equals, which is the newer


def waiting(store: Store) -> Iterator[Entry]:
    """Every object version that lies in the inbox, those of one key the oldest first."""
    for _, group in groupby(_versions(store, INBOX), key=lambda entry: entry.key):
        yield from reversed(list(group))


def _versions(store: Store, bucket: str) -> Iterator[Entry]:
    # Marks of deletion are listed out of order, and hold nothing.
    return (entry for entry in store.list(bucket, versions=True) if not entry.is_delete_marker)
