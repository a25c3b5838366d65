"""What witnesses make of a value, and how sure. Invented people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_pages import page, view

from dossier.catalogue.documents import FieldSpec, document_types
from dossier.settings import ReadingSettings
from ocr.calibration import TABLE, UNPROVEN, Class, Fitted, Table, confidence, prior, strangers
from ocr.judge import evidence, judge
from ocr.mrz import check_digit, parse_td1
from ocr.readers.base import Candidate, field_readers
from ocr.readers.card import payload
from ocr.toolbox import Toolbox
from ocr.voting import respaced

PAPER = view("birth-certificate", page("Họ, chữ đệm, tên: LÊ MINH KHANG"))
NAME = FieldSpec(title="Họ tên", kind="person-name")
DAY = FieldSpec(title="Ngày", kind="date")
NUMBER = FieldSpec(title="Số", kind="personal-id", identifier=True)
PLACE = FieldSpec(title="Nơi cư trú", kind="address")


def saw(by: str, value: str | None, *, sure: float = 0.95, pen: bool = False) -> Candidate:
    return Candidate(value or "?", value, 0, (0.0, 0.0, 10.0, 10.0), by, sure, pen)


def test_no_candidate_is_no_field_and_an_empty_place_is_an_empty_field() -> None:
    assert judge("full_name", NAME, [], PAPER) is None
    empty = Candidate("", None, 0, (0.0, 0.0, 10.0, 10.0), "layout", 0.5)
    field = judge("full_name", NAME, [empty], PAPER)
    assert field is not None
    assert (field.value, field.printed, field.confidence) == (None, "", 0.0)


def test_agreement_is_by_what_a_kind_takes_as_the_same() -> None:
    field = judge("full_name", NAME, [saw("tesseract", "LÊ HOÀ"), saw("aster", "LÊ HÒA")], PAPER)
    assert field is not None
    assert field.value in ("LÊ HOÀ", "LÊ HÒA")
    assert not evidence([saw("tesseract", "LÊ HOÀ"), saw("aster", "LÊ HÒA")], NAME).endswith("split")


def test_one_reader_alone_or_two_that_differ_are_never_sure() -> None:
    for seen in (
        [saw("tesseract", "2026-09-15")],
        [saw("tesseract", "2026-09-15"), saw("aster", "2026-09-16")],
    ):
        field = judge("date_of_birth", DAY, seen, PAPER)
        assert field is not None
        assert field.confidence < 0.95


def test_each_word_is_voted_on_where_no_two_recognisers_agree_on_the_whole() -> None:
    seen = [
        saw("tesseract", "Ấp 5, xã Hoà An - Nhi Sơn"),
        saw("aster", "Ấp 5, xã Hòa Ấn - Nhi Sơn"),
        saw("tesseract@2x", "Ấp 5, xã Hỏa An - Nhi Sơn"),
        saw("aster@wide", "Ấp 5, xã Hòa An - Nhỉ Sơn"),
    ]
    field = judge("residence", PLACE, seen, PAPER)
    assert field is not None
    assert field.value in ("Ấp 5, xã Hòa An - Nhi Sơn", "Ấp 5, xã Hoà An - Nhi Sơn")
    assert evidence(seen, PLACE) == "vote:clear"
    assert evidence(seen[:3], PLACE) == "vote:close"
    assert confidence("text", "vote:close") < 0.95


def test_a_word_on_which_the_recognisers_are_divided_is_told_as_such() -> None:
    seen = [
        saw("tesseract", "Cao Cấm Thảo"),
        saw("aster", "Cao Cẩm Thảo"),
        saw("tesseract@2x", "Cao Cấm Thảo"),
        saw("aster@wide", "Cao Cẩm Thảo"),
    ]
    assert evidence(seen, NAME) == "vote:split"


def test_looks_of_one_recogniser_alone_count_for_less_than_two_recognisers() -> None:
    again = [saw("tesseract", "2026-09-15"), saw("tesseract@2x", "2026-09-15")]
    assert evidence(again, DAY).startswith("again")


def test_what_is_spelt_as_no_paper_spells_it_is_doubted_even_if_all_agree() -> None:
    seen = [saw(by, "Ủy ban nhân dẫn xã Hòa An") for by in ("tesseract", "aster", "tesseract@2x")]
    assert evidence(seen, PLACE) == "odd"
    right = [
        *seen[:2],
        saw("tesseract@2x", "Ủy ban nhân dân xã Hòa An"),
        saw("aster@wide", "Ủy ban nhân dân xã Hòa An"),
    ]
    field = judge("residence", PLACE, right, PAPER)
    assert field is not None
    assert field.value == "Ủy ban nhân dân xã Hòa An"


def test_every_witness_is_kept_with_what_it_saw() -> None:
    seen = [saw("tesseract", "092198001234"), saw("aster", "092198001284"), saw("qr", "092198001234")]
    field = judge("personal_id", NUMBER, seen, PAPER)
    assert field is not None
    assert field.value == "092198001234"
    assert {(witness.by, witness.value) for witness in field.witnesses} == {
        ("tesseract", "092198001234"),
        ("aster", "092198001284"),
        ("qr", "092198001234"),
    }


def test_a_code_outweighs_two_readers_but_their_dissent_is_seen() -> None:
    seen = [saw("tesseract", "092198001284"), saw("aster", "092198001284"), saw("qr", "092198001234")]
    field = judge("personal_id", NUMBER, seen, PAPER)
    assert field is not None
    assert field.value == "092198001234"
    assert evidence(seen, NUMBER).endswith("/split")
    assert field.confidence < 0.95


@pytest.mark.parametrize(
    "by", [("pen-digits",), ("pen-digits", "aster"), ("pen-digits", "aster", "tesseract")]
)
def test_a_pen_is_never_sure_by_readers_alone(by: tuple[str, ...]) -> None:
    field = judge("issue_date", DAY, [saw(one, "2026-01-23", pen=True) for one in by], PAPER)
    assert field is not None
    assert field.handwritten
    assert field.confidence < 0.95
    assert len(by) > 1 or field.confidence <= 0.5


def test_the_zone_without_marks_confirms_a_name_and_never_replaces_it() -> None:
    seen = [saw("tesseract", "TRẦN THỊ LAN"), saw("mrz", "TRAN THI LAN")]
    field = judge("full_name", NAME, seen, PAPER)
    assert field is not None
    assert field.value == "TRẦN THỊ LAN"
    assert judge("full_name", NAME, [saw("mrz", "TRAN THI LAN")], PAPER).value is None  # type: ignore[union-attr]


CANDIDATES = st.builds(
    saw,
    st.sampled_from(["tesseract", "aster", "tesseract@2x", "qr", "words", "pen-digits"]),
    st.sampled_from(["Ấp 3", "Ấp 8", "Ap 3", None]),
    sure=st.floats(0, 1),
    pen=st.booleans(),
)


@given(st.lists(CANDIDATES, max_size=6))
def test_a_value_on_record_was_seen_by_a_witness(seen: list[Candidate]) -> None:
    field = judge("mother_residence", PLACE, seen, PAPER)
    if field is None:
        assert not seen
    elif field.value is None:
        assert field.confidence == 0.0
    else:
        assert field.value in {one.value for one in seen}
        assert field.confidence <= 0.999


def test_a_class_too_rare_in_its_group_is_taken_from_all_groups() -> None:
    table = Table(classes={"*|two:high": Class(confidence=0.97), "name|two:high": Class(confidence=0.9)})
    assert confidence("closed", "two:high", table) == 0.97
    assert confidence("name", "two:high", table) == 0.9


def test_what_was_never_measured_is_never_sure() -> None:
    assert prior("code+print") > UNPROVEN
    assert confidence("id", "code+print", Table()) == UNPROVEN


def test_engines_of_another_version_than_the_table_was_fitted_with_are_told() -> None:
    table = Table(fitted=Fitted(engines={"aster": "1", "script": "2", "tesserocr": "3"}))
    assert strangers({"aster": "1", "script": "9"}, table) == ("script", "tesserocr")


def test_the_shipped_table_was_fitted_with_the_engines_that_are_installed() -> None:
    assert strangers(Toolbox(ReadingSettings()).versions()) == ()


def test_the_shipped_table_keeps_dissent_lone_readers_and_pens_below_sure() -> None:
    assert TABLE.exists()
    for group in ("name", "date", "id", "closed", "number", "text"):
        for doubtful in ("one:high", "one:low", "two:high/split", "one:high/split", "pen one:high", "none"):
            assert confidence(group, doubtful) < 0.95
    assert prior("pen two:low/split") < prior("two:low/split") < prior("two:low") < prior("two:high")


def test_every_reader_that_the_catalogue_names_is_registered() -> None:
    readers = field_readers()
    for document in document_types().values():
        assert {spec.reader for spec in document.fields.values()} <= readers.keys()


def zone(number: str, born: str, sex: str, expiry: str, name: str) -> list[str]:
    document = number[3:]
    one = f"IDVNM{document}{check_digit(document)}{number}<<{check_digit(number)}"
    two = f"{born}{check_digit(born)}{sex}{expiry}{check_digit(expiry)}VNM" + "<" * 11
    whole = check_digit(one[5:30] + two[0:7] + two[8:15] + two[18:29])
    return [one, f"{two}{whole}", name.replace(" ", "<").ljust(30, "<")]


TODAY = date(2026, 11, 24)
numbers = st.text("0123456789", min_size=12, max_size=12)
days = st.dates(date(1930, 1, 1), date(2026, 11, 1))


@given(numbers, days, st.sampled_from("MF"))
def test_a_zone_is_read_back(number: str, born: date, sex: str) -> None:
    lines = zone(number, f"{born:%y%m%d}", sex, "280426", "TRAN<<THI<LAN")
    read = parse_td1(lines, TODAY)
    assert read is not None
    assert read.composite
    assert (read.personal_id, read.sex) == (number, {"M": "Nam", "F": "Nữ"}[sex])
    assert read.expiry_date == date(2028, 4, 26)
    assert read.date_of_birth is not None
    assert (read.date_of_birth - born).days % 36525 == 0 or born.year < 1927  # two-digit years


@given(numbers, st.integers(15, 26), st.integers(1, 9))
def test_one_misread_digit_of_the_number_is_caught(number: str, at: int, by: int) -> None:
    lines = zone(number, "980201", "F", "280426", "TRAN<<THI<LAN")
    wrong = str((int(lines[0][at]) + by) % 10)
    spoilt = [lines[0][:at] + wrong + lines[0][at + 1 :], *lines[1:]]
    read = parse_td1(spoilt, TODAY)
    assert read is not None
    assert read.personal_id is None


@given(st.lists(st.text(max_size=34), max_size=4))
def test_any_lines_give_a_zone_or_none(lines: list[str]) -> None:
    read = parse_td1(lines, TODAY)
    assert read is None or read.personal_id is None or len(read.personal_id) == 12


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("092198001234||TRẦN THỊ LAN|01021998|Nữ|Ấp 3, Vị Thanh|02072021", True),
        ("092198001234|123456789|TRẦN THỊ LAN|01021998|Nữ|Ấp 3|02072021||||", True),
        ("09219800123||TRẦN THỊ LAN|01021998|Nữ|Ấp 3|02072021", False),
        ("https://example.org/092198001234", False),
        ("092198001234|a|b", False),
    ],
)
def test_only_the_payload_of_a_card_is_taken(text: str, taken: bool) -> None:
    assert (payload(page(qr=text)) is not None) is taken


def test_a_glued_word_is_taken_apart_where_another_reading_has_two() -> None:
    glued, apart = ["Vềviệc", "giao", "đất"], ["Về", "việc", "giao", "đất"]
    assert respaced([glued, apart]) == [apart, apart]
    assert respaced([["hoà", "bình"], ["ho", "à", "bình"]])[0] == ["hoà", "bình"]  # one syllable stays one
