"""Scans dropped in a bucket become records, whatever dies in between. Real store, real Prefect, real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from running_stack import OFFICE, RunningStack, demo_dossier

from flows.artifacts import dossier_key
from flows.stack.child import descendants
from flows.stack.environment import settings_env
from storage.buckets import RECEIPTS, REFUSED, WORK
from storage.sealed import sealed_copy

pytestmark = pytest.mark.e2e


def test_a_dossier_dropped_with_the_digitisers_own_keys_ends_with_record_and_receipt(
    stack: RunningStack,
) -> None:
    code, files, truth = demo_dossier("checked")
    stack.drop(code, files)
    record = stack.record(code)
    assert record.state == truth["state"]
    assert {file.name for file in record.drop} == set(files) - {"dossier.json"}
    assert stack.store.get(RECEIPTS, f"{OFFICE}/{code}/receipt.html") is not None
    for component in record.components:
        assert component.sealed is not None
        assert sealed_copy(stack.store, component.sealed).startswith(b"%PDF-1.7")

    [run] = stack.settled_runs(code)
    assert run["state"]["type"] == "COMPLETED"
    assert run["state"]["name"] == record.state.capitalize()
    assert set(run["parameters"]) == {"code", "office", "intake"}


def test_a_run_and_its_page_can_be_looked_at_and_tell_nothing_personal(stack: RunningStack) -> None:
    code, files, truth = demo_dossier("checked")
    stack.drop(code, files)
    record = stack.record(code)
    run = stack.runs(code)[0]
    request = urllib.request.Request(
        f"{stack.addresses.ui}/runs/flow-run/{run['id']}", headers={"Accept": "text/html"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200

    [page] = stack.ask("artifacts/filter", {"artifacts": {"key": {"any_": [dossier_key(code)]}}})
    logs = stack.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "limit": 200})
    told = page["data"] + " ".join(line["message"] for line in logs)
    read = {field.value for component in record.components for field in component.fields if field.value}
    names = {name for name in read if any(letter.isalpha() for letter in name) and " " in name}
    numbers = {value for value in read if value.isdigit() and len(value) >= 9}
    assert names
    assert numbers
    assert not {value for value in names | numbers if value in told}
    assert not {name for name in truth["files"] if name in told}
    assert "full_name" in told


def test_what_is_declared_for_the_night_is_scheduled(stack: RunningStack) -> None:
    [nightly] = stack.ask("deployments/filter", {"deployments": {"name": {"any_": ["reindex"]}}})
    wanted = {
        "deployments": {"id": {"any_": [nightly["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    stack.until(lambda: bool(stack.ask("flow_runs/filter", wanted)))


def test_the_same_drop_again_makes_no_second_version(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("checked")
    stack.drop(code, files)
    stack.record(code)
    before = len(stack.runs(code))
    stack.drop(code, files)
    stack.until(lambda: len(stack.runs(code)) > before and not stack.in_inbox(code))
    stack.until(lambda: stack.runs(code)[-1]["state"]["name"] == "Unchanged")
    assert stack.records.versions(OFFICE, code) == [1]


def test_unreadable_files_end_refused_beside_a_dossier_that_ends_well(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("refused")
    _, good, _ = demo_dossier("checked")
    other = f"{code}-beside"
    stack.drop(other, _one_paper(good))
    stack.drop(code, files)
    refused = stack.record(code)
    assert refused.state == "refused"
    assert all(file.reason and file.code for file in refused.refused)
    assert stack.record(other).components


def test_an_object_where_no_dossier_can_be_is_refused_with_its_reason(stack: RunningStack) -> None:
    stack.store.put("inbox", f"{OFFICE}/lạc chỗ.pdf", b"%PDF-1.7 stray")
    stack.until(lambda: not list(stack.store.list("inbox", f"{OFFICE}/lạc", versions=True)))
    assert any(entry.key.startswith(f"{OFFICE}/_/") for entry in stack.store.list(REFUSED))


def test_what_comes_later_makes_the_next_version_with_what_was_there(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("returned", "missing-notice")
    papers = {name: data for name, data in files.items() if name != "dossier.json"}
    first, *rest = sorted(papers)
    stack.drop(code, {first: papers[first]})
    assert stack.record(code).version == 1
    stack.drop(code, {name: papers[name] for name in rest})
    record = stack.record(code, version=2)
    assert {file.name for file in record.drop} == set(papers)
    assert any(run["name"] == f"{code} v2" for run in stack.runs(code))


def test_a_killed_flow_process_loses_nothing_and_reads_no_page_twice(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("returned", "expired-card")
    before = _kept_pages(stack)
    stack.drop(code, files)
    stack.until(lambda: len(_kept_pages(stack)) > len(before))
    read = _kept_pages(stack)
    intake = stack.intake_process()
    assert intake is not None
    os.kill(intake, signal.SIGKILL)

    record = stack.record(code)
    assert record.version == 1
    assert stack.records.versions(OFFICE, code) == [1]
    after = _kept_pages(stack)
    assert {key: after[key] for key in read} == read  # a page read again would be written again
    states = [run["state"]["type"] for run in stack.settled_runs(code)]
    assert states[-1] == "COMPLETED"
    assert set(states[:-1]) == {"CRASHED"}


def test_two_intakes_share_the_dossiers_and_none_is_worked_on_twice(stack: RunningStack) -> None:
    _, good, _ = demo_dossier("checked")
    papers = [data for name, data in sorted(good.items()) if name != "dossier.json"]
    other = subprocess.Popen(
        [sys.executable, "-c", "import asyncio; from flows.intake import intake; asyncio.run(intake())"],
        env=os.environ | settings_env(stack.settings) | {"PREFECT_API_URL": stack.addresses.api},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        stack.until(lambda: len([run for run in _intakes(stack) if run["state"]["type"] == "RUNNING"]) == 2)
        codes = [f"{OFFICE}-261124-01{number:02d}" for number in range(4)]
        for number, code in enumerate(codes):
            stack.drop(code, {"giấy.pdf": papers[number % len(papers)]})
        for code in codes:
            assert stack.record(code).version == 1
            assert len(stack.runs(code)) == 1
    finally:
        other.terminate()
        other.wait()


def test_a_second_up_on_the_same_data_is_refused(stack: RunningStack) -> None:
    env = os.environ | settings_env(stack.settings)
    second = subprocess.run(
        [sys.executable, "-m", "cli.main", "up"], env=env, capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert "already up" in second.stderr + second.stdout


def test_after_a_stop_nothing_is_left_and_the_next_up_goes_on(stack: RunningStack) -> None:
    code, files, _ = demo_dossier("returned", "child-name")
    stack.drop(code, files)
    processes = [stack.pid, *descendants(stack.pid)]
    assert stack.stop() == 0
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []

    stack.start()
    assert stack.record(code).version == 1
    assert stack.records.latest(OFFICE, demo_dossier("checked")[0]) is not None


def _one_paper(files: dict[str, bytes]) -> dict[str, bytes]:
    name = next(name for name in sorted(files) if name != "dossier.json")
    return {name: files[name]}


def _kept_pages(stack: RunningStack) -> dict[str, object]:
    return {entry.key: entry.last_modified for entry in stack.store.list(WORK, "pages/")}


def _intakes(stack: RunningStack) -> list[dict[str, dict[str, str]]]:
    found = stack.ask("flow_runs/filter", {"flows": {"name": {"any_": ["intake"]}}})
    assert isinstance(found, list)
    return found
