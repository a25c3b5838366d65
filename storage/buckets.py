"""The buckets: their names, what holds for each, and who may do what in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from minio.commonconfig import ENABLED, GOVERNANCE, Filter
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
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
)
VERSIONED = (INBOX, ORIGINALS, RECORDS, EVIDENCE, AUDIT, SEALED, FEED, ANCHORS)
LOCKED = (ORIGINALS, ANCHORS)

# Governance, not compliance: a court or a person's right to erasure must be able to reach a scan, by an
# administrator and nobody else. Ten years is the term for civil-status dossiers' papers until offices set theirs.
LOCKED_DAYS = 3650

_LIST = ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")
_READ = ("s3:GetObject", "s3:GetObjectVersion")
_WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
_DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")


def ensure_buckets(store: Store, settings: Settings) -> None:
    """Create what is missing and set what holds for it. Needs an administrator's credentials. Idempotent."""
    client = store.client
    with translated("create buckets"):
        present = {bucket.name for bucket in client.list_buckets()}
        for bucket in ALL:
            name = store.bucket(bucket)
            if name in present:
                continue
            client.make_bucket(name, object_lock=bucket in LOCKED)
            if bucket in VERSIONED and bucket not in LOCKED:
                client.set_bucket_versioning(name, VersioningConfig(ENABLED))
            if bucket in LOCKED:
                client.set_object_lock_config(name, ObjectLockConfig(GOVERNANCE, LOCKED_DAYS, DAYS))
        days = max(1, settings.work_expires.days)
        client.set_bucket_lifecycle(
            store.bucket(WORK),
            LifecycleConfig(
                [
                    Rule(
                        ENABLED,
                        rule_filter=Filter(prefix=""),
                        rule_id="expire",
                        expiration=Expiration(days=days),
                    )
                ]
            ),
        )


def _allow(actions: Iterable[str], resources: Iterable[str]) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [f"arn:aws:s3:::{r}" for r in resources],
    }


def pipeline_policy(prefix: str) -> dict[str, Any]:
    """What the program itself may do: no bucket may be removed, nothing deleted but in inbox, work and analytics."""
    names = [prefix + bucket for bucket in ALL]
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow(_LIST, names),
            _allow(_READ + _WRITE, [f"{name}/*" for name in names if name != prefix + INBOX]),
            _allow(_READ + _WRITE + _DELETE, [f"{prefix}{name}/*" for name in (INBOX, WORK, ANALYTICS)]),
        ],
    }


def digitiser_policy(prefix: str, office: str) -> dict[str, Any]:
    """What one office's staff may do: put into their own inbox folder, read their own receipts."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow(("s3:PutObject",), [f"{prefix}{INBOX}/{office}/*"]),
            _allow(("s3:GetObject",), [f"{prefix}{RECEIPTS}/{office}/*"]),
        ],
    }
