"""No log, no run, no key, no index and no metric tells who the papers are of. Invented people, the real stack."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from everything_told import found, spellings, told, without_marks
from running_stack import OFFICE, RunningStack, demo_dossier

from dossier.settings import IntakeSettings, ReadingSettings, Settings
from flows.stack.child import descendants
from flows.stack.environment import settings_env
from flows.stack.place import free_port
from storage.buckets import INBOX, RECEIPTS

pytestmark = pytest.mark.e2e

NAME, NUMBER, STREET = "Trương Mộng Thuyên", "079190004567", "Số 93, đường Lê Văn Sỹ"
STAFF, OTHER_STAFF = "Nghiêm Xuân Yêm", "Kha Thị Thuý Ngà"
PASSWORD = "mat-khau-cua-kho-nhan"
WHO = ("name", "personal_id", "residence")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack with a database downstream that takes everything, and one that never answers."""
    data = tmp_path_factory.mktemp("private")
    targets = {
        "downstream": {
            "kind": "sql",
            "url": f"sqlite:///{data / 'downstream.sqlite'}",
            "states": ("checked", "returned", "refused"),
        },
        "away": {"kind": "sql", "url": f"postgresql://so:{PASSWORD}@127.0.0.1:{free_port()}/so"},
    }
    settings = Settings.model_validate(
        {
            "data": data,
            "offices": (OFFICE,),
            "intake": IntakeSettings(quiet_s=1.0, poll_s=1.0),
            "reading": ReadingSettings(processes=2),
            "targets": targets,
        }
    )
    running = RunningStack(settings)
    running.start()
    try:
        yield running
    finally:
        if not running.ended:
            running.stop()


def test_nothing_that_is_told_holds_a_name_a_number_or_an_address(house: RunningStack) -> None:
    _drop_everything(house, read := _planted_files())
    _decide(house, read["code"])
    for name in ("publish", "reconcile", "recheck", "report"):
        _run_deployment(house, name)
    for command in (["publish"], ["verify", read["code"]], ["reconcile"], ["look", read["code"], "--help"]):
        _sohoa(house, *command)

    values = {NAME, NUMBER, STREET, STAFF, OTHER_STAFF, PASSWORD} | read["values"]
    receipt = house.store.get(RECEIPTS, f"{OFFICE}/{read['code']}/receipt.json")
    record = house.records.latest(OFFICE, read["code"])
    assert receipt is not None
    assert record is not None
    by_purpose = [("record", record.to_json()), ("downstream", _downstream(house.settings.data))]
    assert {place for _, place in found(values, by_purpose)} == {"record", "downstream"}
    assert found(values, told(house)) == set()


@pytest.mark.parametrize(
    "spelt",
    [
        NAME.upper(),
        normalize("NFD", NAME),
        without_marks(NAME),
        json.dumps(NAME),
        json.dumps(normalize("NFD", NAME)).upper(),
        "/inbox/Tr%C6%B0%C6%A1ng%20M%E1%BB%99ng%20Thuy%C3%AAn.pdf",
        "truong+mong+thuyen",
    ],
)
def test_a_name_is_found_however_it_is_spelt(spelt: str) -> None:
    assert found([NAME], [("here", f"before {spelt} behind")]) == {(NAME, "here")}


def test_a_number_is_found_in_groups_and_not_where_it_is_masked() -> None:
    assert found([NUMBER], [("here", "ID 079 190 004 567.")])
    assert not found([NUMBER], [("here", "ID 079******567")])
    assert NUMBER in spellings(NUMBER)


def _planted_files() -> dict[str, Any]:
    """A sample with known people, one file named after another; and what stands on its papers."""
    code, files, truth = demo_dossier("returned", "same-file-twice")
    papers = {name: files[name] for name in ("Căn cước 1.jpg", "Giấy chứng sinh.pdf", "Giấy khai sinh.pdf")}
    fields = [
        (name, value)
        for file in papers
        for paper in truth["files"][file]["papers"]
        for name, value in paper["fields"].items()
    ]
    values = {value for name, value in fields if name.endswith(WHO) and len(value) > 8}
    first = sorted(papers)[0]
    papers[f"Giấy của {NAME} {NUMBER}, {STREET}.{first.rpartition('.')[2]}"] = papers.pop(first)
    manifest = {
        "dossier": code,
        "office": OFFICE,
        "procedure": truth["procedure"],
        "applicant": NAME,
        "files": [{"name": name} for name in papers],
    }
    papers["dossier.json"] = json.dumps(manifest).encode()
    return {"code": code, "files": papers, "values": values}


def _drop_everything(house: RunningStack, read: dict[str, Any]) -> None:
    """The dossier, and beside it what must be turned away; in the midst of it the store dies."""
    house.drop(read["code"], read["files"])
    for pid in descendants(house.pid):
        if b"weed\0" in _command(pid):
            os.kill(pid, signal.SIGKILL)
    house.until(lambda: house.store_answers())
    wrong = f"{read['code']}-sai"
    broken = {
        f"{NAME}.pdf": b"%PDF-1.7 " + NAME.encode(),
        f"{normalize('NFD', NAME)} {NUMBER}.exe": b"MZ" + NUMBER.encode(),
        "dossier.json": f'{{"applicant": "{NAME}", "so": {NUMBER}'.encode(),
    }
    house.drop(wrong, broken)
    house.store.put(INBOX, f"{OFFICE}/{NAME} {NUMBER}.pdf", b"%PDF-1.7 stray")
    house.store.put(INBOX, f"{OFFICE}/batch/{NAME}.pdf", b"%PDF-1.7 stack")
    house.record(read["code"])
    house.record(wrong)
    house.until(lambda: next(house.store.list(INBOX, versions=True), None) is None)


def _decide(house: RunningStack, code: str) -> None:
    """Words of two people, one of them refused."""
    record = house.records.latest(OFFICE, code)
    assert record is not None
    place = next(f"{part.id}.{one.name}" for part in record.components for one in part.fields if one.value)
    said = ("--reason", f"{NAME}, {NUMBER}, ở {STREET}")
    _sohoa(house, "correct", code, "--confirm", place, "--by", STAFF, *said)
    _sohoa(house, "correct", code, "--set", f"{place}={NAME}", "--by", OTHER_STAFF, *said)
    _sohoa(house, "correct", code, "--set", f"c99.{NAME}={NUMBER}", "--by", STAFF, *said)


def _sohoa(house: RunningStack, *args: str) -> None:
    env = os.environ | settings_env(house.settings)
    subprocess.run([sys.executable, "-m", "cli.main", *args], env=env, capture_output=True, check=False)


def _run_deployment(house: RunningStack, name: str) -> None:
    """A run as its schedule starts it, to its end, well or not."""
    [deployment] = house.ask("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
    run = house.ask(f"deployments/{deployment['id']}/create_flow_run", {})
    wanted = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    ends = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
    house.until(lambda: house.ask("flow_runs/filter", wanted)[0]["state"]["type"] in ends)


def _downstream(data: Path) -> str:
    return (data / "downstream.sqlite").read_bytes().decode(errors="replace")


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""
