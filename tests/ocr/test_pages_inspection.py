"""Dropped files are told by their content; what is no paper is refused with advice, before a pixel is decoded."""

from __future__ import annotations

import contextlib
import struct
import zlib
from pathlib import Path

import paper_makers
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dossier.errors import FileRefused
from dossier.settings import ReadingSettings
from ocr.inspection import inspect_file
from ocr.papersize import true_dpi

LIMITS = ReadingSettings()


def refusal(path: Path, limits: ReadingSettings = LIMITS, name: str | None = None) -> str:
    with pytest.raises(FileRefused) as refused:
        inspect_file(path, name or path.name, limits)
    assert refused.value.advice, "the digitiser is told what to do"
    return refused.value.code


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return paper_makers.jpeg_pdf(tmp_path / "scan.pdf", paper_makers.page())


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_images_are_told_by_content_with_their_size(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    paper_makers.page().save(path, dpi=(200, 200))
    info = inspect_file(path, path.name.upper(), LIMITS)
    assert [(p.width, p.height, round(p.dpi)) for p in info.pages] == [(1654, 2339, 200)]


def test_a_scan_in_a_pdf_has_the_size_of_its_image(pdf: Path) -> None:
    info = inspect_file(pdf, "Giấy khai sinh.PDF", LIMITS)
    assert info.media_type == "application/pdf"
    assert [(p.width, p.height, round(p.dpi)) for p in info.pages] == [(1654, 2339, 200)]


@pytest.mark.parametrize("version", ["1.3", "1.7"])
def test_a_pdf_tells_its_version_and_a_picture_has_none(tmp_path: Path, pdf: Path, version: str) -> None:
    path = tmp_path / "again.pdf"
    with pikepdf.open(pdf) as book:
        book.save(path, force_version=version)
    assert inspect_file(path, path.name, LIMITS).pdf_version == version
    picture = tmp_path / "page.png"
    paper_makers.page().save(picture)
    assert inspect_file(picture, picture.name, LIMITS).pdf_version is None


def test_every_page_of_a_tiff_counts(tmp_path: Path) -> None:
    path = tmp_path / "stack.tiff"
    pages = [Image.new("L", (300 + n, 400), 255) for n in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert [p.width for p in inspect_file(path, path.name, LIMITS).pages] == [300, 301, 302]
    assert refusal(path, ReadingSettings(max_pages=2)) == "too-many-pages"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    assert refusal(path) == "empty-file"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"PK\x03\x04 a word processor's file")
    assert refusal(path) == "unsupported-type"


def test_a_name_that_does_not_fit_the_content_is_refused(pdf: Path) -> None:
    assert refusal(pdf, name="scan.jpg") == "wrong-extension"
    assert refusal(pdf, name="scan") == "wrong-extension"


def test_a_pdf_with_a_password_is_refused(pdf: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(pdf) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert refusal(locked) == "encrypted"


@pytest.mark.parametrize("suffix", [".pdf", ".jpg", ".png", ".tif"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_file_is_refused(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".pdf":
        paper_makers.jpeg_pdf(path, paper_makers.page())
    else:
        paper_makers.page().save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert refusal(path) in ("truncated", "broken-file")


def test_a_picture_of_900_megapixels_is_refused_without_being_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path = tmp_path / "bomb.png"
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    assert refusal(path) == "too-many-pixels"


def test_a_pdf_that_asks_for_too_many_pixels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(14_400, 14_400))
        made.save(path)
    assert refusal(path) == "too-many-pixels"


@pytest.mark.parametrize("size", [(33_000, 100), (100, 33_000)])
def test_a_picture_longer_than_an_engine_reads_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "ribbon.png"
    Image.new("1", size).save(path)
    assert refusal(path) == "too-many-pixels"


@pytest.mark.parametrize("key", ["/MediaBox", "/Rotate", "/UserUnit"])
@pytest.mark.parametrize("value", [pikepdf.Name.X, pikepdf.Array([]), pikepdf.Dictionary()])
def test_a_page_whose_numbers_are_none_is_refused_or_read_without_them(
    pdf: Path, tmp_path: Path, key: str, value: pikepdf.Object
) -> None:
    path = tmp_path / "odd.pdf"
    with pikepdf.open(pdf) as opened:
        opened.pages[0].obj[key] = value
        opened.save(path)
    with contextlib.suppress(FileRefused):
        inspect_file(path, path.name, LIMITS)


def test_forms_that_draw_forms_are_gone_through_once_each(pdf: Path) -> None:
    with pikepdf.open(pdf, allow_overwriting_input=True) as opened:
        innermost = opened.pages[0].obj.Resources
        for _ in range(11):
            form = opened.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
            form.Resources = innermost
            names = {f"/F{number}": form for number in range(10)}
            innermost = pikepdf.Dictionary(XObject=pikepdf.Dictionary(names))
        opened.pages[0].obj.Resources = innermost
        opened.save()
    assert len(inspect_file(pdf, pdf.name, LIMITS).pages) == 1


@pytest.mark.parametrize("action", ["/JavaScript", "/Launch"])
def test_a_pdf_that_does_something_when_opened_is_refused(pdf: Path, tmp_path: Path, action: str) -> None:
    active = tmp_path / "active.pdf"
    with pikepdf.open(pdf) as opened:
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(action), JS="app.alert(1)")
        opened.save(active)
    assert refusal(active) == "active-content"


def test_a_pdf_that_carries_a_program_is_refused(pdf: Path, tmp_path: Path) -> None:
    active = tmp_path / "active.pdf"
    with pikepdf.open(pdf) as opened:
        opened.attachments["paper.txt"] = pikepdf.AttachedFileSpec(
            opened, b"MZ\x90 a program under another name"
        )
        opened.save(active)
    assert refusal(active) == "active-content"


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7" + bytes(1024 * 1024))
    assert refusal(path, ReadingSettings(max_file_mb=1)) == "too-large"


@given(
    data=st.binary(max_size=300),
    start=st.sampled_from([b"%PDF-1.4\n", b"II*\x00", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rubbish_is_refused_and_never_raises_anything_else(tmp_path: Path, data: bytes, start: bytes) -> None:
    suffix = {b"%": ".pdf", b"I": ".tif", b"\xff": ".jpg", b"\x89": ".png"}[start[:1]]
    path = tmp_path / f"rubbish{suffix}"
    path.write_bytes(start + data)
    with pytest.raises(FileRefused):
        inspect_file(path, path.name, LIMITS)


@given(at=st.integers(0, 3000), what=st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_pdf_is_inspected_or_refused(tmp_path: Path, at: int, what: bytes) -> None:
    path = tmp_path / "damaged.pdf"
    whole = paper_makers.text_pdf(tmp_path / "whole.pdf", ("mot", "hai")).read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + what + whole[at + len(what) :])
    with contextlib.suppress(FileRefused):
        assert inspect_file(path, path.name, LIMITS).pages


@given(
    suffix=st.sampled_from([".tif", ".jpg", ".png"]),
    changes=st.lists(
        st.tuples(st.integers(0, 2**16), st.integers(0, 12), st.binary(max_size=12)), min_size=1, max_size=4
    ),
    near_the_head=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_picture_is_inspected_or_refused(
    tmp_path: Path, suffix: str, changes: list[tuple[int, int, bytes]], near_the_head: bool
) -> None:
    path = tmp_path / f"damaged{suffix}"
    first, second = (paper_makers.page(size=(120, 80), height=size) for size in (12, 20))
    further = {"save_all": True, "append_images": [second]} if suffix == ".tif" else {}
    first.save(path, dpi=(200, 200), **further)
    data = path.read_bytes()
    for at, length, what in changes:
        at %= min(len(data), 400) if near_the_head else len(data)
        data = data[:at] + what + data[at + length :] or b"\0"
    path.write_bytes(data)
    with contextlib.suppress(FileRefused):
        assert inspect_file(path, path.name, LIMITS).pages


@pytest.mark.parametrize(
    ("width", "height", "stated", "true"),
    [
        (2480, 3508, 300, 300),  # A4, honest
        (2480, 3508, 72, 300),  # A4, the program knew nothing
        (2480, 3508, 0, 300),  # A4, nothing stated
        (1011, 638, 96, 300),  # a card
        (1700, 2200, 200, 200),  # letter
    ],
)
def test_a_lie_about_resolution_is_seen_through(width: int, height: int, stated: float, true: float) -> None:
    assert true_dpi(width, height, stated) == pytest.approx(true, rel=0.02)
