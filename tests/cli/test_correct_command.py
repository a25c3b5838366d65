"""`sohoa correct` as its user meets it: on a store, without Prefect, in a process of its own."""

from __future__ import annotations

import itertools
import json
import os
import pty
import select
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paper_builder import CHILD_ID, MOTTO, card, certificate, change_field, component, form, notice, witnesses

from dossier.decisions import ReusedFrom
from dossier.drop import Manifest
from dossier.record import Component
from dossier.settings import Settings, StoreSettings
from flows import keeping
from flows.dossier_input import DossierInput, InputFile
from flows.pipeline import DossierReading, judge
from flows.stack.environment import settings_env
from storage.records import Records
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

OFFICE = "H13.96.31"
NUMBERS = itertools.count(1)
PATIENCE_S = 60
BY, WHY = ("--by", "Lê Thị Hoa"), ("--reason", "đã so với bản giấy")


@pytest.fixture
def env(embedded_store: EmbeddedStore, tmp_path: Path) -> dict[str, str]:
    """The store as an outside one, an index of its own."""
    keys: StoreSettings = embedded_store.settings_for()
    own = Settings(data=tmp_path, offices=(OFFICE,), store=keys)
    secret = keys.secret_key.get_secret_value() if keys.secret_key else ""
    return os.environ | settings_env(own) | {"SOHOA_STORE__SECRET_KEY": secret, "COLUMNS": "200"}


@pytest.fixture
def code(store: Store) -> str:
    """A dossier without procedure: a birth notice of an unsure name, a certificate of one reader's number."""
    name = f"H13.96.31-261124-{next(NUMBERS):04}"
    components = (
        change_field(notice(), "full_name", "Lê Minh Khỏi", confidence=0.4).model_copy(update={"id": "c1"}),
        change_field(certificate(), "personal_id", witnesses=witnesses(CHILD_ID, "tesseract")).model_copy(
            update={"id": "c2"}
        ),
    )
    files = tuple(InputFile(s.file, s.sha256, Path(s.file)) for c in components for s in c.sources)
    manifest = Manifest(dossier=name, office=OFFICE, received_at="2026-11-24T08:00:00+07:00")
    assert manifest.received_at is not None
    dossier = DossierInput(name, OFFICE, manifest, files, manifest.received_at, procedure_required=True)
    reading = DossierReading(components, ())
    record = judge(dossier, reading, engines={}, started_at=manifest.received_at)
    keeping.publish(Records(store), record, reading)
    return name


OTHER_CHILD = "092226008811"


@pytest.fixture
def birth(store: Store) -> str:
    """A checked birth dossier, whose result c4 is the certificate of a child that no other test knows."""
    own = change_field(
        change_field(certificate(), "personal_id", OTHER_CHILD), "number", f"{next(NUMBERS)}/2026"
    )
    return kept(store, f"{OFFICE}-261120-9{next(NUMBERS):03}", (form(), notice(), card(), own), "1.001193")


@pytest.fixture
def move(store: Store) -> str:
    """The same child moves in with kin: the paper of their kinship is lacking."""
    text = MOTTO + "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ Mẫu CT01 ban hành kèm theo Thông tư số 53/2025/TT-BCA"
    values = {
        "addressed_to": "Công an xã Vị Thủy",
        "full_name": "Lê Minh Khôi",
        "date_of_birth": "2026-10-28",
        "sex": "Nam",
        "personal_id": OTHER_CHILD,
        "head_of_household": "Trần Thị Ngọc Lan",
        "relationship": "Con",
        "request": "Đăng ký thường trú",
        "declaration_date": "2026-11-24",
    }
    facts = {"kin-housing": True, "parental-consent": True}
    paper = component("ct01", "residence-form", values, text)
    return kept(store, f"{OFFICE}-261124-9{next(NUMBERS):03}", (paper,), "1.004222", facts)


def kept(
    store: Store,
    code: str,
    papers: tuple[Component, ...],
    procedure: str,
    facts: dict[str, bool] | None = None,
) -> str:
    """Judged and published as an intake does; its code."""
    read = tuple(one.model_copy(update={"id": f"c{n}"}) for n, one in enumerate(papers, 1))
    files = tuple(InputFile(s.file, s.sha256, Path(s.file)) for c in read for s in c.sources)
    day = datetime.strptime(code.split("-")[1], "%y%m%d").replace(hour=2, tzinfo=UTC)
    manifest = Manifest(dossier=code, office=OFFICE, procedure=procedure, received_at=day, facts=facts or {})
    dossier = DossierInput(code, OFFICE, manifest, files, day, procedure_required=True)
    reading = DossierReading(read, ())
    keeping.publish(Records(store), judge(dossier, reading, engines={}, started_at=day), reading)
    return code


def test_a_paper_of_an_earlier_dossier_is_shown_and_taken_over(
    env: dict[str, str], birth: str, move: str, store: Store
) -> None:
    shown = sohoa(env, move)
    assert shown.returncode == 1, shown.stderr
    assert f"[--reuse kinship={birth}:c4@1]" in shown.stdout
    assert "không quyết định thay giấy được" not in shown.stdout
    told = json.loads(sohoa(env, move, "--json").stdout)
    assert [offer["wanted"]["dossier"] for point in told["points"] for offer in point["offers"]] == [birth]
    taken = sohoa(env, move, "--reuse", f"kinship={birth}:c4", *BY, *WHY)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    record = Records(store).latest(OFFICE, move)
    assert record is not None
    assert record.components[-1].reused_from == ReusedFrom(dossier=birth, version=1, component="c4")


@pytest.mark.parametrize(
    ("asked", "why"),
    [("kinship", "usage"), ("kinship={}:c3", "nothing-to-reuse"), ("kinship={}:c4@2", "reuse-moved-on")],
)
def test_what_cannot_be_taken_over_is_said(
    env: dict[str, str], birth: str, move: str, store: Store, asked: str, why: str
) -> None:
    ended = sohoa(env, move, "--reuse", asked.format(birth), *BY, *WHY)
    assert ended.returncode == 2, ended.stdout
    assert why in ended.stderr.replace("\n", "")
    assert Records(store).versions(OFFICE, move) == [1]


def test_on_a_terminal_a_paper_on_offer_is_taken_where_the_person_says_so(
    env: dict[str, str], birth: str, move: str, store: Store
) -> None:
    # Name; the point: take over, yes, reason left as it is; then yes.
    said = on_a_terminal(env, move, "Lê Thị Hoa\nd\nc\n\nc\n", 0)
    assert birth in said
    record = Records(store).latest(OFFICE, move)
    assert record is not None
    assert [(d.kind, d.requirement, d.reason) for d in record.decisions] == [
        ("reuse", "kinship", "đã xem giấy ở hồ sơ trước")
    ]


def sohoa(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "correct", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=env,
    )


def test_what_is_open_is_shown_numbered_and_nothing_is_changed(env: dict[str, str], code: str) -> None:
    shown = sohoa(env, code)
    assert shown.returncode == 1, shown.stderr
    assert "1. c1.full_name · Dự định đặt tên con · Giấy chứng sinh" in shown.stdout
    assert "Lê Minh Khỏi" in shown.stdout
    assert "cần 2 người khác nhau" in shown.stdout
    told = json.loads(sohoa(env, code, "--json").stdout)
    assert (told["version"], told["state"], told["decisions"]) == (1, "returned", [])
    assert [point["field"] for point in told["points"]][:2] == ["full_name", "personal_id"]


def test_decisions_make_the_next_version(env: dict[str, str], code: str, store: Store) -> None:
    said = ("--set", "c1.full_name=Lê Minh Khôi", "--confirm", "c2.personal_id")
    ended = sohoa(env, code, *said, *BY, *WHY, "--office", OFFICE)
    assert ended.returncode == 1, ended.stderr
    again = sohoa(env, code, "--confirm", "c2.personal_id", "--by", "Phạm An", *WHY, "--json")
    told = json.loads(again.stdout)
    assert told["version"] == 3
    assert {(d["kind"], d["by"]) for d in told["decisions"]} == {
        ("correct", "Lê Thị Hoa"),
        ("confirm", "Lê Thị Hoa"),
        ("confirm", "Phạm An"),
    }
    assert {point["field"] for point in told["points"]} == {None}, "what is left is that it has no procedure"
    assert Records(store).versions(OFFICE, code) == [1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--confirm", "full_name", *BY, *WHY), "usage"),
        (("--set", "c1.full_name", *BY, *WHY), "usage"),
        (("--confirm", "c1.full_name", *WHY), "name-missing"),
        (("--confirm", "c1.full_name", *BY), "reason-missing"),
        (("--waive", "U01", *BY, *WHY), "block-not-waivable"),
        (("--waive", "D99", *BY, *WHY), "nothing-to-waive"),
        (("--confirm", "c1.full_name", *BY, *WHY, "--version", "7"), "record-moved-on"),
        (("--office", "H30.1"), "dossier-unknown"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    env: dict[str, str], code: str, store: Store, arguments: tuple[str, ...], why: str
) -> None:
    ended = sohoa(env, code, *arguments)
    assert ended.returncode == 2, ended.stdout
    assert why in ended.stderr.replace("\n", "")
    assert Records(store).versions(OFFICE, code) == [1]


def test_on_a_terminal_it_asks_point_by_point(env: dict[str, str], code: str, store: Store) -> None:
    # Name; first point: correct, value, reason left as it is; second: confirm; then yes.
    on_a_terminal(env, code, "Lê Thị Hoa\ns\nLê Minh Khôi\n\nx\n\nc\n", 1)
    record = Records(store).latest(OFFICE, code)
    assert record is not None
    assert [(d.kind, d.field, d.value) for d in record.decisions] == [
        ("correct", "full_name", "Lê Minh Khôi"),
        ("confirm", "personal_id", CHILD_ID),
    ]


def on_a_terminal(env: dict[str, str], code: str, typed: str, ends: int) -> str:
    """What is said to a person who types this; the command ends so."""
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "correct", code],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=env,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    said = b""
    with suppress(OSError):  # the terminal is closed when the command has ended
        while select.select([ours], [], [], PATIENCE_S)[0]:
            said += os.read(ours, 4096)
    asking.kill()
    os.close(ours)
    assert asking.wait() == ends, said.decode()
    return said.decode()
