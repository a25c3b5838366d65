"""What a drop becomes: its bytes safe, its next version laid out, nothing removed that was not taken."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dossier.record import ProcedureRef, Record, Refused
from flows.keeping import Kept, keep, let_go, turn_away
from storage.buckets import INBOX, ORIGINALS, REFUSED
from storage.inbox.listing import Inbox
from storage.inbox.objects import Drop
from storage.records import Records
from storage.refused import refusals
from storage.s3 import Store

OFFICE = "H13.96.31"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def code() -> str:
    return f"H13.96.31-261124-{uuid.uuid4().hex[:8]}"


def drop(store: Store, code: str, papers: dict[str, bytes], /, **manifest: object) -> Drop:
    """Put files (and a manifest, if something is said) into the inbox and list them as a drop."""
    for name, data in papers.items():
        store.put(INBOX, f"{OFFICE}/{code}/{name}", data)
    if manifest:
        store.put(INBOX, f"{OFFICE}/{code}/dossier.json", json.dumps({"dossier": code} | manifest).encode())
    [found] = Inbox(store, quiet_s=0).look(prefix=f"{OFFICE}/{code}/").drops
    return found


def record_of(kept: Kept, refused: tuple[Refused, ...] = ()) -> Record:
    """The record that judging would make, without any reading."""
    dossier = kept.dossier
    manifest = dossier.manifest.model_dump(mode="json", exclude_defaults=True)
    procedure = dossier.manifest.procedure
    return Record(
        schema="sohoa/record/1",
        dossier=dossier.code,
        version=kept.version,
        procedure=ProcedureRef(id=procedure, version=None) if procedure else None,
        office=dossier.office,
        state="returned",
        components=(),
        refused=dossier.refused + refused,
        findings=(),
        verdicts={"correct": "PASS", "sufficient": "PASS", "clean": "PASS", "live": "PASS"},
        scores={},
        made_by={},
        times={"received": dossier.received_at, "made": NOW},
        drop=dossier.dropped,
        manifest=manifest,
    )


def taken(store: Store, code: str, folder: Path, papers: dict[str, bytes], /, **manifest: object) -> Kept:
    """Drop, keep, publish, clear: what the intake does with a dossier."""
    found = drop(store, code, papers, **manifest)
    folder.mkdir(exist_ok=True)
    kept = keep(store, Records(store), found, folder)
    if kept.unchanged is None:
        Records(store).publish(record_of(kept))
    clear(store, code, found, kept)
    return kept


def clear(store: Store, code: str, found: Drop, kept: Kept) -> None:
    let_go(store, Inbox(store, quiet_s=0), (OFFICE, code), found.everything, kept.taken)


def names(kept: Kept) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in kept.dossier.files}


def test_bytes_are_among_the_originals_before_the_inbox_is_cleared(
    store: Store, code: str, tmp_path: Path
) -> None:
    found = drop(store, code, {"Tờ khai.pdf": b"one", "ghi chú.docx": b"two"})
    kept = keep(store, Records(store), found, tmp_path)
    assert kept.version == 1
    for sha256 in [kept.dossier.files[0].sha256, kept.dossier.refused[0].sha256]:
        assert store.get(ORIGINALS, sha256) is not None
    assert len(list(store.list(INBOX, f"{OFFICE}/{code}/"))) == 2
    assert [note["code"] for note in refusals(store, OFFICE, code)] == ["extension-unknown"]


def test_the_same_drop_again_is_unchanged_and_cleared(store: Store, code: str, tmp_path: Path) -> None:
    files = {"a.pdf": b"a", "b.docx": b"b"}
    taken(store, code, tmp_path, files, procedure="1.001193")
    again = taken(store, code, tmp_path, files, procedure="1.001193")
    assert again.unchanged is not None
    assert not list(store.list(INBOX, f"{OFFICE}/{code}/"))


def test_a_later_paper_joins_those_that_are_there(store: Store, code: str, tmp_path: Path) -> None:
    taken(store, code, tmp_path, {"a.pdf": b"a"}, procedure="1.001193", facts={"delegated": True})
    later = taken(store, code, tmp_path / "later", {"b.pdf": b"b"})
    assert later.version == 2
    assert names(later) == {"a.pdf": b"a", "b.pdf": b"b"}
    assert later.dossier.manifest.procedure == "1.001193"  # said once, it stands
    assert later.dossier.manifest.facts == {"delegated": True}


def test_the_same_name_and_a_replaced_name_take_the_old_files_place(
    store: Store, code: str, tmp_path: Path
) -> None:
    taken(store, code, tmp_path, {"a.pdf": b"a", "b.pdf": b"b", "c.pdf": b"c"})
    later = taken(store, code, tmp_path / "later", {"a.pdf": b"new a", "d.pdf": b"d"}, replaces=["b.pdf"])
    assert names(later) == {"a.pdf": b"new a", "c.pdf": b"c", "d.pdf": b"d"}


def test_a_file_that_was_refused_does_not_come_back_with_the_next_version(
    store: Store, code: str, tmp_path: Path
) -> None:
    found = drop(store, code, {"good.pdf": b"good", "broken.pdf": b"broken"})
    kept = keep(store, Records(store), found, tmp_path)
    broken = next(file for file in kept.dossier.files if file.name == "broken.pdf")
    refused = Refused(file="broken.pdf", sha256=broken.sha256, reason="hỏng", code="truncated")
    Records(store).publish(record_of(kept, (refused,)))
    clear(store, code, found, kept)
    later = taken(store, code, tmp_path / "later", {"whole.pdf": b"whole"})
    assert names(later) == {"good.pdf": b"good", "whole.pdf": b"whole"}


def test_the_hash_said_of_a_file_is_not_said_of_the_one_that_takes_its_place(
    store: Store, code: str, tmp_path: Path
) -> None:
    listed = [{"name": "a.pdf", "sha256": hashlib.sha256(b"a").hexdigest(), "type": "birth-notice"}]
    taken(store, code, tmp_path, {"a.pdf": b"a"}, files=listed)
    later = taken(store, code, tmp_path / "later", {"a.pdf": b"scanned anew"})
    [said] = later.dossier.manifest.files
    assert (said.name, said.sha256, said.type) == ("a.pdf", None, "birth-notice")


@pytest.mark.parametrize(
    ("first", "corrected"),
    [
        ({"received_at": "2026-11-23T08:00:00+07:00"}, {"received_at": "2026-11-24T08:00:00+07:00"}),
        ({"files": [{"name": "a.pdf"}, {"name": "b.pfd"}]}, {"files": [{"name": "a.pdf"}]}),
        ({"procedure": 7}, {"submitted_by": None}),
        ({"facts": {"delegated": True}}, {"replaces": ["note.docx"]}),
    ],
    ids=["day of reception", "a name that never came", "unreadable manifest", "refused file replaced"],
)
def test_a_manifest_set_right_makes_the_next_version_once(
    store: Store, code: str, tmp_path: Path, first: dict[str, object], corrected: dict[str, object]
) -> None:
    papers = {"a.pdf": b"a"}
    taken(store, code, tmp_path, papers | {"note.docx": b"x"}, **first)
    assert taken(store, code, tmp_path / "2", papers, **corrected).version == 2
    assert taken(store, code, tmp_path / "3", papers, **corrected).unchanged is not None


def test_what_is_dropped_while_the_dossier_is_worked_on_stays(
    store: Store, code: str, tmp_path: Path
) -> None:
    found = drop(store, code, {"a.pdf": b"a"})
    kept = keep(store, Records(store), found, tmp_path)
    store.put(INBOX, f"{OFFICE}/{code}/a.pdf", b"a, scanned anew")
    clear(store, code, found, kept)
    [left] = Inbox(store, quiet_s=0).look(prefix=f"{OFFICE}/{code}/").drops
    assert len(left.everything) == 1
    again = keep(store, Records(store), left, tmp_path)
    assert names(again) == {"a.pdf": b"a, scanned anew"}


def test_a_file_overwritten_before_it_was_taken_is_noted_and_speaks_against_nobody(
    store: Store, code: str, tmp_path: Path
) -> None:
    store.put(INBOX, f"{OFFICE}/{code}/a.pdf", b"first try")
    kept = taken(store, code, tmp_path, {"a.pdf": b"second try"})
    assert names(kept) == {"a.pdf": b"second try"}
    assert kept.dossier.refused == ()
    assert [note["code"] for note in refusals(store, OFFICE, code)] == ["superseded"]


def test_a_stray_is_kept_noted_and_removed(store: Store, code: str, tmp_path: Path) -> None:
    key = f"{OFFICE}/{code}/sub/folder.pdf"
    store.put(INBOX, key, code.encode())
    [stray] = Inbox(store, quiet_s=0).look(prefix=f"{OFFICE}/{code}/").strays
    refused = turn_away(store, Inbox(store, quiet_s=0), stray, tmp_path)
    assert refused.code == "wrong-depth"
    assert store.get(ORIGINALS, refused.sha256) is not None
    assert any(refused.sha256[:16] in entry.key for entry in store.list(REFUSED, f"{OFFICE}/_/"))
    assert store.get(INBOX, key) is None
