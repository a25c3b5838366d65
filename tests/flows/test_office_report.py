from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from dossier.model import State
from dossier.period import parse_period
from dossier.record import Component, Record, Source
from dossier.register import RegisterRow
from dossier.settings import ReadingSettings
from flows.office_figures import figures
from flows.office_report import gather, keep_report
from flows.registers import take_register
from ocr.pool import ReadingPool
from storage.buckets import INBOX, RECEIPTS, REFUSED
from storage.inbox.listing import Inbox
from storage.index.index import Index
from storage.registers import register_rows
from storage.s3 import Store
from validators.grades import band

NOVEMBER = parse_period("2026-11")
TODAY = date(2026, 11, 30)


def listed(code: str, **changes: Any) -> RegisterRow:
    return RegisterRow.model_validate({"dossier": code, "received": date(2026, 11, 3)} | changes)


def recorded(code: str, state: str = "checked", **changes: Any) -> dict[str, Any]:
    row = {
        "code": code,
        "state": state,
        "received": "2026-11-03T02:00:00+00:00",
        "open_since": None,
        "submitted_by": "citizen",
        "papers": 3,
        "results": 0,
        "asked": 3,
        "reused": 0,
    }
    scores = {f"score_{word}": 0.8 for word in ("correct", "sufficient", "clean", "live", "total")}
    return row | scores | changes


def made(register: list[RegisterRow], records: list[dict[str, Any]], office: str = "H13.96.31") -> Any:
    return figures(office, NOVEMBER, {row.dossier: row for row in register}, records, TODAY)


def test_what_need_not_be_copied_leaves_both_sides_of_the_rate_and_is_listed_with_its_ground() -> None:
    found = made(
        [listed("A"), listed("B"), listed("C", channel="online"), listed("D", exempt="secret")],
        [recorded("A")],
    )
    assert (found.components.part, found.components.whole) == (1, 2)
    assert found.missing == ("B",)
    assert [(entry.dossier, entry.ground) for entry in found.excluded] == [("C", "online"), ("D", "secret")]


def test_results_are_counted_by_the_day_on_which_the_dossier_was_closed() -> None:
    october = date(2026, 10, 30)
    found = made(
        [
            listed("A", received=october, closed=date(2026, 11, 2)),
            listed("B", received=october, closed=date(2026, 11, 2)),
            listed("C", received=october, closed=date(2026, 12, 1)),
        ],
        [recorded("A", results=1), recorded("B")],
    )
    assert (found.results.part, found.results.whole) == (1, 2)
    assert found.results_missing == ("B",)
    assert found.received == 0


def test_a_dossier_with_nothing_but_its_result_has_no_digitised_components() -> None:
    assert made([listed("A")], [recorded("A", papers=1, results=1)]).missing == ("A",)
    assert made([listed("A")], [recorded("A", state="refused")]).missing == ("A",)


def test_without_a_register_there_is_no_rate_rather_than_a_good_one() -> None:
    found = made([], [recorded("A")])
    assert found.components.rate is None
    assert not found.registered
    assert found.unlisted == ("A",)


def test_the_rate_of_reuse_is_of_the_papers_that_were_asked_for_in_the_period() -> None:
    october = "2026-10-30T02:00:00+00:00"
    rows = [
        recorded("A", asked=3, reused=1),
        recorded("B", asked=1),
        recorded("C", received=october, reused=3),
    ]
    found = made([listed("A")], rows)
    assert (found.reused.part, found.reused.whole, found.reused.rate) == (1, 4, 0.25)
    assert made([], []).reused.rate is None


def test_defects_are_late_by_working_days() -> None:
    found = made(
        [listed("A")],
        [
            recorded(
                "A", "returned", open_since="2026-11-20T02:00:00+00:00"
            ),  # five working days: 24/11 is none
            recorded("B", "returned", open_since="2026-11-13T02:00:00+00:00"),
            recorded("C", "returned", open_since="2026-11-03T02:00:00+00:00"),
        ],
    )
    assert [(entry.dossier, entry.days) for entry in found.late] == [("C", 18), ("B", 10)]
    assert [found.late_beyond(days) for days in (5, 10, 15)] == [2, 1, 1]


def test_bands_are_those_of_the_circular_letter() -> None:
    assert [band(score) for score in (0.9, 0.899, 0.75, 0.749, None)] == [
        "green",
        "yellow",
        "yellow",
        "red",
        "none",
    ]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(ReadingSettings(processes=1)) as pool:
        yield pool


def take(store: Store, pool: ReadingPool, name: str, data: bytes, office: str) -> Any:
    """Drop a register and take it in, as the intake does."""
    inbox = Inbox(store, 60)
    store.put(INBOX, f"{office}/register/{name}", data)
    (drop,) = inbox.look(prefix=f"{office}/register/").drops
    assert drop.registers
    assert drop.ready
    lease: Any = SimpleNamespace(check=lambda: None)
    tools: Any = SimpleNamespace(store=store, inbox=inbox, pool=pool)
    kept = asyncio.run(take_register(tools, office, drop.objects[0], lease))
    assert inbox.look(prefix=f"{office}/register/").drops == ()
    return kept


def xlsx(rows: list[list[object]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


HEAD: list[object] = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày trả kết quả"]


def test_registers_of_both_kinds_are_taken_and_the_later_one_counts(store: Store, pool: ReadingPool) -> None:
    office = "H13.96.41"
    text = "\ufeffMã hồ sơ;Ngày tiếp nhận;Ngày trả kết quả\nA-1;02/11/2026;\nA-2;31/02/2026;\n"
    kept = take(store, pool, "sổ tháng 11.csv", text.encode(), office)
    assert (len(kept.rows), [problem.line for problem in kept.problems]) == (1, [3])
    time.sleep(1.1)  # the store tells times in whole seconds
    kept = take(
        store,
        pool,
        "so.xlsx",
        xlsx([["SỔ"], HEAD, ["A-1", datetime(2026, 11, 2), datetime(2026, 11, 9)]]),
        office,
    )
    assert kept.refused == ""
    assert register_rows(store, office)["A-1"].closed == date(2026, 11, 9)
    latest = store.get(RECEIPTS, f"{office}/register/latest.json")
    assert latest is not None
    listed = json.loads(latest.data)["receipts"]
    assert [(one["file"], one["state"]) for one in listed] == [
        ("so.xlsx", "taken"),
        ("sổ tháng 11.csv", "returned"),
    ]
    page = store.get(RECEIPTS, f"{listed[1]['receipt']}.html")
    assert page is not None
    assert "Dòng 3" in page.data.decode()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"no zip at all", "register-broken"),
        ("a.xlsx", b"", "register-broken"),
        ("a.csv", b"", "register-headings"),
        ("a.csv", "Mã hồ sơ,Ngày tiếp nhận".encode("cp1258", "replace") + b"\xff", "register-encoding"),
    ],
)
def test_a_register_that_cannot_be_read_is_refused_with_its_reason(
    store: Store, pool: ReadingPool, name: str, data: bytes, code: str
) -> None:
    office = f"H13.96.42.{abs(hash((name, data))) % 9999}"
    kept = take(store, pool, name, data, office)
    assert kept.refused
    assert register_rows(store, office) == {}
    notes = [store.get(REFUSED, entry.key) for entry in store.list(REFUSED, f"{office}/register/")]
    assert [f'"code": "{code}"' in note.data.decode() for note in notes if note] == [True]


def test_a_zip_bomb_is_refused_and_not_unpacked(store: Store, pool: ReadingPool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/big.xml", "w") as big:
        for _ in range(300):
            big.write(bytes(1 << 20))
    assert "quá lớn" in take(store, pool, "bom.xlsx", stream.getvalue(), "H13.96.43").refused


def record(office: str, code: str, state: State) -> Record:
    """A record of a form and a result."""
    source = Source(file="a.pdf", sha256="a" * 64, pages=(1,))
    return Record(
        schema="sohoa/record/1",
        dossier=code,
        version=1,
        procedure=None,
        office=office,
        state=state,
        components=(
            Component(id="c1", type="birth-registration-form", type_confidence=1, sources=(source,)),
            Component(id="c2", type="birth-certificate", type_confidence=1, role="result", sources=(source,)),
        ),
        refused=(),
        findings=(),
        verdicts={},
        scores={"correct": 0.95, "sufficient": 1.0, "clean": 0.8, "live": None, "total": 0.9},
        made_by={},
        times=dict.fromkeys(("received", "made"), datetime(2026, 11, 5, 3, tzinfo=UTC)),
        drop=(),
    )


def test_a_report_is_kept_as_a_page_a_sheet_and_json(store: Store, tmp_path: Path) -> None:
    office = "H13.96.44"
    with closing(Index(f"sqlite:///{tmp_path / 'index.sqlite'}", b"k" * 32)) as index:
        index.upsert(record(office, "A-1", "checked"))
        index.upsert(record(office, "A-2", "returned"))
        report = gather(store, index, office, NOVEMBER)
    assert report.figures.unlisted == ("A-1", "A-2")
    assert report.figures.states == {"checked": 1, "returned": 1}
    assert (report.figures.reused.part, report.figures.reused.whole) == (0, 0), (
        "no procedure asks for a paper"
    )
    assert "Thành phần dùng lại" in report.html.decode()
    stem = keep_report(store, report)
    sheet = load_workbook(io.BytesIO(report.xlsx))
    assert sheet.sheetnames[0] == "Tổng hợp"
    assert [row[0].value for row in sheet["Ngoài sổ"].iter_rows()] == ["Mã hồ sơ", "A-1", "A-2"]
    for ending in ("html", "xlsx", "json"):
        assert store.get(RECEIPTS, f"{stem}.{ending}") is not None
    assert "<script" not in report.html.decode()
