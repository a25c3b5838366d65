"""What a folder says before it is dropped: all of it, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest

from dossier.errors import ManifestError
from flows.dropping import manifest_for


def subfolder(folder: Path) -> None:
    (folder / "second side").mkdir()


def broken_link(folder: Path) -> None:
    (folder / "b.pdf").symlink_to("nowhere")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "b.pdf")


def two_forms(folder: Path) -> None:
    for form in ("NFC", "NFD"):
        (folder / normalize(form, "Tờ khai.pdf")).write_bytes(form.encode())


def backslash(folder: Path) -> None:
    (folder / "b\\c.pdf").write_bytes(b"scan")


def new_line(folder: Path) -> None:
    (folder / "b\nc.pdf").write_bytes(b"scan")


@pytest.mark.parametrize(
    ("add", "code"),
    [
        (subfolder, "not-files"),
        (broken_link, "not-files"),
        (pipe, "not-files"),
        (two_forms, "same-name"),
        (backslash, "name-undroppable"),
        (new_line, "name-undroppable"),
    ],
)
def test_a_folder_that_cannot_be_dropped_whole_is_not_dropped(
    tmp_path: Path, add: Callable[[Path], None], code: str
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"scan")
    add(tmp_path)
    with pytest.raises(ManifestError) as wrong:
        manifest_for(tmp_path, dossier="X1", office="H13.96.31")
    assert wrong.value.code == code
    assert wrong.value.advice


def test_what_lies_hidden_in_the_folder_does_not_hinder(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"scan")
    (tmp_path / ".cache").mkdir()
    manifest = manifest_for(tmp_path, dossier="X1", office="H13.96.31")
    assert [entry.name for entry in manifest.files] == ["a.pdf"]
