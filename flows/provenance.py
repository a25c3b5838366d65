"""What made a record: versions of program, engines, catalogue and rules, as its `made_by`."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dossier.catalogue
import validators


def made_by(engines: dict[str, str]) -> dict[str, Any]:
    """The `made_by` of a record. engines: name -> version, as the reading pool reports them."""
    return {
        "program": f"sohoa {version('sohoa')}",
        "engines": engines,
        "catalogue": _digest(Path(dossier.catalogue.__file__).parent, "*.yaml"),
        "rules": _digest(Path(validators.__file__).parent, "*.py", "*.yaml"),
    }


@cache
def _digest(folder: Path, *patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
        if "examples" in path.relative_to(folder).parts:  # they explain rules and decide nothing
            continue
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
