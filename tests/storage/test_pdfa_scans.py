"""A page of a PDF is passed through only where it is one scan; JPEGs in TIFFs are joined as they are."""

from __future__ import annotations

import io
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin
from sealed_makers import image_pdf, images_of, like, page_of, scan, sealed, shown

from storage.pdfa.check import problems
from storage.pdfa.image_files import picture_of
from storage.pdfa.scans import scan_of
from storage.pdfa.tiff_jpeg import NotJoined, joined

PDF = "application/pdf"
WHOLE = b"0 0 595.2 841.92 re W n "


def is_scan(path: Path) -> bool:
    with pikepdf.open(path) as pdf:
        return scan_of(pdf.pages[0]) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"SCAN",
        WHOLE + b"SCAN",
        b"BT 3 Tr /F 9 Tf 20 20 Td (other people's OCR) Tj ET SCAN",
        b"/Artifact BMC SCAN EMC",
        b"0.5 g 2 w SCAN",
    ],
)
def test_a_scan_is_known_whatever_harmless_stands_around_it(tmp_path: Path, content: bytes) -> None:
    assert is_scan(image_pdf(tmp_path / "scan.pdf", scan(), content))


@pytest.mark.parametrize(
    "content",
    [
        b"SCAN BT /F 9 Tf 20 20 Td (seen) Tj ET",
        b"SCAN SCAN",
        b"SCAN 10 10 50 50 re f",
        b"0 0 100 100 re W n SCAN",
        b"q 200 0 0 200 50 50 cm /Im Do Q",
        b"q 0 841 -595 0 595 0 cm /Im Do Q",
        b"/OC /P BDC SCAN EMC",
        b"q SCAN",
        b"/Missing Do",
        b"SCAN /Missing gs",
        b"no such operator SCAN",
        b"BT 3 Tr q 0 Tr (a) Tj Q ET SCAN",
        b"BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI SCAN",
        b"",
    ],
)
def test_a_page_with_anything_else_is_no_scan_or_the_same_picture(tmp_path: Path, content: bytes) -> None:
    path = image_pdf(tmp_path / "page.pdf", scan(), content or b" ")
    assert not is_scan(path) or content == b"q SCAN"
    copy = sealed([page_of(path, PDF)], tmp_path)
    assert problems(copy) == ()
    assert like(shown(copy), shown(path)) < 2.5


@settings(max_examples=60)
@given(
    content=st.lists(
        st.sampled_from(
            [
                b"SCAN",
                b"q",
                b"Q",
                b"1 0 0 1 0 0 cm",
                b"BT",
                b"ET",
                b"3 Tr",
                b"0 Tr",
                b"(x) Tj",
                b"W n",
                b"0 0 595 842 re",
                b"/F 9 Tf",
                b"/OC /x BDC",
                b"EMC",
                b"[",
                b")",
                b"1 2",
            ]
        ),
        max_size=12,
    )
)
def test_any_instructions_give_an_answer(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes]
) -> None:
    path = image_pdf(tmp_path_factory.mktemp("any") / "page.pdf", scan((60, 80)), b"\n".join(content) or b" ")
    is_scan(path)


def test_what_an_annotation_shows_is_laid_over_the_scan_that_stays_as_it_is(tmp_path: Path) -> None:
    path = image_pdf(tmp_path / "signed.pdf", scan())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"0 0.6 0 rg 0 0 100 40 re f")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 100, 40]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[400, 700, 500, 740], F=4,
            AP=pikepdf.Dictionary(N=pdf.make_indirect(look)),
        )  # fmt: skip
        pdf.pages[0].obj.Annots = [pdf.make_indirect(note)]
        pdf.save(path)
    copy = sealed([page_of(path, PDF)], tmp_path)
    assert problems(copy) == ()
    assert images_of(copy)[0] == images_of(path)[0]
    assert len(images_of(copy)) == 2
    assert like(shown(copy), shown(path)) < 2.5
    assert shown(copy)[140, 460].tolist() == pytest.approx([0, 153, 0], abs=3)


def test_lzw_is_packed_otherwise(tmp_path: Path) -> None:
    """The pixels of an image are the same; its filter is one that an archive takes."""
    grey = scan().convert("L")
    packed = io.BytesIO()
    TiffImagePlugin.WRITE_LIBTIFF = True
    grey.save(packed, "TIFF", compression="tiff_lzw", strip_size=grey.width * grey.height)
    with Image.open(io.BytesIO(packed.getvalue())) as tiff:
        start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
    path = image_pdf(tmp_path / "lzw.pdf", scan())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].resources.XObject.Im
        image.write(packed.getvalue()[start : start + length], filter=pikepdf.Name.LZWDecode)
        image.ColorSpace = pikepdf.Name.DeviceGray
        pdf.save(path)
    copy = sealed([page_of(path, PDF)], tmp_path)
    assert problems(copy) == ()
    assert images_of(copy)[0][0] == "/FlateDecode"
    assert like(shown(copy), np.asarray(grey.convert("RGB"))) < 2.5


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("size", [(620, 877), (33, 100), (640, 64)])
def test_the_strips_of_a_tiff_are_one_jpeg_of_the_same_pixels(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "strips.tif"
    scan(size).convert(mode).save(path, compression="jpeg", quality=80, strip_size=size[0] * 16)
    with Image.open(path) as tiff:
        cut = len(tiff.tag_v2[273])  # type: ignore[attr-defined]
        wanted = np.asarray(tiff.convert("RGB"))
    picture = picture_of(path, "image/tiff", 1)
    assert str(picture.entries["Filter"]) == "/DCTDecode"
    assert len(picture.data) < path.stat().st_size
    assert picture.data.count(b"\xff\xdd") == (1 if cut > 1 else 0)
    with Image.open(io.BytesIO(picture.data)) as whole:
        assert whole.size == size
        # Decoders smooth colours across the cuts only where they see one picture.
        assert like(np.asarray(whole.convert("RGB")), wanted) < 1.5


@given(
    damage=st.binary(min_size=1, max_size=30), at=st.floats(0, 1), where=st.sampled_from(["tables", "strip"])
)
def test_damaged_strips_are_joined_or_refused_and_nothing_else(damage: bytes, at: float, where: str) -> None:
    target = io.BytesIO()
    scan((64, 64)).save(target, "TIFF", compression="jpeg", strip_size=64 * 3 * 16)
    with Image.open(io.BytesIO(target.getvalue())) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        places = list(zip(tags[273], tags[279], strict=True))
        parts = {"tables": tags[347], "strip": target.getvalue()[places[0][0] : sum(places[0])]}
        strips = [target.getvalue()[start : start + length] for start, length in places]
        rows = tags[278]
    broken = parts[where]
    place = int(at * len(broken))
    broken = broken[:place] + damage + broken[place + len(damage) :]
    tables = broken if where == "tables" else parts["tables"]
    with suppress(NotJoined, IndexError, struct.error):
        assert joined(tables, [broken if where == "strip" else strips[0], *strips[1:]], 64, 64, rows)
