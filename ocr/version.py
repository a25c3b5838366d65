"""The version of the reading itself, told by what it is made of, so that nobody has to remember to raise it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import dossier

_ROOMS = (Path(__file__).parent, Path(dossier.__file__).parent)
_DECIDES = frozenset({".py", ".yaml", ".json", ".npz", ".onnx"})


@cache
def reading_version(without: tuple[str, ...] = ()) -> str:
    """Of all code, models, tables and catalogue files that decide how pages and papers come out; 12 hex digits.

    Kept results carry it in their key: a change of any of these files, and every page is read anew. That is more
    often than needed, and never too seldom. without: names of files that do not count.
    """
    return digest_of(*_ROOMS, without=without)


def digest_of(*folders: Path, without: tuple[str, ...] = ()) -> str:
    """Of the names and bytes of every deciding file below these folders, wherever the folders lie."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(
            path for path in folder.rglob("*") if path.suffix in _DECIDES and path.name not in without
        ):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
