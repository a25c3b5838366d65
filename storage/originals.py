"""Originals: every scan under the SHA-256 of its bytes, locked, before anything else happens to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dossier.errors import StoreDamaged, StoreError
from storage.buckets import ORIGINALS
from storage.s3 import CHUNK, PART_SIZE, Store


def keep(store: Store, data: bytes | Path) -> str:
    """Keep these bytes; their SHA-256 in hex. Returns only when the store is known to hold exactly them.

    Bytes that are kept already are not written again. Raises StoreError if what the store holds differs.
    """
    sha256, md5, size = _digests(data)
    if not _holds(store, sha256, md5, size):
        store.put(ORIGINALS, sha256, data)
        if not _holds(store, sha256, md5, size):
            raise StoreError("original-differs", f"the store does not hold what was put: {sha256[:12]}")
    return sha256


def fetch(store: Store, sha256: str, to: Path) -> None:
    """Write an original to a file. Raises StoreError if it is not there or its bytes are not its hash's."""
    temporary = to.with_name(to.name + ".part")
    found = store.fetch(ORIGINALS, sha256, temporary)
    if found != sha256:
        temporary.unlink(missing_ok=True)
        problem = "is missing" if found is None else "is damaged"
        raise StoreDamaged("original-damaged", f"original {sha256[:12]} {problem}")
    temporary.replace(to)


def _holds(store: Store, sha256: str, md5: str, size: int) -> bool:
    found = store.stat(ORIGINALS, sha256)
    if found is None or found.size != size:
        return False
    if size <= PART_SIZE and "-" not in found.etag:
        return found.etag == md5  # the server's own hash of the bytes that it stored
    return store.fetch(ORIGINALS, sha256, None) == sha256


def _digests(data: bytes | Path) -> tuple[str, str, int]:
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    if isinstance(data, bytes):
        sha256.update(data)
        md5.update(data)
        return sha256.hexdigest(), md5.hexdigest(), len(data)
    with data.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
    return sha256.hexdigest(), md5.hexdigest(), size
