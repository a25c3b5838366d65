"""Every query of docs/questions.md against PostgreSQL, MariaDB, SQLite, and DuckDB over the Delta tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pytest
from delta_reader import connect
from downstream import BIRTH, CARD, LAND, MADE, checked, new_office, opened, paper, put, sha, sha_of, target
from sqlalchemy import bindparam, text

from dossier.catalogue.documents import document_types
from dossier.decisions import Decision
from dossier.record import Finding, ProcedureRef, Record
from dossier.settings import Settings, StoreSettings
from dossier.targets import DeltaTarget
from dossier.waiving import basis_of
from storage.analyst import analyst
from storage.buckets import ensure_buckets
from storage.feed import Feed
from storage.publication.delta import DeltaLake, address
from storage.publication.publishing import Publisher
from storage.publication.sql_connection import Database
from storage.publication.sql_types import Moment
from storage.s3 import Store
from storage.seaweed.files import ADMIN
from storage.seaweed.store import EmbeddedStore

DOCS = Path(__file__).parents[2] / "docs"
OFFICE = new_office()
Rows = list[dict[str, Any]]


def questions() -> dict[str, str]:
    """The SQL under each heading."""
    parts = re.split(r"^## (.+)$", (DOCS / "questions.md").read_text(encoding="utf-8"), flags=re.M)[1:]
    blocks = {title: re.findall(r"^```sql\n(.*?)^```", body, re.M | re.S) for title, body in _pairs(parts)}
    return {title: block for title, found in blocks.items() for block in found}


def _pairs(parts: list[str]) -> Iterator[tuple[str, str]]:
    return zip(parts[::2], parts[1::2], strict=True)


def history() -> list[Record]:
    """a lives, with a waived warning; b was superseded; c withdrawn, and live as another paper; e withdrawn."""
    a, b, c, d, e = (f"{OFFICE}-{letter}" for letter in "abcde")
    withdrawn = Finding(
        rule="L01",
        word="live",
        verdict="FAIL",
        severity="BLOCK",
        reason="Đã bị thu hồi",
        source="Luật Hộ tịch",
    )
    return [
        with_waiver(checked(OFFICE, a)),
        checked(OFFICE, b, procedure=ProcedureRef(id="1.001193", version=None)),
        checked(OFFICE, c),
        checked(OFFICE, b, 2, procedure=ProcedureRef(id="1.001193", version=None)),
        checked(OFFICE, d, state="returned"),
        checked(OFFICE, c, 2, state="returned", findings=(withdrawn,)),
        checked(OFFICE, c, 3, components=(paper("c1", "land-certificate", dict(LAND)),)),
        checked(OFFICE, e, components=(paper("c1", "land-certificate", dict(LAND)),)),
        checked(OFFICE, e, 2, state="returned", findings=(withdrawn,)),
    ]


def with_waiver(record: Record) -> Record:
    finding = Finding(
        rule="S05",
        word="clean",
        verdict="FAIL",
        severity="WARN",
        component="c1",
        page=1,
        reason="Trang 1 nghiêng",
        source="TT 05/2025",
    )
    basis = basis_of(finding, record.components, record.drop, document_types())
    decision = Decision(
        kind="waive",
        component="c1",
        rule="S05",
        basis=(basis,),
        by="Phạm Thị Dâu",
        reason="Đọc được",
        at=MADE,
    )
    return record.model_copy(update={"findings": (finding,), "decisions": (decision,)})


A, B, C, E = (f"{OFFICE}-{letter}" for letter in "abce")
REASON = "version 2 returned: L01: Đã bị thu hồi"
SCAN = sha("c1")
LIVES = [(A, 1), (B, 2), (C, 3)]

# By question: its parameters, and the rows that answer it, as far as they are told here.
ANSWERS: dict[str, tuple[dict[str, Any], Rows]] = {
    "All live birth certificates of an office": (
        {},
        [
            {"dossier": A, "version": 1, "full_name": BIRTH["full_name"], "father_name": None},
            {"dossier": B, "version": 2, "number": BIRTH["number"], "mother_name": BIRTH["mother_name"]},
        ],
    ),
    "What changed since yesterday": (
        {"since": MADE + timedelta(hours=1, minutes=30)},
        [
            {"dossier": B, "version": 1, "standing": "superseded", "reason": "version 2"},
            {"dossier": C, "version": 1, "standing": "withdrawn", "reason": REASON},
            {"dossier": E, "version": 1, "standing": "withdrawn", "reason": REASON},
            {"dossier": B, "version": 2, "standing": "live", "reason": None},
            {"dossier": C, "version": 3, "standing": "live", "reason": None},
        ],
    ),
    "Where does this value come from": (
        {"dossier": B, "type": "birth-certificate", "field": "full_name"},
        [
            {"version": 2, "component": "c1", "value": BIRTH["full_name"], "file_sha256": SCAN, "page": 1}
            | {"x0": 200.5, "y0": 260.0, "x1": 900.0, "y1": 300.0, "dpi": 300.0, "read_value": None}
            | {"witnesses": f'[{{"by":"tesseract","value":"{BIRTH["full_name"]}"}}]'},
        ],
    ),
    "What was withdrawn, and why": (
        {},
        [{"dossier": C, "version": 1, "reason": REASON}, {"dossier": E, "version": 1, "reason": REASON}],
    ),
    "Which papers were withdrawn and are not live again": (
        {},
        [{"dossier": E, "version": 1, "component": "c1", "type": "land-certificate", "reason": REASON}],
    ),
    "What took the place of a version": (
        {"dossier": C},
        [
            {"version": 1, "standing": "withdrawn", "newer_version": 3, "newer_state": "checked"},
            {"version": 3, "standing": "live", "newer_version": None},
        ],
    ),
    "How a dossier stood on a day": (
        {"dossier": B, "day": MADE + timedelta(hours=1, minutes=30)},
        [{"version": 1, "state": "checked", "standing": "superseded", "score_total": 0.98}],
    ),
    "In which papers a person's number stands": (
        {"personal_id": CARD["personal_id"]},
        [
            {"dossier": dossier, "version": version, "type": "citizen-id-card", "field": "personal_id"}
            for dossier, version in LIVES[:2]
        ],
    ),
    "Values that are least sure": (
        {},
        [{"dossier": A, "component": "c1", "confidence": 0.99}] * 7
        + [{"dossier": A, "component": "c2"}] * 4
        + [{"dossier": B, "component": "c1"}] * 7
        + [{"dossier": B, "component": "c2"}] * 2,
    ),
    "Which warnings stand on live records, and who accepted them": (
        {},
        [{"dossier": A, "rule": "S05", "word": "clean", "page": 1, "waived_by": "Phạm Thị Dâu"}],
    ),
    "Whether a row is still what the record says": (
        {"dossier": B},
        [
            {"version": 1, "record_sha256": sha_of(history()[1]), "feed_seq": 2, "standing": "superseded"},
            {"version": 2, "record_sha256": sha_of(history()[3]), "feed_seq": 4, "standing": "live"},
        ],
    ),
    "How many dossiers of each procedure were digitised in a month": (
        {"month": datetime(2026, 11, 1, tzinfo=UTC), "next_month": datetime(2026, 12, 1, tzinfo=UTC)},
        [
            {"procedure": None, "dossiers": 2, "mean_score": 0.98},
            {"procedure": "1.001193", "dossiers": 1, "mean_score": 0.98},
        ],
    ),
}


class Reader(Protocol):
    def ask(self, sql: str, parameters: dict[str, Any]) -> Rows: ...


@dataclass
class SqlReader:
    url: str
    prefix: str

    def ask(self, sql: str, parameters: dict[str, Any]) -> Rows:
        database = Database("look", self.url)
        types = {name: Moment() for name, value in parameters.items() if isinstance(value, datetime)}
        asked = text(sql.replace("sohoa_", self.prefix))
        asked = asked.bindparams(*(bindparam(name, type_=type_) for name, type_ in types.items()))
        try:
            return database.run(lambda c: [dict(row._mapping) for row in c.execute(asked, parameters)])
        finally:
            database.close()


@dataclass
class DuckReader:
    database: duckdb.DuckDBPyConnection

    def ask(self, sql: str, parameters: dict[str, Any]) -> Rows:
        found = self.database.execute(re.sub(r":(\w+)", r"$\1", sql), parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def lake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    data = tmp_path_factory.mktemp("questions")
    settings = Settings(data=data, targets={"lake": DeltaTarget(kind="delta")})
    server = EmbeddedStore(data / "store", settings)
    server.start()
    try:
        store = Store(server.settings_for())
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        put(store, history())
        Publisher(store, Feed(store), DeltaLake("lake", settings.targets["lake"], store)).publish()  # type: ignore[arg-type]
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def lake_reader(lake_server: EmbeddedStore) -> StoreSettings:
    return lake_server.settings_for(analyst("lake"))


@pytest.fixture(scope="module", params=["postgresql", "mariadb", "sqlite", "duckdb"])
def reader(
    request: pytest.FixtureRequest, lake_server: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Reader:
    store = Store(lake_server.settings_for())
    if request.param == "duckdb":
        database = connect(request.getfixturevalue("lake_reader"))
        (views,) = database.execute(
            "SELECT content FROM read_text(?)", [f"{address(store, 'lake')}/views.sql"]
        ).fetchone()  # type: ignore[misc]
        database.execute(views)
        return DuckReader(database)
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('down') / 'down.sqlite'}"
    else:
        server = request.getfixturevalue({"postgresql": "postgres", "mariadb": "maria"}[request.param])
        url = server.url
    settings = target(url, OFFICE)
    to = opened(settings)
    Publisher(store, Feed(store), to).publish()
    to.close()
    return SqlReader(url, settings.prefix)


def test_each_question_of_the_page_has_an_answer_here() -> None:
    assert list(questions()) == list(ANSWERS)


@pytest.mark.parametrize("question", ANSWERS)
def test_the_query_of_the_page_answers_the_question(reader: Reader, question: str) -> None:
    parameters, expected = ANSWERS[question]
    found = reader.ask(questions()[question], {"office": OFFICE} | parameters)
    told = [{name: row[name] for name in wanted} for row, wanted in zip(found, expected, strict=True)]
    if question.startswith("How many"):
        told.sort(key=lambda row: row["procedure"] or "")  # databases differ in where NULL comes
    assert told == expected


def test_the_example_runs_with_the_keys_of_the_reader(lake_reader: StoreSettings) -> None:
    assert lake_reader.secret_key is not None
    keys = {"SOHOA_KEY": lake_reader.access_key, "SOHOA_SECRET": lake_reader.secret_key.get_secret_value()}
    environment = os.environ | {"SOHOA_S3": lake_reader.endpoint} | keys
    command = [sys.executable, DOCS / "examples" / "duckdb_over_delta.py", "s3://analytics/lake", OFFICE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # type: ignore[arg-type]
    assert [line.split("\t")[:4] for line in done.stdout.splitlines()] == [
        [A, "1", BIRTH["number"], BIRTH["full_name"]],
        [B, "2", BIRTH["number"], BIRTH["full_name"]],
    ]
