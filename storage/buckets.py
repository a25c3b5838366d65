"""The buckets: their names, and what holds for each. Who may do what in them stands in storage.rights."""

from __future__ import annotations

from typing import Final

from minio.commonconfig import COMPLIANCE, ENABLED, GOVERNANCE, Filter
from minio.lifecycleconfig import AbortIncompleteMultipartUpload, Expiration, LifecycleConfig, Rule
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.versioningconfig import VersioningConfig

from dossier.settings import Settings
from storage.s3 import Store
from storage.s3_errors import translated

INBOX: Final = "inbox"
ORIGINALS: Final = "originals"
RECORDS: Final = "records"
WORK: Final = "work"
REFUSED: Final = "refused"
RECEIPTS: Final = "receipts"
OUTBOX: Final = "outbox"
EVIDENCE: Final = "evidence"
AUDIT: Final = "audit"
REGISTERS: Final = "registers"
SEALED: Final = "sealed"
FEED: Final = "feed"
ANCHORS: Final = "anchors"
HANDOVERS: Final = "handovers"
ANALYTICS: Final = "analytics"
HOLDS: Final = "holds"

ALL = (
    INBOX,
    ORIGINALS,
    RECORDS,
    WORK,
    REFUSED,
    RECEIPTS,
    OUTBOX,
    EVIDENCE,
    AUDIT,
    REGISTERS,
    SEALED,
    FEED,
    ANCHORS,
    HANDOVERS,
    ANALYTICS,
    HOLDS,
)
VERSIONED = (INBOX, ORIGINALS, RECORDS, EVIDENCE, AUDIT, SEALED, FEED, ANCHORS, HOLDS)
# What is written once. A lock does not hinder a newer version from being put over one: it keeps the true one beneath,
# where `sohoa verify` and the fixity flow find it.
LOCKED = (ORIGINALS, RECORDS, EVIDENCE, AUDIT, SEALED, FEED, ANCHORS, HOLDS)


def ensure_buckets(store: Store, settings: Settings) -> None:
    """Create what is missing and set what holds for it. Needs an administrator's credentials. Idempotent.

    Changed settings reach buckets that are there: the lock of what is put from now on (what lies there keeps the lock
    that it was given), and the life of working copies.
    """
    client, lock = store.client, _lock(settings)
    with translated("create buckets"):
        present = {bucket.name for bucket in client.list_buckets()}
        for bucket in ALL:
            name = store.bucket(bucket)
            if name not in present:
                client.make_bucket(name, object_lock=bucket in LOCKED)
                if bucket in VERSIONED and bucket not in LOCKED:
                    client.set_bucket_versioning(name, VersioningConfig(ENABLED))
            if bucket in LOCKED:
                client.set_object_lock_config(name, lock)
            client.set_bucket_lifecycle(name, _lifecycle(bucket, settings))


def _lock(settings: Settings) -> ObjectLockConfig:
    mode = COMPLIANCE if settings.keeping.mode == "compliance" else GOVERNANCE
    return ObjectLockConfig(mode, settings.keeping.days, DAYS)


def _lifecycle(bucket: str, settings: Settings) -> LifecycleConfig:
    rules = [
        Rule(
            ENABLED,
            rule_filter=Filter(prefix=""),
            rule_id="unended-uploads",
            abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload(settings.keeping.uploads_days),
        )
    ]
    if bucket == WORK:
        days = max(1, settings.work_expires.days)
        rules.append(
            Rule(
                ENABLED,
                rule_filter=Filter(prefix=""),
                rule_id="expire",
                expiration=Expiration(days=days),
            )
        )
    return LifecycleConfig(rules)
