from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import TerminalError
from dossier.period import month_before, parse_period
from dossier.register import Register, read_register

HEAD = [
    "STT",
    "Mã hồ sơ",
    "Họ tên",
    "Mã thủ tục",
    "Ngày tiếp nhận",
    "Ngày trả kết quả",
    "Hình thức nộp",
    "Nộp bởi",
]
CODE = "H13.96.31-261102-0001"


def row(*changes: tuple[int, object]) -> list[object]:
    cells: list[object] = ["1", CODE, "Lê Minh Khôi", "1.001193", "02/11/2026", "", "Trực tiếp", "Cán bộ"]
    for at, value in changes:
        cells[at] = value
    return cells


def test_titles_above_the_headings_and_columns_not_asked_for_are_passed_over() -> None:
    register = read_register([["UBND XÃ VỊ THỦY"], [], ["SỔ THEO DÕI HỒ SƠ"], HEAD, row(), [None] * 8])
    assert register.problems == ()
    (only,) = register.rows
    assert (only.dossier, only.procedure, only.received, only.closed) == (
        CODE,
        "1.001193",
        date(2026, 11, 2),
        None,
    )
    assert (only.channel, only.submitted_by) == ("counter", "officer")
    assert "Khôi" not in only.model_dump_json()


def test_a_row_that_is_wrong_is_named_by_its_line_and_the_others_are_taken() -> None:
    register = read_register(
        [
            HEAD,
            row(),
            row((1, "")),
            row((1, "H13.96.31-261102-0002"), (4, "hôm qua")),
            row((1, "H13.96.31-261102-0003"), (5, "01/11/2026")),
            row((1, "H13.96.31-261102-0004"), (5, datetime(2026, 11, 3, 9))),
        ]
    )
    assert [problem.line for problem in register.problems] == [3, 4, 5]
    assert [found.closed for found in register.rows] == [None, date(2026, 11, 3)]


def test_a_ground_that_is_no_lawful_one_is_a_problem_and_not_an_exclusion() -> None:
    head = [*HEAD, "Lý do không số hóa"]
    register = read_register(
        [
            head,
            [*row(), "Máy quét hỏng"],
            [*row((1, "A-2")), "Hồ sơ nộp trực tuyến"],
            [*row((1, "A-3")), "Độ mật: Mật"],
        ]
    )
    assert len(register.problems) == 1
    assert [found.exempt for found in register.rows] == ["online", "secret"]


def test_of_two_rows_of_one_dossier_the_later_counts() -> None:
    register = read_register([HEAD, row(), row((5, "05/11/2026"))])
    assert [found.closed for found in register.rows] == [date(2026, 11, 5)]


def test_a_sheet_without_headings_is_refused_with_advice() -> None:
    with pytest.raises(TerminalError) as refusal:
        read_register([["a", "b"]] * 100)
    assert refusal.value.code == "register-headings"
    assert "Mã hồ sơ" in refusal.value.advice


CELLS = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.dates(), st.datetimes())


@given(st.lists(st.lists(CELLS, max_size=10), max_size=8))
def test_any_cells_are_rows_or_problems_and_never_an_exception(lines: list[list[object]]) -> None:
    register = read_register([HEAD, *lines])
    assert isinstance(register, Register)
    assert len(register.rows) + len(register.problems) <= len(lines)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-11-01..2026-11-15", date(2026, 11, 1), date(2026, 11, 15)),
    ],
)
def test_a_period_is_its_first_and_last_day(text: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.first, period.last) == (first, last)
    assert period.holds(first)
    assert period.holds(last)
    assert not period.holds(None)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "2026-11-15..2026-11-01", "2026-02-30..2026-03-01", "x"]
)
def test_what_is_no_period_is_told(text: str) -> None:
    with pytest.raises(TerminalError, match="period-invalid"):
        parse_period(text)


def test_the_month_before_january_is_december() -> None:
    assert month_before(date(2026, 1, 15)).name == "2025-12"
