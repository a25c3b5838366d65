"""Who may do what in the store: one IAM policy for each identity, the same for the embedded store and others.

What is not allowed is refused. Nobody but the administrator may shorten or bypass a lock, remove a bucket or change
what holds for one; nobody but pipeline and administrator deletes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dossier.settings import Settings
from storage.analyst import analyst_policies
from storage.buckets import (
    ALL,
    ANALYTICS,
    ANCHORS,
    AUDIT,
    FEED,
    INBOX,
    LOCKED,
    ORIGINALS,
    OUTBOX,
    RECEIPTS,
    RECORDS,
    SEALED,
    WORK,
)

ADMIN: Final = "admin"
PIPELINE: Final = "pipeline"
AUDITOR: Final = "auditor"
CUSTODIAN: Final = "custodian"
READABLE: Final = (RECORDS, OUTBOX, FEED, SEALED)
"""What a downstream reader reads, of its own offices: in each the key begins with the office."""
CHAINED: Final = (AUDIT, FEED, ANCHORS)
EXISTING: Final = (RECORDS, OUTBOX, ORIGINALS, SEALED)
"""Of what an auditor sees that it is there: keys, sizes, times and versions, no content."""

Policy = dict[str, Any]

_LIST = ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")
_READ = ("s3:GetObject", "s3:GetObjectVersion")
_WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
_DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_MANAGE = (
    "s3:CreateBucket",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
)


def digitiser(office: str) -> str:
    """The name of the identity of one office's staff."""
    return f"digitiser-{office}"


def reader(name: str) -> str:
    """The name of the identity of a downstream reader."""
    return f"reader-{name}"


def policies(settings: Settings) -> dict[str, Policy]:
    """The IAM policy of every identity but `admin` of the embedded store, which may do everything."""
    prefix = settings.store.prefix
    made = {
        PIPELINE: pipeline_policy(prefix),
        AUDITOR: auditor_policy(prefix),
        CUSTODIAN: custodian_policy(prefix),
    }
    made |= analyst_policies(settings)
    made |= {digitiser(office): digitiser_policy(prefix, office) for office in settings.offices}
    return made | {reader(one.name): reader_policy(prefix, one.offices) for one in settings.readers}


def pipeline_policy(prefix: str) -> Policy:
    """What the program itself may do: nothing is deleted but in inbox, work and analytics, no lock is touched."""
    names = [prefix + bucket for bucket in ALL]
    return _policy(
        _allow(_LIST, names),
        _allow(_READ + _WRITE, [f"{name}/*" for name in names if name != prefix + INBOX]),
        _allow(_READ + _WRITE + _DELETE, [f"{prefix}{name}/*" for name in (INBOX, WORK, ANALYTICS)]),
    )


def digitiser_policy(prefix: str, office: str) -> Policy:
    """What one office's staff may do: put into their own inbox folder, read their own receipts."""
    return _policy(
        _allow(("s3:PutObject",), [f"{prefix}{INBOX}/{office}/*"]),
        _allow(("s3:GetObject",), [f"{prefix}{RECEIPTS}/{office}/*"]),
    )


def reader_policy(prefix: str, offices: Iterable[str]) -> Policy:
    """What a downstream database may do: read records, events, feed and sealed copies of its offices; no scan."""
    offices = tuple(offices)
    names = [prefix + bucket for bucket in READABLE]
    return _policy(
        _allow(("s3:GetObject",), [f"{name}/{office}/*" for name in names for office in offices]),
        _allow(("s3:ListBucket",), names)
        | {"Condition": {"StringLike": {"s3:prefix": [f"{office}/*" for office in offices]}}},
    )


def auditor_policy(prefix: str) -> Policy:
    """What an auditor may do: read the chains and their anchors, and see what else is there; no content of papers."""
    return _policy(
        _allow(_READ, [f"{prefix}{bucket}/*" for bucket in CHAINED]),
        _allow(
            ("s3:ListBucket", "s3:ListBucketVersions"), [prefix + bucket for bucket in CHAINED + EXISTING]
        ),
    )


def custodian_policy(prefix: str) -> Policy:
    """What who sets legal holds may do: see that originals are there, hold and release them. It reads none."""
    return _policy(
        _allow(("s3:ListBucket", "s3:ListBucketVersions"), [prefix + ORIGINALS]),
        _allow(("s3:GetObjectLegalHold", "s3:PutObjectLegalHold"), [f"{prefix}{ORIGINALS}/*"]),
    )


def administrator_policy(prefix: str) -> Policy:
    """For other stores: make and set up our buckets, and erase what the law wants erased. Reads and writes nothing.

    The embedded store's `admin` is more: it may do everything, as it has to make the store.
    """
    names = [prefix + bucket for bucket in ALL]
    return _policy(
        _allow(("s3:ListAllMyBuckets",), ["*"]),
        _allow(_MANAGE + _LIST, names),
        _allow(
            (*_DELETE, "s3:BypassGovernanceRetention", "s3:GetObjectRetention"),
            [f"{prefix}{bucket}/*" for bucket in LOCKED],
        ),
    )


def _policy(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(actions: Iterable[str], resources: Iterable[str]) -> Policy:
    return {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [r if r == "*" else f"arn:aws:s3:::{r}" for r in resources],
    }
