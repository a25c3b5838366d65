"""The contract of a rule, held over every registered one."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from dossier_builder import TYPES, Everything, Nothing, case_of, good_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper_builder import sha, signature
from source_builder import AWAY, answering

from dossier.errors import SourceAway
from dossier.model import Severity, Verdict, Word4
from dossier.reading import Mark, Quality
from dossier.record import Component, DroppedFile, Field, Refused, Source, Witness
from dossier.sources import (
    AgencyCertificate,
    CatalogueState,
    Happening,
    Holding,
    KnownPerson,
    StatusEvent,
    Subject,
    Verification,
)
from validators.asking import SOURCES
from validators.engine import judge
from validators.registry import Outcome, Rule, rule, rules
from validators.sources import Sources
from validators.table import rules_markdown, rules_table
from validators.verdict import scores, state, verdicts

BOOK = list(rules())
COLUMNS = {"id", "word", "severity", "object", "title", "reason", "source", "since", "state"}


@pytest.mark.parametrize("one", BOOK, ids=lambda one: one.id)
def test_every_rule_is_filled_in(one: Rule):
    assert one.word in get_args(Word4)
    assert one.severity in get_args(Severity)
    for text in (one.object, one.title, one.reason, one.source):
        assert text.strip() == text
        assert len(text) >= 3
    assert one.since <= date.today()
    assert one.needs is None or one.needs in SOURCES
    assert {"D": "correct", "U": "sufficient", "S": "clean", "L": "live"}[one.id[0]] == one.word


def test_each_word_has_at_least_six_working_rules():
    working = Counter(row["word"] for row in rules_table() if row["state"] == "working")
    assert all(working[word] >= 6 for word in get_args(Word4))


def test_the_table_has_exactly_the_published_columns():
    assert all(set(row) == COLUMNS for row in rules_table())
    assert len({row["id"] for row in rules_table()}) == len(BOOK)
    assert {row["state"] for row in rules_table()} == {"working", "not-connected"}


def test_the_printed_rule_book_is_current():
    printed = Path(__file__).parents[2] / "docs" / "rules.md"
    assert printed.read_text(encoding="utf-8") == rules_markdown()


def test_an_id_is_taken_once():
    with pytest.raises(ValueError, match="twice"):
        rule("D01", word="correct", severity="INFO", object="x", title="x", reason="x", source="x")(
            lambda _: ()
        )


# Values that papers carry, right and wrong, and anything else.
TEXTS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "2026-10-28",
            "2026-02-30",
            "unlimited",
            "1995",
            "Nam",
            "Nữ",
            "Kinh",
            "093195004321",
            "12/QĐ-UBND",
            "/",
            "KT.",
        ]
    ),
    st.dates().map(date.isoformat),
    st.from_regex(r"[0-9]{9,12}", fullmatch=True),
)
WITNESSES = st.builds(
    Witness,
    by=st.sampled_from(
        ["tesseract", "tesseract@2x", "aster", "qr", "mrz", "words", "person:Lê Hoa", "person:An"]
    ),
    value=st.text(max_size=12),
)
BOXES = st.just((0.0, 0.0, 10.0, 10.0))
SHARES = st.floats(0, 1)


@st.composite
def components(draw: st.DrawFn) -> Component:
    type = draw(st.sampled_from([*TYPES, "unknown", "blank", "authorisation"]))
    names = list(TYPES[type].fields) if type in TYPES else []
    file = draw(st.sampled_from(["a.pdf", "b.pdf", "c.jpg"]))
    fields = [
        Field(
            name=name,
            value=draw(TEXTS),
            printed=draw(st.text(max_size=12)),
            confidence=draw(SHARES),
            file=file,
            page=1,
            box=draw(BOXES),
            dpi=300,
            witnesses=tuple(draw(st.lists(WITNESSES, max_size=3))),
        )
        for name in draw(st.lists(st.sampled_from(names), unique=True) if names else st.just([]))
    ]
    return Component(
        id=draw(st.uuids().map(str)),
        type=type,
        type_confidence=draw(SHARES),
        sources=draw(st.sampled_from([(), (Source(file=file, sha256=sha(file), pages=(1,)),)])),
        fields=tuple(fields),
        marks=tuple(
            draw(st.lists(st.builds(Mark, kind=st.text(), page=st.just(1), box=BOXES, confidence=SHARES)))
        ),
        quality=tuple(
            draw(
                st.lists(
                    st.builds(
                        Quality,
                        page=st.integers(1, 3),
                        dpi=st.floats(0, 1200),
                        skew=st.floats(-45, 45),
                        sharpness=st.floats(0, 5000),
                        contrast=SHARES,
                        ink=SHARES,
                        coloured_ink=SHARES,
                        black_border=SHARES,
                        colour=st.booleans(),
                        blank=st.booleans(),
                    ),
                    max_size=2,
                )
            )
        ),
        signatures=draw(st.sampled_from([(), (signature(),), (signature(signed_at=None, trusted=False),)])),
        text=draw(st.text(max_size=40)),
    )


SOME_DAY = st.dates()
ANSWERS = {
    "person": st.none()
    | st.builds(
        KnownPerson,
        full_name=st.text(max_size=12),
        birth_year=st.none() | st.integers(1900, 2026),
        date_of_birth=st.none() | SOME_DAY,
        events=st.lists(
            st.builds(StatusEvent, kind=st.sampled_from(get_args(Happening)), on=SOME_DAY), max_size=3
        ).map(tuple),
    ),
    "verified": st.lists(
        st.builds(Verification, subject=st.sampled_from(get_args(Subject)), on=SOME_DAY, by=st.text()),
        max_size=3,
    ).map(tuple),
    "day": st.none() | SOME_DAY,
    "states": st.lists(
        st.builds(CatalogueState, name=st.sampled_from(["units", "x"]), version=st.text(), on=SOME_DAY),
        max_size=3,
    ).map(tuple),
    "holder": st.none() | st.builds(AgencyCertificate, agency=st.text(), revoked_on=st.none() | SOME_DAY),
    "name": st.none() | st.text(),
    "holding": st.none()
    | st.builds(
        Holding,
        retention_until=st.none() | SOME_DAY,
        transfer_due=st.none() | SOME_DAY,
        fixity_on=st.none() | SOME_DAY,
    ),
}


@st.composite
def any_sources(draw: st.DrawFn) -> Sources:
    """None connected, all away, or all answering anything."""
    answers = {kind: draw(answer) for kind, answer in ANSWERS.items()}
    return draw(st.sampled_from([Sources(), AWAY, answering(**answers)]))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    st.lists(components(), max_size=4),
    st.sampled_from(["1.001193", "9.000000", "x", None]),
    st.booleans(),
    st.sampled_from([None, Nothing(), Everything()]),
    st.dictionaries(st.sampled_from(["delegated", "abandoned", "surrogacy"]), st.booleans()),
    any_sources(),
)
def test_every_rule_answers_to_every_case_and_breaks_on_none(
    papers, procedure, required, earlier, facts, sources
):
    case = case_of(
        *papers,
        procedure=procedure,
        procedure_required=required,
        earlier=earlier,
        sources=sources,
        manifest={"facts": facts},
        files=(
            DroppedFile(name="a.pdf", sha256=sha("a.pdf")),
            DroppedFile(name="z.pdf", sha256=sha("a.pdf")),
        ),
        refused=(Refused(file="r.pdf", sha256=sha("r"), reason="", code="truncated"),),
    )
    for one in BOOK:  # not through the engine: it would hide a rule that raises
        try:
            outcomes = tuple(one.check(case))
        except SourceAway:
            continue
        for outcome in outcomes:
            assert isinstance(outcome, Outcome)
            assert outcome.verdict in get_args(Verdict)
            assert outcome.reason
    # What is said of papers without their text is what is said with it, but for rules that declare it.
    bare = replace(
        case, duplicates=(), components=tuple(p.model_copy(update={"text": ""}) for p in case.components)
    )
    assert judge(case, [one for one in BOOK if not one.uses]) == judge(
        bare, [one for one in BOOK if not one.uses]
    )
    findings = judge(case)
    assert {finding.rule for finding in findings} == {one.id for one in BOOK}
    assert set(verdicts(findings)) == set(get_args(Word4))
    assert all(score is None or 0 <= score <= 1 for score in scores(findings).values())
    assert state(findings, case.components, case.refused, TYPES) in ("returned", "refused")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(components(), max_size=4))
def test_a_source_that_is_away_never_lets_its_rule_pass(papers):
    findings = judge(case_of(*papers, sources=AWAY))
    needing = {one.id for one in BOOK if one.needs not in (None, "index")} - {"L07"}
    assert not any(finding.verdict in ("PASS", "FAIL") for finding in findings if finding.rule in needing)


def test_judging_twice_says_the_same():
    assert judge(good_case()) == judge(good_case())
