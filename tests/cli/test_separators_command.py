"""`sohoa separators` as its user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from dossier.separators import Damaged, Sheet, sheet_of
from ocr.codes import find_codes

A, B = "H13.96.31-260915-0001", "H13.96.31-260915-0002"


def separators(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "separators", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def printed(path: Path) -> list[Sheet | Damaged | None]:
    book = pypdfium2.PdfDocument(path)
    pages = [np.asarray(page.render(scale=200 / 72).to_pil().convert("RGB"), dtype=np.uint8) for page in book]
    return [sheet_of(code.text for code in find_codes(page, 200)) for page in pages]


def test_a_dossier_its_components_and_sheets_for_any_paper(tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    ended = separators("--dossier", A, "--component", "birth-certificate", "--count", "2", "--out", out)
    assert ended.returncode == 0, ended.stderr
    assert printed(out) == [Sheet(A), Sheet(A, "birth-certificate"), Sheet(), Sheet()]


def test_a_list_of_dossiers(tmp_path: Path) -> None:
    table, out = tmp_path / "list.csv", tmp_path / "sheets.pdf"
    table.write_text(f"dossier,component\n{A},birth-certificate birth-notice\n{B},\n", "utf-8-sig")
    assert separators("--csv", table, "--out", out).returncode == 0
    assert printed(out) == [Sheet(A), Sheet(A, "birth-certificate"), Sheet(A, "birth-notice"), Sheet(B)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--dossier", "X1"], "dossier-code-invalid"),
        (["--dossier", A, "--component", "no-such-type"], "component-unknown"),
        ([], "nothing-to-print"),
        (["--csv", "list.csv"], "csv-invalid"),
        (["--csv", "empty.csv"], "dossier-code-invalid"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path: Path, arguments: list[str], why: str) -> None:
    (tmp_path / "list.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.csv").write_text("dossier,component\n,\n")
    given = [tmp_path / one if one.endswith(".csv") else one for one in arguments]
    ended = separators(*given, "--out", tmp_path / "sheets.pdf")
    assert ended.returncode == 2
    assert why in ended.stderr.replace("\n", "")
    assert not (tmp_path / "sheets.pdf").exists()
