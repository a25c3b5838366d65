"""The night over held dossiers: what came since is held, or named where the keys may not hold it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from dossier.record import DroppedFile, ProcedureRef, Record
from flows.fixing import holds_line, keep_holds, loose_rows
from storage import originals
from storage.buckets import ORIGINALS
from storage.holds import HoldTools, hold
from storage.records import Records
from storage.rights import CUSTODIAN
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

OFFICE, BY = "H13.96.31", "0123456789abcdef"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def custodian(embedded_store: EmbeddedStore) -> Store:
    return Store(embedded_store.settings_for(CUSTODIAN))


def published(store: Store, code: str, version: int, papers: tuple[str, ...]) -> list[str]:
    """A version of a dossier of these papers; the hashes of their originals."""
    hashes = [originals.keep(store, f"{code} {paper}".encode()) for paper in papers]
    record = Record(
        schema="sohoa/record/1",
        dossier=code,
        version=version,
        procedure=ProcedureRef(id="1.001193", version=None),
        office=OFFICE,
        state="returned",
        components=(),
        refused=(),
        findings=(),
        verdicts={"correct": "PASS", "sufficient": "PASS", "clean": "PASS", "live": "PASS"},
        scores={},
        made_by={},
        times={"received": NOW, "made": NOW},
        drop=tuple(
            DroppedFile(name=paper, sha256=sha256) for paper, sha256 in zip(papers, hashes, strict=True)
        ),
        manifest={},
    )
    Records(store).publish(record)
    return hashes


def test_scans_of_a_next_version_are_held_by_night_or_named(
    store: Store, admin_store: Store, custodian: Store
) -> None:
    code = f"H13.96.31-261124-{uuid.uuid4().hex[:8]}"
    published(store, code, 1, ("a.pdf",))
    tools = HoldTools(store, custodian)
    hold(tools, OFFICE, code, True, "tòa án", BY)
    try:
        _, fresh = published(store, code, 2, ("a.pdf", "b.pdf"))
        powerless = keep_holds(store, store)
        mine = [one for one in powerless.loose if one.dossier == code]
        assert [(one.sha256, one.code) for one in mine] == [(fresh, "store-forbidden")]
        assert "custodian" in loose_rows(powerless)[0]["advice"]

        kept = keep_holds(store, custodian)
        assert (kept.added, kept.loose) == (1, ())
        assert "1 originals newly held, 0 that no hold keeps" in holds_line(kept)
        assert admin_store.client.is_object_legal_hold_enabled(ORIGINALS, fresh)
        assert keep_holds(store, custodian).added == 0
        assert keep_holds(store, store).loose == ()
    finally:
        hold(tools, OFFICE, code, False, "xong", BY)
