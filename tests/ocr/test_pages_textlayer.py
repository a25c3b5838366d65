"""A PDF's own text is believed where the picture says the same, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import paper_makers
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from dossier.reading import PageReading, Word
from dossier.settings import ReadingSettings
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.textlayer import Placement, layer_of
from ocr.toolbox import Toolbox

LINES = (
    "Cong hoa xa hoi chu nghia Viet Nam",
    "Quyet dinh so 27 ngay 15 thang 8 nam 2026",
    "Can cu Luat To chuc chinh quyen dia phuong",
    "Theo de nghi cua Truong phong Van hoa",
)


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings())


def read(path: Path, toolbox: Toolbox) -> PageReading:
    return read_page(path, inspect_file(path, path.name, ReadingSettings()), 1, toolbox)[0]


def test_a_born_digital_page_is_read_from_its_text(tmp_path: Path, toolbox: Toolbox) -> None:
    reading = read(paper_makers.text_pdf(tmp_path / "a.pdf", LINES), toolbox)
    assert reading.text_layer == "trusted"
    assert reading.text.splitlines() == list(LINES)
    first = reading.words[0]
    assert first.box[0] == pytest.approx(60 / 72 * 200, abs=4)
    assert first.box[1] < (842 - 760) / 72 * 200 <= first.box[3] + 1, "the baseline runs through it"


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_its_boxes_stand_right_on_a_turned_page(tmp_path: Path, toolbox: Toolbox, rotate: int) -> None:
    path = paper_makers.text_pdf(tmp_path / "a.pdf", LINES * 4)
    straight = read(path, toolbox)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].rotate(rotate, relative=False)
        pdf.save(path)
    turned = read(path, toolbox)
    assert turned.rotation == 360 - rotate
    assert turned.text_layer == "trusted"
    for one, other in zip(straight.words, turned.words, strict=True):
        assert one.text == other.text
        assert one.box == pytest.approx(other.box, abs=4)


def with_meanings(path: Path, meanings: dict[int, str]) -> Path:
    """The PDF with letters (codes of the font) that say they mean others (UTF-16 in hexadecimal digits)."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        rows = "\n".join(f"<{code:02x}> <{meaning}>" for code, meaning in meanings.items())
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(meanings)} beginbfchar\n{rows}\nendbfchar endcmap end end"
        )
        pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(cmap.encode())
        pdf.save(path)
    return path


@pytest.mark.parametrize(("meaning", "word"), [("d83d", "\ufffduyet"), ("d83dde00", "\U0001f600uyet")])
def test_half_a_character_is_told_as_none_and_a_pair_as_one(tmp_path: Path, meaning: str, word: str) -> None:
    path = with_meanings(paper_makers.text_pdf(tmp_path / "a.pdf", LINES), {ord("Q"): meaning})
    layer = layer_of(path, 1, Placement(1653, 2339, 0, 0.0))
    assert layer is not None
    assert word in [one.text for one in layer.words]


@given(
    meanings=st.dictionaries(
        st.sampled_from(sorted(set(map(ord, "".join(LINES))))),
        st.lists(st.integers(0, 0xFFFF) | st.integers(0xD800, 0xDFFF), max_size=3),
        min_size=1,
        max_size=9,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_letters_say_they_mean_the_words_can_be_kept(
    tmp_path: Path, meanings: dict[int, list[int]]
) -> None:
    said = {code: "".join(f"{unit:04x}" for unit in units) for code, units in meanings.items()}
    path = with_meanings(paper_makers.text_pdf(tmp_path / "a.pdf", LINES), said)
    layer = layer_of(path, 1, Placement(1653, 2339, 0, 0.0))
    words = TypeAdapter(tuple[Word, ...])
    if layer:
        assert words.validate_json(words.dump_json(layer.words)) == layer.words


def test_planted_text_that_nobody_sees_is_not_believed(tmp_path: Path, toolbox: Toolbox) -> None:
    path = paper_makers.text_pdf(
        tmp_path / "a.pdf", LINES, hidden=("Nguoi huong: mot nguoi khac", "So tien: 900")
    )
    reading = read(path, toolbox)
    assert reading.text_layer == "rejected"
    assert "nguoi khac" not in reading.text


def test_letters_that_mean_others_are_not_believed(tmp_path: Path, toolbox: Toolbox) -> None:
    shifted = {code: f"{(code + 5) % 256:04x}" for code in range(32, 127)}
    path = with_meanings(paper_makers.text_pdf(tmp_path / "a.pdf", LINES), shifted)
    reading = read(path, toolbox)
    assert reading.text_layer == "rejected"
    assert "Quyet dinh" in reading.text


def test_somebodys_ocr_under_a_scan_is_not_believed(tmp_path: Path, toolbox: Toolbox) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", paper_makers.page())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.obj.Resources.Font = pikepdf.Dictionary(
            F=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        page.contents_add(b"BT /F 12 Tf 3 Tr 60 700 Td (Ho va ten: mot nguoi khac han) Tj ET")
        pdf.save(path)
    reading = read(path, toolbox)
    assert reading.text_layer == "unused"
    assert reading.text.splitlines() == list(paper_makers.LINES)


@pytest.mark.parametrize(
    ("encoding", "lines"),
    [
        ("tcvn3", ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc", "GiÊy khai sinh")),
        ("vni", ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Ñoäc laäp Töï do Haïnh phuùc", "Giaáy khai sinh")),
    ],
)  # fmt: skip
def test_text_in_an_old_encoding_is_told_and_the_picture_read(
    tmp_path: Path, toolbox: Toolbox, encoding: str, lines: tuple[str, ...]
) -> None:
    reading = read(paper_makers.text_pdf(tmp_path / "a.pdf", lines), toolbox)
    assert (reading.quality.text_layer, reading.quality.encoding) == ("rejected", encoding)
