"""Familiar spelling: what reads like a familiar word but for a mark is doubted, nothing else is."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dossier.text.familiar import LIST, misspelt, odd_surname

WORDS = yaml.safe_load(LIST.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "TRUNG TÂM Y TẾ KHU VỤC MINH TÂN",
        "PHỎ CHỦ TỊCH",
        "Ủy ban nhân dẫn xã Minh Tân",
        "xã Minh Tân, thành phổ Cần Thơ",
    ],
)
def test_a_familiar_phrase_with_another_mark_is_doubted(text: str) -> None:
    assert misspelt(text)


@pytest.mark.parametrize(
    "text", ["Uỷ ban nhân dân", "ỦY BAN NHÂN DÂN TỈNH", "Ấp 5, xã Hòa An", "UBND", "", "Khu 5"]
)
def test_right_spelling_of_either_fashion_is_not_doubted(text: str) -> None:
    assert not misspelt(text)


@pytest.mark.parametrize("phrase", [*WORDS["phrases"], *WORDS["provinces"]])
def test_no_phrase_of_the_list_is_doubted_itself(phrase: str) -> None:
    assert not misspelt(phrase)
    assert not misspelt(phrase.upper())


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("Nguyên Văn An", True),
        ("LẨM THỊ HÀ", True),
        ("Lâm Thị Hà", False),
        ("Y Bhăm Êban", False),
        ("", False),
    ],
)
def test_a_surname_is_doubted_only_if_it_is_nearly_a_known_one(name: str, odd: bool) -> None:
    assert odd_surname(name) is odd


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert misspelt(text) in (True, False)
    assert odd_surname(text) in (True, False)
