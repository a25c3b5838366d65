"""A dossier as a one-stop shop drops it: scans, manifest, and, kept apart from both, the truth."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samples import files
from samples.paper import Paper
from samples.render import to_images, to_pdf
from samples.scan import Grade, Scan, scan, settings
from samples.story import OFFICE, Birth

PROCEDURE = "1.001193"
_VIETNAM = timezone(timedelta(hours=7))
Form = Literal["pdf", "tif", "jpg", "png", "born-digital"]


@dataclass(frozen=True)
class Scanned:
    """One paper after the scanner: its pages and how they were taken."""

    paper: Paper
    pages: tuple[NDArray[np.uint8], ...]
    how: Scan


@dataclass(frozen=True)
class File:
    """A file of the dossier. papers: the truth about what it holds; broken: why it cannot be read, if so."""

    name: str
    data: bytes
    papers: tuple[dict[str, Any], ...] = ()
    broken: str = ""


@dataclass
class Dossier:
    """What is to be dropped and what should come of it. reasons: rule ids that must be among those not passed."""

    code: str
    birth: Birth
    grade: Grade
    files: list[File] = field(default_factory=list)
    state: Literal["checked", "returned", "refused"] = "checked"
    fault: str = ""
    reasons: tuple[str, ...] = ()
    submitted_by: Literal["citizen", "officer"] = "citizen"

    def manifest(self) -> dict[str, Any]:
        received = datetime.combine(self.birth.received, datetime.min.time(), _VIETNAM) + timedelta(hours=9)
        return {
            "dossier": self.code,
            "procedure": PROCEDURE,
            "office": OFFICE,
            "received_at": received.isoformat(),
            "submitted_by": self.submitted_by,
            "applicant": self.birth.applicant.name,
            "files": [{"name": f.name, "sha256": hashlib.sha256(f.data).hexdigest()} for f in self.files],
        }

    def truth(self) -> dict[str, Any]:
        return {
            "dossier": self.code,
            "procedure": PROCEDURE,
            "office": OFFICE,
            "grade": self.grade,
            "state": self.state,
            "fault": self.fault or None,
            "reasons": list(self.reasons),
            "files": {
                unicodedata.normalize("NFC", f.name): {
                    "sha256": hashlib.sha256(f.data).hexdigest(),
                    "broken": f.broken or None,
                    "papers": list(f.papers),
                }
                for f in self.files
            },
        }

    def write(self, out: Path) -> None:
        """`out/dossiers/<code>/` holds what is dropped, `out/truth/<code>.json` the truth."""
        folder = out / "dossiers" / self.code
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.files:
            (folder / file.name).write_bytes(file.data)
        _write_json(folder / "dossier.json", self.manifest())
        (out / "truth").mkdir(parents=True, exist_ok=True)
        _write_json(out / "truth" / f"{self.code}.json", self.truth())


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


@dataclass(frozen=True)
class Order:
    """What is wanted.

    frugal: small files. held_back: only layouts and fonts that are kept for measuring. dpi: 0 for the scanner's choice.
    """

    rng: Random
    serial: int
    grade: Grade
    frugal: bool = False
    held_back: bool = False
    dpi: int = 0


def put_through(order: Order, paper: Paper, how: Scan | None = None) -> Scanned:
    """Print the paper and lay it on the scanner."""
    rng = order.rng
    if how is None:
        how = settings(rng, order.grade, paper.type == "citizen-id-card", order.frugal)
        if how.dpi < 200:  # an office that scans below the floor is a fault of its own
            how = replace(how, dpi=200)
        if paper.type in ("birth-notice", "birth-certificate"):
            how = replace(how, colour=True)  # papers with a seal are scanned in colour (CV 7197)
        if order.dpi:
            how = replace(how, dpi=order.dpi)
    pages = tuple(scan(page, how, rng.getrandbits(32)) for page in to_images(to_pdf(paper), how.dpi))
    return Scanned(paper, pages, how)


def _entry(paper: Paper, first: int, count: int, grade: str, turn: int = 0) -> dict[str, Any]:
    return {**paper.truth(), "pages": list(range(first, first + count)), "grade": grade, "turn": turn}


def _sheets(one: Scanned) -> list[files.Sheet]:
    return [files.Sheet(page, one.how.dpi, one.how.quality, one.how.compact) for page in one.pages]


def as_files(name: str, scanned: Sequence[Scanned], form: Form) -> list[File]:
    """Papers in one file, or, where the format holds one page, a file each. name: without its extension."""
    if form == "born-digital":
        entry = _entry(scanned[0].paper, 1, len(scanned[0].pages), "digital")
        return [File(f"{name}.pdf", to_pdf(scanned[0].paper), (entry,))]
    if form in ("jpg", "png"):
        found = []
        for one in scanned:
            for number, sheet in enumerate(_sheets(one), 1):
                suffix = f" {number}" if len(one.pages) > 1 else ""
                data = files.jpeg(sheet) if form == "jpg" else files.png(sheet)
                entry = _entry(one.paper, 1, 1, one.how.grade, one.how.turn)
                found.append(File(f"{name}{suffix}.{form}", data, (entry,)))
        return found
    entries, first = [], 1
    for one in scanned:
        entries.append(_entry(one.paper, first, len(one.pages), one.how.grade, one.how.turn))
        first += len(one.pages)
    sheets = [sheet for one in scanned for sheet in _sheets(one)]
    return [
        File(f"{name}.{form}", files.tiff(sheets) if form == "tif" else files.pdf(sheets), tuple(entries))
    ]
