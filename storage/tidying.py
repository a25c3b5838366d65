"""What may go: working copies that are too old, and uploads in parts that nobody ended.

The buckets' lifecycle rules say the same and most stores keep them. The embedded one does not: its maintenance worker
is not connected, so that nothing but the program itself moves or removes data.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.buckets import ALL, WORK
from storage.leases import FOLDER
from storage.s3 import Store
from storage.s3_errors import translated


def expire_work(store: Store, now: datetime, life: timedelta) -> int:
    """Remove working copies older than `life`; how many. Leases stay: one might be taken at this moment."""
    removed = 0
    for entry in store.list(WORK):
        if now - entry.last_modified > life and not entry.key.startswith(FOLDER):
            store.delete(WORK, entry.key)
            removed += 1
    return removed


def end_uploads(store: Store, now: datetime, life: timedelta) -> int:
    """Abort uploads in parts that were begun longer than `life` ago, in every bucket; how many."""
    ended = 0
    for bucket in ALL:
        for key, upload in _uploads(store, bucket, now - life):
            with translated(f"abort an upload into {bucket}", missing_ok=True):
                store.client._abort_multipart_upload(store.bucket(bucket), key, upload)
                ended += 1
    return ended


def _uploads(store: Store, bucket: str, before: datetime) -> list[tuple[str, str]]:
    """Key and id of the uploads begun before a moment. The SDK has these calls and does not name them in public."""
    found: list[tuple[str, str]] = []
    key_marker, upload_marker = None, None
    while True:
        with translated(f"list the uploads into {bucket}"):
            page = store.client._list_multipart_uploads(
                store.bucket(bucket), key_marker=key_marker, upload_id_marker=upload_marker
            )
        for upload in page.uploads:
            if upload.initiated_time is not None and upload.initiated_time < before:
                found.append((upload.object_name, upload.upload_id or ""))
        key_marker, upload_marker = page.next_key_marker, page.next_upload_id_marker
        if not page.is_truncated or not key_marker:
            return found
