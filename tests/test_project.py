"""What must hold of the project as a whole: its names are its own, and its locks are whole and point nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
ROOMS = {"dossier", "ocr", "validators", "storage", "flows", "cli", "samples", "bench"}
RUNTIME, DEVELOPMENT, PEERS = "requirements.lock", "requirements-dev.lock", "requirements-bench.lock"
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


def pins(lock: Path) -> dict[str, Version]:
    found = (PIN.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


def asked(*extras: str) -> list[Requirement]:
    lines = [
        *PROJECT["dependencies"],
        *(line for e in extras for line in PROJECT["optional-dependencies"][e]),
    ]
    return [Requirement(line) for line in lines]


def top_level(distribution: Distribution) -> set[str]:
    """The names that a distribution lets be imported, as files of the environment."""
    paths = [file.parts for file in distribution.files or () if file.parts[0] != ".."]
    packages = {parts[0] for parts in paths if len(parts) > 1 and parts[-1].endswith((".py", ".so", ".pyi"))}
    modules = {
        parts[0].split(".")[0] for parts in paths if len(parts) == 1 and parts[0].endswith((".py", ".so"))
    }
    return packages | modules


def test_no_locked_package_brings_a_module_of_our_rooms_names() -> None:
    locked = {name for lock in LOCKS for name in pins(lock)}
    installed = {canonicalize_name(d.metadata["Name"]): d for d in distributions()}
    assert len(locked & installed.keys()) > 100, "the development environment is not installed"
    clashes = {name: top_level(installed[name]) & ROOMS for name in locked & installed.keys()}
    assert {name: rooms for name, rooms in clashes.items() if rooms} == {}
    assert locked.isdisjoint(ROOMS)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_registry_and_hashes_every_pin(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|file:", text)
    entries = re.split(r"\n(?=[^\s#])", text.strip())
    assert entries
    for entry in entries:
        assert PIN.match(entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize(
    ("lock", "extras"), [(RUNTIME, ("build",)), (DEVELOPMENT, ("build", "dev"))], ids=[RUNTIME, DEVELOPMENT]
)
def test_a_lock_covers_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    locked = pins(ROOT / lock)
    for wanted in asked(*extras):
        name = canonicalize_name(wanted.name)
        assert name in locked, f"{wanted.name} is not in {lock}: run scripts/lock"
        assert locked[name] in wanted.specifier, f"{lock} has {name} {locked[name]}, asked is {wanted}"


def test_development_runs_on_the_versions_that_production_runs_on() -> None:
    development = pins(ROOT / DEVELOPMENT)
    differing = {name for name, at in pins(ROOT / RUNTIME).items() if development.get(name) != at}
    assert differing == set()


def test_the_peer_of_the_bench_is_locked_apart_from_all_that_sohoa_runs_on() -> None:
    locked = pins(ROOT / PEERS)
    for wanted in map(Requirement, PROJECT["optional-dependencies"]["bench"]):
        name = canonicalize_name(wanted.name)
        assert locked[name] in wanted.specifier, f"{wanted.name} is not in {PEERS}: run scripts/lock"
        assert name not in pins(ROOT / RUNTIME)
        assert name not in pins(ROOT / DEVELOPMENT)


def test_the_command_line_does_not_import_prefect_before_its_server_is_known() -> None:
    """Prefect reads its settings at import: `sohoa up` would speak to another server than the one it starts."""
    script = "import sys, cli.main; sys.exit('prefect' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
