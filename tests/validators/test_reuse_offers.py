"""What U01 says where an earlier dossier has the paper, and which papers may be offered at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from dossier_builder import OTHER, Nothing, case_of, findings_of
from paper_builder import MOTHER_ID, card, form, notice

from dossier.catalogue.documents import document_types
from dossier.earlier import Earlier
from dossier.model import Severity
from dossier.people import subject_ids
from validators.case import Case
from validators.reuse import offers


class Keeping(Nothing):
    """An index that has a card of the mother in two dossiers, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], str]] = []

    def reusable(
        self, office: str | None, dossier: str, type: str, fields: Sequence[str], personal_id: str, on: date
    ) -> tuple[Earlier, ...]:
        self.asked.append((type, tuple(fields), personal_id))
        known = (type, personal_id) == ("citizen-id-card", MOTHER_ID)
        older = replace(OTHER, dossier="H13.96.31-250101-0001")
        return (replace(OTHER, type=type), replace(older, type=type)) if known else ()


def by_post(severity: Severity = "BLOCK", **changes: object) -> Case:
    """A birth by post without the card; its absence weighs as told."""
    case = case_of(form(), notice(), manifest={"facts": {"by-post": True}}, earlier=Keeping())
    assert case.procedure is not None
    asked = tuple(
        one.model_copy(update={"severity": severity} | changes) if one.id == "identity-by-post" else one
        for one in case.procedure.requirements
    )
    return replace(case, procedure=case.procedure.model_copy(update={"requirements": asked}))


def lacking(case: Case) -> list[tuple[str, str, str]]:
    return [
        (f.verdict, f.severity, f.reason)
        for f in findings_of(case, "U01")
        if f.verdict in ("FAIL", "UNKNOWN")
    ]


def test_the_latest_is_offered_and_a_person_decides() -> None:
    [(verdict, severity, reason)] = lacking(by_post())
    assert (verdict, severity) == ("UNKNOWN", "BLOCK")
    assert f"sohoa correct --reuse identity-by-post={OTHER.dossier}:c1@1" in reason
    assert "250101" not in reason
    assert "23/11/2026" in reason
    assert MOTHER_ID not in reason


def test_an_offer_does_not_let_pass_what_only_warns() -> None:
    [(verdict, severity, reason)] = lacking(by_post("WARN"))
    assert (verdict, severity) == ("FAIL", "WARN"), "an UNKNOWN that warns would stop nothing"
    assert "--reuse" in reason


def test_nothing_stands_in_for_an_original_that_is_handed_over() -> None:
    [(verdict, _, reason)] = lacking(by_post(surrendered=True))
    assert verdict == "FAIL"
    assert "--reuse" not in reason


def test_without_an_index_nothing_is_offered() -> None:
    assert [verdict for verdict, *_ in lacking(replace(by_post(), earlier=None))] == ["FAIL"]


def test_whoever_is_there_already_is_asked_for_nothing() -> None:
    case = case_of(form(), notice(), card(), manifest={"facts": {"by-post": True}}, earlier=Keeping())
    assert lacking(case) == []


def test_a_declaration_is_never_asked_for_in_earlier_dossiers() -> None:
    case = replace(by_post(), document_types=document_types())
    assert case.procedure is not None
    for requirement in case.procedure.requirements:
        offers(case, requirement)
    assert isinstance(case.earlier, Keeping)
    assert {type for type, *_ in case.earlier.asked} == {"citizen-id-card", "residence-confirmation"}


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("birth-certificate", ("personal_id",)),
        ("birth-notice", ()),
        ("marriage-certificate", ("husband_personal_id", "wife_personal_id")),
        ("land-certificate", ("holder_personal_id",)),
        ("citizen-id-card", ("personal_id",)),
    ],
)
def test_a_paper_is_about_its_holder_and_neither_a_parent_nor_an_applicant(
    type: str, fields: tuple[str, ...]
) -> None:
    assert subject_ids(type, document_types()) == fields
