"""Where a backup lies: a folder or a bucket of a second store, seen alike.

    backup.json                        what this place is
    objects/<2 letters>/<sha256>       bytes, under their hash; equal bytes once
    runs/<run>/part-…-<section>.gz     what a run copied, in parts
    runs/<run>/head-<sha256>.json      written last: the run is whole, and this is its own hash

Names in a place hold no personal data; what lies there does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from dossier.errors import ConfigurationError, StoreError
from dossier.settings import BackupSettings, StoreSettings
from storage.s3 import CHUNK, Store
from storage.s3_errors import translated

MARK: Final = "backup.json"
MARKED: Final = b'{"schema": "sohoa/backup/1"}\n'
SCRATCH: Final = "tmp"
DAMAGED: Final = "damaged"
LEFT_BEHIND_S: Final = 24 * 3600


class Place(Protocol):
    """Every method may raise StoreError (the place is away, full or broken). Safe for use from several threads."""

    kind: str

    def put(self, name: str, file: Path, sha256: str, md5: str) -> None:
        """Make a file visible under a name, whole or not at all, and hold what lies there against its hash.

        The file may be taken away by it.
        """

    def fetch(self, name: str, to: Path | None) -> str | None:
        """Stream to a file (or nowhere); the SHA-256 in hex, None if there is none."""

    def read(self, name: str) -> bytes | None:
        """Something small."""

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        """All names under a folder, each with its size in bytes."""

    def set_aside(self, name: str) -> None:
        """Out of the way, so that the next run copies it anew; kept under `damaged/`."""

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A private folder for files on their way."""
        yield Path()  # pragma: no cover


class FolderPlace:
    """A folder, readable by its owner only."""

    kind = "folder"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def put(self, name: str, file: Path, sha256: str, md5: str) -> None:
        target = self.folder / name
        with _told("write to the backup"):
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                for folder in (
                    target.parent.parent,
                    self.folder,
                ):  # after a power cut the folder is there too
                    _sync(folder)
            with open(file, "rb") as written:
                os.fsync(written.fileno())
                found = hashlib.file_digest(written, "sha256").hexdigest()
            if found != sha256:
                raise StoreError("backup-differs", f"the backup does not hold what was put: {sha256[:12]}")
            file.chmod(0o600)
            file.replace(target)
            _sync(target.parent)

    def fetch(self, name: str, to: Path | None) -> str | None:
        digest = hashlib.sha256()
        with _told("read from the backup"):
            try:
                with open(self.folder / name, "rb") as source, open(to or os.devnull, "wb") as copy:
                    while chunk := source.read(CHUNK):
                        digest.update(chunk)
                        copy.write(chunk)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return digest.hexdigest()

    def read(self, name: str) -> bytes | None:
        with _told("read from the backup"):
            try:
                return (self.folder / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        with _told("list the backup"):
            for path, _, files in os.walk(self.folder / under):
                for name in files:
                    file = Path(path, name)
                    yield file.relative_to(self.folder).as_posix(), file.stat().st_size

    def set_aside(self, name: str) -> None:
        aside = self.folder / DAMAGED / Path(name).name
        with _told("set aside in the backup"):
            aside.parent.mkdir(exist_ok=True, mode=0o700)
            (self.folder / name).replace(aside)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with _told("write to the backup"):
            (self.folder / SCRATCH).mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryDirectory(dir=self.folder / SCRATCH) as folder:
                yield Path(folder)

    def prepare(self) -> None:
        with _told("write to the backup"):
            if self.read(MARK) is None:
                if self.folder.exists() and any(self.folder.iterdir()):
                    raise ConfigurationError(
                        "backup-place", "the folder holds something that is no backup of Sohoa: name another"
                    )
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.folder.chmod(0o700)
                (self.folder / MARK).write_bytes(MARKED)
            self._sweep()

    def _sweep(self) -> None:
        """What a killed run left on its way was never a part of the backup; what is younger may be on its way."""
        if (self.folder / SCRATCH).is_dir():
            for folder in (self.folder / SCRATCH).iterdir():
                if time.time() - folder.stat().st_mtime > LEFT_BEHIND_S:
                    shutil.rmtree(folder, ignore_errors=True)


class BucketPlace:
    """A folder of a bucket in an S3 store."""

    kind = "s3"

    def __init__(self, store: Store, bucket: str, prefix: str) -> None:
        self._store, self._bucket = store, bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def put(self, name: str, file: Path, sha256: str, md5: str) -> None:
        etag = self._store.put(self._bucket, self._prefix + name, file)
        # The store's own hash of what it took; where it is none (parts, encryption) the bytes are read back.
        if etag != md5 and self.fetch(name, None) != sha256:
            raise StoreError("backup-differs", f"the backup does not hold what was put: {sha256[:12]}")

    def fetch(self, name: str, to: Path | None) -> str | None:
        return self._store.fetch(self._bucket, self._prefix + name, to)

    def read(self, name: str) -> bytes | None:
        found = self._store.get(self._bucket, self._prefix + name)
        return found.data if found else None

    def names(self, under: str) -> Iterator[tuple[str, int]]:
        for entry in self._store.list(self._bucket, f"{self._prefix}{under}/"):
            yield entry.key.removeprefix(self._prefix), entry.size

    def set_aside(self, name: str) -> None:
        with self.scratch() as folder:
            copy = folder / uuid.uuid4().hex
            self._store.fetch(self._bucket, self._prefix + name, copy)
            self._store.put(self._bucket, f"{self._prefix}{DAMAGED}/{Path(name).name}", copy)
        self._store.delete(self._bucket, self._prefix + name)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    def prepare(self) -> None:
        with translated("make the bucket of the backup"):
            if not self._store.client.bucket_exists(self._store.bucket(self._bucket)):
                self._store.client.make_bucket(self._store.bucket(self._bucket))
        if self.read(MARK) is None:
            self._store.put(self._bucket, self._prefix + MARK, MARKED, "application/json")


def open_place(where: str, settings: BackupSettings, make: bool = False) -> FolderPlace | BucketPlace:
    """The place of this name: a folder, `s3://BUCKET/PREFIX` or `http(s)://HOST:PORT/BUCKET/PREFIX`.

    make: it may be new. Raises ConfigurationError if it is no backup, or cannot become one.
    """
    place = _bucket_place(where, settings.store) if "://" in where else FolderPlace(Path(where))
    if make:
        place.prepare()
    elif place.read(MARK) is None:
        raise ConfigurationError("backup-absent", "there is no backup of Sohoa at this place")
    return place


def _bucket_place(where: str, store: StoreSettings) -> BucketPlace:
    parts = urlsplit(where)
    if parts.scheme not in ("s3", "http", "https") or parts.username or parts.query or not parts.netloc:
        raise ConfigurationError(
            "backup-url", "name a folder, s3://BUCKET/PREFIX or https://HOST:PORT/BUCKET/PREFIX, without keys"
        )
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme == "s3":
        bucket, prefix = parts.netloc, parts.path
    else:
        store = store.model_copy(update={"endpoint": parts.netloc, "secure": parts.scheme == "https"})
    access, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not store.access_key and access and secret:
        store = store.model_copy(update={"access_key": access, "secret_key": SecretStr(secret)})
    if not (bucket and store.endpoint and store.access_key and store.secret_key):
        raise ConfigurationError(
            "backup-store",
            "a backup to S3 needs a bucket, an endpoint (backup.store.endpoint, or in the URL) and keys "
            "(SOHOA_BACKUP__STORE__ACCESS_KEY and __SECRET_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
        )
    return BucketPlace(Store(store), bucket, prefix)


@contextmanager
def _told(act: str) -> Iterator[None]:
    """The file system's errors in our words, without the path."""
    try:
        yield
    except OSError as error:
        raise StoreError("backup-place-broken", f"{act}: {error.strerror or type(error).__name__}") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
