"""What an intake returned, two people settle; what is dropped later keeps their word. Real stack, real readings."""

from __future__ import annotations

from contextlib import closing

import pytest
from running_stack import OFFICE, RunningStack, demo_dossier

from dossier.record import Record
from flows.correcting import OpenPoint, Request, decide, open_points
from flows.shelves import Shelves
from storage.buckets import RECEIPTS, WORK
from storage.index.index import open_index
from validators.sources import Sources

pytestmark = pytest.mark.e2e


def test_a_returned_dossier_becomes_checked_by_two_people_without_reading_a_page(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("returned", "same-file-twice")
    stack.drop(code, files)
    record = stack.record(code)
    assert record.state == "returned"
    read = [entry.version_id or entry.etag for entry in stack.store.list(WORK, "pages/")]

    with closing(open_index(stack.settings)) as index:
        shelves = Shelves(stack.settings, stack.store, stack.records, index, Sources())
        for by in ("Lê Thị Hoa", "Phạm Văn An"):
            asked = [request for point in open_points(record) for request in _settled(point, by)]
            record = decide(shelves, OFFICE, code, record.version, asked)
        assert index.by_state(OFFICE)["checked"] >= 1
    assert (record.version, record.state) == (3, "checked")
    assert [entry.version_id or entry.etag for entry in stack.store.list(WORK, "pages/")] == read
    page = stack.store.get(RECEIPTS, f"{OFFICE}/{code}/receipt.html")
    assert page is not None
    assert "Phạm Văn An" in page.data.decode()

    late = {"Giấy nộp thêm.jpg": _another_paper()}
    stack.drop(code, late)
    after = stack.record(code, version=4)
    assert len(after.drop) == len(record.drop) + 1
    assert _said(after) == _said(record)


def _settled(point: OpenPoint, by: str) -> list[Request]:
    place = {"component": point.component, "by": by, "reason": "đã so với bản giấy"}
    if point.field:
        return [Request(kind="confirm", field=point.field, **place)]
    return [Request(kind="waive", rule=said.rule, **place) for said in point.said]


def _said(record: Record) -> list[tuple[str, str | None, str | None, str]]:
    """Who said what, but for the ids of papers, which may be numbered anew."""
    return [(one.kind, one.field or one.rule, one.value, one.by) for one in record.decisions]


def _another_paper() -> bytes:
    _, files, _ = demo_dossier("returned", "expired-card")
    return next(data for name, data in files.items() if name.endswith("1.jpg"))
