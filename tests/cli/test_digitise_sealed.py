"""`sohoa digitise --sealed`: beside each record its papers, as PDFs that can be searched."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2

from storage.pdfa.check import problems

DEMO = Path(__file__).parents[2] / "samples" / "demo" / "dossiers" / "H13.96.31-260907-0010"


def digitise(folder: Path, out: Path, *options: str) -> None:
    command = [sys.executable, "-m", "cli.main", "digitise", str(folder), "--out", str(out), *options]
    subprocess.run(command, capture_output=True, check=False, timeout=180)


def test_papers_are_written_beside_the_record_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "scans" / "card").mkdir(parents=True)
    for scan in DEMO.glob("*.jpg"):
        shutil.copy(scan, tmp_path / "scans" / "card" / scan.name)
    digitise(tmp_path / "scans", tmp_path / "plain")
    assert [path.name for path in (tmp_path / "plain" / "card").iterdir()] == ["record.json"]

    digitise(tmp_path / "scans", tmp_path / "out", "--sealed")
    record = json.loads((tmp_path / "out" / "card" / "record.json").read_text(encoding="utf-8"))
    [component] = record["components"]
    copy = tmp_path / "out" / "card" / component["sealed"]["key"]
    assert copy.name == f"{component['id']}.pdf"
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == component["sealed"]["sha256"]
    assert problems(copy) == ()
    with pypdfium2.PdfDocument(copy) as document:
        assert len(document) == component["sealed"]["pages"] == 2
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
