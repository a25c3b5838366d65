"""What the ablation of cleaning compares, and how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ablation import AS_IT_IS, Way, compare, helped, policies, without
from bench.running import Errors
from bench.score import OURS, PaperScore
from ocr.steps import AS_MEASURED, GATED, Policy, Step

PAPERS = st.lists(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6), min_size=1, max_size=8)


@pytest.mark.parametrize("step", Step)
def test_every_step_of_cleaning_is_left_out_once_and_taken_always_where_it_can(step: Step) -> None:
    ways = policies().values()
    assert Policy(never=frozenset({step})) in ways
    if step in GATED:
        assert Policy(always=frozenset({step})) in ways


def test_the_ablation_begins_with_the_reading_as_it_is_and_leaves_all_out_once() -> None:
    assert next(iter(policies().items())) == (AS_IT_IS, AS_MEASURED)
    assert Policy(never=frozenset(Step)) in policies().values()


@given(PAPERS)
def test_gains_and_losses_make_the_difference(papers: list[list[tuple[bool, bool]]]) -> None:
    now, then = ([[pair[side] for pair in paper] for paper in papers] for side in (0, 1))
    change = compare(now, then)
    fields = sum(map(len, papers))
    assert change.difference == pytest.approx(100.0 * (change.gained - change.lost) / max(fields, 1))
    assert change.low <= change.high
    assert compare(then, now).gained == change.lost


def test_a_step_without_which_the_text_has_more_errors_has_helped() -> None:
    def way(name: str, edits: int) -> Way:
        return Way(name, (PaperScore("decision", "hard", True, (), {OURS: Errors(edits, 100)}),), 1.0)

    ways = [way(AS_IT_IS, 5), way(without(Step.COLOUR), 9), way(without(Step.RULES), 5)]
    assert helped(Step.COLOUR, ways)
    assert not helped(Step.RULES, ways)
