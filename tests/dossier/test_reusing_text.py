"""`--reuse identity=H13.96.31-261120-0001:c3@2`: understood whole, or not at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import card, certificate

from dossier.catalogue.procedures import procedure_versions
from dossier.decisions import Decision, ReusedFrom, Wanted
from dossier.drop import is_dossier_code
from dossier.record import Component
from dossier.reusing import new_id

CODES = st.from_regex(r"H[1-9][0-9](\.[0-9]{1,2}){0,2}-[0-9]{6}-[0-9]{4}", fullmatch=True)
REQUIREMENTS = sorted(
    {one.id for versions in procedure_versions().values() for v in versions for one in v.requirements}
)


@given(
    st.sampled_from(REQUIREMENTS), CODES, st.integers(1, 99), st.one_of(st.none(), st.integers(1, 999_999))
)
def test_what_is_printed_is_understood(requirement: str, code: str, paper: int, version: int | None) -> None:
    wanted = Wanted(requirement=requirement, dossier=code, component=f"c{paper}", version=version)
    assert Wanted.parse(str(wanted)) == wanted
    assert Wanted.parse(f" {wanted}\n") == wanted


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[\w.=:@-]{0,30}", fullmatch=True)))
def test_any_text_is_understood_or_none(text: str) -> None:
    wanted = Wanted.parse(text)
    assert wanted is None or str(wanted) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "identity", "identity=A-1", "=A-1:c1", "identity=:c1", "identity=A-1:", "a=A-1:c1@0", "a=b/c:c1"],
)
def test_half_of_it_is_nothing(text: str) -> None:
    assert Wanted.parse(text) is None


@given(st.text("AĐ-0.123_~% :@=/", max_size=12))
def test_a_code_that_may_name_a_dossier_can_be_named_here(code: str) -> None:
    if is_dossier_code(code) and not re.search(r"[\s:@=/]", code):
        assert Wanted.parse(f"identity={code}:c1") is not None


def test_a_copy_has_an_id_that_no_other_paper_has() -> None:
    papers: tuple[Component, ...] = (card(), certificate())
    for expected in ("r1", "r2", "r3"):
        id = new_id(papers)
        assert id == expected
        papers = (*papers, card().model_copy(update={"id": id}))


def test_a_reuse_says_where_from_and_nothing_else_does() -> None:
    origin = ReusedFrom(dossier="H13.96.31-261120-0001", version=1, component="c3")
    common = {"by": "Lê Thị Hoa", "reason": "đã xem", "at": "2026-11-24T00:00:00Z", "component": "r1"}
    pages = [{"file": "a.pdf", "sha256": "a" * 64, "pages": [1]}]
    whole = common | {"kind": "reuse", "papers": pages, "requirement": "identity", "reused_from": origin}
    assert Decision.model_validate(whole).reused_from == origin
    for broken in (
        whole | {"reused_from": None},
        whole | {"requirement": None},
        whole | {"papers": []},
        whole | {"field": "full_name"},
        whole | {"kind": "waive", "rule": "D23", "basis": ["x"], "papers": []},
    ):
        with pytest.raises(ValueError, match="reuse"):
            Decision.model_validate(broken)
    confirm = common | {"kind": "confirm", "field": "sex", "value": "Nam", "papers": pages}
    told = Decision.model_validate(confirm).model_dump()
    assert not {"requirement", "reused_from"} & told.keys(), "records of before are as they were"
