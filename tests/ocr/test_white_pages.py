"""A page that comes out white because its scan cannot be decoded is refused; paper that is white stays a page."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import paper_makers
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dossier.errors import FileRefused
from dossier.settings import ReadingSettings
from ocr.inspection import inspect_file
from ocr.jbig2 import hangs_together
from ocr.jpeg_data import is_damaged
from ocr.render import check_blank, is_empty, render_page

LIMITS = ReadingSettings()
SIZE = (620, 877)
Name = pikepdf.Name
Damage = Callable[[pikepdf.Object], object]
PRINTED = paper_makers.page(size=SIZE, height=22)
WHITE = Image.new("RGB", SIZE, "white")
WHOLE_PAGE = b"q 446.4 0 0 631.44 0 0 cm /Im Do Q"


def coded(image: Image.Image, form: str) -> tuple[bytes, dict[str, object]]:
    """The image's data as a PDF holds them, and the entries that say how."""
    grey: dict[str, object] = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    stream = io.BytesIO()
    if form == "jpeg":
        image.save(stream, "JPEG", quality=90)
        return stream.getvalue(), {**grey, "ColorSpace": Name.DeviceRGB, "Filter": Name.DCTDecode}
    if form == "jpeg2000":
        image.convert("L").save(stream, "JPEG2000")
        return stream.getvalue(), {**grey, "Filter": Name.JPXDecode}
    if form == "ccitt":
        image.convert("1").save(stream, "TIFF", compression="group4", tiffinfo={278: image.height})
        with Image.open(stream) as tiff:
            start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
        parms = pikepdf.Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=True)
        return stream.getvalue()[start : start + length], {
            **grey,
            "BitsPerComponent": 1,
            "Filter": Name.CCITTFaxDecode,
            "DecodeParms": parms,
        }
    if form == "bilevel":
        packed = zlib.compress(image.convert("1").tobytes())
        return packed, {**grey, "BitsPerComponent": 1, "Filter": Name.FlateDecode}
    return zlib.compress(image.convert("L").tobytes()), {**grey, "Filter": Name.FlateDecode}


def scan(
    path: Path,
    image: Image.Image,
    form: str = "flate",
    damage: Damage | None = None,
    content: bytes = WHOLE_PAGE,
) -> Path:
    data, entries = coded(image, form)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(446.4, 631.44))
        picture = pikepdf.Stream(
            pdf,
            data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            **entries,
        )
        if damage:
            damage(picture)
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
        pdf.pages[0].obj.Contents = pdf.make_stream(content)
        pdf.save(path)
    return path


def shown(path: Path) -> np.ndarray:
    return render_page(path, inspect_file(path, path.name, LIMITS), 1, 100)


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        shown(path)
    assert refused.value.advice
    return refused.value.code


def rewritten(change: Callable[[bytes], bytes]) -> Damage:
    """Other data under the same filter."""
    return lambda image: image.write(
        change(image.read_raw_bytes()), filter=image.get("/Filter"), decode_parms=image.get("/DecodeParms")
    )


def noise(data: bytes) -> bytes:
    return np.random.default_rng(1).bytes(len(data))


FORMS = ("jpeg", "jpeg2000", "ccitt", "bilevel", "flate")
DAMAGES: dict[str, Damage] = {
    "filter's name": lambda image: image.__setitem__("/Filter", Name.DCXDecode),
    "kind": lambda image: image.__setitem__("/Subtype", Name.Imagx),
    "no data": rewritten(lambda _: b""),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_scan_is_shown(tmp_path: Path, form: str) -> None:
    assert not is_empty(shown(scan(tmp_path / "a.pdf", PRINTED, form)))


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_images_of_few_colours_are_whole(tmp_path: Path, bits: int) -> None:
    grey = np.asarray(PRINTED.convert("L")) >> (8 - bits)
    each = np.unpackbits(grey[:, :, None], axis=2, count=None)[:, :, 8 - bits :]
    packed = zlib.compress(np.packbits(each.reshape(SIZE[1], -1), axis=1).tobytes())
    palette = pikepdf.String(bytes(value * 255 // (2**bits - 1) for value in range(2**bits)))
    for space in (
        Name.DeviceGray,
        pikepdf.Array([Name.Indexed, Name.DeviceGray, 2**bits - 1, palette]),
    ):

        def few(image: pikepdf.Object, space: pikepdf.Object = space) -> None:
            image.write(packed, filter=Name.FlateDecode)
            image.ColorSpace, image.BitsPerComponent = space, bits

        assert not is_empty(shown(scan(tmp_path / "a.pdf", PRINTED, damage=few)))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_scan_that_cannot_be_decoded_is_no_white_page(tmp_path: Path, form: str, damage: str) -> None:
    code = refusal(scan(tmp_path / "a.pdf", PRINTED, form, DAMAGES[damage]))
    assert code in ("picture-unreadable", "truncated", "page-not-trusted")


@pytest.mark.parametrize(
    ("key", "value"), [("/ColorSpace", Name.DeviceGrax), ("/BitsPerComponent", 77), ("/Width", None)]
)
def test_a_scan_without_what_says_how_to_decode_it_is_refused(
    tmp_path: Path, key: str, value: object
) -> None:
    def damage(image: pikepdf.Object) -> None:
        if value is None:
            del image[key]
        else:
            image[key] = value

    assert refusal(scan(tmp_path / "a.pdf", PRINTED, damage=damage)) == "picture-unreadable"


def test_data_that_decode_to_nothing_are_refused(tmp_path: Path) -> None:
    assert refusal(scan(tmp_path / "a.pdf", PRINTED, damage=rewritten(noise))) == "page-not-trusted"
    assert refusal(scan(tmp_path / "b.pdf", PRINTED, "jpeg2000", rewritten(noise))) == "picture-unreadable"


@pytest.mark.parametrize("form", ["jpeg", "bilevel", "flate"])
def test_a_scan_without_its_lower_half_is_refused(tmp_path: Path, form: str) -> None:
    half = rewritten(lambda data: data[: len(data) // 2])
    # Under a line of text the page is not one image, and is rendered.
    content = WHOLE_PAGE + b" 0 0 10 10 re f"
    assert refusal(scan(tmp_path / "a.pdf", PRINTED, form, half, content)) == "truncated"


def test_a_stamp_on_a_scan_that_is_not_decoded_does_not_hide_it(tmp_path: Path) -> None:
    content = WHOLE_PAGE + b" 20 20 40 10 re f"
    for damage in (DAMAGES["filter's name"], DAMAGES["kind"]):
        path = scan(tmp_path / "a.pdf", PRINTED, damage=damage, content=content)
        assert refusal(path) == "picture-unreadable"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(WHOLE_PAGE.replace(b"Do", b"Dq"), id="unknown operator"),
        pytest.param(WHOLE_PAGE.replace(b"/Im", b"/In"), id="unknown image"),
        pytest.param(WHOLE_PAGE[:20], id="cut off"),
        pytest.param(WHOLE_PAGE.replace(b"446.4", b"0"), id="no width"),
        pytest.param(WHOLE_PAGE.replace(b"/Im", b"(/Im"), id="unclosed string"),
    ],
)
def test_a_scan_that_damaged_instructions_do_not_draw_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(scan(tmp_path / "a.pdf", PRINTED, content=content)) == "picture-unreadable"


@pytest.mark.parametrize("form", FORMS)
def test_a_scan_of_white_paper_is_a_white_page(tmp_path: Path, form: str) -> None:
    assert is_empty(shown(scan(tmp_path / "a.pdf", WHITE, form)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"1 g 0 0 446 631 re f", id="a white field"),
        pytest.param(b"1 g 0 0 446 631 re f " + WHOLE_PAGE, id="a white scan over it"),
        pytest.param(WHOLE_PAGE + b" q 200 0 0 200 900 900 cm /Im Do Q", id="an image off the page"),
    ],
)
def test_white_on_white_is_a_white_page(tmp_path: Path, content: bytes) -> None:
    path = scan(tmp_path / "a.pdf", WHITE, content=content)
    if b"Do" not in content:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            del pdf.pages[0].obj.Resources.XObject
            pdf.save(path)
    assert is_empty(shown(path))


def test_a_page_without_instructions_is_blank_unless_the_file_had_to_be_repaired(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(446.4, 631.44))
        pdf.save(path)
    assert is_empty(shown(path))
    path.write_bytes(path.read_bytes().replace(b"startxref", b"startxxxx"))
    assert refusal(path) == "picture-unreadable"


def test_an_image_that_only_other_pages_draw_makes_no_page_suspect(tmp_path: Path) -> None:
    path = scan(tmp_path / "a.pdf", PRINTED)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.add_blank_page(page_size=(446.4, 631.44))
        pdf.pages[1].obj.Resources = pdf.pages[0].obj.Resources
        pdf.save(path)
    assert is_empty(render_page(path, inspect_file(path, path.name, LIMITS), 2, 100))


def test_an_image_made_invisible_by_its_mask_is_a_white_page(tmp_path: Path) -> None:
    path = scan(tmp_path / "a.pdf", PRINTED)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        data, entries = coded(Image.new("RGB", SIZE, "black"), "flate")
        mask = pikepdf.Stream(
            pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=SIZE[0], Height=SIZE[1], **entries
        )
        pdf.pages[0].obj.Resources.XObject.Im.SMask = mask
        pdf.save(path)
    assert is_empty(shown(path))


def test_an_image_that_a_white_field_hides_is_not_trusted(tmp_path: Path) -> None:
    content = WHOLE_PAGE + b" 1 g 0 0 447 632 re f"
    assert refusal(scan(tmp_path / "a.pdf", PRINTED, content=content)) == "page-not-trusted"


def jpeg_with_a_hole() -> bytes:
    data, _ = coded(PRINTED, "jpeg")
    return data[:2000] + data[2300:]


def test_a_blank_page_from_damaged_jpeg_data_is_refused(tmp_path: Path) -> None:
    sound, broken = tmp_path / "sound.jpg", tmp_path / "broken.jpg"
    sound.write_bytes(coded(WHITE, "jpeg")[0])
    broken.write_bytes(jpeg_with_a_hole())
    check_blank(sound, inspect_file(sound, sound.name, LIMITS), 1)
    with pytest.raises(FileRefused, match="picture-unreadable"):
        check_blank(broken, inspect_file(broken, broken.name, LIMITS), 1)
    pdf = scan(tmp_path / "a.pdf", PRINTED, "jpeg", rewritten(lambda _: jpeg_with_a_hole()))
    with pytest.raises(FileRefused, match="picture-unreadable"):
        check_blank(pdf, inspect_file(pdf, pdf.name, LIMITS), 1)


@given(st.binary())
def test_no_bytes_make_the_look_at_jpeg_data_fail(data: bytes) -> None:
    assert is_damaged(data) in (True, False)


PAGE_INFO = b"\0\0\0\0\x30\0\x01\0\0\0\x13" + bytes(19)
END_OF_PAGE = b"\0\0\0\x01\x31\0\x01\0\0\0\0"


def test_jbig2_segments_hang_together_or_not() -> None:
    assert hangs_together(PAGE_INFO + END_OF_PAGE)
    assert hangs_together(PAGE_INFO + END_OF_PAGE + b"\n")
    assert not hangs_together(b"")
    assert not hangs_together(PAGE_INFO[:-1])
    assert not hangs_together(b"\x97JB2\r\n\x1a\n\x01\0\0\0\x01" + PAGE_INFO)
    text = b"\0\0\0\x02\x06\x20\x00\x01\0\0\0\0"
    assert hangs_together(PAGE_INFO + text), "it refers to segment 0"
    assert not hangs_together(text + PAGE_INFO), "what it refers to is missing"


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_no_bytes_make_the_walk_through_jbig2_fail(data: bytes, shared: bytes) -> None:
    assert hangs_together(data, shared) in (True, False)
