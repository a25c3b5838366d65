"""Names of files as archives want them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.drop import EXTENSIONS
from dossier.filenames import is_standard_name, standard_name

DAY = date(2026, 11, 20)
CODE = "H13.96.31-261120-0001"


def test_the_archive_s_name_tells_the_paper():
    assert standard_name(CODE, DAY, "Tờ khai (CT01)", "pdf") == f"{CODE}_20261120_to-khai-ct01.pdf"
    assert standard_name(CODE, DAY, "???", "tiff") == f"{CODE}_20261120_tep.tiff"


@pytest.mark.parametrize(
    ("name", "standard"),
    [
        (f"{CODE}_20261120_to-khai.pdf", True),
        ("G06.01_CV_000021_V1_20251129_cong-van.tiff", True),
        ("Tờ khai.pdf", False),
        (f"{CODE}_20261320_to-khai.pdf", False),
        (f"{CODE}_20261120_tờ-khai.pdf", False),
        (f"{CODE}_20261120_to khai.pdf", False),
        ("to-khai.pdf", False),
    ],
)
def test_the_form_of_a_name(name, standard):
    assert is_standard_name(name) is standard


@given(
    st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", fullmatch=True),
    st.dates(date(2000, 1, 1)),
    st.text(max_size=60),
    st.sampled_from(EXTENSIONS),
)
def test_any_paper_gets_a_standard_name(code, day, description, suffix):
    assert is_standard_name(standard_name(code, day, description, suffix))
