"""Sealed copies as a whole: PDF/A-2b whatever the scan was, its pixels as scanned, its text where it is seen."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from sealed_makers import (
    DPI,
    FACTS,
    SIZE,
    WORDS,
    image_pdf,
    images_of,
    like,
    never_drawn,
    page_of,
    scan,
    sealed,
    shown,
    word,
)

from bench import verapdf
from bench.sealed_look import words_of
from storage.pdfa.check import problems
from storage.pdfa.check_xmp import xmp_of

PNG, JPEG, TIFF, PDF = "image/png", "image/jpeg", "image/tiff", "application/pdf"
TEXT = "GIẤY KHAI SINH\nHọ, chữ đệm"

needs_verapdf = pytest.mark.skipif(not verapdf.at_hand(), reason=verapdf.MISSING)


def every_scan(folder: Path) -> dict[str, tuple[Path, str]]:
    """A file of every kind that is sealed, by a name for it."""
    image = scan()
    bilevel = image.convert("1", dither=Image.Dither.NONE)
    made: dict[str, tuple[Path, str]] = {}

    def put(name: str, one: Image.Image, media_type: str, **how: Any) -> None:
        path = folder / f"{name}.{media_type.removeprefix('image/')}"
        one.save(path, **how)
        made[name] = (path, media_type)

    put("colour-jpeg", image, JPEG, quality=85)
    put("grey-jpeg", image.convert("L"), JPEG)
    put("cmyk-jpeg", image.convert("CMYK"), JPEG)
    put("progressive-jpeg", image, JPEG, progressive=True)
    put("colour-png", image, PNG)
    put("palette-png", image.quantize(16), PNG)
    put("see-through-png", image.convert("RGBA"), PNG)
    put("bilevel-png", bilevel, PNG)
    put("deep-png", Image.fromarray(np.asarray(image.convert("L"), dtype=np.uint16) * 257), PNG)
    put("fax-tiff", bilevel, TIFF, compression="group4")
    put("flat-tiff", image, TIFF, compression="tiff_adobe_deflate")
    put("lzw-tiff", image.convert("L"), TIFF, compression="tiff_lzw")
    put("jpeg-tiff", image, TIFF, compression="jpeg", quality=85)
    put("palette-tiff", image.quantize(16), TIFF)
    made["scan-pdf"] = (image_pdf(folder / "scan.pdf", image), PDF)
    made["text-pdf"] = (image_pdf(folder / "text.pdf", image, b"SCAN BT /F 20 Tf 50 50 Td (seen) Tj ET"), PDF)
    return made


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """By the name of the scan: the scan and its sealed copy."""
    folder = tmp_path_factory.mktemp("scans")
    made = {}
    for name, (path, media_type) in every_scan(folder).items():
        own = folder / name
        own.mkdir()
        made[name] = (path, sealed([page_of(path, media_type)], own))
    return made


def test_every_kind_of_scan_becomes_a_pdfa_by_the_second_reader(copies: dict[str, tuple[Path, Path]]) -> None:
    assert {name: problems(copy) for name, (_, copy) in copies.items()} == dict.fromkeys(copies, ())


@needs_verapdf
def test_every_kind_of_scan_becomes_a_pdfa_by_verapdf(copies: dict[str, tuple[Path, Path]]) -> None:
    found = verapdf.broken_rules([copy for _, copy in copies.values()])
    assert {name: found[copy] for name, (_, copy) in copies.items()} == dict.fromkeys(copies, ())


def test_every_copy_shows_what_the_scan_shows(copies: dict[str, tuple[Path, Path]]) -> None:
    plain = np.asarray(scan(), dtype=np.uint8)
    for name, (path, copy) in copies.items():
        wanted = shown(path) if path.suffix == ".pdf" else np.asarray(Image.open(path).convert("RGB"))
        if name == "deep-png":
            wanted = np.asarray(scan().convert("L").convert("RGB"))
        assert like(shown(copy), wanted) < 2.5, name
        assert like(shown(copy), plain) < 40, name


def test_the_text_is_found_line_by_line_by_pdfium_and_poppler(copies: dict[str, tuple[Path, Path]]) -> None:
    for name, (_, copy) in copies.items():
        with pypdfium2.PdfDocument(copy) as document:
            assert document[0].get_textpage().get_text_range().replace("\r\n", "\n") == TEXT, name
    poppler = subprocess.run(["pdftotext", str(copy), "-"], capture_output=True, text=True, check=True).stdout
    assert poppler.split() == TEXT.split()


def test_each_word_lies_where_it_is_seen(copies: dict[str, tuple[Path, Path]]) -> None:
    wide, high = (side * 72 / DPI for side in SIZE)
    with pypdfium2.PdfDocument(copies["colour-jpeg"][1]) as document:
        found = dict(words_of(document[0]))
    for one in WORDS:
        (x0, y0), _, (x1, y1), _ = one.corners
        assert found[one.text] == pytest.approx(
            (x0 * wide, (1 - y1) * high, x1 * wide, (1 - y0) * high), abs=0.6
        )


def test_streams_of_scans_pass_through_unchanged(copies: dict[str, tuple[Path, Path]]) -> None:
    path, copy = copies["colour-jpeg"]
    assert images_of(copy)[0][1] == path.read_bytes()
    path, copy = copies["scan-pdf"]
    assert images_of(copy)[0][1] == images_of(path)[0][1]
    assert images_of(copies["bilevel-png"][1])[0][1] in copies["bilevel-png"][0].read_bytes()


def test_black_and_white_is_packed_as_fax(copies: dict[str, tuple[Path, Path]]) -> None:
    path, copy = copies["fax-tiff"]
    assert images_of(copy)[0][0] == "/CCITTFaxDecode"
    assert copy.stat().st_size < path.stat().st_size + 20_000


def test_the_same_scan_and_facts_give_the_same_bytes(tmp_path: Path) -> None:
    for name, (path, media_type) in every_scan(tmp_path).items():
        made = []
        for turn in ("one", "two"):
            folder = tmp_path / f"{name}-{turn}"
            folder.mkdir()
            made.append(sealed([page_of(path, media_type)], folder).read_bytes())
        assert made[0] == made[1], name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_lies_as_its_orientation_says_and_is_not_decoded(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.jpg"
    scan().save(path, quality=90, exif=exif)
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    copy = sealed([page_of(path, JPEG, width=upright.width, height=upright.height)], tmp_path)
    assert images_of(copy)[0][1] == path.read_bytes()
    assert like(shown(copy, size=upright.size), np.asarray(upright)) < 2.5


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_page_is_turned_upright_and_its_words_with_it(tmp_path: Path, turn: int, rotate: int) -> None:
    """The page was delivered (after /Rotate) so that `turn` brings it upright."""
    upright = scan()
    stored = upright.rotate(turn + rotate, expand=True)  # counterclockwise, as Pillow turns
    delivered = upright.rotate(turn, expand=True)
    path = image_pdf(tmp_path / "turned.pdf", stored, Rotate=rotate)
    page = page_of(path, PDF, width=delivered.width, height=delivered.height, turn=turn)
    copy = sealed([page], tmp_path, render=never_drawn)
    assert like(shown(copy), np.asarray(upright)) < 2.5
    with pypdfium2.PdfDocument(copy) as document:
        assert document[0].get_size() == pytest.approx(tuple(side * 72 / DPI for side in SIZE), abs=0.1)
        assert document[0].get_textpage().get_text_range().splitlines()[0] == "GIẤY KHAI SINH"


def test_pages_of_several_files_make_one_copy(tmp_path: Path) -> None:
    files = every_scan(tmp_path)
    pages = [page_of(*files[name]) for name in ("colour-jpeg", "fax-tiff", "text-pdf")]
    copy = sealed(pages, tmp_path, replace(FACTS, pages=3))
    assert problems(copy) == ()
    with pikepdf.open(copy) as pdf:
        assert len(pdf.pages) == 3
        assert len({page.resources.Font["/F1"].objgen for page in pdf.pages}) == 1


def test_what_the_file_says_of_itself_is_what_it_was_told(tmp_path: Path) -> None:
    path, media_type = every_scan(tmp_path)["colour-jpeg"]
    with pikepdf.open(sealed([page_of(path, media_type)], tmp_path)) as pdf:
        said = xmp_of(pdf.Root.Metadata.read_bytes())
        assert str(pdf.docinfo.Title) == "Giấy khai sinh"
        assert str(pdf.docinfo.CreationDate) == "D:20261017020000+00'00'"
    own = {
        name.split("#}")[1]: text for name, text in said.items() if name.startswith("{urn:sohoa:sealed:1#}")
    }
    assert own == {
        "TypeName": "Giấy khai sinh",
        "Subject": "Về việc <đặt tên> & họ",
        "Language": "Tiếng Việt",
        "PageAmount": "1",
        "DossierCode": FACTS.dossier,
        "Component": "c1",
        "OriginalSha256": "\n".join(FACTS.originals),
        "Dpi": "75",
    }


@settings(max_examples=40)
@given(text=st.text(max_size=40), title=st.text(max_size=40))
def test_any_text_makes_a_copy_that_conforms(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "scan.png"
    scan((60, 80)).convert("1").save(path)
    words = (word(text, (0.1, 0.1, 0.5, 0.2)), word("sau", (0.6, 0.1, 0.7, 0.2)))
    facts = replace(FACTS, title=title, elements={"Subject": text, "OrganName": title})
    copy = sealed([page_of(path, PNG, width=60, height=80, words=words)], folder, facts)
    assert problems(copy) == ()


@given(corners=st.lists(st.tuples(st.floats(-1, 2), st.floats(-1, 2)), min_size=4, max_size=4))
def test_a_word_of_any_shape_makes_a_page_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, corners: list[tuple[float, float]]
) -> None:
    folder = tmp_path_factory.mktemp("shape")
    path = folder / "scan.png"
    scan((60, 80)).convert("1").save(path)
    bent = replace(WORDS[0], corners=tuple(corners))
    copy = sealed([page_of(path, PNG, width=60, height=80, words=(bent, *WORDS[1:]))], folder)
    assert problems(copy) == ()
