"""Dossiers without a fault: the form, the notice, the applicant's card and the certificate, all telling one story."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from samples.dossier import PROCEDURE, Dossier, Form, Matter, Order, Scanned, as_files, put_through
from samples.paper import HELD_BACK_LAYOUT, HELD_BACK_SANS, HELD_BACK_SERIF, SANS, SERIF, Paper
from samples.papers_birth import birth_certificate, birth_notice, registration_form
from samples.papers_card import Sheet, citizen_card
from samples.scan import Grade
from samples.story import OFFICE, Birth, invent_birth

Shape = Literal["usual", "tiff", "pictures", "one-pdf", "digital"]
SHAPES: tuple[Shape, ...] = ("usual", "usual", "usual", "tiff", "pictures", "one-pdf", "digital")
NAMES = {
    "form": "Tờ khai đăng ký khai sinh",
    "notice": "Giấy chứng sinh",
    "card": "Căn cước",
    "certificate": "Giấy khai sinh",
}


@dataclass
class Kit:
    """The papers of one dossier before they are filed, so that a fault can be put into them. order: as dropped."""

    code: str
    birth: Birth
    grade: Grade
    papers: dict[str, Paper]
    shape: Shape
    nfd: bool

    def name(self, part: str) -> str:
        return unicodedata.normalize("NFD", NAMES[part]) if self.nfd else NAMES[part]


def dossier_code(day: date, serial: int) -> str:
    """`H13.96.31-260915-0001`: agency, reception date, serial."""
    return f"{OFFICE}-{day:%y%m%d}-{serial:04d}"


def birth_matter(birth: Birth) -> Matter:
    return Matter(PROCEDURE, birth.received, birth.applicant.name)


def make_kit(order: Order, shape: Shape | None = None, expired_card: bool = False) -> Kit:
    rng, grade, held_back = order.rng, order.grade, order.held_back
    received = date(2026, 9, 3) + timedelta(days=rng.randrange(50))
    birth = invent_birth(rng, received, expired_card=expired_card)
    # One register gives no number twice: dossiers of one set are told apart by their serials.
    register, year = 60 + 7 * order.serial, birth.certificate_number.partition("/")[2]
    birth = replace(birth, certificate_number=f"{register}/{year}")
    chosen: Shape = shape if shape is not None else rng.choice(SHAPES)

    def look() -> tuple[str, str]:
        if held_back:
            return HELD_BACK_LAYOUT, HELD_BACK_SERIF
        return rng.choice("ab"), rng.choice(SERIF)

    sheet: Sheet = (
        "a4" if chosen == "one-pdf" else "faces" if order.frugal else rng.choice(("faces", "faces", "a4"))
    )
    card_layout = HELD_BACK_LAYOUT if held_back else "a" if birth.card.kind == "cccd-2021" else "b"
    card_font = HELD_BACK_SANS if held_back else rng.choice(SANS)
    # A date written by pen is not read as sure, so such a dossier ends checked only after a person looked.
    pen = not order.frugal and grade == "hard" and rng.random() < 0.3
    papers = {
        "form": registration_form(rng, birth, *look(), pen=pen),
        "notice": birth_notice(rng, birth, *look(), pen=False),
        "card": citizen_card(rng, birth.card, card_layout, card_font, sheet),
        "certificate": birth_certificate(rng, birth, *look(), pen=False),
    }
    return Kit(dossier_code(received, order.serial), birth, grade, papers, chosen, nfd=rng.random() < 0.3)


def scan_all(order: Order, kit: Kit) -> dict[str, Scanned]:
    return {part: put_through(order, paper) for part, paper in kit.papers.items()}


def file_all(kit: Kit, scanned: dict[str, Scanned]) -> Dossier:
    """Lay the scans into files by the kit's shape. Pages of one file share their dpi and quality."""
    dossier = Dossier(kit.code, birth_matter(kit.birth), kit.grade)
    forms: dict[str, Form]
    forms = dict.fromkeys(scanned, "pdf")
    if kit.shape == "one-pdf":
        dossier.files += as_files("Hồ sơ khai sinh", list(scanned.values()), "pdf")
        return dossier
    if kit.shape == "tiff":
        forms = dict.fromkeys(scanned, "tif")
    elif kit.shape == "pictures":
        forms = dict.fromkeys(scanned, "jpg")
        forms["form"] = "png"
    elif kit.shape == "digital" and "form" in forms:
        forms["form"] = "born-digital"
    if "card" in forms and kit.shape in ("usual", "digital") and len(scanned["card"].pages) == 2:
        forms["card"] = "jpg"
    for part, one in scanned.items():
        dossier.files += as_files(kit.name(part), [one], forms[part])
    return dossier


def good_dossier(order: Order, shape: Shape | None = None) -> Dossier:
    """Ends checked."""
    kit = make_kit(order, shape)
    return file_all(kit, scan_all(order, kit))
