"""`sohoa digitise` as its user meets it, over what no scanner ever wrote: every dossier ends with its reason."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import unicodedata
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

SIDE = 200
Record = dict[str, Any]


def sohoa(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "digitise", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def records(out: Path) -> dict[str, Record]:
    return {path.parent.name: json.loads(path.read_text()) for path in out.glob("*/record.json")}


def codes(record: Record) -> set[str]:
    return {refused["code"] for refused in record["refused"]}


def paper(kind: str = "PNG") -> bytes:
    """A small sheet with a rule on it: quick to read, and not one even tone."""
    pixels = np.full((SIDE, SIDE), 255, np.uint8)
    pixels[SIDE // 2, 20:-20] = 0
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A white PNG of one bit a pixel, written row by row: a giant in a few hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pack, row = zlib.compressobj(9), b"\0" + b"\xff" * ((width + 7) // 8)
    pixels = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf_of(pages: int = 1, encryption: pikepdf.Encryption | None = None) -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(300, 300))
        pdf.save(stream, encryption=encryption or False)
    return stream.getvalue()


REFUSED_FILES = {
    "nothing.pdf": (b"", "empty-file"),
    "zeros.pdf": (bytes(10_000), "unsupported-type"),
    "archive.pdf": (b"PK\x05\x06" + bytes(18), "unsupported-type"),
    "program.exe": (b"MZ" + bytes(100), "unsupported-type"),
    "picture.pdf": (paper("JPEG"), "wrong-extension"),
    "cut.pdf": (pdf_of()[:-100], "truncated"),
    "cut.png": (paper()[:-30], "truncated"),
    "cut.jpg": (paper("JPEG")[:-40], "truncated"),
    "header-alone.tif": (b"II*\0\xff\xff\xff\xff", "broken-file"),
    "locked.pdf": (pdf_of(encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted"),
    "endless.pdf": (pdf_of(2001), "too-many-pages"),
    "giant.png": (png_of(30_000, 30_000), "too-many-pixels"),
    "ribbon.png": (png_of(33_000, 100), "too-many-pixels"),
    "speck.png": (png_of(1, 1), "broken-file"),
}
ODD_NAMES = (
    "--out.png",
    "quo\"te's`$(id).png",
    "[bold red]brackets[%s]{}.png",
    "new\nline.png",
    "\u202egnp.rtl\u2066.png",
    " spaces .png",
    "a" * 251 + ".png",
    unicodedata.normalize("NFD", "Tờ khai.png"),
)
WRONG_MANIFESTS = {
    "not-json": b"{",
    "no-bytes": b"",
    "wide-letters": '{"dossier": "X"}'.encode("utf-16"),
    "extra-key": b'{"dossier": "X", "surprise": 1}',
    "wrong-types": b'{"dossier": 5, "files": "all", "facts": []}',
    "climbing": b'{"dossier": "../../climbed"}',
    "no-such-time": b'{"dossier": "X", "received_at": "2026-02-30T00:00:00Z"}',
    "half-a-letter": b'{"dossier": "X", "applicant": "\\ud800"}',
    "told-twice": b'{"dossier": "X", "dossier": "Y"}',
    "bottomless": b"[" * 100_000 + b"]" * 100_000,
    "huge": b'{"dossier": "X", "office": "' + b"x" * 2**20 + b'"}',
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run over everything: what the command said, and where its records are."""
    here = tmp_path_factory.mktemp("hostile")
    scans = here / "scans"
    scans.mkdir()
    for name, (data, _) in REFUSED_FILES.items():
        (scans / name).write_bytes(data)
    odd = scans / "odd-names"
    odd.mkdir()
    for name in ODD_NAMES:
        (odd / name).write_bytes(paper())
    for name, manifest in WRONG_MANIFESTS.items():
        (scans / name).mkdir()
        (scans / name / "dossier.json").write_bytes(manifest)
        (scans / name / "cut.png").write_bytes(paper()[:-30])
    (scans / "by-notepad").mkdir()
    (scans / "by-notepad" / "dossier.json").write_bytes(b'\xef\xbb\xbf{"dossier": "marked"}')
    (scans / "empty").mkdir()
    (scans / "never-comes").mkdir()
    (scans / "never-comes" / "dossier.json").write_text(
        '{"dossier": "ghost", "files": [{"name": "ghost.pdf"}]}'
    )
    (scans / "lost.pdf").symlink_to(here / "nowhere")
    (scans / "ring").symlink_to("ring")
    (scans / "itself").symlink_to(".")
    (scans / "above").symlink_to("..")
    (scans / "zero.pdf").symlink_to("/dev/zero")
    os.mkfifo(scans / "pipe.pdf")
    (scans / "pipes").mkdir()
    os.mkfifo(scans / "pipes" / "dossier.json")
    (scans / "elsewhere").symlink_to(odd, target_is_directory=True)
    return sohoa(scans, "--out", here / "out", "--json"), here / "out"


@pytest.fixture(scope="module")
def made(hostile: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, Record]:
    return records(hostile[1])


def test_it_goes_through_everything_and_says_that_not_all_is_well(
    hostile: tuple[subprocess.CompletedProcess[str], Path], made: dict[str, Record]
) -> None:
    done, _ = hostile
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {json.loads(line)["dossier"] for line in done.stdout.splitlines()} == made.keys()


def test_no_dossier_ends_without_papers_and_without_a_reason(made: dict[str, Record]) -> None:
    assert [code for code, record in made.items() if not (record["components"] or record["refused"])] == []


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_is_no_paper_is_refused_with_its_reason(made: dict[str, Record], name: str) -> None:
    found = [record for record in made.values() if name in {refused["file"] for refused in record["refused"]}]
    assert [codes(record) for record in found if record["dossier"].startswith(Path(name).stem)] == [
        {REFUSED_FILES[name][1]}
    ]


def test_names_are_kept_whatever_letters_they_have(made: dict[str, Record]) -> None:
    papers = made["odd-names"]["components"]
    names = {source["file"] for component in papers for source in component["sources"]}
    assert names == {unicodedata.normalize("NFC", name) for name in ODD_NAMES}


@pytest.mark.parametrize("name", WRONG_MANIFESTS)
def test_a_wrong_manifest_is_refused_and_leads_nowhere(made: dict[str, Record], name: str) -> None:
    assert codes(made[name]) & {"manifest-invalid", "manifest-too-large"}
    assert "truncated" in codes(made[name])


def test_a_byte_order_mark_is_no_fault(made: dict[str, Record]) -> None:
    assert codes(made["marked"]) == {"no-files"}


def test_a_dossier_without_any_file_is_told_so(made: dict[str, Record]) -> None:
    assert [codes(made[name]) for name in ("empty", "ghost")] == [{"no-files"}] * 2


def test_links_and_pipes_neither_hang_nor_lead_round_in_circles(made: dict[str, Record]) -> None:
    for name in ("lost", "ring", "itself", "above", "zero", "pipe"):
        assert codes(made[name]) == {"not-a-file"}, name
    assert codes(made["pipes"]) == {"manifest-unreadable"}


def test_a_link_to_a_folder_elsewhere_is_a_dossier(made: dict[str, Record]) -> None:
    assert len(made["elsewhere"]["components"]) == len(made["odd-names"]["components"]) > 0


def test_records_never_go_among_the_scans(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    done = sohoa(tmp_path, "--out", tmp_path)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["empty.pdf"])
    assert "out-is-folder" in done.stderr


def test_a_place_that_takes_no_records_is_told_before_anything_is_read(tmp_path: Path) -> None:
    done = sohoa(tmp_path, "--out", "/proc/self/records")
    assert (done.returncode, "folder-unusable" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr
