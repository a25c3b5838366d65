"""The machine-readable zone: found by its form, read by several looks, judged and mended by its check digits."""

from __future__ import annotations

from datetime import date
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_pages import page, view

from dossier.catalogue.documents import document_types
from dossier.settings import ReadingSettings
from ocr.engines.base import Colour
from ocr.judge import judge
from ocr.mrz import Mrz, check_digit, checked_date, composite_holds, parse_td1, personal_number
from ocr.mrzfind import find_zones
from ocr.mrzlines import LENGTH, Look, fitted, vote, vote_word
from ocr.mrzread import read_zone
from ocr.mrzrepair import LOOKALIKES, repair
from ocr.readers.card import read_card
from ocr.toolbox import Toolbox
from samples.card import Card, make_card, mrz
from samples.papers_card import Sheet, citizen_card
from samples.people import adult
from samples.render import to_images, to_pdf
from samples.story import COMMUNE

TODAY = date(2026, 11, 24)


def card(seed: int = 3) -> Card:
    rng = Random(seed)
    return make_card(rng, adult(rng, "Nam", 26, 36, COMMUNE, TODAY), TODAY, "can-cuoc-2024")


def picture(one: Card, sheet: Sheet, dpi: int) -> Colour:
    """The page with the card's back."""
    return to_images(to_pdf(citizen_card(Random(1), one, "b", "Liberation Sans", sheet)), dpi)[-1]


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings())


def turned(image: Colour, degrees: float) -> Colour:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)


@pytest.mark.parametrize(
    ("sheet", "dpi", "degrees"),
    [("faces", 300, 0.0), ("faces", 150, 3.0), ("a4", 200, -3.0), ("a4-pages", 300, 1.0)],
)
def test_the_zone_is_read_wherever_the_card_lies(
    toolbox: Toolbox, sheet: Sheet, dpi: int, degrees: float
) -> None:
    one = card()
    zone = read_zone(turned(picture(one, sheet, dpi), degrees), dpi, toolbox, TODAY)
    assert zone is not None
    assert zone.lines == mrz(one)
    assert (zone.mrz.personal_id, zone.mrz.date_of_birth) == (one.personal_id, one.holder.born)
    assert zone.mrz.composite
    assert not zone.mrz.repaired


def test_a_card_on_its_head_is_read_too(toolbox: Toolbox) -> None:
    one = card()
    zone = read_zone(np.ascontiguousarray(np.rot90(picture(one, "faces", 300), 2)), 300, toolbox, TODAY)
    assert zone is not None
    assert zone.lines == mrz(one)


def test_a_front_and_an_empty_page_have_no_zone() -> None:
    one = card()
    front = to_images(to_pdf(citizen_card(Random(1), one, "b", "Liberation Sans", "faces")), 200)[0]
    assert find_zones(front, 200) == []
    assert find_zones(np.full((800, 600, 3), 255, np.uint8), 200) == []


digits = st.text("0123456789", min_size=12, max_size=12)
days = st.dates(date(1930, 1, 1), date(2026, 11, 1))
noise = st.text("ABCIOSZ0123456789<«-‹ abc", max_size=40)


def lines_of(number: str, born: date, until: date) -> tuple[str, str]:
    one = f"IDVNM{number[3:]}{check_digit(number[3:])}{number}<<{check_digit(number)}"
    first, last = f"{born:%y%m%d}", f"{until:%y%m%d}"
    two = f"{first}{check_digit(first)}F{last}{check_digit(last)}VNM" + "<" * 11
    return one, two + str(check_digit(one[5:30] + two[0:7] + two[8:15] + two[18:29]))


def silent() -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    return [frozenset()] * LENGTH, [frozenset()] * LENGTH


@given(
    st.lists(st.builds(Look, st.sampled_from(["aster", "tesseract"]), noise), max_size=5), st.integers(0, 2)
)
def test_any_looks_make_a_line_of_thirty_or_none(looks: list[Look], number: int) -> None:
    voted = vote(looks, number)
    assert voted is None or (len(voted.text) == len(voted.seen) == LENGTH)


@given(digits, days, days)
def test_a_sound_zone_is_left_as_it_is(number: str, born: date, until: date) -> None:
    lines = lines_of(number, born, until)
    assert repair(lines, silent(), TODAY).lines == lines
    assert repair(lines, silent(), TODAY).parts == frozenset()


@given(digits, days, days, st.lists(st.tuples(st.integers(0, 29), st.sampled_from("OISB0358<K")), max_size=3))
def test_a_repaired_part_holds_and_differs_in_one_place(
    number: str, born: date, until: date, harm: list[tuple[int, str]]
) -> None:
    sound = lines_of(number, born, until)
    one, two = list(sound[0]), list(sound[1])
    for at, char in harm:
        one[at] = two[at] = char
    harmed = "".join(one), "".join(two)
    mended = repair(harmed, silent(), TODAY)
    parts = {
        "personal_id": (0, slice(5, 30), personal_number(mended.lines[0])),
        "date_of_birth": (1, slice(0, 7), checked_date(mended.lines[1][0:7], True, TODAY)),
        "expiry_date": (1, slice(8, 15), checked_date(mended.lines[1][8:15], False, TODAY)),
    }
    for name, (line, at, value) in parts.items():
        changed = sum(a != b for a, b in zip(harmed[line][at], mended.lines[line][at], strict=True))
        assert changed == (name in mended.parts)
        assert name not in mended.parts or value is not None


@given(digits, days, days, st.integers(18, 26))
def test_one_misread_figure_of_the_number_is_mended_by_its_twin_and_told(
    number: str, born: date, until: date, at: int
) -> None:
    one, two = lines_of(number, born, until)
    wrong = next(iter(LOOKALIKES[one[at]]))
    mended = repair((one[:at] + wrong + one[at + 1 :], two), silent(), TODAY)
    # What the check digits leave open stays unread; what they decide is right, because the number stands twice.
    assert mended.lines[0] == one if mended.parts else personal_number(mended.lines[0]) is None


@given(digits, days, days, st.integers(15, 17))
def test_a_figure_that_stands_but_once_is_mended_only_if_the_whole_zone_holds(
    number: str, born: date, until: date, at: int
) -> None:
    one, two = lines_of(number, born, until)
    wrong = next(iter(LOOKALIKES[one[at]]))
    mended = repair((one[:at] + wrong + one[at + 1 :], two), silent(), TODAY)
    assert composite_holds(*mended.lines) if mended.parts else personal_number(mended.lines[0]) is None


def test_two_repairs_that_fit_are_none() -> None:
    # Where a look saw every figure at every place, any place could be the wrong one.
    born = "901010" + str(check_digit("901010"))
    looks = [frozenset("0123456789")] * LENGTH
    for wrong in (str((int(born[6]) + step) % 10) for step in range(1, 10)):
        two = born[:6] + wrong + "F" + lines_of("0" * 12, TODAY, TODAY)[1][8:]
        mended = repair((lines_of("0" * 12, TODAY, TODAY)[0], two), (looks, looks), TODAY)
        assert mended.lines[1] == two
        assert mended.parts == frozenset()


@given(st.lists(st.text(max_size=35), max_size=5))
def test_what_no_check_digit_confirms_is_refused(lines: list[str]) -> None:
    read = parse_td1(lines, TODAY)
    assert read is None or read.personal_id is None or len(read.personal_id) == 12


def test_recognisers_at_odds_have_one_voice_each_and_letters_at_figures_places_are_figures() -> None:
    one, _ = lines_of("092198001234", date(1998, 2, 1), TODAY)
    flawed = one.replace("0", "O", 1).replace("I", "T", 1)
    voted = vote([Look("aster", flawed), Look("tesseract", one), Look("tesseract", one)], 0)
    assert voted is not None
    assert voted.text == one


def test_lost_fillers_are_put_back_and_a_word_needs_its_length() -> None:
    assert fitted("9802017F3802011VNM<<<<<<<4", 1) == "9802017F3802011VNM<<<<<<<<<<<4"
    assert fitted("TRAN«THI<LAN", 2) == "TRAN<<THI<LAN".ljust(30, "<")
    assert vote_word([Look("aster", "LAN:"), Look("tesseract", "LLAN")], 3) == "LAN"
    assert vote_word([Look("aster", "LA")], 3) is None


def test_a_repaired_part_is_a_witness_by_another_name_and_never_sure_alone() -> None:
    spec = document_types()["citizen-id-card"].fields["personal_id"]
    paper = view("citizen-id-card", page("CĂN CƯỚC", size=(674, 425)))
    zone = Mrz("092198001234", None, None, None, None, False, frozenset({"personal_id"}))
    paper.memo["mrz"] = (zone, 0, (0.0, 0.0, 10.0, 10.0))
    found = [one for one in read_card(paper, "personal_id", spec) if one.by.startswith("mrz")]
    assert [one.by for one in found] == ["mrz@repaired"]
    field = judge("personal_id", spec, found, paper)
    assert field is not None
    assert field.confidence < 0.95
