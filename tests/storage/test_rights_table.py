"""Every identity tries every act on the real server; what succeeds is exactly what the table allows."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
import urllib3
from minio.commonconfig import ENABLED, GOVERNANCE, CopySource, Filter
from minio.datatypes import Part
from minio.error import S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.retention import Retention
from minio.versioningconfig import SUSPENDED, VersioningConfig

from dossier.errors import StoreForbidden
from dossier.settings import ReaderSettings, Settings
from storage.anchors import anchor, verify_chains
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
    ensure_buckets,
)
from storage.feed import Feed
from storage.rights import (
    ADMIN,
    AUDITOR,
    CUSTODIAN,
    PIPELINE,
    administrator_policy,
    digitiser,
    policies,
    reader,
)
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

OWN, OTHER = "H13.96.31", "H30.1"
SETTINGS = {"offices": (OWN, OTHER), "readers": (ReaderSettings(name="population", offices=(OWN,)),)}
NO_REMOVAL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:DeleteBucket",
                "Resource": "arn:aws:s3:::work",
            }
        ],
    }
)
REFUSALS = ("AccessDenied", "BucketNotEmpty", "InvalidBucketState")
BYPASS = {"x-amz-bypass-governance-retention": "true"}


@contextmanager
def started(data: Path) -> Iterator[EmbeddedStore]:
    settings = Settings(data=data, **SETTINGS)
    server = EmbeddedStore(settings.data / "store", settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store of this module's own, where rubbish may lie in every bucket."""
    with started(tmp_path_factory.mktemp("rights")) as server:
        yield server


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with started(tmp_path) as server:
        yield server


class Stage:
    """What one identity tries its acts on: objects of its own office and of another, in every bucket."""

    def __init__(self, server: EmbeddedStore, identity: str) -> None:
        self.admin = Store(server.settings_for(ADMIN))
        self.store = Store(server.settings_for(identity))
        self.client = self.store.client
        self.code = uuid.uuid4().hex
        for bucket, office, name in product(ALL, (OWN, OTHER), ("a", "b", "c")):
            self.admin.put(bucket, self.key(office, name), b"x")

    def key(self, office: str = OWN, name: str = "a") -> str:
        return f"{office}/{self.code}/{name}"

    def version(self, bucket: str, name: str) -> str | None:
        found = self.admin.stat(bucket, self.key(name=name))
        assert found is not None
        return found.version_id

    def in_parts(self, bucket: str) -> None:
        key = self.key(name="parts")
        upload = self.client._create_multipart_upload(bucket, key, {})
        etag = self.client._upload_part(bucket, key, b"x" * 100, None, upload, 1)
        self.client._complete_multipart_upload(bucket, key, upload, [Part(1, etag)])

    def copy(self, bucket: str, to: str) -> object:
        return self.client.copy_object(to, self.key(name="copy"), CopySource(bucket, self.key()))

    def retain(self, days: int, bypass: bool = False) -> object:
        until = datetime.now(UTC) + timedelta(days=days)
        raw = (
            f"<Retention><Mode>{GOVERNANCE}</Mode>"
            f"<RetainUntilDate>{until:%Y-%m-%dT%H:%M:%SZ}</RetainUntilDate></Retention>"
        ).encode()
        return self.client._execute(
            "PUT",
            ORIGINALS,
            self.key(),
            body=raw,
            headers=BYPASS if bypass else None,
            query_params={"retention": ""},
        )


Act = Callable[[Stage], object]
PER_BUCKET: dict[str, Callable[[Stage, str], object]] = {
    "list": lambda s, b: list(s.store.list(b, f"{OWN}/")),
    "list all": lambda s, b: list(s.store.list(b)),
    "list other office": lambda s, b: list(s.store.list(b, f"{OTHER}/")),
    "list versions": lambda s, b: list(s.store.list(b, f"{OWN}/", versions=True)),
    "list uploads": lambda s, b: s.client._list_multipart_uploads(b),
    "read": lambda s, b: s.store.get(b, s.key()),
    "read other office": lambda s, b: s.store.get(b, s.key(OTHER)),
    "put": lambda s, b: s.store.put(b, s.key(), b"y"),
    "put other office": lambda s, b: s.store.put(b, s.key(OTHER), b"y"),
    "put in parts": lambda s, b: s.in_parts(b),
    "delete": lambda s, b: s.store.delete(b, s.key(name="b")),
    "delete version": lambda s, b: s.store.delete(b, s.key(name="c"), s.version(b, "c")),
}
ACTS: dict[str, Act] = {
    f"{name} {bucket}": lambda s, act=act, bucket=bucket: act(s, bucket)  # type: ignore[misc]
    for (name, act), bucket in product(PER_BUCKET.items(), ALL)
}
ACTS |= {
    "copy a scan to the receipts": lambda s: s.copy(ORIGINALS, RECEIPTS),
    "copy a record into the inbox": lambda s: s.copy(RECORDS, INBOX),
    "copy from the inbox into the inbox": lambda s: s.copy(INBOX, INBOX),
    "extend a lock": lambda s: s.retain(5000),
    "shorten a lock": lambda s: s.retain(1),
    "shorten a lock with a bypass": lambda s: s.retain(1, bypass=True),
    "delete a locked version with a bypass": lambda s: s.store.delete(
        RECORDS, s.key(name="c"), s.version(RECORDS, "c"), bypass_lock=True
    ),
    "put under a lock of its own": lambda s: s.client.put_object(
        ORIGINALS,
        s.key(name="own"),
        io.BytesIO(b"1"),
        1,
        retention=Retention(GOVERNANCE, datetime.now(UTC) + timedelta(seconds=5)),
    ),
    "hold": lambda s: s.client.enable_object_legal_hold(ORIGINALS, s.key()),
    "release": lambda s: s.client.disable_object_legal_hold(ORIGINALS, s.key()),
    "change the lock of a bucket": lambda s: s.client.set_object_lock_config(
        ORIGINALS, ObjectLockConfig(GOVERNANCE, 3650, DAYS)
    ),
    "change the lifecycle of a bucket": lambda s: s.client.set_bucket_lifecycle(
        WORK,
        LifecycleConfig(
            [Rule(ENABLED, rule_filter=Filter(prefix=""), rule_id="x", expiration=Expiration(days=30))]
        ),
    ),
    "suspend the versions of a locked bucket": lambda s: s.client.set_bucket_versioning(
        RECORDS, VersioningConfig(SUSPENDED)
    ),
    "set a policy of a bucket": lambda s: s.client.set_bucket_policy(WORK, NO_REMOVAL),
    "make a bucket": lambda s: s.client.make_bucket(f"made-{s.code}"),
    "remove a bucket": lambda s: s.client.remove_bucket(ORIGINALS),
}


def of(names: str, *buckets: str) -> set[str]:
    """`list, read` of these buckets, as the table names it."""
    return {f"{name} {bucket}" for name in names.split(", ") for bucket in buckets}


LISTS = "list, list all, list other office, list versions, list uploads"
READS, PUTS = "read, read other office", "put, put other office, put in parts"
MAY: dict[str, set[str]] = {
    digitiser(OWN): of("put, put in parts", INBOX) | of("read", RECEIPTS),
    reader("population"): of("list, read", RECORDS, OUTBOX, FEED, SEALED),
    AUDITOR: of(READS, AUDIT, FEED, ANCHORS)
    | of(
        "list, list all, list other office, list versions",
        AUDIT,
        FEED,
        ANCHORS,
        RECORDS,
        OUTBOX,
        ORIGINALS,
        SEALED,
    ),
    CUSTODIAN: of("list, list all, list other office, list versions", ORIGINALS) | {"hold", "release"},
    PIPELINE: of(f"{LISTS}, {READS}, {PUTS}", *ALL)
    | of("delete, delete version", INBOX, WORK, ANALYTICS)
    | {
        "copy a scan to the receipts",
        "copy a record into the inbox",
        "copy from the inbox into the inbox",
    },
    ADMIN: set(ACTS)
    - of("delete version", *LOCKED)
    - {
        "shorten a lock",
        "remove a bucket",
        "suspend the versions of a locked bucket",
    },
}


@pytest.mark.parametrize("identity", MAY)
def test_each_identity_may_exactly_what_the_table_says(server: EmbeddedStore, identity: str) -> None:
    stage, done = Stage(server, identity), set()
    for name, act in ACTS.items():
        try:
            act(stage)
        except StoreForbidden:
            continue
        except S3Error as error:
            if error.code not in REFUSALS:
                raise
        else:
            done.add(name)
    assert done - MAY[identity] == set(), "done though it is forbidden"
    assert MAY[identity] - done == set(), "refused though it is allowed"
    # What lies under a lock is still there, whatever was tried.
    if identity != ADMIN:
        for bucket in LOCKED:
            listed = list(stage.admin.list(bucket, f"{OWN}/{stage.code}/", versions=True))
            assert {e.key[-2:] for e in listed if not e.is_delete_marker} >= {"/a", "/b", "/c"}


def test_an_auditor_proves_the_chains_and_a_reader_follows_its_feed(empty_server: EmbeddedStore) -> None:
    server = empty_server
    store = Store(server.settings_for(PIPELINE))
    for number in range(3):
        for place in (OTHER, OWN):
            Feed(store).announce(place, {"id": str(number)})
    anchor(store)
    proof = verify_chains(Store(server.settings_for(AUDITOR)))
    assert (proof.links, proof.anchors, proof.breaks) == (6, 1, ())
    feed = Feed(Store(server.settings_for(reader("population"))))
    assert [one.event["id"] for one in feed.after(OWN, 0, 10)] == ["0", "1", "2"]
    assert feed.head(OWN).seq == 3
    for act in (lambda: feed.after(OTHER, 0, 10), feed.offices):
        with pytest.raises(StoreForbidden):
            act()


def test_without_keys_nothing_is_done(server: EmbeddedStore) -> None:
    stage = Stage(server, ADMIN)
    http = urllib3.PoolManager(timeout=5.0, retries=False)
    for bucket in ALL:
        url = f"http://{server.endpoint}/{bucket}"
        for method, path in (
            ("GET", "?list-type=2"),
            ("GET", "?versions"),
            ("GET", "?uploads"),
            ("GET", f"/{stage.key()}"),
            ("HEAD", f"/{stage.key()}"),
            ("PUT", f"/{stage.key()}"),
            ("POST", f"/{stage.key()}?uploads"),
            ("DELETE", f"/{stage.key()}"),
            ("DELETE", ""),
            ("POST", "?delete"),
        ):
            assert http.request(method, url + path).status == 403, (bucket, method, path)


def test_the_policies_name_every_bucket_that_they_must_and_no_other_right() -> None:
    made = policies(Settings(**SETTINGS))
    assert set(made) == {PIPELINE, AUDITOR, CUSTODIAN, digitiser(OWN), digitiser(OTHER), reader("population")}
    risky = ("Bypass", "Retention", "LegalHold", "PutBucket", "CreateBucket", "DeleteBucket", "*")
    for name, policy in made.items():
        actions = [action for part in policy["Statement"] for action in part["Action"]]
        found = {action for action in actions if any(word in action for word in risky)}
        assert found == ({"s3:GetObjectLegalHold", "s3:PutObjectLegalHold"} if name == CUSTODIAN else set())
    actions = {action for part in administrator_policy("")["Statement"] for action in part["Action"]}
    assert not actions & {"s3:GetObject", "s3:PutObject", "s3:DeleteBucket"}
