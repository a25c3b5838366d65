"""Stacks come apart at their sheets, and every page ends with a dossier or with a reason."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from dossier.catalogue.documents import document_types
from dossier.separators import Damaged, Sheet
from dossier.settings import ReadingSettings
from flows.dossier_input import InputFile, sha256_of
from flows.stacks import Cut, Sign, a_few, cut, cut_stack, inspected
from ocr.pool import ReadingPool
from ocr.sheetprint import draw_sheet
from ocr.stacks import write_part

A, B = "H13.96.31-260915-0001", "H13.96.31-260915-0002"
SMALL = (827, 1170)  # A4 at 100 dpi: quick to read
BLANK = Image.new("RGB", SMALL, "white")


def sheet(code: str | None, component: str | None = None) -> Image.Image:
    return draw_sheet(Sheet(code, component), document_types()).resize(SMALL).convert("RGB")


def paper(number: int) -> Image.Image:
    image = Image.new("RGB", SMALL, "white")
    draw = ImageDraw.Draw(image)
    for at in range(12):
        draw.text((80, 90 + 70 * at), f"Page {number} of somebody, line {at}", fill="black", font_size=26)
    return image


def save(path: Path, *pages: Image.Image) -> InputFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    how = {"resolution": 100} if path.suffix == ".pdf" else {"dpi": (100, 100), "compression": "tiff_lzw"}
    pages[0].save(path, save_all=True, append_images=pages[1:], **how)  # type: ignore[arg-type]
    return InputFile(path.name, sha256_of(path), path)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(ReadingSettings(processes=1, second_reader=False)) as pool:
        yield pool


SIGNS = st.lists(
    st.sampled_from(
        [None, None, Damaged(), Sheet(), Sheet(None, "decision"), Sheet(A), Sheet(A, "decision"), Sheet(B)]
    ),
    min_size=1,
    max_size=12,
)


@given(SIGNS)
def test_every_page_goes_to_one_dossier_or_has_its_reason(signs: list[Sign]) -> None:
    parts, loose = cut(signs)
    pages = [page for _, own in parts for page in own] + [page for own in loose.values() for page in own]
    assert sorted(pages) == list(range(1, len(signs) + 1))
    for code, own in parts:
        opening = signs[own[0] - 1]
        assert isinstance(opening, Sheet)
        assert opening.dossier == code
        assert not any(isinstance(signs[page - 1], Damaged) for page in own)


def test_what_lies_behind_a_damaged_sheet_goes_to_nobody() -> None:
    parts, loose = cut([None, Sheet(A), None, Damaged(), None, Sheet(), None, Sheet(B), None, Sheet(A), None])
    assert parts == ((A, (2, 3)), (B, (8, 9)), (A, (10, 11)))
    assert loose == {"before-first-sheet": (1,), "behind-damaged-sheet": (4, 5, 6, 7)}


def cut_of(pool: ReadingPool, file: InputFile) -> Cut:
    async def found() -> Cut:
        return await cut_stack(pool, file, await inspected(pool, file), a_few(pool))

    return asyncio.run(found())


@pytest.mark.parametrize("kind", ["pdf", "tif"])
def test_a_stack_is_cut_at_the_sheets_of_its_dossiers(tmp_path: Path, pool: ReadingPool, kind: str) -> None:
    pages = (BLANK, sheet(A), paper(3), sheet(None), paper(5), sheet(B).rotate(180), BLANK, paper(8))
    found = cut_of(pool, save(tmp_path / f"stack.{kind}", *pages))
    assert found.parts == ((A, (1, 2, 3, 4, 5)), (B, (6, 7, 8)))
    assert found.loose == {}


def test_pages_before_the_first_sheet_are_said_to_be_nobodys(tmp_path: Path, pool: ReadingPool) -> None:
    file = save(tmp_path / "stack.pdf", paper(1), paper(2), sheet(A), paper(4))
    found = cut_of(pool, file)
    assert found.parts == ((A, (3, 4)),)
    [refused] = found.refused(file)
    assert refused.code == "before-first-sheet"
    assert "Trang 1-2" in refused.reason


def test_a_part_of_a_pdf_has_the_very_images_of_the_stack_and_says_where_it_is_from(
    tmp_path: Path, pool: ReadingPool
) -> None:
    file = save(tmp_path / "stack.pdf", sheet(A), paper(2), sheet(B), paper(4))
    info = asyncio.run(inspected(pool, file))
    parts = [tmp_path / name for name in ("one.pdf", "again.pdf")]
    for part in parts:
        pool.submit(write_part, file.path, info, (3, 4), part).result()
    assert parts[0].read_bytes() == parts[1].read_bytes()
    with pikepdf.open(file.path) as stack, pikepdf.open(parts[0]) as part:
        assert part.docinfo["/SohoaStack"] == file.sha256
        assert part.docinfo["/SohoaPages"] == "3-4"
        for page, copy in zip(stack.pages[2:], part.pages, strict=True):
            [image], [same] = page.images.values(), copy.images.values()
            assert same.read_raw_bytes() == image.read_raw_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_part_of_a_tiff_has_the_very_pixels_of_the_stack(
    tmp_path: Path, pool: ReadingPool, mode: str
) -> None:
    pages = [paper(number).convert(mode) for number in (1, 2, 3)]
    file = save(tmp_path / "stack.tif", *pages)
    info = asyncio.run(inspected(pool, file))
    pool.submit(write_part, file.path, info, (2, 3), tmp_path / "part.tif").result()
    with Image.open(tmp_path / "part.tif") as part:
        assert part.n_frames == 2  # type: ignore[attr-defined]
        for at, page in enumerate(pages[1:]):
            part.seek(at)
            assert part.info["dpi"] == (100, 100)
            assert np.array_equal(np.asarray(part), np.asarray(page))


def test_a_loose_stack_is_digitised_as_its_dossiers(tmp_path: Path) -> None:
    save(tmp_path / "in" / "stack.pdf", paper(1), sheet(A), paper(3), sheet(B), paper(5))
    save(tmp_path / "in" / "more.tif", sheet(B), paper(2))
    save(tmp_path / "in" / "plain.pdf", paper(1), paper(2))
    ended = subprocess.run(
        [sys.executable, "-m", "cli.main", "digitise", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 1, ended.stderr
    records = {
        path.parent.name: json.loads(path.read_text()) for path in (tmp_path / "out").glob("*/record.json")
    }
    sources = {
        code: sorted(
            (source["file"], page)
            for component in record["components"]
            for source in component["sources"]
            for page in source["pages"]
        )
        for code, record in records.items()
    }
    assert sources == {
        A: [("stack.pdf", 2), ("stack.pdf", 3)],
        B: [("more.tif", 1), ("more.tif", 2), ("stack.pdf", 4), ("stack.pdf", 5)],
        "plain": [("plain.pdf", 1), ("plain.pdf", 2)],
        "stack": [],
    }
    assert [refused["code"] for refused in records["stack"]["refused"]] == ["before-first-sheet"]
    assert records["stack"]["state"] == "refused"


def test_the_sheet_of_another_dossier_in_a_dossiers_folder_is_told(tmp_path: Path) -> None:
    save(tmp_path / "in" / A / "scan.pdf", paper(1), sheet(B), paper(3))
    subprocess.run(
        [sys.executable, "-m", "cli.main", "digitise", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
        capture_output=True,
        timeout=300,
    )
    record = json.loads((tmp_path / "out" / A / "record.json").read_text())
    [refused] = record["refused"]
    assert refused["code"] == "separator-elsewhere"
    assert "Trang 2-3" in refused["reason"]
    assert B in refused["reason"]
    assert [source["pages"] for component in record["components"] for source in component["sources"]] == [[1]]
    assert record["state"] == "returned"
