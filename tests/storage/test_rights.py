"""What the staff of an office may do with their credentials, tried act by act on the real server."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import urllib3
from minio.credentials.credentials import Credentials
from minio.error import S3Error
from minio.signer import presign_v4

from dossier.errors import Conflict, StoreForbidden
from storage.buckets import ALL, AUDIT, EVIDENCE, INBOX, ORIGINALS, OUTBOX, RECEIPTS, RECORDS, REFUSED, WORK
from storage.certificates import CA, CERTIFICATE, KEY
from storage.s3 import Store
from storage.seaweed.process import HOST
from storage.seaweed.store import EmbeddedStore

OWN, OTHER = "H13.96.31", "H30.1"


def test_staff_put_into_their_own_folder_and_read_their_own_receipts(
    digitiser_store: Store, store: Store, code: str
) -> None:
    key = f"{OWN}/{code}/Giấy khai sinh.pdf"
    digitiser_store.put(INBOX, key, b"scan")
    found = store.get(INBOX, key)
    assert found is not None
    assert found.data == b"scan"
    store.put(RECEIPTS, f"{OWN}/{code}/receipt.json", b"{}")
    receipt = digitiser_store.get(RECEIPTS, f"{OWN}/{code}/receipt.json")
    assert receipt is not None
    assert receipt.data == b"{}"


def test_staff_can_drop_a_large_file_in_parts(
    digitiser_store: Store, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.s3.PART_SIZE", 5 * 2**20)
    data = b"0123456789abcdef" * (11 * 2**16)  # 11 MiB
    digitiser_store.put(INBOX, f"{OWN}/{code}/large.tif", data)
    found = store.stat(INBOX, f"{OWN}/{code}/large.tif")
    assert found is not None
    assert found.size == len(data)


def test_staff_who_put_again_leave_the_older_version_as_it_was(
    digitiser_store: Store, store: Store, code: str
) -> None:
    key = f"{OWN}/{code}/a.pdf"
    digitiser_store.put(INBOX, key, b"first")
    digitiser_store.put(INBOX, key, b"second")
    versions = list(store.list(INBOX, key, versions=True))
    assert [version.is_latest for version in versions] == [True, False]
    blobs = [store.get(INBOX, key, version.version_id) for version in versions]
    assert [blob.data for blob in blobs if blob] == [b"second", b"first"]


FORBIDDEN: dict[str, Callable[[Store, str], object]] = {
    "list the inbox": lambda s, _: list(s.list(INBOX, f"{OWN}/")),
    "list versions": lambda s, _: list(s.list(INBOX, f"{OWN}/", versions=True)),
    "list receipts": lambda s, _: list(s.list(RECEIPTS, f"{OWN}/")),
    "read the inbox": lambda s, c: s.get(INBOX, f"{OWN}/{c}/a.pdf"),
    "stat in the inbox": lambda s, c: s.stat(INBOX, f"{OWN}/{c}/a.pdf"),
    "delete from the inbox": lambda s, c: s.delete(INBOX, f"{OWN}/{c}/a.pdf"),
    "put into another office": lambda s, c: s.put(INBOX, f"{OTHER}/{c}/a.pdf", b"x"),
    "put beside the offices": lambda s, _: s.put(INBOX, "a.pdf", b"x"),
    "put into an office whose name begins alike": lambda s, c: s.put(INBOX, f"{OWN}9/{c}/a.pdf", b"x"),
    "climb out of the folder": lambda s, c: s.put(INBOX, f"{OWN}/../{OTHER}/{c}/a.pdf", b"x"),
    "read another office's receipts": lambda s, c: s.get(RECEIPTS, f"{OTHER}/{c}/receipt.json"),
    "write a receipt": lambda s, c: s.put(RECEIPTS, f"{OWN}/{c}/receipt.json", b"x"),
    "delete a receipt": lambda s, c: s.delete(RECEIPTS, f"{OWN}/{c}/receipt.json"),
    "read originals": lambda s, _: s.get(ORIGINALS, "0" * 64),
    "write originals": lambda s, _: s.put(ORIGINALS, "0" * 64, b"x"),
    "read records": lambda s, c: s.get(RECORDS, f"{OWN}/{c}/current.json"),
    "write records": lambda s, c: s.put_if_absent(RECORDS, f"{OWN}/{c}/current.json", b"x"),
    "read work": lambda s, _: s.get(WORK, "x"),
    "read evidence": lambda s, c: s.get(EVIDENCE, f"{OWN}/{c}/{'0' * 64}.json"),
    "write evidence": lambda s, c: s.put(EVIDENCE, f"{OWN}/{c}/{'0' * 64}.json", b"{}"),
    "read the audit": lambda s, c: s.get(AUDIT, f"{OWN}/{c}/x.json"),
    "write into the audit": lambda s, c: s.put(AUDIT, f"{OWN}/{c}/x.json", b"{}"),
    "read refusals": lambda s, c: s.get(REFUSED, f"{OWN}/{c}/x.json"),
    "write events": lambda s, c: s.put(OUTBOX, f"{OWN}/{c}/v000001.json", b"x"),
}


@pytest.mark.parametrize("act", FORBIDDEN)
def test_staff_may_not(digitiser_store: Store, store: Store, code: str, act: str) -> None:
    store.put(INBOX, f"{OWN}/{code}/a.pdf", b"kept")
    store.put(RECEIPTS, f"{OTHER}/{code}/receipt.json", b"{}")
    with pytest.raises(StoreForbidden):
        FORBIDDEN[act](digitiser_store, code)
    kept = store.get(INBOX, f"{OWN}/{code}/a.pdf")
    assert kept is not None
    assert kept.data == b"kept"
    assert not list(store.list(INBOX, f"{OTHER}/{code}/"))


@pytest.mark.parametrize("climb", ["../", "%2e%2e/", "..%2F", "..%5C", "%5C..%5C", "./../"])
def test_staff_do_not_climb_out_of_their_folder(
    embedded_store: EmbeddedStore, store: Store, code: str, climb: str
) -> None:
    # The SDK refuses such keys itself: signed by hand, as an attacker would.
    keys = embedded_store.settings_for(f"digitiser-{OWN}")
    assert keys.access_key
    assert keys.secret_key
    for target in (f"{OTHER}/{code}/a.pdf", f"{climb}{RECORDS}/{code}/a.pdf"):
        signed = presign_v4(
            method="PUT",
            url=urlsplit(f"http://{embedded_store.endpoint}/{INBOX}/{OWN}/{climb}{target}"),
            region="us-east-1",
            credentials=Credentials(keys.access_key, keys.secret_key.get_secret_value()),
            date=datetime.now(UTC),
            expires=60,
        )
        connection = HTTPConnection(embedded_store.endpoint, timeout=5)
        connection.request("PUT", f"{signed.path}?{signed.query}", body=b"evil")
        assert connection.getresponse().status in (400, 403)
        connection.close()
    assert not list(store.list(INBOX, f"{OTHER}/{code}/"))
    assert not list(store.list(RECORDS, code))


def test_staff_see_and_change_no_bucket(digitiser_store: Store) -> None:
    client = digitiser_store.client
    assert [
        bucket.name
        for bucket in client.list_buckets()
        if bucket.name in ALL and bucket.name not in (INBOX, RECEIPTS)
    ] == []
    for act in (
        lambda: client.make_bucket("mine"),
        lambda: client.remove_bucket(INBOX),
        lambda: client.get_bucket_policy(INBOX),
        lambda: client.delete_bucket_lifecycle(WORK),
    ):
        with pytest.raises(S3Error, match="AccessDenied"):
            act()


def test_a_locked_original_outlives_even_an_administrator_who_deletes_its_version(
    admin_store: Store, store: Store, code: str
) -> None:
    store.put(ORIGINALS, code, b"scan")
    found = store.stat(ORIGINALS, code)
    assert found is not None
    with pytest.raises((StoreForbidden, Conflict)):
        admin_store.delete(ORIGINALS, code, found.version_id)
    assert store.get(ORIGINALS, code, found.version_id) is not None


def test_without_keys_nothing_is_given(embedded_store: EmbeddedStore) -> None:
    http = urllib3.PoolManager(timeout=5.0, retries=False)
    for path in ("", INBOX, f"{RECORDS}?list-type=2", f"{INBOX}/{OWN}/x"):
        assert http.request("GET", f"http://{embedded_store.endpoint}/{path}").status == 403
    assert http.request("PUT", f"http://{embedded_store.endpoint}/{INBOX}/x", body=b"x").status == 403


PARTS = ("filer", "master", "volume", "admin")


@pytest.mark.parametrize("part", [*PARTS, *(f"{part}.grpc" for part in (*PARTS, "s3"))])
def test_the_parts_behind_the_gateway_speak_to_nobody_without_a_certificate(
    embedded_store: EmbeddedStore, part: str
) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if part.endswith(".grpc"):
        context.set_alpn_protocols(["h2"])

    def knock() -> None:
        with (
            socket.create_connection((HOST, embedded_store.port(part)), timeout=5) as raw,
            context.wrap_socket(raw) as connection,
        ):
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            connection.recv(4096)  # TLS 1.3 tells of the missing certificate on the first read

    with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
        knock()


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("filer", f"/buckets/{ORIGINALS}?recursive=true"),
        ("master", f"/col/delete?collection={ORIGINALS}"),
        ("master", "/dir/assign"),
        ("volume", "/status"),
    ],
)
def test_the_parts_behind_the_gateway_do_nothing_over_plain_http(
    embedded_store: EmbeddedStore, part: str, path: str
) -> None:
    http = urllib3.PoolManager(timeout=5.0, retries=False)
    answer = http.request("GET", f"http://{HOST}:{embedded_store.port(part)}{path}")
    assert answer.status == 400
    assert b"HTTPS server" in answer.data


def test_who_has_the_certificate_but_no_token_is_refused_by_the_filer(embedded_store: EmbeddedStore) -> None:
    folder = embedded_store.folder
    http = urllib3.PoolManager(
        timeout=5.0,
        retries=False,
        ca_certs=str(folder / CA),
        cert_file=str(folder / CERTIFICATE),
        key_file=str(folder / KEY),
    )
    url = f"https://{HOST}:{embedded_store.port('filer')}/buckets/{INBOX}/x"
    for method in ("GET", "PUT", "DELETE"):
        assert http.request(method, url).status == 401


def test_a_presigned_link_reads_one_object(store: Store, code: str) -> None:
    store.put(RECEIPTS, f"{OWN}/{code}/receipt.html", b"<p>")
    url = store.presign(RECEIPTS, f"{OWN}/{code}/receipt.html", timedelta(minutes=5))
    http = urllib3.PoolManager(timeout=5.0, retries=False)
    assert http.request("GET", url).data == b"<p>"
    assert http.request("GET", url.replace("receipt.html", "receipt.json")).status == 403
