"""The reader `card`: fields of an ID card, from its print, its QR code and its machine-readable zone.

Options of a field: `qr` (number of its part in the payload, from 0), `mrz` (name of its part in the zone).
QR payload: `ID|old number|NAME|ddmmyyyy|Nam/Nữ|address|issue ddmmyyyy`, 7 parts or 11 (measured on real cards).
"""

from __future__ import annotations

import re
from datetime import date

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import Kind, kind
from dossier.kinds.times import UNLIMITED
from dossier.model import Box
from dossier.reading import PageReading
from dossier.text.vietnamese import clean
from ocr.layout import layouts
from ocr.mrz import Mrz, parse_td1
from ocr.mrzread import read_zone
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label
from ocr.rows import union

REPAIRED, REPAIRED_SURE = "mrz@repaired", 0.8
"""A part of the zone in which a character was changed: a witness by another name, which confirms and never suffices."""
_PARTS = (7, 11)


@reader("card")
def read_card(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """Candidates of print, QR and MRZ. What only the code says stands at the code's place."""
    found = read_label(view, name, spec)
    wanted = kind(spec.kind)
    if "qr" in spec.options:
        found += _from_qr(view, wanted, int(spec.options["qr"]))
    if "mrz" in spec.options:
        found += _from_mrz(view, wanted, str(spec.options["mrz"]))
    return found


def payload(page: PageReading) -> tuple[tuple[str, ...], Box] | None:
    """The parts of the ID card's QR code on a page and its place; None if there is none."""
    for code in page.codes:
        parts = tuple(clean(part) for part in code.text.split("|"))
        if len(parts) in _PARTS and re.fullmatch(r"[0-9]{12}", parts[0]):
            return parts, code.box
    return None


def _from_qr(view: View, wanted: Kind, part: int) -> list[Candidate]:
    found = []
    for number, page in enumerate(view.pages):
        if seen := payload(page.reading):
            parts, box = seen
            text = (
                re.sub(r"^(\d{2})(\d{2})(\d{4})$", r"\1/\2/\3", parts[part])
                if part in (3, 6)
                else parts[part]
            )
            value = wanted.parse(text) if text else None
            if value is not None:
                # Codes of some years have names in small letters; the card prints them in capitals.
                value = value.upper() if wanted.name == "person-name" else value
                found.append(Candidate(text, value, number, box, "qr", 1.0))
    return found


def _from_mrz(view: View, wanted: Kind, part: str) -> list[Candidate]:
    seen = mrz(view)
    if seen is None:
        return []
    zone, page, box = seen
    read = getattr(zone, part)
    if read is None:
        return []
    text = (
        f"{read:%d/%m/%Y}" if isinstance(read, date) else "Không thời hạn" if read == UNLIMITED else str(read)
    )
    if part in zone.repaired:
        return [Candidate(text, wanted.parse(text), page, box, REPAIRED, REPAIRED_SURE)]
    return [Candidate(text, wanted.parse(text), page, box, "mrz", 1.0)]


def mrz(view: View) -> tuple[Mrz, int, Box] | None:
    """The machine-readable zone of the card, its page and place; read once."""
    if "mrz" not in view.memo:
        view.memo["mrz"] = _find_mrz(view)
    kept = view.memo["mrz"]
    return kept if isinstance(kept, tuple) else None


def _find_mrz(view: View) -> tuple[Mrz, int, Box] | None:
    """By its form on the picture, else as the page's own reading has it."""
    today = date.today()
    for number, page in enumerate(view.pages):
        if zone := read_zone(page.image(), page.reading.dpi, view.toolbox, today):
            return zone.mrz, number, zone.box
    for layout in layouts(view):
        lines = [row for row in layout.rows if _looks_like_mrz(row.text)][-3:]
        read = parse_td1([row.text.replace(" ", "") for row in lines], today)
        if read is not None and (read.personal_id or read.date_of_birth):
            return read, layout.page, union(row.box for row in lines)
    return None


def _looks_like_mrz(text: str) -> bool:
    packed = re.sub(r"\s", "", text)
    fillers = len(re.findall(r"[<«‹]", packed))
    capitals = len(re.findall(r"[A-Z0-9<«‹]", packed))
    return len(packed) >= 22 and capitals >= 0.8 * len(packed) and (fillers >= 2 or "VNM" in packed)
