"""Every type in every layout and font comes out whole: on its pages, with its values, with every letter."""

from __future__ import annotations

import unicodedata
from datetime import date
from random import Random

import pypdfium2
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from dossier.text.vietnamese import tone_key
from samples.card import CardKind, make_card
from samples.paper import FONTS, HELD_BACK_SANS, HELD_BACK_SERIF, SANS, SERIF, Paper
from samples.papers_birth import birth_certificate, birth_notice, registration_form
from samples.papers_card import citizen_card
from samples.papers_decree import decision, official_document
from samples.people import adult
from samples.render import _FONT_ROOT, to_html, to_images, to_pdf
from samples.scan import scan, settings
from samples.single import MAKERS
from samples.story import invent_birth

BIRTH_PAPERS = {"form": registration_form, "notice": birth_notice, "certificate": birth_certificate}
LOOKS = [*((layout, SERIF[i]) for i, layout in ((0, "a"), (3, "a"), (2, "b"))), ("c", HELD_BACK_SERIF)]


def text_of(paper: Paper) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(to_pdf(paper))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return len(pages), tone_key(" ".join(pages))


def shown(paper: Paper) -> list[str]:
    """The values that must be found in the text as they stand."""
    skip = {
        name
        for name in paper.fields
        if "date" in name or name in ("time_of_birth", "recipients", *paper.handwritten)
    }
    return [value for name, value in paper.fields.items() if name not in skip]


@pytest.mark.parametrize("part", BIRTH_PAPERS)
def test_birth_papers_hold_their_values_on_one_page(part: str) -> None:
    for seed, (layout, font) in enumerate(LOOKS):
        birth = invent_birth(Random(seed), date(2026, 9, 15))
        paper = BIRTH_PAPERS[part](Random(seed), birth, layout, font)
        pages, text = text_of(paper)
        assert pages == 1, (layout, font)
        for value in shown(paper):
            assert tone_key(value) in text, (layout, font, value)


@pytest.mark.parametrize("make", [decision, official_document])
def test_official_papers_hold_their_values(make: type) -> None:
    for seed, (layout, font) in enumerate(LOOKS):
        paper = make(Random(seed), layout, font)
        pages, text = text_of(paper)
        assert pages <= 2
        for value in shown(paper):
            assert tone_key(value) in text, (layout, font, value)
        assert '<svg class="pen"' in to_html(paper)


@pytest.mark.parametrize("layout", ["a", "b", "c"])
def test_cards_hold_their_values(layout: str) -> None:
    rng = Random(layout)
    kind: CardKind = "cccd-2021" if layout == "a" else "can-cuoc-2024"
    holder = adult(rng, "Nữ", 27, 33, "xã Vị Thủy", date(2026, 9, 15))
    card = make_card(rng, holder, date(2026, 9, 15), kind)
    for font in SANS if layout != "c" else (HELD_BACK_SANS,):
        paper = citizen_card(rng, card, layout, font, "faces")
        pages, text = text_of(paper)
        assert pages == 2
        for value in shown(paper):
            assert tone_key(value) in text, (font, value)


@pytest.mark.parametrize("kind", MAKERS)
def test_truth_is_clean_and_drawn_from_the_seed(kind: str) -> None:
    first, second = (MAKERS[kind](Random("same"), False) for _ in range(2))
    assert first.truth() == second.truth()
    assert MAKERS[kind](Random("same"), True).held_back == (kind != "other")
    for value in first.fields.values():
        assert value == unicodedata.normalize("NFC", value).strip()
        assert value


def test_fonts_hold_every_vietnamese_letter() -> None:
    letters = {
        unicodedata.normalize("NFC", base + tone)
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    } | {"đ", "Đ"}
    for pattern, suffixes in FONTS.values():
        for suffix in suffixes.split():
            known = TTFont(_FONT_ROOT / pattern.format(suffix.removeprefix("_"))).getBestCmap()
            assert not {c for c in letters if ord(c) not in known}, pattern


@pytest.mark.parametrize("grade", ["clean", "office", "hard"])
def test_a_scan_keeps_the_page_and_its_seed(grade: str) -> None:
    birth = invent_birth(Random(1), date(2026, 9, 15))
    page = to_images(to_pdf(birth_notice(Random(1), birth, "a", SERIF[0])), 75)[0]
    how = settings(Random(2), grade)  # type: ignore[arg-type]
    once, again = scan(page, how, 3), scan(page, how, 3)
    assert (once == again).all()
    assert once.shape[:2] in (page.shape[:2], page.shape[1::-1])
    assert 10 < once.std() < 90


def test_a_born_digital_paper_is_a_pdf_with_text() -> None:
    birth = invent_birth(Random(1), date(2026, 9, 15))
    paper = registration_form(Random(1), birth, "b", SERIF[0])
    assert to_pdf(paper).startswith(b"%PDF-")
