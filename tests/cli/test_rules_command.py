"""`sohoa rules` as its user meets it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from validators.table import rules_table


def rules(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "rules", *arguments], capture_output=True, text=True, timeout=120
    )


def test_the_list_is_the_published_one() -> None:
    assert json.loads(rules("--json").stdout) == rules_table()


def test_a_rule_is_explained_in_vietnamese_with_the_words_it_would_say() -> None:
    ended = rules("d08")
    assert ended.returncode == 0
    for told in (
        "D08",
        "Căn cứ: Thông tư 04/2020/TT-BTP",
        "Không đạt: ",
        "Chưa xác định: ",
        "Không áp dụng: ",
    ):
        assert told in ended.stdout
    assert "ngày bằng chữ khác ngày bằng số" in ended.stdout


def test_a_rule_as_json_is_its_row_with_examples() -> None:
    told = json.loads(rules("L10", "--json").stdout)
    examples, cannot = told.pop("examples"), told.pop("cannot")
    assert told == next(row for row in rules_table() if row["id"] == "L10")
    assert {example["verdict"] for example in examples} | set(cannot) == {
        "PASS",
        "FAIL",
        "NOT_APPLICABLE",
        "UNKNOWN",
    }
    assert all(example["story"] and example["findings"][0]["reason"] for example in examples)


@pytest.mark.parametrize("arguments", [("X99",), ("X99", "--json"), ("../D08",)])
def test_an_id_that_is_none_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    ended = rules(*arguments)
    assert ended.returncode == 2
    assert "rule-unknown" in ended.stderr
    assert ended.stdout == ""
