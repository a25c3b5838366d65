"""A decision is whole or is none; a person is one person however the name is spelt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import certificate, change_field, form, notice
from pydantic import ValidationError

from dossier.catalogue.documents import document_types
from dossier.deciding import DecisionRefused, Request, carried, settled_value
from dossier.decisions import Decision, Pages, last_words, person_key, witness_name
from dossier.record import Component, Record, Source

AT = datetime(2026, 11, 24, tzinfo=UTC)
TYPES = document_types()
NAMES = st.sampled_from(["Lê Thị Hoa", "Phạm Văn An", "Mai Thị Tư"])


def record(*components: Component) -> Record:
    return Record(
        schema="sohoa/record/1",
        dossier="H13.96.31-261120-0001",
        version=1,
        procedure=None,
        office="H13.96.31",
        state="returned",
        components=components,
        refused=(),
        findings=(),
        verdicts={},
        scores={},
        made_by={},
        times={"received": AT, "made": AT},
        drop=(),
    )


def decision(field: str = "full_name", value: str = "Lê Minh Khôi") -> Decision:
    asked = Request(
        kind="correct", component="notice", field=field, value=value, by="Lê Thị Hoa", reason="đã so"
    )
    return settled_value(asked, record(notice()), TYPES, AT)


@given(NAMES, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.lower, str.title]))
def test_a_name_is_one_person_in_every_spelling(name: str, form: str, case) -> None:
    spelt = "  " + case(normalize(form, name)).replace(" ", "   ")
    assert person_key(spelt) == person_key(witness_name(name)) != ""


@given(st.text(max_size=60))
def test_any_name_has_a_key_or_none(text: str) -> None:
    key = person_key(text)
    assert key == "" or any(char.isalpha() for char in key)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["x", "y"])), max_size=8))
def test_a_persons_last_word_counts(words: list[tuple[str, str]]) -> None:
    said = last_words([("tesseract", "z"), *((witness_name(by), value) for by, value in words)])
    assert said == {person_key(by): value for by, value in words}


FIELDS = [(type_.id, name) for type_ in TYPES.values() for name in type_.fields]


@given(
    st.sampled_from(FIELDS),
    st.text(max_size=40) | st.sampled_from(["28/10/2026", "Nam", "093195004321", "…"]),
)
def test_what_is_typed_becomes_a_value_of_its_kind_or_is_refused_in_vietnamese(
    place: tuple[str, str], typed: str
) -> None:
    type_, name = place
    paper = Component(
        id="c1",
        type=type_,
        type_confidence=1,
        sources=(Source(file="a.pdf", sha256="a" * 64, pages=(1,)),),
    )
    asked = Request(kind="correct", component="c1", field=name, value=typed, by="Lê Thị Hoa", reason="đã so")
    made, advice = None, ""
    try:
        made = settled_value(asked, record(paper), TYPES, AT)
    except DecisionRefused as refused:
        advice = refused.advice
    assert (made is None) == advice.startswith("“")
    if made is not None:
        assert made.value
        assert made.papers == (Pages(file="a.pdf", sha256="a" * 64, pages=(1,)),)
        assert Decision.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    "changes",
    [
        {"by": " "},
        {"reason": ""},
        {"value": None},
        {"component": None},
        {"papers": ()},
        {"rule": "D23"},
        {"kind": "waive"},
        {"kind": "waive", "rule": "D23", "field": None, "value": None},
        {"at": datetime(2026, 11, 24)},
    ],
)
def test_half_a_decision_is_none(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Decision.model_validate(decision().model_dump() | changes)


def test_a_decisions_time_is_utc_and_a_date_may_be_written_as_records_do() -> None:
    local = decision().model_dump() | {"at": datetime(2026, 11, 24, 7, tzinfo=timezone(timedelta(hours=7)))}
    assert Decision.model_validate(local).at.isoformat() == "2026-11-24T00:00:00+00:00"
    assert decision("date_of_birth", "2026-10-28").value == "2026-10-28"
    assert decision("date_of_birth", "28-10-2026").value == "2026-10-28"
    with pytest.raises(DecisionRefused):
        decision("date_of_birth", "2026-02-30")


def test_a_decision_follows_its_page_and_falls_with_it() -> None:
    made = decision()
    moved = notice().model_copy(update={"id": "c7"})
    [kept] = carried([made], [form(), certificate(), moved])
    assert kept == made.model_copy(update={"component": "c7"})
    back = Source(file="back.pdf", sha256="b" * 64, pages=(1,))
    longer = moved.model_copy(update={"sources": (*moved.sources, back)})
    assert carried([made], [longer]) == (kept,), "a page that joined the paper"
    elsewhere = change_field(longer, "full_name", file="back.pdf")
    twin = moved.model_copy(
        update={
            "id": "c2",
            "sources": tuple(s.model_copy(update={"file": "twice.pdf"}) for s in moved.sources),
        }
    )
    assert carried([made], [twin, moved]) == (kept,), "the same bytes under another name"
    for gone in (
        moved.model_copy(update={"sources": (back,)}),
        moved.model_copy(update={"type": "birth-certificate"}),
        elsewhere,
    ):
        assert carried([made], [gone]) == ()
