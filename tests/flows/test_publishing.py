from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update
from typer.testing import CliRunner

from bench.stored import stored_records
from cli.main import app
from dossier.record import Record
from dossier.settings import Settings, load_settings
from dossier.targets import SqlTarget
from flows.publishing import hand_on, names, opened
from flows.stack.deployments import PREFECT_YAML, as_set
from flows.stack.environment import settings_env
from storage.audit import audited
from storage.buckets import RECORDS
from storage.feed import Feed
from storage.publication.publishing import Publisher
from storage.publication.sql import SqlDatabase
from storage.publication.targets import HandedOver
from storage.records import Records, record_key
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore


@pytest.fixture
def office() -> str:
    return f"P{uuid.uuid4().hex[:8].upper()}"


@pytest.fixture
def records(store: Store, office: str) -> list[Record]:
    """Three checked records, published as the pipeline does it."""
    made = [
        record.model_copy(update={"office": office, "dossier": f"{office}-{number}"})
        for number, record in enumerate(stored_records(3))
    ]
    return [Records(store).publish(record) for record in made]


@pytest.fixture
def settings(
    embedded_store: EmbeddedStore, store_settings: Settings, tmp_path: Path, office: str
) -> Settings:
    """Two targets: a database in a file, and one that does not answer."""

    def sql(url: str) -> SqlTarget:
        return SqlTarget.model_validate({"kind": "sql", "url": url, "offices": (office,)})

    targets = {
        "away": sql("postgresql://someone:hidden@127.0.0.1:1/nothing"),
        "file": sql(f"sqlite:///{tmp_path / 'down.sqlite'}"),
    }
    return store_settings.model_copy(
        update={"targets": targets, "store": embedded_store.settings_for(), "data": tmp_path}
    )


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The command with these settings: exit code and standard output."""
    for name, value in settings_env(settings).items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["publish", *arguments])
        return done.exit_code, done.stdout

    return command


def test_one_target_that_is_away_does_not_stop_the_other(settings: Settings, records: list[Record]) -> None:
    outcomes = {name: hand_on(settings, name) for name in names(settings)}
    assert outcomes["away"].error == "target-away"
    assert "hidden" not in (outcomes["away"].message or "")
    assert (outcomes["file"].records, outcomes["file"].error) == (len(records), None)


def test_each_hand_over_is_told_to_the_audit_once(
    settings: Settings, records: list[Record], office: str, store: Store
) -> None:
    for _ in range(2):
        hand_on(settings, "file")
    [entry] = [link.entry for link in audited(store, office, None)]
    assert (entry["what"], entry["target"], entry["first"], entry["last"]) == ("handed", "file", 1, 3)
    assert entry["versions"] == [f"{record.dossier} v{record.version}" for record in records]


def test_the_audit_tells_apart_what_was_taken_what_went_aside_and_what_was_not_for_the_target(
    settings: Settings, records: list[Record], office: str, store: Store
) -> None:
    said = [f"{record.dossier} v1" for record in records]
    other = records[0].model_copy(update={"dossier": f"{office}-returned", "state": "returned"})
    Records(store).publish(other)  # no target asks for it
    key = record_key(office, records[1].dossier, 1)
    well = store.get(RECORDS, key)
    assert well is not None
    store.put(RECORDS, key, well.data + b" ")
    hand_on(settings, "file")
    hand_on(settings, "file", retry_aside=True)
    store.put(RECORDS, key, well.data)
    hand_on(settings, "file", retry_aside=True)
    told = [link.entry for link in audited(store, office, None)]
    assert [(e["first"], e["last"], e["versions"], e["aside"], e.get("later", False)) for e in told] == [
        (1, 4, [said[0], said[2]], [said[1]], False),
        (2, 2, [], [said[1]], True),
        (2, 2, [said[1]], [], True),
    ]


def test_a_run_that_died_before_the_audit_knew_is_told_by_the_next_one_as_it_was(
    settings: Settings, records: list[Record], office: str, store: Store
) -> None:
    store.put(RECORDS, record_key(office, records[1].dossier, 1), b"{}")

    def died(_: HandedOver) -> None:
        raise KeyboardInterrupt

    with opened(settings, "file") as (_, target), pytest.raises(KeyboardInterrupt):
        Publisher(store, Feed(store), target, died).publish()
    hand_on(settings, "file")
    [entry] = [link.entry for link in audited(store, office, None)]
    assert entry["versions"] == [f"{record.dossier} v1" for record in (records[0], records[2])]
    assert entry["aside"] == [f"{records[1].dossier} v1"]


def test_rows_that_were_changed_downstream_are_told(
    run: Callable[..., tuple[int, str]], settings: Settings, records: list[Record]
) -> None:
    assert run("file")[0] == 0
    assert run("file", "--verify")[0] == 0
    with opened(settings, "file") as (_, target):
        assert isinstance(target, SqlDatabase)
        table = target.tables.data["components"]
        target.read(lambda connection: connection.execute(update(table).values(role="other")))
    code, said = run("file", "--verify", "--json")
    assert code == 1
    assert {one["dossier"] for one in json.loads(said)} == {record.dossier for record in records}


@pytest.mark.usefixtures("records")
def test_the_command_hands_on_and_tells_how_far_each_is(
    run: Callable[..., tuple[int, str]], office: str
) -> None:
    code, said = run("file", "--status", "--json")
    assert code == 1
    assert json.loads(said)[0]["offices"][0] | {"at": None} == {
        "target": "file", "office": office, "seq": 0, "head": 3, "aside": 0, "at": None, "behind": 3
    }  # fmt: skip
    code, said = run("file", "--json")
    assert code == 0
    assert json.loads(said)[0]["records"] == 3
    code, said = run("--status")
    assert code == 1
    assert "target-away" in said
    assert run("file", "--status")[0] == 0
    assert run("file", "--retry-aside")[0] == 0


def test_an_unknown_target_is_named_with_those_there_are(settings: Settings) -> None:
    with pytest.raises(Exception, match="no target is called other: away, file"):
        names(settings, "other")


def test_settings_reach_a_child_process_with_targets_and_their_secrets(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"schema": "civil", "mapping": {"decision": {"table": "d", "columns": {"kind": "loai"}}}}
    target = SqlTarget.model_validate({"kind": "sql", "url": "postgresql://a:b@c/d"} | asked)
    settings = settings.model_copy(update={"targets": {"civil-db": target}})
    for name, value in settings_env(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings().targets == settings.targets


@pytest.mark.parametrize("some", [True, False])
def test_the_schedule_sleeps_as_long_as_no_target_is_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, some: bool
) -> None:
    for name, value in settings_env(
        settings if some else settings.model_copy(update={"targets": {}})
    ).items():
        monkeypatch.setenv(name, value)
    declared = yaml.safe_load(PREFECT_YAML.read_text())["deployments"]
    [publish] = [deployment for deployment in declared if deployment["name"] == "publish"]
    [schedule] = as_set(publish)["schedules"]
    assert schedule.get("active", True) == some
    others = [deployment for deployment in declared if deployment["name"] != "publish"]
    assert [as_set(one) for one in others] == others
