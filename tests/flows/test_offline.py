"""What a folder holds: dossiers by subfolder, by loose file, by manifest."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

from flows.offline import dossiers_in


def put(path: Path, data: bytes = b"scan") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_each_subfolder_and_each_loose_file_is_a_dossier(tmp_path: Path) -> None:
    put(tmp_path / "A" / "one.pdf")
    put(tmp_path / "A" / "two.jpg")
    put(tmp_path / "real-01.pdf")
    found = {dossier.code: [file.name for file in dossier.files] for dossier in dossiers_in(tmp_path)}
    assert found == {"A": ["one.pdf", "two.jpg"], "real-01": ["real-01.pdf"]}


def test_two_loose_files_of_one_stem_are_two_dossiers(tmp_path: Path) -> None:
    put(tmp_path / "scan.jpg")
    put(tmp_path / "scan.pdf")
    assert [dossier.code for dossier in dossiers_in(tmp_path)] == ["scan", "scan~2"]


def test_the_manifest_says_what_the_dossier_is(tmp_path: Path) -> None:
    put(tmp_path / "folder" / "form.pdf")
    put(tmp_path / "folder" / "not-listed.pdf")
    said = {"dossier": "H13.96.31-260915-0001", "procedure": "1.001193", "files": [{"name": "form.pdf"}]}
    put(tmp_path / "folder" / "dossier.json", json.dumps(said).encode())
    (dossier,) = dossiers_in(tmp_path)
    assert (dossier.code, dossier.manifest.procedure) == ("H13.96.31-260915-0001", "1.001193")
    assert [file.name for file in dossier.files] == ["form.pdf"]
    assert [(refused.file, refused.code) for refused in dossier.refused] == [
        ("not-listed.pdf", "not-declared")
    ]


def test_bytes_that_the_manifest_does_not_name_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "d" / "form.pdf")
    said = {"dossier": "X1", "files": [{"name": "form.pdf", "sha256": "0" * 64}]}
    put(tmp_path / "d" / "dossier.json", json.dumps(said).encode())
    (dossier,) = dossiers_in(tmp_path)
    assert dossier.files == ()
    assert [refused.code for refused in dossier.refused] == ["hash-differs"]


def test_a_folder_with_a_manifest_is_itself_a_dossier(tmp_path: Path) -> None:
    put(tmp_path / "form.pdf")
    put(tmp_path / "dossier.json", b'{"dossier": "X1"}')
    assert [dossier.code for dossier in dossiers_in(tmp_path)] == ["X1"]


def test_a_manifest_that_cannot_be_read_is_refused_and_its_papers_are_read(tmp_path: Path) -> None:
    put(tmp_path / "folder" / "form.pdf")
    put(tmp_path / "folder" / "dossier.json", b"{not json")
    (dossier,) = dossiers_in(tmp_path)
    assert [refused.code for refused in dossier.refused] == ["manifest-invalid"]
    assert [file.name for file in dossier.files] == ["form.pdf"]


def test_names_are_nfc_however_the_disk_spells_them(tmp_path: Path) -> None:
    put(tmp_path / "d" / normalize("NFD", "Tờ khai.pdf"))
    (dossier,) = dossiers_in(tmp_path)
    assert dossier.files[0].name == normalize("NFC", "Tờ khai.pdf")


def test_hidden_files_are_not_scans(tmp_path: Path) -> None:
    put(tmp_path / ".DS_Store")
    put(tmp_path / "d" / ".hidden.pdf")
    put(tmp_path / "d" / "paper.pdf")
    assert [[file.name for file in dossier.files] for dossier in dossiers_in(tmp_path)] == [["paper.pdf"]]


def test_the_folder_of_records_is_no_scan_wherever_it_lies(tmp_path: Path) -> None:
    put(tmp_path / "d" / "paper.pdf")
    put(tmp_path / "d" / "out" / "d" / "record.json")
    (dossier,) = dossiers_in(tmp_path, besides=tmp_path / "d" / "out")
    assert [file.name for file in dossier.files] == ["paper.pdf"]
    put(tmp_path / "d" / "dossier.json", b'{"dossier": "X1"}')
    (dossier,) = dossiers_in(tmp_path / "d", besides=tmp_path / "d" / "out")
    assert [file.name for file in dossier.files] == ["paper.pdf"]
