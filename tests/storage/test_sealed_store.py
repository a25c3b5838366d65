"""Sealed copies in the real store: written once, read back by what the record says, a change in them found."""

from __future__ import annotations

import hashlib

import pytest

from dossier.errors import StoreError, StoreForbidden
from dossier.record import Record
from storage.buckets import SEALED
from storage.proof import prove
from storage.records import Records
from storage.s3 import Store
from storage.sealed import keep_sealed, sealed_copy, sealed_key

OFFICE = "H13.96.31"
COPY = b"%PDF-1.7 of a paper"


def test_a_copy_is_kept_once_and_read_back(store: Store, code: str) -> None:
    first = keep_sealed(store, OFFICE, code, "c1", COPY, 2)
    assert keep_sealed(store, OFFICE, code, "c1", COPY, 2) == first
    assert (first.sha256, first.bytes, first.pages) == (hashlib.sha256(COPY).hexdigest(), len(COPY), 2)
    assert first.key == f"{OFFICE}/{code}/c1-{first.sha256[:16]}.pdf"
    assert sealed_copy(store, first) == COPY
    assert len(list(store.list(SEALED, f"{OFFICE}/{code}/", versions=True))) == 1


def test_another_copy_of_the_same_paper_lies_beside_the_first(store: Store, code: str) -> None:
    first = keep_sealed(store, OFFICE, code, "c1", COPY, 1)
    second = keep_sealed(store, OFFICE, code, "c1", COPY + b" signed", 1)
    assert first.key != second.key
    assert sealed_copy(store, first) == COPY


def test_a_changed_and_a_missing_copy_are_told(store: Store, admin_store: Store, code: str) -> None:
    kept = keep_sealed(store, OFFICE, code, "c1", COPY, 1)
    admin_store.put(SEALED, kept.key, COPY.replace(b"a", b"e"))
    with pytest.raises(StoreError, match="sealed-damaged"):
        sealed_copy(store, kept)
    with pytest.raises(StoreError, match="sealed-missing"):
        sealed_copy(store, kept.model_copy(update={"key": f"{OFFICE}/{code}/none.pdf"}))


def test_the_pipeline_deletes_no_copy(store: Store, code: str) -> None:
    kept = keep_sealed(store, OFFICE, code, "c1", COPY, 1)
    with pytest.raises(StoreForbidden):
        store.delete(SEALED, kept.key)
    assert sealed_copy(store, kept) == COPY


def test_one_changed_byte_of_a_copy_is_found_by_the_proof_of_the_dossier(
    store: Store, admin_store: Store, record: Record
) -> None:
    first, *rest = record.components
    kept = keep_sealed(store, record.office, record.dossier, first.id, COPY, 2)
    sealed = record.model_copy(update={"components": (first.model_copy(update={"sealed": kept}), *rest)})
    Records(store).publish(sealed)

    def doubts() -> set[tuple[str, str]]:
        proof = prove(store, record.office, record.dossier)
        assert proof.looked["sealed"] == 1
        return {(doubt.kind, doubt.what) for doubt in proof.doubts if doubt.kind == "sealed"}

    assert doubts() == set()
    admin_store.put(SEALED, kept.key, COPY.replace(b"a", b"e"))
    assert ("sealed", "altered") in doubts()


def test_a_key_tells_nothing_but_code_paper_and_hash() -> None:
    assert sealed_key(None, "X1", "họ tên/1", "a" * 64) == "_/X1/h__t_n_1-aaaaaaaaaaaaaaaa.pdf"
