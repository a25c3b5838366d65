"""A dossier as a one-stop shop drops it: scans, manifest, and, kept apart from both, the truth."""

from __future__ import annotations

import hashlib
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
import pikepdf
from numpy.typing import NDArray

from samples import files
from samples.paper import Paper
from samples.render import to_images, to_pdf
from samples.scan import Grade, Scan, scan, settings
from samples.story import OFFICE

PROCEDURE = "1.001193"
NO_PIXELS = np.zeros((0, 0), np.uint8)
"""The page of a scan that was not made (Order.dry)."""
_VIETNAM = timezone(timedelta(hours=7))
Form = Literal["pdf", "tif", "jpg", "png", "born-digital"]


@dataclass(frozen=True)
class Matter:
    """What a dossier is about. facts, lookups: as dossier.json has them."""

    procedure: str
    received: date
    applicant: str
    facts: dict[str, bool] = field(default_factory=dict)
    lookups: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Scanned:
    """One paper after the scanner: its pages and how they were taken. which: the paper's own pages, if not all."""

    paper: Paper
    pages: tuple[NDArray[np.uint8], ...]
    how: Scan
    which: tuple[int, ...] = ()

    def numbers(self) -> tuple[int, ...]:
        """Which page of the paper each scanned page shows, from 1; after the last comes the first once more."""
        count = page_count(self.paper)
        return self.which or tuple(at % count + 1 for at in range(len(self.pages)))


@dataclass(frozen=True)
class Laid:
    """The pages of a paper that lie in one file. which: the paper's own number of each page; how: the scan."""

    paper: Paper
    how: Scan
    pages: tuple[int, ...]
    which: tuple[int, ...]


@dataclass(frozen=True)
class File:
    """A file of the dossier. papers: the truth about what it holds; broken: why it cannot be read, if so.

    laid: the same papers before they were printed. told: the type that dossier.json gives to the file.
    """

    name: str
    data: bytes
    papers: tuple[dict[str, Any], ...] = ()
    broken: str = ""
    laid: tuple[Laid, ...] = ()
    told: str = ""


@dataclass
class Dossier:
    """What is to be dropped and what should come of it. reasons: rule ids that must be among those not passed.

    missing: names of files that dossier.json lists and nobody dropped.
    """

    code: str
    matter: Matter
    grade: Grade
    files: list[File] = field(default_factory=list)
    state: Literal["checked", "returned", "refused"] = "checked"
    fault: str = ""
    reasons: tuple[str, ...] = ()
    submitted_by: Literal["citizen", "officer"] = "citizen"
    missing: tuple[str, ...] = ()

    def manifest(self) -> dict[str, Any]:
        matter = self.matter
        received = datetime.combine(matter.received, datetime.min.time(), _VIETNAM) + timedelta(hours=9)
        return {
            "dossier": self.code,
            "procedure": matter.procedure,
            "office": OFFICE,
            "received_at": received.isoformat(),
            "submitted_by": self.submitted_by,
            "applicant": matter.applicant,
            "files": [
                *(
                    {
                        "name": f.name,
                        "sha256": hashlib.sha256(f.data).hexdigest(),
                        **({"type": f.told} if f.told else {}),
                    }
                    for f in self.files
                ),
                *({"name": name} for name in self.missing),
            ],
            **({"facts": matter.facts} if matter.facts else {}),
            **({"lookups": list(matter.lookups)} if matter.lookups else {}),
        }

    def truth(self) -> dict[str, Any]:
        return {
            "dossier": self.code,
            "procedure": self.matter.procedure,
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
    dry: nothing is printed or scanned; each file holds a few bytes of its own in the place of its scans.
    """

    rng: Random
    serial: int
    grade: Grade
    frugal: bool = False
    held_back: bool = False
    dpi: int = 0
    dry: bool = False


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
    if order.dry:
        count = page_count(paper)
        rng.randbytes(4 * count)  # as many draws as the scans take: the next paper is the same either way
        return Scanned(paper, (NO_PIXELS,) * count, how)
    pages = tuple(scan(page, how, rng.getrandbits(32)) for page in to_images(to_pdf(paper), how.dpi))
    return Scanned(paper, pages, how)


def page_count(paper: Paper) -> int:
    """How many pages a paper has once it is printed, by what its template is given."""
    several = paper.context.get("pages") or paper.context.get("sheets") or ()
    return int(paper.notes.get("pages", 0)) or len(several) or 1


def _dry(name: str, form: str) -> bytes:
    """Bytes of a file that stands for its scans: a PDF that opens, so that a fault can be put into it."""
    if not form.endswith(("pdf", "digital")):
        return name.encode()
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page().obj.Contents = document.make_stream(f"% {name}".encode())
    document.save(out, static_id=True)
    return out.getvalue()


def _laid(scanned: Sequence[Scanned]) -> tuple[Laid, ...]:
    laid, first = [], 1
    for one in scanned:
        laid.append(Laid(one.paper, one.how, tuple(range(first, first + len(one.pages))), one.numbers()))
        first += len(one.pages)
    return tuple(laid)


def _entry(paper: Paper, first: int, count: int, grade: str, turn: int = 0) -> dict[str, Any]:
    return {**paper.truth(), "pages": list(range(first, first + count)), "grade": grade, "turn": turn}


def _sheets(one: Scanned) -> list[files.Sheet]:
    return [files.Sheet(page, one.how.dpi, one.how.quality, one.how.compact) for page in one.pages]


def as_files(name: str, scanned: Sequence[Scanned], form: Form) -> list[File]:
    """Papers in one file, or, where the format holds one page, a file each. name: without its extension."""
    dry = scanned[0].pages[0] is NO_PIXELS
    if form == "born-digital":
        entry = _entry(scanned[0].paper, 1, len(scanned[0].pages), "digital")
        data = _dry(name, form) if dry else to_pdf(scanned[0].paper)
        return [File(f"{name}.pdf", data, (entry,), laid=_laid(scanned[:1]))]
    if form in ("jpg", "png"):
        found = []
        for one in scanned:
            for number, sheet in enumerate(_sheets(one), 1):
                suffix = f" {number}" if len(one.pages) > 1 else ""
                file = f"{name}{suffix}.{form}"
                data = _dry(file, form) if dry else files.jpeg(sheet) if form == "jpg" else files.png(sheet)
                entry = _entry(one.paper, 1, 1, one.how.grade, one.how.turn)
                laid = Laid(one.paper, one.how, (1,), one.numbers()[number - 1 : number])
                found.append(File(file, data, (entry,), laid=(laid,)))
        return found
    entries, first = [], 1
    for one in scanned:
        entries.append(_entry(one.paper, first, len(one.pages), one.how.grade, one.how.turn))
        first += len(one.pages)
    sheets = [sheet for one in scanned for sheet in _sheets(one)]
    data = _dry(name, form) if dry else files.tiff(sheets) if form == "tif" else files.pdf(sheets)
    return [File(f"{name}.{form}", data, tuple(entries), laid=_laid(scanned))]
