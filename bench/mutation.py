"""Are the tests of the rules worth anything? Small faults are put into validators/, and tests/validators has to notice.

`python -m bench mutation [FILE …]` in an environment that has mutmut 3 beside the project's own packages (docs/
benchmarks.md). It works on a copy: mutmut passes over decorated functions, and every rule is one; so the copy calls
the decorator behind the function instead. Lines of Vietnamese text are left alone: what a person reads is read by
people. No goal, exit 0; some mutants are no fault at all (an equal program), so that no score of 100 % is to be had.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOM, TESTS = "validators", "tests/validators"
SAMPLE = (
    "verdict.py",
    "gate.py",
    "engine.py",
    "live/papers.py",
    "live/people.py",
    "correct/identity.py",
    "correct/dates.py",
    "correct/events.py",
    "clean/text.py",
    "sufficient/exempt.py",
)
COPIED = (ROOM, "tests", "dossier", "ocr", "storage", "flows", "cli", "samples", "docs", "README.md")
SURVIVED, UNTESTED = 0, (5, 33)
_CONFIGURATION = """
[tool.mutmut]
source_paths = ["{room}"]
only_mutate = {files}
also_copy = {copied}
do_not_mutate_patterns = ["[\u00c0-\u1ef9]"]
pytest_add_cli_args_test_selection = ["{tests}"]
pytest_add_cli_args = ["--hypothesis-seed=0"]
"""


def main() -> int:
    """Prints killed and surviving mutants of each module and the survivors' differences. Exit 2 without mutmut."""
    parser = argparse.ArgumentParser(prog="python -m bench mutation", description=__doc__)
    parser.add_argument("files", nargs="*", default=SAMPLE, help="below validators/")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, help="stop then, and tell what was tried")
    asked = parser.parse_args()
    mutmut = shutil.which("mutmut", path=str(Path(sys.executable).parent))
    if mutmut is None:
        print("mutmut is not installed beside this interpreter: docs/benchmarks.md", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        prepare(copy, tuple(asked.files))
        limit = asked.minutes * 60 if asked.minutes else None
        _run([mutmut, "run", "--max-children", str(asked.processes)], copy, limit)
        counted = {file: results(copy / "mutants" / ROOM / f"{file}.meta") for file in asked.files}
        for file, codes in counted.items():
            _print_survivors(mutmut, copy, file, codes)
        _print_table(counted)
    return 0


def prepare(folder: Path, files: tuple[str, ...]) -> None:
    """A copy of the project in which mutmut finds what it may change."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    configuration = _CONFIGURATION.format(
        room=ROOM,
        files=json.dumps([f"{ROOM}/{file}" for file in files]),
        copied=json.dumps([name for name in COPIED if name not in (ROOM, "tests")]),
        tests=TESTS,
    )
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(project + configuration, encoding="utf-8")
    for file in files:
        path = folder / ROOM / file
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")


def undecorated(source: str) -> str:
    """The same module with `f = rule(…)(f)` behind each rule in the place of its decorator."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
            [decorator] = node.decorator_list
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "rule":
                call = f"{node.name} = {ast.unparse(decorator)}({node.name})"
                lines.insert(node.end_lineno or node.lineno, call)
                del lines[decorator.lineno - 1 : node.lineno - 1]
    return "\n".join(lines) + "\n"


def results(meta: Path) -> dict[str, int | None]:
    """Exit codes of the tests by mutant; None where it was not tried."""
    try:
        told = json.loads(meta.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not begun, or interrupted while it was written
        return {}
    return dict(told.get("exit_code_by_key", {}))


def _run(command: list[str], folder: Path, seconds: float | None = None) -> str:
    """What the command says. Without PYTHONPATH, which would let the real modules in before the copied ones.

    seconds: it is interrupted then, with the processes that it started.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        said, _ = running.communicate()
        return said
    if running.returncode:
        print(said[-2000:], file=sys.stderr)
    return said


def _print_survivors(mutmut: str, folder: Path, file: str, codes: dict[str, int | None]) -> None:
    for name in (name for name, code in codes.items() if code == SURVIVED or code in UNTESTED):
        shown = _run([mutmut, "show", name], folder).splitlines()
        changed = [line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        print(f"{file} {name.rsplit('.', 1)[-1]}", *changed, sep="\n  ")


def _print_table(counted: dict[str, dict[str, int | None]]) -> None:
    total: Counter[str] = Counter()
    print(f"\n{'module':28} {'mutants':>8} {'killed':>8} {'survived':>9} {'other':>6} {'score':>7}")
    for file, codes in counted.items():
        said = Counter(_word(code) for code in codes.values())
        total += said
        _print_row(file, said)
    _print_row("all", total)


def _print_row(name: str, said: Counter[str]) -> None:
    judged = said["killed"] + said["survived"]
    score = f"{100 * said['killed'] / judged:6.1f}%" if judged else "      -"
    other = sum(said.values()) - judged
    print(f"{name:28} {sum(said.values()):8} {said['killed']:8} {said['survived']:9} {other:6} {score}")


def _word(code: int | None) -> str:
    """A test that runs for ever, or dies, has noticed as well: only what was never tried counts as neither."""
    if code is None:
        return "other"
    return "survived" if code == SURVIVED or code in UNTESTED else "killed"
