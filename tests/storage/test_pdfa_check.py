"""The second reader finds what no PDF/A-2b may have, and agrees with veraPDF where that is at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from sealed_makers import page_of, scan, sealed

from bench import verapdf
from storage.pdfa.check import problems

Harm = Callable[[pikepdf.Pdf], object]


def _image(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].resources.XObject.Im0


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].resources.Font["/F1"].DescendantFonts[0]


def _xmp(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert old in data
    pdf.Root.Metadata.write(data.replace(old, new))


def _open_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _seen(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.Contents.write(page.Contents.read_bytes().replace(b"3 Tr", b"0 Tr"))


def _see_through(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)


HARMS: dict[str, Harm] = {
    "no metadata": lambda pdf: pdf.Root.__delitem__("/Metadata"),
    "another part": lambda pdf: _xmp(pdf, b"<pdfaid:part>2<", b"<pdfaid:part>3<"),
    "metadata that are no XML": lambda pdf: _xmp(pdf, b"</rdf:RDF>", b"</rdf:RDG>"),
    "a property not described": lambda pdf: _xmp(pdf, b"pdfaProperty:name>Dpi<", b"pdfaProperty:name>Dot<"),
    "no output intent": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "an output intent of grey": lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"\0" * 200),
    "a script": _open_action,
    "an image that wants smoothing": lambda pdf: _image(pdf).__setitem__("/Interpolate", True),
    "an image of four inks": lambda pdf: _image(pdf).__setitem__("/ColorSpace", Name.DeviceCMYK),
    "another image beside": lambda pdf: _image(pdf).__setitem__("/Alternates", Array([])),
    "a page that moves": lambda pdf: pdf.pages[0].obj.__setitem__("/PresSteps", Dictionary()),
    "a page with a group in inks": _see_through,
    "a page too large": lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 20000, 100])),
    "requirements": lambda pdf: pdf.Root.__setitem__("/Requirements", Array([])),
}  # fmt: skip
OURS: dict[str, Harm] = {
    "another level": lambda pdf: _xmp(pdf, b"conformance>B<", b"conformance>A<"),
    "a font not embedded": lambda pdf: _font(pdf).FontDescriptor.__delitem__("/FontFile2"),
    "text that is seen": _seen,
    "a title that the metadata do not know": lambda pdf: pdf.docinfo.__setitem__("/Title", String("khác")),
    "an image in a form": lambda pdf: _image(pdf).__setitem__("/Subtype", Name.Form),
    "an attachment": lambda pdf: pdf.Root.__setitem__("/Names", Dictionary(EmbeddedFiles=Dictionary())),
}
"""What the standard allows where text is not seen, or says of other levels only; a sealed copy never has it."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    scan().save(folder / "scan.jpg")
    return sealed([page_of(folder / "scan.jpg", "image/jpeg")], folder)


def harmed(good: Path, harm: Harm, to: Path) -> Path:
    with pikepdf.open(good) as pdf:
        harm(pdf)
        pdf.save(to, deterministic_id=True, fix_metadata_version=False)
    return to


@pytest.mark.parametrize("name", [*HARMS, *OURS])
def test_what_a_sealed_copy_may_not_have_is_found(good: Path, tmp_path: Path, name: str) -> None:
    assert problems(good) == ()
    assert problems(harmed(good, (HARMS | OURS)[name], tmp_path / "harmed.pdf"))


def test_a_password_is_found(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
    assert any("encrypted" in text for text in problems(tmp_path / "locked.pdf"))


@pytest.mark.skipif(not verapdf.at_hand(), reason=verapdf.MISSING)
def test_verapdf_finds_the_same_harms(good: Path, tmp_path: Path) -> None:
    paths = {
        name: harmed(good, harm, tmp_path / f"{number}.pdf")
        for number, (name, harm) in enumerate(HARMS.items())
    }
    found = verapdf.broken_rules([good, *paths.values()])
    assert found[good] == ()
    assert [name for name, path in paths.items() if not found[path]] == []


@given(cut=st.floats(0, 0.999), noise=st.binary(max_size=20))
def test_a_file_that_is_cut_or_overwritten_is_never_taken_for_whole(
    good: Path, cut: float, noise: bytes
) -> None:
    data = good.read_bytes()
    path = good.with_name("cut.pdf")
    path.write_bytes(data[: int(cut * len(data))] + noise)
    assert problems(path)
