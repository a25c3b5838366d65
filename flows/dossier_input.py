"""What goes into the story of one dossier: its files, safe and at hand, and what was said of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dossier.drop import Manifest
from dossier.record import DroppedFile, Refused

CHUNK = 1 << 20
NO_BYTES = hashlib.sha256().hexdigest()
"""The hash of what gave no byte."""


@dataclass(frozen=True)
class InputFile:
    """A dropped file. name: as dropped, NFC. path: where its bytes lie now, on this machine.

    pages: those that are this dossier's, from 1, if the file is a stack of several; None: all.
    """

    name: str
    sha256: str
    path: Path
    pages: tuple[int, ...] | None = None


@dataclass(frozen=True)
class DossierInput:
    """One dossier version to be read. refused: what was turned away before reading (superseded, stray keys).

    loose: it is a single file whose name stands in for a dossier code.
    """

    code: str
    office: str | None
    manifest: Manifest
    files: tuple[InputFile, ...]
    received_at: datetime
    refused: tuple[Refused, ...] = ()
    procedure_required: bool = False
    loose: bool = False

    @property
    def dropped(self) -> tuple[DroppedFile, ...]:
        return tuple(DroppedFile(name=file.name, sha256=file.sha256) for file in self.files)


def sha256_of(path: Path) -> str:
    """The file's SHA-256, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
