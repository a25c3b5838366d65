from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.buckets import INBOX
from storage.inbox.listing import Inbox
from storage.inbox.objects import Drop, Listing
from storage.s3 import Store

OFFICE = "H13.96.31"


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return Inbox(store, quiet_s=60)


def look(inbox: Inbox, code: str, later_s: float = 0) -> Drop:
    now = datetime.now(UTC) + timedelta(seconds=later_s)
    (drop,) = inbox.look(now, f"{OFFICE}/{code}/").drops
    return drop


def drop_file(store: Store, code: str, name: str, data: bytes = b"scan") -> None:
    store.put(INBOX, f"{OFFICE}/{code}/{name}", data)


def manifest(store: Store, code: str, **keys: object) -> None:
    drop_file(store, code, "dossier.json", json.dumps({"dossier": code, **keys}).encode())


def codes(drop: Drop) -> dict[str, str]:
    return {turned.object.name: turned.reason.code for turned in drop.refused}


def names(drop: Drop) -> list[str]:
    return [dropped.name for dropped in drop.objects]


def test_without_a_manifest_a_dossier_is_taken_after_a_quiet_time(
    store: Store, inbox: Inbox, code: str
) -> None:
    drop_file(store, code, "a.pdf")
    young = look(inbox, code)
    assert not young.ready
    assert young.waiting is not None
    assert young.waiting.code == "not-quiet"
    assert look(inbox, code, later_s=61).ready


def test_a_ready_mark_ends_the_waiting(store: Store, inbox: Inbox, code: str) -> None:
    drop_file(store, code, "a.pdf")
    drop_file(store, code, "_ready", b"")
    drop = look(inbox, code)
    assert drop.ready
    assert names(drop) == ["a.pdf"]
    assert [spent.name for spent in drop.spent] == ["_ready"]


def test_a_manifest_makes_it_ready_when_all_its_files_are_there_with_their_hashes(
    store: Store, inbox: Inbox, code: str
) -> None:
    right = hashlib.sha256(b"scan").hexdigest()
    name = "Giấy khai sinh.pdf"
    manifest(store, code, files=[{"name": normalize("NFD", name), "sha256": right}, {"name": "b.png"}])
    drop_file(store, code, normalize("NFD", name), b"sca")  # still being sent
    waiting = look(inbox, code)
    assert waiting.missing == ("b.png",)
    assert waiting.differing == (name,)
    assert not waiting.ready
    drop_file(store, code, normalize("NFD", name), b"scan")
    assert look(inbox, code).waiting is not None
    drop_file(store, code, "b.png")
    drop = look(inbox, code)
    assert drop.ready
    assert names(drop) == [name, "b.png"]
    assert codes(drop) == {name: "superseded"}
    assert drop.manifest is not None


def test_bytes_that_are_not_the_manifests_are_never_taken(store: Store, inbox: Inbox, code: str) -> None:
    manifest(store, code, files=[{"name": "a.pdf", "sha256": "0" * 64}])
    drop_file(store, code, "a.pdf")
    drop_file(store, code, "extra.pdf")
    drop = look(inbox, code, later_s=61)
    assert drop.ready
    assert names(drop) == []
    assert codes(drop) == {"a.pdf": "hash-differs", "extra.pdf": "not-declared"}


@pytest.mark.parametrize(
    ("text", "code_of_error"),
    [
        (b"{", "manifest-invalid"),
        (b"", "manifest-invalid"),
        (b"\xff\xfe", "manifest-invalid"),
        (b'{"dossier": "another"}', "manifest-elsewhere"),
        (b" " * (2**20 + 1), "manifest-too-large"),
    ],
)
def test_a_wrong_manifest_is_told_and_the_papers_go_on(
    store: Store, inbox: Inbox, code: str, text: bytes, code_of_error: str
) -> None:
    drop_file(store, code, "a.pdf")
    drop_file(store, code, "dossier.json", text)
    young = look(inbox, code)
    assert young.waiting is not None
    assert young.waiting.code == code_of_error
    drop = look(inbox, code, later_s=61)
    assert drop.ready
    assert drop.manifest is None
    assert drop.manifest_error is not None
    assert names(drop) == ["a.pdf"]
    assert codes(drop) == {"dossier.json": code_of_error}
    manifest(store, code, procedure="1.001193")  # put right
    assert look(inbox, code).manifest_error is None


def test_a_name_in_both_unicode_forms_is_one_paper(store: Store, inbox: Inbox, code: str) -> None:
    drop_file(store, code, normalize("NFC", "Tờ khai.pdf"))
    drop_file(store, code, normalize("NFD", "Tờ khai.pdf"))
    drop = look(inbox, code)
    assert names(drop) == ["Tờ khai.pdf"]
    assert codes(drop) == {}  # the same bytes: nothing was refused
    assert len(drop.everything) == 2


def test_a_file_that_was_deleted_again_is_not_passed_over(
    store: Store, admin_store: Store, inbox: Inbox, code: str
) -> None:
    drop_file(store, code, "a.pdf")
    drop_file(store, code, "b.pdf")
    admin_store.delete(INBOX, f"{OFFICE}/{code}/a.pdf")
    drop = look(inbox, code)
    assert names(drop) == ["b.pdf"]
    assert codes(drop) == {"a.pdf": "withdrawn"}
    inbox.remove(drop.everything)
    assert inbox.look(prefix=f"{OFFICE}/{code}/") == Listing((), ())


def test_what_came_after_the_look_stays_when_the_drop_is_removed(
    store: Store, inbox: Inbox, code: str
) -> None:
    drop_file(store, code, "a.pdf", b"first")
    taken = look(inbox, code)
    drop_file(store, code, "a.pdf", b"second")
    drop_file(store, code, "b.pdf")
    inbox.remove(taken.everything)
    left = look(inbox, code)
    assert names(left) == ["a.pdf", "b.pdf"]
    assert codes(left) == {}
    found = store.get(INBOX, left.objects[0].key, left.objects[0].version_id)
    assert found is not None
    assert found.data == b"second"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("{code}.pdf", "office-unknown"),
        ("nowhere/{code}/a.pdf", "office-unknown"),
        ("H13.96.31/{code}.pdf", "wrong-depth"),
        ("H13.96.31/{code}/sub/a.pdf", "wrong-depth"),
        ("H13.96.31/{code} hồ sơ/a.pdf", "dossier-code-invalid"),
        ("H13.96.31/batch/{code}/a.pdf", "wrong-depth"),
    ],
)
def test_what_lies_where_no_dossier_can_be_is_told(
    store: Store, inbox: Inbox, code: str, key: str, why: str
) -> None:
    key = key.format(code=code)
    store.put(INBOX, key, b"scan")
    strays = [stray for stray in inbox.look().strays if stray.object.key == key]
    assert [stray.reason.code for stray in strays] == [why]
    inbox.remove(stray.object for stray in strays)
    assert key not in {stray.object.key for stray in inbox.look().strays}


def test_a_folder_mark_of_a_graphical_client_is_told_and_goes_without_its_neighbours(
    digitiser_store: Store, store: Store, inbox: Inbox, code: str
) -> None:
    key = f"{OFFICE}/{code}/"
    digitiser_store.client.put_object(INBOX, key, BytesIO(b""), 0)
    drop_file(store, code, "a.pdf")
    listing = inbox.look(prefix=key)
    assert [stray.reason.code for stray in listing.strays] == ["folder-mark"]
    stray = listing.strays[0].object
    assert store.fetch(INBOX, key, None, stray.version_id) is not None
    inbox.remove([stray])
    left = inbox.look(prefix=key)
    assert left.strays == ()
    assert names(left.drops[0]) == ["a.pdf"]


def test_a_name_with_control_characters_is_found_under_its_own_key(
    store: Store, inbox: Inbox, code: str
) -> None:
    spelt = ("a\x01.pdf", "a\x02.pdf", "a\ufffd.pdf", "a\x7f.pdf", "a\t.pdf")
    for name in spelt:
        drop_file(store, code, name, name.encode())
    drop = look(inbox, code)
    assert {found.name: store.fetch(INBOX, found.key, None, found.version_id) for found in drop.objects} == {
        name: hashlib.sha256(name.encode()).hexdigest() for name in spelt
    }
    inbox.remove(drop.everything)
    assert inbox.look(prefix=f"{OFFICE}/{code}/").drops == ()


NAMES = st.one_of(
    st.sampled_from(
        ["dossier.json", "_ready", "a.pdf", "b.PDF", "virus.exe", "no extension", "a+b &%.png", "?.tif"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
    .map(lambda text: text.replace("/", "-").replace("\\", "-"))  # the server takes both for a separator
    .filter(lambda text: text not in (".", "..")),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(drops=st.lists(st.tuples(NAMES, st.sampled_from([b"1", b"2", b'{"dossier": "x"}'])), max_size=6))
def test_every_object_version_comes_out_in_exactly_one_place(
    store: Store, inbox: Inbox, drops: list[tuple[str, bytes]]
) -> None:
    code = "x"
    for name, data in drops:
        drop_file(store, code, name, data)
    listing = inbox.look(prefix=f"{OFFICE}/{code}/")
    out = [dropped for drop in listing.drops for dropped in drop.everything]
    out += [stray.object for stray in listing.strays]
    listed = [(e.key, e.version_id) for e in store.list(INBOX, f"{OFFICE}/{code}/", versions=True)]
    assert Counter((dropped.key, dropped.version_id) for dropped in out) == Counter(listed)
    assert len(listed) == len(drops)
    inbox.remove(out)
    assert not list(store.list(INBOX, f"{OFFICE}/{code}/", versions=True))


def test_stacks_of_an_office_are_one_drop_that_waits_for_nothing(store: Store, inbox: Inbox) -> None:
    for name in ("tập 1.pdf", "b.tiff", "photo.jpg", "dossier.json", "_ready"):
        drop_file(store, "batch", name)
    drop = look(inbox, "batch")
    assert drop.ready
    assert drop.stacks
    assert names(drop) == ["b.tiff", "tập 1.pdf"]
    assert codes(drop) == {"dossier.json": "batch-kind", "photo.jpg": "batch-kind"}
    assert [spent.name for spent in drop.spent] == ["_ready"]
    inbox.remove(drop.everything)
    assert not list(store.list(INBOX, f"{OFFICE}/batch/", versions=True))
