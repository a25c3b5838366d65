"""The parts of the supervisor: lock, ports, children, what is said, what is handed down."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from prefect.cli.deploy._config import _load_deploy_configs_and_actions
from prefect.cli.deploy._triggers import _initialize_deployment_triggers
from prefect.flows import load_flow_from_entrypoint
from pydantic import SecretStr
from rich.console import Console

from dossier.errors import ConfigurationError
from dossier.settings import IntakeSettings, Settings, SourcesSettings, StoreSettings
from flows.hint import Ear, ask_to_stop, listening, nudge
from flows.process_identity import surely_dead, this_process
from flows.stack.child import Child, descendants
from flows.stack.deployments import PREFECT_YAML
from flows.stack.environment import settings_env
from flows.stack.place import Stack, free_port, is_up, read_stack, the_only_one, write_stack
from flows.stack.voice import Voice


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def stack_at(port: int) -> Stack:
    return Stack(api="http://x/api", ui="http://x", store="http://y", hint=port, token="t" * 24, supervisor=1)


def test_only_one_stack_holds_a_data_directory(settings: Settings) -> None:
    assert not is_up(settings)
    with the_only_one(settings.data):
        assert is_up(settings)
        with pytest.raises(ConfigurationError, match=f"process {os.getpid()}"), the_only_one(settings.data):
            pass
    assert not is_up(settings)


def test_the_stack_file_is_for_its_owner_alone(settings: Settings) -> None:
    assert read_stack(settings) is None
    write_stack(settings, stack_at(1))
    assert (settings.data / "stack.json").stat().st_mode & 0o777 == 0o600
    assert read_stack(settings) == stack_at(1)


def test_a_wanted_port_is_kept_if_it_is_free() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert free_port(port) != port


def test_a_nudge_means_look_and_only_the_token_means_stop(settings: Settings) -> None:
    async def heard() -> tuple[Ear, list[bool]]:
        write_stack(settings, stack_at(free_port()))
        async with listening(settings) as ear:
            told = [await asyncio.to_thread(nudge, settings)]
            assert ear.look.is_set()
            assert not ear.stop.is_set()
            told.append(await asyncio.to_thread(ask_to_stop, settings))
            await asyncio.wait_for(ear.stop.wait(), 5)
            return ear, told

    ear, told = asyncio.run(heard())
    assert told == [True, True]
    assert ear.look.is_set()


def test_nobody_listening_is_no_error(settings: Settings) -> None:
    assert not nudge(settings)
    write_stack(settings, stack_at(free_port()))
    assert not nudge(settings)


def test_a_child_sees_the_settings_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = Settings(
        data=tmp_path,
        offices=("H13.96.31", "H30.1"),
        store=StoreSettings(endpoint="127.0.0.1:9", access_key="a", secret_key=SecretStr("geheim")),
        intake=IntakeSettings(quiet_s=3.5),
        required_sources=("population",),
        sources=SourcesSettings(population_database=tmp_path / "people.csv"),
    )
    for name, value in settings_env(parent).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert Settings() == parent


def test_a_process_is_dead_only_when_that_is_sure() -> None:
    me = this_process()
    assert not surely_dead(me)
    other = subprocess.Popen(
        [sys.executable, "-c", "from flows.process_identity import *; print(this_process()); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    name = other.stdout.readline().strip()
    assert not surely_dead(name)
    other.kill()
    other.wait()
    assert surely_dead(name)
    assert not surely_dead("elsewhere " + name.split(" ", 1)[1])  # another machine: who knows
    assert not surely_dead("")


def test_a_stopped_child_leaves_nothing_behind(tmp_path: Path) -> None:
    heard: list[str] = []
    script = "import subprocess,sys,time; subprocess.Popen(['sleep','600']); print('here'); time.sleep(600)"
    child = Child(
        "x", [sys.executable, "-u", "-c", script], dict(os.environ), tmp_path / "x.log", heard.append
    )
    child.start()
    deadline = time.monotonic() + 30
    while not heard and time.monotonic() < deadline:
        time.sleep(0.05)
    assert heard == ["here"]
    assert child.pid is not None
    below = descendants(child.pid)
    assert len(below) == 1
    child.stop(grace_s=5)
    assert not child.running
    assert _gone(below[0])
    assert (tmp_path / "x.log").read_text() == "here\n"


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import os,sys,time; from pathlib import Path; from flows.stack.child import Child\n"
        "c = Child('x', ['sleep', '600'], dict(os.environ), Path(sys.argv[1]), print); c.start()\n"
        "print(c.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _gone(pid)


def test_the_terminal_shows_what_matters() -> None:
    out = io.StringIO()
    voice = Voice(out)
    hear = voice.of("worker")
    hear("00:39:01.000 | INFO    | Flow run 'intake' - Beginning flow run 'intake' for flow 'intake'")
    hear("00:39:01.000 | INFO    | Task run 'keep-799' - Finished in state Completed()")
    hear("00:39:01.000 | INFO    | Flow run 'H13-1' - returned, version 1: correct FAIL")
    hear("00:39:01.000 | ERROR   | Flow run 'intake' - H13-1 failed: store-away")
    hear("00:39:01.000 | ERROR   | prefect.worker - something broke")
    voice.of("server")("00:39:01.000 | INFO | uvicorn - chatter")
    voice.hushed = True
    hear("00:39:01.000 | ERROR   | prefect.worker - a cry at the end")
    assert out.getvalue().splitlines() == [
        "intake | H13-1: returned, version 1: correct FAIL",
        "intake | ERROR H13-1 failed: store-away",
        "worker | 00:39:01.000 | ERROR   | prefect.worker - something broke",
    ]


def test_prefect_yaml_declares_what_can_be_deployed() -> None:
    said = io.StringIO()
    configs, _ = _load_deploy_configs_and_actions(PREFECT_YAML, console=Console(file=said))
    assert said.getvalue() == ""
    declared = yaml.safe_load(PREFECT_YAML.read_text())["deployments"]
    assert [config["name"] for config in configs] == [deployment["name"] for deployment in declared]
    for config in configs:
        flow = load_flow_from_entrypoint(config["entrypoint"])
        assert flow.isasync
        assert _initialize_deployment_triggers(config["name"], config.get("triggers", [])) or not config.get(
            "triggers"
        )
    [intake] = [config for config in configs if config["name"] == "intake"]
    assert intake["concurrency_limit"] == {
        "limit": 1,
        "collision_strategy": "CANCEL_NEW",
        "grace_period_seconds": 60,
    }


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False
