"""Originals, the cache of readings, refusals: what goes in comes out, and what was damaged is noticed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.errors import ConfigurationError, Conflict, StoreError, StoreForbidden
from dossier.reading import PageReading, Quality, Word
from dossier.record import Record
from dossier.settings import StoreSettings
from storage.buckets import ORIGINALS, RECORDS, WORK
from storage.originals import fetch, keep
from storage.refused import note_refusal, refusals
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore
from storage.work import Work


def test_an_original_is_kept_once_under_its_hash(store: Store, tmp_path: Path) -> None:
    data = os.urandom(3000)
    path = tmp_path / "scan.pdf"
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    assert keep(store, path) == keep(store, data) == sha256
    assert len(list(store.list(ORIGINALS, sha256, versions=True))) == 1
    fetch(store, sha256, tmp_path / "back.pdf")
    assert (tmp_path / "back.pdf").read_bytes() == data


def test_an_empty_original_and_one_of_several_parts_are_kept(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("s3", "originals"):
        monkeypatch.setattr(f"storage.{module}.PART_SIZE", 5 * 2**20)
    for data in (b"", os.urandom(2**20) * 11):
        sha256 = keep(store, data)
        assert keep(store, data) == sha256
        assert len(list(store.list(ORIGINALS, sha256, versions=True))) == 1
        fetch(store, sha256, tmp_path / sha256)
        assert hashlib.sha256((tmp_path / sha256).read_bytes()).hexdigest() == sha256


def test_a_damaged_original_is_noticed_and_mended_by_its_bytes(store: Store, tmp_path: Path) -> None:
    data = os.urandom(500)
    sha256 = keep(store, data)
    store.put(ORIGINALS, sha256, data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(StoreError, match="damaged"):
        fetch(store, sha256, tmp_path / "back")
    assert list(tmp_path.iterdir()) == []
    keep(store, data)
    fetch(store, sha256, tmp_path / "back")


def test_an_original_that_is_not_there_is_an_error(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        fetch(store, "0" * 64, tmp_path / "back")


def reading(sha256: str) -> PageReading:
    quality = Quality(
        page=1, dpi=200, skew=0.3, sharpness=900, contrast=0.8, ink=0.1, coloured_ink=0.01, black_border=0,
        colour=True, blank=False,
    )  # fmt: skip
    word = Word(text="Tờ", box=(1, 2, 3, 4), confidence=0.9, line=1)
    return PageReading(
        sha256=sha256, page=1, width=1654, height=2338, dpi=200, rotation=0, words=(word,), quality=quality
    )


def test_a_page_is_read_once_for_each_version_of_the_reading(store: Store, code: str) -> None:
    sha256 = hashlib.sha256(code.encode()).hexdigest()
    work = Work(store, "tesserocr 2.13/vie 1")
    assert work.page(sha256, 1) is None
    work.keep_page(reading(sha256), b"jpeg")
    assert work.page(sha256, 1) == (reading(sha256), b"jpeg")
    assert work.page(sha256, 2) is None
    assert Work(store, "tesserocr 2.14/vie 1").page(sha256, 1) is None


def test_a_reading_of_another_model_is_read_again(store: Store, code: str) -> None:
    sha256 = hashlib.sha256(code.encode()).hexdigest()
    work = Work(store, "1")
    work.keep_page(reading(sha256), b"jpeg")
    (key,) = [e.key for e in store.list(WORK, f"pages/{sha256}/") if e.key.endswith(".json")]
    store.put(WORK, key, b'{"unknown": 1}')
    assert work.page(sha256, 1) is None


def test_a_component_keeps_its_text(store: Store, record: Record, code: str) -> None:
    work = Work(store, "1")
    assert work.component(code) is None
    work.keep_component(code, record.components[0])
    found = work.component(code)
    assert found == record.components[0]
    assert found is not None
    assert found.text == "Tờ khai đăng ký khai sinh"


def test_a_refusal_is_noted_once_with_its_reason(store: Store, record: Record) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for _ in range(2):
        place = note_refusal(
            store, record.office, record.dossier, record.refused[0], key="H13.96.31/x/hỏng.pdf", dropped_at=at
        )
    assert "hỏng" not in place
    (note,) = refusals(store, record.office, record.dossier)
    assert (note["file"], note["code"], note["key"]) == ("hỏng.pdf", "file-truncated", "H13.96.31/x/hỏng.pdf")


SEGMENT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    lambda text: not {"/", "\\"} & set(text) and text not in (".", "..")
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=SEGMENT, meta=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_any_name_and_any_metadata_come_back_as_they_went(store: Store, name: str, meta: str) -> None:
    for form in {normalize("NFC", name), normalize("NFD", name)}:
        store.put(WORK, f"names/{form}", form.encode(), metadata={"name": meta})
        found = store.get(WORK, f"names/{form}")
        assert found is not None
        assert found.data == form.encode()
        assert found.metadata["name"] == meta
        assert f"names/{form}" in [entry.key for entry in store.list(WORK, "names/")]
        store.delete(WORK, f"names/{form}")


def test_a_name_of_120_vietnamese_letters_in_nfd_is_kept(store: Store) -> None:
    name = normalize("NFD", "ế" * 120) + ".pdf"  # 604 bytes
    store.put(WORK, f"names/{name}", b"x")
    assert [entry.key for entry in store.list(WORK, "names/")] == [f"names/{name}"]
    store.delete(WORK, f"names/{name}")


def test_more_than_one_page_of_a_listing_is_seen_whole(store: Store, code: str) -> None:
    names = [f"{code}/Trang {number % 600}, tờ khai.png" for number in range(1010)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: store.put(RECORDS, name, b"x"), names))
    versions = [(entry.key, entry.version_id) for entry in store.list(RECORDS, f"{code}/", versions=True)]
    assert len(versions) == len(set(versions)) == len(names)
    assert {entry.key for entry in store.list(RECORDS, f"{code}/")} == set(names)


@pytest.mark.parametrize("key", ["", "names/", "a\\b.pdf", "a/../b", "."])
def test_a_key_that_the_server_would_bend_is_refused(store: Store, key: str) -> None:
    for act in (store.put, store.put_if_absent):
        with pytest.raises(StoreForbidden):
            act(WORK, key, b"x")


def test_conditional_puts_have_one_winner(store: Store, code: str) -> None:
    etag = store.put_if_absent(RECORDS, code, b"1")
    with pytest.raises(Conflict):
        store.put_if_absent(RECORDS, code, b"2")
    store.put_if_match(RECORDS, code, b"3", etag)
    with pytest.raises(Conflict):
        store.put_if_match(RECORDS, code, b"4", etag)
    assert store.put_once(RECORDS, code, b"3") is False
    with pytest.raises(Conflict):
        store.put_once(RECORDS, code, b"5")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"endpoint": "127.0.0.1:1"}, StoreError),
        ({"prefix": "none-"}, ConfigurationError),
    ],
)
def test_a_store_that_is_away_or_bare_is_told_by_type(
    embedded_store: EmbeddedStore, changes: dict[str, str], error: type[Exception]
) -> None:
    settings: StoreSettings = embedded_store.settings_for("admin").model_copy(update=changes)
    client = Store(settings)
    acts: list[Callable[[], object]] = [
        lambda: list(client.list(WORK)),
        lambda: client.put_if_absent(WORK, "x", b"x"),
    ]
    for act in acts:
        with pytest.raises(error):
            act()
