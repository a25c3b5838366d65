"""The S3 client: a thin layer over the minio SDK that speaks our errors and knows conditional puts.

Error texts name the bucket and the operation, never the key: keys of the inbox carry file names.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import certifi
import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject

from dossier.errors import ConfigurationError, Conflict, StoreForbidden
from dossier.settings import StoreSettings
from storage.s3_errors import answered, translated
from storage.s3_objects import (
    LOST,
    Blob,
    Download,
    Entry,
    age,
    check_key,
    is_true,
    metadata,
    nameable,
    source,
    timed,
)

TIMEOUT = urllib3.Timeout(connect=5.0, read=60.0)
PART_SIZE = 64 * 2**20  # below it an object is one part and its ETag the MD5 of its bytes
CHUNK = 2**20


class Store:
    """One S3 store seen with one pair of keys. Buckets are given by their plain name; the prefix is put before.

    Every method may raise StoreError (transient), StoreForbidden, or ConfigurationError (no such bucket).
    Safe for use from several threads.
    """

    def __init__(self, settings: StoreSettings, tries: int = 4) -> None:
        """tries: of one request, while the store does not answer or says that it has a fault."""
        if not (settings.endpoint and settings.access_key and settings.secret_key):
            raise ConfigurationError(
                "store-unset", "the store needs an endpoint, an access key and a secret key"
            )
        self.settings = settings
        # Its warnings of broken connections name the address asked for: file names of scans, signatures of puts.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
        self._prefix = settings.prefix
        self._http = urllib3.PoolManager(
            timeout=TIMEOUT,
            maxsize=16,
            cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
            # A put repeated after a lost answer is safe: plain puts are idempotent, conditional ones are compared.
            retries=urllib3.Retry(total=tries - 1, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        )
        self.client = Minio(
            settings.endpoint,
            access_key=settings.access_key,
            secret_key=settings.secret_key.get_secret_value(),
            secure=settings.secure,
            # Without it the SDK asks for the bucket's place, which put-only users may not.
            region=settings.region,
            http_client=self._http,
        )

    def impatient(self) -> Store:
        """The same store, asked once for each thing: for objects that may have no answer."""
        return Store(self.settings, tries=1)

    def close(self) -> None:
        """End the connections that are kept open."""
        self._http.clear()

    def bucket(self, name: str) -> str:
        return self._prefix + name

    def get(self, bucket: str, key: str, version_id: str | None = None) -> Blob | None:
        """The object's bytes, or None if there is none."""
        with translated(f"get from {bucket}", missing_ok=True):
            response = self.client.get_object(self.bucket(bucket), key, version_id=version_id)
            try:
                data = response.read()
            finally:
                response.close()
                response.release_conn()
            headers = response.headers
            return Blob(
                data,
                headers.get("etag", "").strip('"'),
                headers.get("x-amz-version-id"),
                age(headers),
                metadata(headers),
            )
        return None

    def fetch(self, bucket: str, key: str, to: Path | None, version_id: str | None = None) -> str | None:
        """Stream an object to a file (or nowhere); its SHA-256 in hex, or None if there is none."""
        found = self.download(bucket, key, to, version_id)
        return found.sha256 if found else None

    def download(
        self, bucket: str, key: str, to: Path | None, version_id: str | None = None
    ) -> Download | None:
        """Stream an object to a file (or nowhere); what came, or None if there is none."""
        with translated(f"fetch from {bucket}", missing_ok=True):
            response = self.client.get_object(self.bucket(bucket), key, version_id=version_id)
            sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
            try:
                with open(to, "wb") if to else io.BytesIO() as file:
                    for chunk in response.stream(CHUNK):
                        sha256.update(chunk)
                        md5.update(chunk)
                        size += len(chunk)
                        if to:
                            file.write(chunk)
            finally:
                response.close()
                response.release_conn()
            kind = response.headers.get("content-type", "application/octet-stream")
            return Download(sha256.hexdigest(), md5.hexdigest(), size, kind, metadata(response.headers))
        return None

    def stat(self, bucket: str, key: str, version_id: str | None = None) -> Entry | None:
        """What is known of the object without its bytes, or None if there is none."""
        with translated(f"stat in {bucket}", missing_ok=True):
            found = self.client.stat_object(self.bucket(bucket), key, version_id=version_id)
            return Entry(key, found.version_id, found.etag or "", found.size or 0, timed(found.last_modified))
        return None

    def put(
        self,
        bucket: str,
        key: str,
        data: bytes | Path,
        content_type: str = "application/octet-stream",
        metadata: dict[str, str] | None = None,
    ) -> str:
        """Write an object, whatever was there. Its ETag. Metadata may hold any text; keys are ASCII."""
        check_key(key)
        quoted: dict[str, str | list[str] | tuple[str]] = {}
        for name, value in (metadata or {}).items():
            quoted[name] = quote(value)
        with translated(f"put into {bucket}"), source(data) as (stream, size):
            done = self.client.put_object(
                self.bucket(bucket), key, stream, size, content_type, quoted, part_size=PART_SIZE
            )
            return str(done.etag or "")
        raise AssertionError("unreachable")

    def put_if_absent(
        self, bucket: str, key: str, data: bytes, content_type: str = "application/json"
    ) -> str:
        """Write an object that must not be there yet. Its ETag. Raises Conflict if it is."""
        return self._conditional(bucket, key, data, content_type, {"If-None-Match": "*"})

    def put_if_match(
        self, bucket: str, key: str, data: bytes, etag: str, content_type: str = "application/json"
    ) -> str:
        """Write over the object with this ETag. Its new ETag. Raises Conflict if it changed meanwhile."""
        return self._conditional(bucket, key, data, content_type, {"If-Match": f'"{etag}"'})

    def put_once(
        self,
        bucket: str,
        key: str,
        data: bytes,
        content_type: str = "application/json",
        over: str | None = None,
    ) -> bool:
        """Write what must be written exactly once, where nothing was or, with `over`, an object of that ETag.

        True: written now; False: the same bytes stood there. Raises Conflict if other bytes stand there.
        """
        try:
            if over is None:
                self.put_if_absent(bucket, key, data, content_type)
            else:
                self.put_if_match(bucket, key, data, over, content_type)
        except Conflict:
            found = self.get(bucket, key)
            if found is None or found.data != data:
                raise
            return False
        return True

    def list(
        self, bucket: str, prefix: str = "", versions: bool = False, after: str | None = None
    ) -> Iterator[Entry]:
        """All objects under a prefix, by key; with `versions` every version, newest first, and delete markers.

        after: only keys that come behind this one.
        """
        with translated(f"list {bucket}"):
            for found in self.client.list_objects(
                self.bucket(bucket),
                prefix=prefix,
                recursive=True,
                include_version=versions,
                start_after=after,
            ):
                key = found.object_name or ""
                if versions and LOST in key:
                    key = self._spelt(bucket, key, found.version_id)
                yield Entry(
                    key=key,
                    version_id=found.version_id,
                    etag=(found.etag or "").strip('"'),
                    size=found.size or 0,
                    last_modified=timed(found.last_modified),
                    is_latest=not versions or is_true(found.is_latest),
                    is_delete_marker=bool(found.is_delete_marker),
                )

    def folders(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """The folders right under a prefix, each with its final slash."""
        with translated(f"list {bucket}"):
            for found in self.client.list_objects(self.bucket(bucket), prefix=prefix, recursive=False):
                if found.is_dir:
                    yield found.object_name or ""

    def _spelt(self, bucket: str, key: str, version_id: str | None) -> str:
        """The true key of a version that was listed with characters lost: the one that has this version."""
        # A listing of versions cannot name control characters, a plain one can: it percent-encodes its keys.
        alike = self.list(bucket, key[: key.index(LOST)])
        spelt = (entry.key for entry in alike if len(entry.key) == len(key) and nameable(entry.key) == key)
        return next((name for name in spelt if self.stat(bucket, name, version_id)), key)

    def delete(self, bucket: str, key: str, version_id: str | None = None, bypass_lock: bool = False) -> None:
        """Remove an object, or exactly one version of it. No error if it is gone already.

        bypass_lock: also one under a governance lock; only an administrator may.
        """
        with translated(f"delete in {bucket}", missing_ok=True):
            if bypass_lock:  # remove_object of the SDK takes no headers
                answers = self.client.remove_objects(
                    self.bucket(bucket), [DeleteObject(key, version_id)], bypass_governance_mode=True
                )
                for error in answers:
                    raise StoreForbidden("store-forbidden", f"delete in {bucket}: {error.code}")
            else:
                self.client.remove_object(self.bucket(bucket), key, version_id=version_id)

    def presign(self, bucket: str, key: str, expires: timedelta = timedelta(hours=1)) -> str:
        """A URL that lets its holder read this object until it expires."""
        return str(self.client.presigned_get_object(self.bucket(bucket), key, expires=expires))

    def _conditional(
        self, bucket: str, key: str, data: bytes, content_type: str, condition: dict[str, str]
    ) -> str:
        # put_object of the SDK takes no headers; a presigned PUT leaves them to us.
        check_key(key)
        with translated(f"conditional put into {bucket}"):
            url = self.client.presigned_put_object(self.bucket(bucket), key, expires=timedelta(minutes=5))
            response = self._http.request(
                "PUT", url, body=data, headers={**condition, "Content-Type": content_type}
            )
        answered(f"conditional put into {bucket}", response.status)
        return str(response.headers.get("etag", "")).strip('"')
