"""What people's words make of a field, in whatever order and in however many versions they were said."""

from __future__ import annotations

from datetime import UTC, datetime

from dossier_builder import TYPES
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import certificate, change_field, sha, witnesses

from dossier.decisions import Decision, Pages, is_person, person_key
from dossier.kinds import kind
from dossier.record import AsRead
from validators.decided import decided
from validators.gate import confirmed, contradicted, open_identifiers, opinions
from validators.weights import weights

AT = datetime(2026, 11, 24, tzinfo=UTC)
READ, OTHER = "092226007654", "092226007655"
PEOPLE = st.sampled_from(["Lê Thị Hoa", "LÊ THỊ HOA", "Phạm Văn An", "Mai Thị Tư"])


def word(by: str, value: str, field: str = "personal_id") -> Decision:
    return Decision(
        kind="correct",
        component="certificate",
        field=field,
        value=value,
        type="birth-certificate",
        papers=(Pages(file="certificate.pdf", sha256=sha("certificate.pdf"), pages=(1,)),),
        by=by,
        reason="đã so với giấy",
        at=AT,
    )


WORDS = st.lists(st.builds(word, by=PEOPLE, value=st.sampled_from([READ, OTHER])), min_size=1, max_size=6)
READERS = st.sampled_from([("tesseract",), ("tesseract", "aster"), ("qr",), ("tesseract", "mrz"), ()])


def paper(readers: tuple[str, ...]):
    return change_field(certificate(), "personal_id", READ, witnesses=witnesses(READ, *readers))


@given(WORDS, READERS, st.integers(0, 6))
def test_words_said_in_several_versions_weigh_as_those_said_at_once(words, readers, cut) -> None:
    at_once = decided([paper(readers)], words, TYPES)
    before = decided([paper(readers)], words[:cut], TYPES)
    assert decided(before, words, TYPES) == at_once


@given(WORDS, READERS)
def test_nothing_that_was_read_is_lost_and_the_last_word_is_the_value(words, readers) -> None:
    (made,) = decided([paper(readers)], words, TYPES)
    field = made.field("personal_id")
    assert field.value == words[-1].value
    assert field.read == AsRead(value=READ, confidence=0.99)
    assert [w for w in field.witnesses if not is_person(w.by)] == list(witnesses(READ, *readers))
    assert {person_key(w.by) for w in field.witnesses if is_person(w.by)} == {person_key(w.by) for w in words}


@given(WORDS, READERS)
def test_an_identifier_that_people_spoke_of_is_handed_on_by_two_or_by_its_own_witnesses(
    words, readers
) -> None:
    (made,) = decided([paper(readers)], words, TYPES)
    field, of = made.field("personal_id"), kind("personal-id")
    closed = not [f for _, f, _ in open_identifiers([made], TYPES) if f.name == "personal_id"]
    agree, differ = opinions(field, of)
    by_readers = field.value == READ and ("mrz" in readers or len(readers) >= 2)
    if closed:
        assert confirmed(field, of)
        assert not contradicted(field, of)
        assert len(agree) >= 2 or (by_readers and not differ)
    if contradicted(field, of):
        assert field.confidence < weights().confidence.gate


@given(st.lists(PEOPLE, min_size=1, max_size=4), st.floats(0, 1).map(lambda share: round(share, 4)))
def test_a_person_never_makes_a_confirmed_value_less_sure(people, confidence) -> None:
    seen = change_field(certificate(), "mother_name", confidence=confidence)
    value = seen.value("mother_name")
    (made,) = decided([seen], [word(by, value, "mother_name") for by in people], TYPES)
    field = made.field("mother_name")
    assert field.confidence >= max(confidence, weights().person.one)
    assert field.confidence <= max(confidence, weights().person.two)


def test_papers_that_nobody_spoke_of_are_the_same_object() -> None:
    untouched = certificate()
    assert decided([untouched], [], TYPES)[0] is untouched
