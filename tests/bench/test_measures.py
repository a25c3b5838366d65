"""What the benches compute with: intervals, errors of text, calibration, shrinkage."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.goals import Figure, Goal, wilson
from bench.reliability import Stated, expected_error, write_diagram
from bench.running import nearest, text_errors
from bench.shrinkage import Row, crossed, fit
from ocr.calibration import Table, confidence, load, save

LINE = "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;"


def rows(group: str, evidence: str, right: int, of: int) -> list[Row]:
    return [Row(f"{group}-{evidence}-{n}", group, evidence, n < right) for n in range(of)]


def test_a_goal_is_met_missed_or_not_measured() -> None:
    goal = Goal("x", "x", "at least", 98.5)
    assert goal.outcome(Figure(98.5)) == "met"
    assert goal.outcome(Figure(98.49)) == "missed"
    assert goal.outcome(None) == goal.outcome(Figure(float("nan"))) == "not measured"


@given(st.integers(1, 5000), st.data())
def test_an_interval_holds_its_share(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, of))
    low, high = wilson(right, of)
    assert 0 <= low <= right / of + 1e-9
    assert right / of - 1e-9 <= high <= 1


@given(st.text("abcé ", max_size=12), st.text("abcé ", max_size=25))
def test_a_line_costs_no_more_than_its_length_and_nothing_where_it_stands(line: str, text: str) -> None:
    assert 0 <= nearest(line, text) <= len(line)
    assert nearest(line, f"{text}{line}{text}") == 0


def test_running_text_is_found_in_any_order_and_what_is_misread_or_missing_counts() -> None:
    assert text_errors([LINE, "Chính phủ;"], f"x\n{LINE}  y").edits == 0
    assert text_errors([LINE], LINE.replace("Luật", "Luột")).edits == 1
    assert text_errors([LINE], "").edits == len(LINE)


def test_a_dotted_leader_is_no_text_whoever_reads_it() -> None:
    printed = "Ngày, tháng, năm đăng ký: 11/10/2025....................."
    for seen in (printed, printed.rstrip("."), printed.replace(".....", ". . . ")):
        assert text_errors([printed], seen).edits == 0
    assert text_errors(["Người có tên dưới đây... (ghi rõ)"], "Người có tên dưới đây (ghi rõ)").edits == 3


def test_calibration_error_is_the_weighted_gap() -> None:
    sure = [Stated(0.9, n != 0) for n in range(10)]
    assert expected_error(sure) == pytest.approx(0)
    assert expected_error([*sure, *[Stated(0.4, True)] * 10]) == pytest.approx(0.3)
    assert math.isnan(expected_error([]))


def test_the_diagram_is_one_file_that_needs_no_other(tmp_path: Path) -> None:
    write_diagram(tmp_path / "r.svg", {"a & b": [Stated(0.97, True)] * 5})
    drawn = (tmp_path / "r.svg").read_text()
    assert "a &amp; b: 5 fields" in drawn
    assert "href" not in drawn


def test_sure_is_said_only_with_proof_by_count() -> None:
    assert fit(rows("name", "two:high", 30, 30)).classes["name|two:high"].confidence < 0.95
    assert fit(rows("name", "two:high", 400, 400)).classes["name|two:high"].confidence > 0.98
    assert fit(rows("name", "two:high", 10_000, 10_000)).classes["name|two:high"].confidence <= 0.999


def test_what_a_code_says_is_proven_with_or_without_print_beside_it() -> None:
    table = fit([*rows("date", "code", 3, 3), *rows("id", "code+print", 200, 200)])
    assert table.classes["date|code"].confidence > 0.95
    worse = fit([*rows("date", "code", 2, 3), *rows("id", "code+print", 200, 200)])
    assert worse.classes["date|code"].confidence < 0.95


def test_ink_over_print_proves_with_its_like_and_a_pen_for_itself_alone() -> None:
    table = fit(
        [
            *rows("date", "two:high", 300, 300),
            *rows("date", "inked two:high", 4, 4),
            *rows("date", "pen two:high", 4, 4),
        ]
    )
    assert table.classes["date|inked two:high"].confidence > 0.95
    assert table.classes["date|pen two:high"].confidence < 0.95
    erred = fit([*rows("date", "two:high", 299, 300), *rows("date", "inked two:high", 4, 4)])
    assert erred.classes["date|inked two:high"].confidence < 0.95


def test_a_rare_class_leans_on_its_like_where_groups_are_alike() -> None:
    alike = [row for group in ("name", "text", "date", "id") for row in rows(group, "two:high", 495, 500)]
    rare = rows("number", "two:high", 5, 5)
    assert fit([*alike, *rare]).classes["number|two:high"].confidence == pytest.approx(0.99, abs=0.01)
    alone = fit(rare).classes["number|two:high"].confidence
    assert alone < 0.95


def test_counts_outweigh_what_the_other_groups_say() -> None:
    table = fit([*rows("name", "two:high", 600, 1000), *rows("text", "two:high", 999, 1000)])
    assert table.classes["name|two:high"].confidence < 0.7


GROUPS, PROOFS = ("name", "date", "text"), ("two:high", "one:low", "vote:clear")


@given(
    st.lists(
        st.builds(
            Row, st.sampled_from("abcdef"), st.sampled_from(GROUPS), st.sampled_from(PROOFS), st.booleans()
        ),
        max_size=60,
    )
)
def test_every_fit_states_shares_for_seen_and_unseen_classes(seen: list[Row]) -> None:
    table = fit(seen)
    assert all(0 <= confidence(group, proof, table) <= 0.999 for group in GROUPS for proof in PROOFS)
    assert len(crossed(seen)) == len(seen)


def test_a_table_fitted_on_some_papers_keeps_its_word_on_others() -> None:
    rng = Random("calibration")
    truth = {("name", "two:high"): 0.99, ("text", "two:high"): 0.985, ("name", "one:low"): 0.8}
    seen = [
        Row(str(n), group, proof, rng.random() < share)
        for (group, proof), share in truth.items()
        for n in range(800)
    ]
    # Against the shares that are known here: the drawn outcomes alone put 0.009, at worst 0.023, of chance into an
    # expected calibration error over 2,400 fields (0.002 over 24,000).
    gaps = [abs(stated.confidence - truth[row.group, row.evidence]) for row, stated in crossed(seen)]
    assert sum(gaps) / len(gaps) < 0.015


def test_a_table_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    table: Table = fit(rows("name", "two:high", 90, 100))
    save(table, tmp_path / "table.json")
    assert load(tmp_path / "table.json") == table
