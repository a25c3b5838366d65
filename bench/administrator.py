"""What an administrator of the store, or of its disk, can do to what must not change; each act can be undone."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from minio.deleteobjects import DeleteObject

from dossier.errors import StoreError
from storage.s3 import Store

Undo = Callable[[], None]
GZIP: Final = b"\x1f\x8b\x08"


class Administrator:
    """store: with an administrator's keys. folder: where the store keeps its volumes."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self._folder = store, folder

    def read(self, bucket: str, key: str) -> bytes:
        """Raises LookupError if there is no such object."""
        found = self.store.get(bucket, key)
        if found is None:
            raise LookupError(f"nothing in {bucket} to tamper with")
        return found.data

    def put_over(self, bucket: str, key: str, data: bytes) -> Undo:
        """Other bytes over an object; what was there lies beneath."""
        before = self.read(bucket, key)
        there = self._versions(bucket, key)
        self.store.put(bucket, key, data)

        def undo() -> None:
            new = [one for one in self._versions(bucket, key) if one not in there]
            if new:
                self._erase(bucket, key, new)
            else:  # a bucket without versions: nothing lies beneath
                self.store.put(bucket, key, before)

        return undo

    def exchange(self, bucket: str, key: str, data: bytes) -> Undo:
        """Other bytes in place of an object, whose every version is gone: nothing lies beneath."""
        before = self.read(bucket, key)
        self._erase(bucket, key, self._versions(bucket, key))
        self.store.put(bucket, key, data)

        def undo() -> None:
            self._erase(bucket, key, self._versions(bucket, key))
            self.store.put(bucket, key, before)

        return undo

    def remove(self, bucket: str, key: str) -> Undo:
        """An object gone, with every version, over its lock."""
        before = self.read(bucket, key)
        self._erase(bucket, key, self._versions(bucket, key))

        def undo() -> None:
            self.store.put(bucket, key, before)

        return undo

    def hide(self, bucket: str, key: str) -> Undo:
        """A mark of deletion over an object."""
        there = self._versions(bucket, key)
        self.store.delete(bucket, key)

        def undo() -> None:
            self._erase(bucket, key, [one for one in self._versions(bucket, key) if one not in there])

        return undo

    def flip_on_disk(self, bucket: str, key: str) -> Undo:
        """One bit of an object's bytes, wherever the store's own files hold them for this bucket.

        Raises LookupError if they are not found there.
        """
        data = self.read(bucket, key)
        stored = {raw for path in self._volumes(bucket) for raw in _stored(path.read_bytes(), data)}
        if not stored:
            raise LookupError("the object's bytes are not found on the disk as they are")
        for raw in stored:
            self._exchange_on_disk(bucket, raw, changed(raw))

        def undo() -> None:
            for raw in stored:
                self._exchange_on_disk(bucket, changed(raw), raw)
            try:
                whole = self.store.get(bucket, key)
            except StoreError:
                whole = None
            if whole is None or whole.data != data:
                self._erase(bucket, key, self._versions(bucket, key))
                self.store.put(bucket, key, data)

        return undo

    def _volumes(self, bucket: str) -> list[Path]:
        return sorted(self._folder.rglob(f"{self.store.bucket(bucket)}_*.dat"))

    def _exchange_on_disk(self, bucket: str, there: bytes, new: bytes) -> None:
        """Wherever these bytes are now: the store moves what it keeps when it tidies a volume."""
        for path in self._volumes(bucket):
            with path.open("r+b") as file:
                for at in _places(file.read(), there):
                    file.seek(at)
                    file.write(new)

    def _versions(self, bucket: str, key: str) -> list[str | None]:
        listed = self.store.list(bucket, key, versions=True)
        return [entry.version_id for entry in listed if entry.key == key]

    def _erase(self, bucket: str, key: str, versions: list[str | None]) -> None:
        objects = [DeleteObject(key, version) for version in versions]
        errors = self.store.client.remove_objects(
            self.store.bucket(bucket), objects, bypass_governance_mode=True
        )
        for error in errors:
            raise RuntimeError(f"not erased from {bucket}: {error.code}")


def changed(data: bytes) -> bytes:
    """One byte of these changed: the middle one, by its lowest bit."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x01]) + data[middle + 1 :]


def _places(volume: bytes, data: bytes) -> list[int]:
    """Where in a volume these bytes begin."""
    found, at = list[int](), volume.find(data)
    while at >= 0:
        found.append(at)
        at = volume.find(data, at + 1)
    return found


def _stored(volume: bytes, data: bytes) -> Iterator[bytes]:
    """How a volume holds these bytes: as they are, or compressed."""
    if data in volume:
        yield data
    for at in _places(volume, GZIP):
        unpacking = zlib.decompressobj(31)
        with suppress(zlib.error):
            if unpacking.decompress(volume[at:], len(data) + 1) == data and unpacking.eof:
                yield volume[at : len(volume) - len(unpacking.unused_data)]
