"""Dossiers as a reader without a fault would read them: components from the truth, without a pixel (`--judge-only`)."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from html import unescape
from typing import Any
from unicodedata import normalize

from dossier.catalogue.documents import FieldSpec, document_types
from dossier.drop import Manifest
from dossier.kinds import kinds
from dossier.kinds.times import UNLIMITED
from dossier.reading import Mark, Quality
from dossier.record import Component, DroppedFile, Field, Refused, Source, Witness
from dossier.text.dates import date_in_words
from flows.standing import Standing, case_of
from samples.dossier import Dossier, File, Laid
from samples.paper import Paper
from samples.render import to_html
from validators.case import Case

SURE, DPI = 0.99, 300.0
BOX = (100.0, 100.0, 400.0, 140.0)
READERS = ("tesseract", "aster")
TODAY = date(2026, 11, 24)
"""Some weeks after every sample was received."""
REFUSALS = {
    "truncated": "damaged-file",
    "encrypted": "encrypted-pdf",
    "empty": "empty-file",
    "wrong-kind": "unsupported-type",
    "too-large": "too-large",
}
_UNREAD = {"other": "unknown"}
_QR = {"personal_id": 0, "full_name": 2, "sex": 4}
_BREAKS = re.compile(r"(?i)<(?:/p|/div|/tr|/td|/th|/h\d|br)\b[^>]*>")
_SHEET = '<div class="sheet"'


def case_as_read(dossier: Dossier) -> Case:
    """The case that rules would judge if every letter, code and mark of the dossier were read right."""
    manifest = dossier.manifest()
    name = {id(file): normalize("NFC", file.name) for file in dossier.files}
    opened = [file for file in dossier.files if not file.broken]
    standing = Standing(
        dossier=dossier.code,
        office=manifest["office"],
        manifest=Manifest.model_validate(manifest),
        components=_components(opened),
        refused=tuple(
            Refused(file=name[id(f)], sha256=_hash(f), reason="Quét lại.", code=REFUSALS[f.broken])
            for f in dossier.files
            if f.broken
        ),
        files=tuple(DroppedFile(name=name[id(file)], sha256=_hash(file)) for file in dossier.files),
        received_at=datetime.fromisoformat(manifest["received_at"]),
        duplicates=_duplicates(opened),
        pdf_versions={_hash(file): "1.7" for file in opened if file.name.endswith(".pdf")},
        procedure_required=True,
    )
    return case_of(standing, today=TODAY)


def _hash(file: File) -> str:
    return hashlib.sha256(file.data).hexdigest()


def _components(files: list[File]) -> tuple[Component, ...]:
    """Pieces of one paper in several files are one component; the same bytes twice are read once for each file."""
    papers: dict[tuple[int, str], list[tuple[File, Laid]]] = {}
    seen: set[str] = set()
    for file in files:
        again = file.name if _hash(file) in seen else ""
        seen.add(_hash(file))
        for laid in file.laid:
            papers.setdefault((id(laid.paper), again), []).append((file, laid))
    return tuple(_component(f"c{n}", pieces) for n, pieces in enumerate(papers.values(), 1))


def _duplicates(files: list[File]) -> tuple[tuple[tuple[str, int], tuple[str, int]], ...]:
    """Pages of a paper that were scanned again: more pieces of it than the paper has pages."""
    found: list[tuple[tuple[str, int], tuple[str, int]]] = []
    first: dict[tuple[int, int], tuple[str, int]] = {}
    for file in files:
        for laid in file.laid:
            for at, page in enumerate(laid.pages):
                here = (normalize("NFC", file.name), page)
                key = (id(laid.paper), laid.which[at])
                if key in first:
                    found.append((first[key], here))
                else:
                    first[key] = here
    return tuple(found)


def _component(id: str, pieces: list[tuple[File, Laid]]) -> Component:
    paper = pieces[0][1].paper
    texts = page_texts(paper)
    pages = [(file, laid, at) for file, laid in pieces for at in range(len(laid.pages))]
    numbers = [laid.which[at] for _, laid, at in pages]
    type = _UNREAD.get(paper.type, paper.type)
    return Component(
        id=id,
        type=type,
        type_confidence=0.0 if type == "unknown" else SURE,
        sources=tuple(
            Source(file=normalize("NFC", file.name), sha256=_hash(file), pages=laid.pages)
            for file, laid in pieces
        ),
        fields=_fields(paper, pieces, set(numbers)),
        marks=_marks(paper, pieces),
        quality=tuple(_quality(paper, laid, at) for _, laid, at in pages),
        text="\f".join(texts[number - 1] for number in numbers),
    )


def page_texts(paper: Paper) -> list[str]:
    """The running text of each page, as the template prints it; what is drawn is none."""
    body = re.sub(r"(?s)<svg.*?</svg>|<style.*?</style>|<head.*?</head>", " ", to_html(paper))
    parts = body.split(_SHEET)[1:] if _SHEET in body else [body]
    texts = [_text(part) for part in parts]
    if told := int(paper.notes.get("pages", 0)):
        texts = [f"{texts[0] if n == 1 else ''}\nTrang {n}/{told}" for n in range(1, told + 1)]
    return texts


def _text(html: str) -> str:
    plain = unescape(re.sub(r"<[^>]*>", "", _BREAKS.sub("\n", re.sub(r"^[^<]*?>", "", html))))
    return normalize("NFC", "\n".join(" ".join(line.split()) for line in plain.splitlines() if line.strip()))


def _fields(paper: Paper, pieces: list[tuple[File, Laid]], pages: set[int]) -> tuple[Field, ...]:
    known = document_types().get(paper.type)
    if known is None:
        return ()
    file, laid = pieces[0]
    values: dict[str, str] = dict(paper.fields)
    if paper.context.get("expires") == "Không thời hạn":
        values["expiry_date"] = UNLIMITED
    if paper.type == "citizen-id-card":
        values = {name: value for name, value in values.items() if _face(paper, name) & pages}
    return tuple(
        Field(
            name=name,
            value=None if name in paper.notes.get("unfilled", "").split() else value,
            printed=value,
            confidence=SURE,
            file=normalize("NFC", file.name),
            page=laid.pages[0],
            box=BOX,
            dpi=DPI,
            witnesses=_witnesses(paper, name, value, known.fields[name], pages),
        )
        for name, value in values.items()
        if name in known.fields
    )


def _face(paper: Paper, name: str) -> set[int]:
    """On which pages of a card a value stands."""
    if len(paper.context["pages"]) == 1:
        return {1}
    old = paper.context["old"]
    behind = {"issue_date"} if old else {"issue_date", "expiry_date", "place_of_residence", "place_of_birth"}
    return {2} if name in behind else {1, 2} if name == "personal_id" else {1}


def _witnesses(paper: Paper, name: str, value: str, spec: FieldSpec, pages: set[int]) -> tuple[Witness, ...]:
    seen = {by: paper.notes.get(f"printed:{name}", value) for by in READERS}
    if paper.type == "citizen-id-card":
        seen |= _codes(paper, name, pages)
    if words := _in_words(paper, name, spec):
        seen["words"] = words
    return tuple(Witness(by=by, value=said) for by, said in seen.items())


def _codes(paper: Paper, name: str, pages: set[int]) -> dict[str, str]:
    """What the QR code (on the front of 2021, on the back of 2024) and the machine-readable lines say."""
    one_sheet, old = len(paper.context["pages"]) == 1, paper.context["old"]
    found: dict[str, str] = {}
    if one_sheet or (1 if old else 2) in pages:
        parts = paper.notes["qr"].split("|")
        found |= {"qr": parts[_QR[name]]} if name in _QR else {}
    if one_sheet or 2 in pages:
        first, _, third = paper.context["mrz"].split("\n")
        said = {"personal_id": first[15:27], "full_name": " ".join(third.replace("<", " ").split())}
        found |= {"mrz": said[name]} if name in said else {}
    return found


def _in_words(paper: Paper, name: str, spec: FieldSpec) -> str | None:
    child: Any = paper.context.get("child")
    if name == "date_of_birth" and isinstance(child, dict) and child.get("born_words"):
        said = date_in_words(child["born_words"])
        return said.isoformat() if said else None
    kind = kinds()[spec.kind]
    if name == "area_m2" and kind.in_words:
        return kind.in_words(paper.context["area_words"])
    return None


def _marks(paper: Paper, pieces: list[tuple[File, Laid]]) -> tuple[Mark, ...]:
    signer = paper.context.get("signer")
    seen = [kind for kind, drawn in (("seal", "seal"), ("signature", "scrawl")) if getattr(signer, drawn, "")]
    last = pieces[-1][1].pages[-1]
    return tuple(Mark(kind=kind, page=last, box=BOX, confidence=0.9) for kind in seen)


def _quality(paper: Paper, laid: Laid, at: int) -> Quality:
    signer = paper.context.get("signer")
    inked = bool(getattr(signer, "seal", "") or getattr(signer, "scrawl", ""))
    how, blank = laid.how, paper.type == "blank"
    return Quality(
        page=laid.pages[at],
        dpi=how.dpi,
        skew=how.skew,
        sharpness=900.0 if how.blur < 2 else 5.0,
        contrast=0.8,
        ink=0.0 if blank else 0.05,
        coloured_ink=0.01 if inked else 0.0,
        black_border=0.0,
        colour=how.colour,
        blank=blank,
        cut_edges=0.0,
        glare=0.0,
    )
