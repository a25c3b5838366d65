from __future__ import annotations

from pathlib import Path

import pytest

from ocr.version import digest_of, reading_version


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "ocr"
    (folder / "models").mkdir(parents=True)
    (folder / "judge.py").write_text("A = 1")
    (folder / "models" / "digits.npz").write_bytes(b"weights")
    (folder / "calibration.json").write_text("{}")
    (folder / "birth-notice.yaml").write_text("id: birth-notice")
    return folder


@pytest.mark.parametrize("name", ["judge.py", "models/digits.npz", "calibration.json", "birth-notice.yaml"])
def test_a_change_of_code_model_table_or_catalogue_makes_another_version(room: Path, name: str) -> None:
    before = digest_of(room)
    (room / name).write_bytes((room / name).read_bytes() + b" ")
    assert digest_of(room) != before


def test_a_file_renamed_or_added_makes_another_version(room: Path) -> None:
    before = digest_of(room)
    (room / "judge.py").rename(room / "referee.py")
    renamed = digest_of(room)
    (room / "more.py").write_text("")
    assert len({before, renamed, digest_of(room)}) == 3


def test_compiled_files_and_the_place_of_installation_do_not_count(room: Path, tmp_path: Path) -> None:
    before = digest_of(room)
    (room / "__pycache__").mkdir()
    (room / "__pycache__" / "judge.cpython-311.pyc").write_bytes(b"compiled")
    (tmp_path / "elsewhere").mkdir()
    assert digest_of(room.rename(tmp_path / "elsewhere" / "ocr")) == before


def test_the_reading_of_this_program_has_one_version() -> None:
    assert len(reading_version()) == 12
    assert int(reading_version(), 16) >= 0
