"""Single papers with their truth, for measuring how well they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from samples import files
from samples.card import make_card
from samples.paper import HELD_BACK_LAYOUT, HELD_BACK_SANS, HELD_BACK_SERIF, SANS, SERIF, Paper
from samples.papers_birth import birth_certificate, birth_notice, registration_form
from samples.papers_birth_old import old_birth_certificate
from samples.papers_business import business_certificate
from samples.papers_card import citizen_card
from samples.papers_death import death_extract
from samples.papers_decree import decision, official_document, other
from samples.papers_land import land_certificate
from samples.papers_licence import driving_licence
from samples.papers_marriage import marital_status_confirmation, marriage_certificate
from samples.papers_residence import residence_confirmation, residence_form
from samples.people import adult
from samples.render import to_images, to_lines, to_pdf
from samples.scan import Grade, scan, settings
from samples.story import COMMUNE, invent_birth

CARDS = ("citizen-id-card", "driving-licence")
PHONE_DPI = 72
"""What telephones write into their pictures, which know nothing of the paper's size."""


def _layout(rng: Random, held_back: bool, layouts: str = "ab") -> tuple[str, str]:
    if held_back:
        return HELD_BACK_LAYOUT, HELD_BACK_SERIF
    return rng.choice(layouts), rng.choice(SERIF)


def _received(rng: Random) -> date:
    return date(2026, 9, 3) + timedelta(days=rng.randrange(50))


def _birth_paper(make: Callable[..., Paper], layouts: str = "ab") -> Callable[[Random, bool], Paper]:
    def paper(rng: Random, held_back: bool) -> Paper:
        birth = invent_birth(rng, _received(rng))
        return make(rng, birth, *_layout(rng, held_back, layouts), rng.random() < 0.4)

    return paper


def _birth_certificate(rng: Random, held_back: bool) -> Paper:
    """Layout `d` is the form of years in which none of the people of `invent_birth` had a child."""
    birth = invent_birth(rng, _received(rng))
    layout, font = _layout(rng, held_back, "abd")
    pen = rng.random() < 0.4
    if layout == "d":
        return old_birth_certificate(rng, layout, font, pen)
    return birth_certificate(rng, birth, layout, font, pen)


def card_paper(rng: Random, held_back: bool) -> Paper:
    today = _received(rng)
    while True:
        holder = adult(rng, rng.choice(("Nam", "Nữ")), 18, 66, COMMUNE, today)
        try:
            card = make_card(rng, holder, today, rng.choice(("cccd-2021", "can-cuoc-2024")))
        except ValueError:
            continue  # nobody of that age has such a card that still holds
        layout = HELD_BACK_LAYOUT if held_back else "a" if card.kind == "cccd-2021" else "b"
        font = HELD_BACK_SANS if held_back else rng.choice(SANS)
        return citizen_card(rng, card, layout, font, rng.choice(("a4", "a4-pages", "faces")))


def _decree_paper(make: Callable[..., Paper]) -> Callable[[Random, bool], Paper]:
    def paper(rng: Random, held_back: bool) -> Paper:
        return make(rng, *_layout(rng, held_back), rng.random() < 0.75)

    return paper


def _country_paper(make: Callable[..., Paper]) -> Callable[[Random, bool], Paper]:
    def paper(rng: Random, held_back: bool) -> Paper:
        return make(rng, *_layout(rng, held_back), rng.random() < 0.35)

    return paper


def _licence(rng: Random, held_back: bool) -> Paper:
    layout = _layout(rng, held_back)[0]
    font = HELD_BACK_SANS if held_back else rng.choice(SANS)
    return driving_licence(rng, layout, font, rng.choice(("a4", "a4-pages", "faces", "front")))


def _other(rng: Random, _held_back: bool) -> Paper:
    return other(rng, rng.choice("ab"), rng.choice(SERIF))


MAKERS: dict[str, Callable[[Random, bool], Paper]] = {
    "birth-registration-form": _birth_paper(registration_form, "abd"),
    "birth-notice": _birth_paper(birth_notice),
    "birth-certificate": _birth_certificate,
    "citizen-id-card": card_paper,
    "marriage-certificate": _country_paper(marriage_certificate),
    "marital-status-confirmation": _country_paper(marital_status_confirmation),
    "death-extract": _country_paper(death_extract),
    "residence-form": _country_paper(residence_form),
    "residence-confirmation": _country_paper(residence_confirmation),
    "decision": _decree_paper(decision),
    "official-document": _decree_paper(official_document),
    "business-household-certificate": _country_paper(business_certificate),
    "land-certificate": _country_paper(land_certificate),
    "driving-licence": _licence,
    "other": _other,
}


def write_papers(
    out: Path, seed: str, per_type: int, grade: Grade, held_back: bool = False, types: tuple[str, ...] = ()
) -> int:
    """`<type>-<n>.pdf` (or .jpg, .tif) and `<type>-<n>.json` with its truth. Gives back how many papers."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for kind, make in MAKERS.items():
        if types and kind not in types:
            continue
        for n in range(per_type):
            rng = Random(f"{seed}/{kind}/{n}/{held_back}")
            paper = make(rng, held_back)
            how = settings(rng, grade, card=kind in CARDS)
            printed = to_pdf(paper)
            pages = [scan(page, how, rng.getrandbits(32)) for page in to_images(printed, how.dpi)]
            stem = f"{kind}-{n:03d}"
            form = "jpg" if grade == "photo" else rng.choice(("pdf", "pdf", "tif", "jpg"))
            stated = PHONE_DPI if form == "jpg" and grade == "photo" else how.dpi
            sheets = [files.Sheet(page, stated, how.quality, how.compact) for page in pages]
            if form == "jpg" and len(pages) == 1:
                data = files.jpeg(sheets[0])
            elif form == "tif":
                data = files.tiff(sheets)
            else:
                form, data = "pdf", files.pdf(sheets)
            (out / f"{stem}.{form}").write_bytes(data)
            truth = {
                "file": f"{stem}.{form}",
                **paper.truth(),
                "pages": len(pages),
                "grade": grade,
                "dpi": how.dpi,
                "turn": how.turn,
                "notes": paper.notes,
                "lines": to_lines(printed),
            }
            (out / f"{stem}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
            count += 1
    return count
