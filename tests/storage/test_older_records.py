"""Records as earlier programs wrote them: read by today's, their bytes and hash untouched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dossier.errors import StoreError, TerminalError
from dossier.migrations import RECORD_MIGRATIONS
from storage import records
from storage.buckets import RECORDS
from storage.records import Records, record_key
from storage.s3 import Store
from storage.schema import record_schema

OLDER = sorted((Path(__file__).parent / "older_records").glob("*.json"))
OFFICE = "H13.96.31"


def _as_written(path: Path, code: str) -> bytes:
    text = path.read_text(encoding="utf-8")
    return text.replace(json.loads(text)["dossier"], code).encode()


@pytest.mark.parametrize("path", OLDER, ids=lambda path: path.stem)
def test_an_older_record_is_read_published_and_keeps_its_bytes(store: Store, code: str, path: Path) -> None:
    raw = _as_written(path, code)
    store.put(RECORDS, record_key(OFFICE, code, 1), raw, "application/json")
    found = Records(store).version(OFFICE, code, 1)
    assert found is not None
    assert (found.dossier, found.components[0].value("full_name")) == (code, "Trần Thị Bưởi")

    Records(store).finish(OFFICE, code, 1)
    held = store.get(RECORDS, record_key(OFFICE, code, 1))
    pointer = store.get(RECORDS, f"{OFFICE}/{code}/{records.POINTER}")
    assert held is not None
    assert pointer is not None
    assert held.data == raw
    assert json.loads(pointer.data)["sha256"] == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("path", OLDER, ids=lambda path: path.stem)
def test_an_older_record_brought_up_to_date_is_one_of_todays(store: Store, code: str, path: Path) -> None:
    store.put(RECORDS, record_key(OFFICE, code, 1), _as_written(path, code), "application/json")
    found = Records(store).version(OFFICE, code, 1)
    assert found is not None
    Draft202012Validator(record_schema()).validate(json.loads(found.to_json()))


def test_a_record_of_a_newer_program_is_no_damage_and_no_guess(store: Store, code: str) -> None:
    said = json.loads(_as_written(OLDER[0], code)) | {
        "schema": f"sohoa/record/{RECORD_MIGRATIONS.newest + 1}"
    }
    store.put(RECORDS, record_key(OFFICE, code, 1), json.dumps(said).encode())
    with pytest.raises(TerminalError) as caught:
        Records(store).version(OFFICE, code, 1)
    assert caught.value.code == "record-newer"


@pytest.mark.parametrize("raw", [b"[]", b"{", b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_damaged(store: Store, code: str, raw: bytes) -> None:
    store.put(RECORDS, record_key(OFFICE, code, 1), raw)
    with pytest.raises(StoreError) as caught:
        Records(store).version(OFFICE, code, 1)
    assert caught.value.code == "record-damaged"


def test_the_schema_is_published_with_its_version() -> None:
    assert record_schema()["$id"] == f"urn:sohoa:record:{RECORD_MIGRATIONS.newest}"
