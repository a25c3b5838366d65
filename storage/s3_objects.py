"""Objects as the store names and answers them: what a listing or a read gives back, and which keys it takes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from dossier.errors import StoreError, StoreForbidden

LOST = "\ufffd"
_UNNAMEABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def nameable(key: str) -> str:
    """The key as XML 1.0 can name it: each character that it cannot hold is LOST."""
    return _UNNAMEABLE.sub(LOST, key)


@dataclass(frozen=True)
class Entry:
    """One object version as listed. etag without quotes. version_id None in a bucket without versions."""

    key: str
    version_id: str | None
    etag: str
    size: int
    last_modified: datetime
    is_latest: bool = True
    is_delete_marker: bool = False


@dataclass(frozen=True)
class Blob:
    """An object read whole. age_s: seconds since it was written, by the store's own clock, to the second."""

    data: bytes
    etag: str
    version_id: str | None
    age_s: float
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Download:
    """An object that was streamed: hashes of its bytes in hex, its size in bytes, what was said of it."""

    sha256: str
    md5: str
    size: int
    content_type: str
    metadata: dict[str, str]


@contextmanager
def source(data: bytes | Path) -> Iterator[tuple[io.BufferedReader | io.BytesIO, int]]:
    """The stream to send and its size in bytes."""
    if isinstance(data, bytes):
        yield io.BytesIO(data), len(data)
        return
    with open(data, "rb") as file:
        yield file, data.stat().st_size


def check_key(key: str) -> None:
    """Raises StoreForbidden for a key that the server would take for another, or drop."""
    # The server takes '\\' for '/', and drops the body of an object whose key ends in '/' without a word.
    if not key or key.endswith("/") or "\\" in key or {".", ".."} & set(key.split("/")):
        raise StoreForbidden(
            "store-key", "a key must not be empty, end in '/', hold a backslash or climb by '..'"
        )


def timed(moment: datetime | None) -> datetime:
    """The time that an answer must carry. Raises StoreError if it does not."""
    if moment is None:
        raise StoreError("store-error", "an object without a time")
    return moment


def is_true(flag: object) -> bool:
    """A flag of a listing, which comes as a bool or as its text."""
    return flag is True or str(flag).lower() == "true"


def age(headers: Mapping[str, str]) -> float:
    """Seconds since the object was written, by the store's clock. Raises StoreError."""
    try:
        served, written = (parsedate_to_datetime(headers[name]) for name in ("date", "last-modified"))
    except (KeyError, ValueError):
        raise StoreError("store-error", "an answer without its times") from None
    return (served - written).total_seconds()


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """The object's own metadata, as it was put."""
    prefix = "x-amz-meta-"
    return {
        name.lower().removeprefix(prefix): unquote(value)
        for name, value in headers.items()
        if name.lower().startswith(prefix)
    }
