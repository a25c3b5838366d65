"""Seals on copies: real keys, a real time-stamp authority, real changes to the file."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from signing_authority import ORGANISATION, PASSPHRASE, Authority, issue, served

from dossier.errors import ConfigurationError, TransientError
from dossier.settings import SealingSettings
from storage.signing.sealer import Sealer, SealingFailed, open_sealer, verify_sealed
from storage.signing.stamp import wrapped, written

A4 = (595, 842)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def roots(tmp_path: Path, authority: Authority) -> Path:
    path = tmp_path / "roots"
    path.mkdir()
    (path / "root.pem").write_bytes(authority.root.pem)
    return path


def copy(size: tuple[int, int] = A4, turn: int = 0, colour: str = "#f4efe6") -> bytes:
    """A PDF/A-2b as copies are: one picture on a page, an output intent, metadata."""
    picture = io.BytesIO()
    Image.new("RGB", size, colour).save(picture, "JPEG")
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=size)
        image = pdf.make_stream(
            picture.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=size[0],
            Height=size[1],
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.Contents = pdf.make_stream(b"q %d 0 0 %d 0 0 cm /Im0 Do Q" % size)
        page.Rotate = turn
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        pdf.Root.OutputIntents = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB",
                DestOutputProfile=pdf.make_stream(profile, N=3),
            )
        ]
        with pdf.open_metadata() as metadata:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
            metadata["dc:title"] = "Giấy khai sinh"
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def sealer(authority: Authority, folder: Path, **named: object) -> Sealer:
    key = folder / "seal.p12"
    key.write_bytes(authority.pkcs12())
    made = open_sealer(
        SealingSettings.model_validate(
            {"certificate": key, "passphrase": PASSPHRASE, "organisation": ORGANISATION, **named}
        )
    )
    assert made is not None
    return made


def page_text(pdf: bytes) -> str:
    """What a reader shows of the first page, form fields included."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (widget,) = [one for one in opened.pages[0].Annots if one.Subtype == "/Widget"]
        return decoded(widget.AP.N)


def decoded(form: pikepdf.Object) -> str:
    """The lines of a form, by the map to Unicode of its font, as whoever selects the text gets them."""
    table = form.Resources.Font["/F1"].ToUnicode.read_bytes().decode()
    letters = {a: bytes.fromhex(b).decode("utf-16-be") for a, b in re.findall(r"<(\w{4})> <(\w+)>", table)}
    lines = re.findall(r"<([0-9A-F]+)> Tj", form.read_bytes().decode())
    return "\n".join("".join(letters[line[at : at + 4]] for at in range(0, len(line), 4)) for line in lines)


def ink(pdf: bytes) -> np.ndarray:
    """Where the first page as seen is dark, in points from the upper left: one row (y, x) each."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return np.argwhere(
        np.asarray(document[0].render(scale=1, may_draw_forms=True).to_pil().convert("L")) < 110
    )


def test_a_seal_says_copy_organisation_and_vietnamese_time_and_is_trusted(tmp_path, authority, roots) -> None:
    sealed = sealer(authority, tmp_path).seal(copy())
    kind, organisation, time = page_text(sealed.pdf).replace("\n", " ").split("; ")
    assert (kind, organisation) == ("Sao y", ORGANISATION)
    assert datetime.fromisoformat(time) == sealed.signed_at.replace(microsecond=0)
    assert time.endswith("+07:00")
    verdict = verify_sealed(sealed.pdf, roots)
    assert (verdict.intact, verdict.trusted, verdict.reason, verdict.signer) == (
        True,
        True,
        "sound",
        ORGANISATION,
    )
    assert sealed.timestamped_at is None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [A4, (842, 595), (250, 160)])
def test_the_text_stands_in_the_upper_right_corner_as_seen(tmp_path, authority, turn, size) -> None:
    sealed = sealer(authority, tmp_path).seal(copy(size, turn)).pdf
    places = ink(sealed)
    wide = size[1] if turn in (90, 270) else size[0]
    assert len(places) > 100
    assert places[:, 0].min() > 10
    assert places[:, 0].max() < 11 + 12 * (1 if wide > 400 else 3)
    assert places[:, 1].min() > wide - 17 - 300
    assert places[:, 1].max() < wide - 16


def test_time_comes_from_the_authority_where_one_is_set(tmp_path, authority, roots) -> None:
    at = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    with served(authority.stamps(at)) as url:
        sealed = sealer(authority, tmp_path, timestamp_url=url).seal(copy())
    assert sealed.timestamped_at == at
    assert verify_sealed(sealed.pdf, roots).signed_at == at


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_authority_that_is_busy_may_answer_later(tmp_path, authority, status) -> None:
    with (
        served(authority.stamps(), status=status) as url,
        pytest.raises(TransientError, match="timestamp-away"),
    ):
        sealer(authority, tmp_path, timestamp_url=url).seal(copy())


def test_an_authority_that_is_gone_or_talks_nonsense_may_answer_later(tmp_path, authority) -> None:
    with (
        served(authority.stamps(), spoil=True) as url,
        pytest.raises(TransientError, match="timestamp-malformed"),
    ):
        sealer(authority, tmp_path, timestamp_url=url).seal(copy())
    with pytest.raises(TransientError, match="timestamp-away"):
        sealer(authority, tmp_path, timestamp_url=url).seal(copy())


def test_an_authority_that_refuses_is_a_setting(tmp_path, authority) -> None:
    with (
        served(authority.stamps(), status=403) as url,
        pytest.raises(ConfigurationError, match="timestamp-refused"),
    ):
        sealer(authority, tmp_path, timestamp_url=url).seal(copy())


def test_without_a_key_there_is_no_sealer() -> None:
    assert open_sealer(SealingSettings()) is None


def test_a_wrong_passphrase_is_told_at_the_start_and_not_shown(tmp_path, authority) -> None:
    with pytest.raises(ConfigurationError, match="key-passphrase") as told:
        sealer(authority, tmp_path, passphrase="đoán thử")
    assert "đoán thử" not in str(told.value)


def test_what_is_no_key_file_is_told_at_the_start(tmp_path) -> None:
    (tmp_path / "other.p12").write_bytes(b"no key")
    with pytest.raises(ConfigurationError, match="key-passphrase"):
        open_sealer(SealingSettings(certificate=tmp_path / "other.p12"))
    with pytest.raises(ConfigurationError, match="key-unreadable"):
        open_sealer(SealingSettings(certificate=tmp_path / "none.p12"))


def test_an_expired_certificate_does_not_sign(tmp_path, authority) -> None:
    old = issue(ORGANISATION, authority.intermediate, until=datetime(2025, 1, 1, tzinfo=UTC))
    (tmp_path / "old.p12").write_bytes(authority.pkcs12(old))
    with pytest.raises(ConfigurationError, match="certificate-not-valid"):
        open_sealer(SealingSettings(certificate=tmp_path / "old.p12", passphrase=PASSPHRASE))


def test_an_authority_s_certificate_signs_no_copies(tmp_path, authority) -> None:
    (tmp_path / "ca.p12").write_bytes(authority.pkcs12(authority.root))
    with pytest.raises(ConfigurationError, match="certificate-not-for-signing"):
        open_sealer(SealingSettings(certificate=tmp_path / "ca.p12", passphrase=PASSPHRASE))


def test_a_font_without_vietnamese_is_told_at_the_start(tmp_path, authority) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    with pytest.raises(ConfigurationError, match="font-unreadable"):
        sealer(authority, tmp_path, font=tmp_path / "font.ttf")
    with pytest.raises(ConfigurationError, match="font-lacks-letters"):
        sealer(authority, tmp_path, organisation="漢")


def test_the_copy_stays_pdfa(tmp_path, authority) -> None:
    """What ISO 19005-2 forbids or asks of what a signature adds; the rest of the file is the copy's own."""
    before = copy()
    after = sealer(authority, tmp_path).seal(before).pdf
    assert after.startswith(before)
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        assert new.Root.Metadata.read_raw_bytes() == old.Root.Metadata.read_raw_bytes()
        assert "/NeedAppearances" not in new.Root.AcroForm
        assert "/XFA" not in new.Root.AcroForm
        assert "/ID" in new.trailer
        (widget,) = new.pages[0].Annots
        assert widget.F & 4  # printed
        assert not widget.F & (1 | 2 | 32)  # neither invisible nor hidden
        assert list(widget.AP.keys()) == ["/N"]
        assert not {"/A", "/AA"} & set(widget.keys())
        form = widget.AP.N
        assert set(form.Resources.keys()) <= {"/Font", "/ProcSet"}
        font = form.Resources.Font["/F1"]
        descendant = font.DescendantFonts[0]
        assert descendant.CIDToGIDMap == "/Identity"
        assert descendant.FontDescriptor.FontFile2.Length1 == len(
            descendant.FontDescriptor.FontFile2.read_bytes()
        )
        assert re.fullmatch(r"/[A-Z]{6}\+LiberationSerif", str(font.BaseFont))
        value = widget.V
        assert value.SubFilter == "/ETSI.CAdES.detached"
        start, _, second, rest = (int(part) for part in value.ByteRange)
        assert (start, second + rest) == (0, len(after))


def test_widths_in_the_file_are_those_of_the_font(tmp_path, authority) -> None:
    from fontTools.ttLib import TTFont

    with pikepdf.open(io.BytesIO(sealer(authority, tmp_path).seal(copy()).pdf)) as pdf:
        descendant = pdf.pages[0].Annots[0].AP.N.Resources.Font["/F1"].DescendantFonts[0]
        font = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
        table = list(descendant.W)
    for glyph, (width,) in zip(table[::2], table[1::2], strict=True):
        advance = font["hmtx"][font.getGlyphName(int(glyph))][0] * 1000 / font["head"].unitsPerEm
        assert abs(advance - int(width)) <= 1


def test_every_changed_byte_is_found(tmp_path, authority, roots) -> None:
    """Also in the zeroes behind the signature and in the case of its letters; not in certificates that it brings."""
    with served(authority.stamps()) as url:
        sealed = sealer(authority, tmp_path, timestamp_url=url).seal(copy()).pdf
    held = re.search(rb"/Contents <([0-9A-F]+)>", sealed)
    assert held is not None
    random = np.random.default_rng(7)
    letter = re.compile(rb"[A-F]").search(sealed, held.start(1))
    assert letter is not None
    for place in (held.end(1) - 1, letter.start(), *random.integers(0, len(sealed), 150)):
        changed = bytearray(sealed)
        changed[place] ^= 0x20 if place == letter.start() else 1 << int(random.integers(0, 8))
        if place in (held.end(1) - 1, letter.start()) or not held.start(1) <= place < held.end(1):
            assert not verify_sealed(bytes(changed), roots).intact, place


def test_what_stands_behind_a_seal_is_found(tmp_path, authority, roots) -> None:
    sealed = sealer(authority, tmp_path).seal(copy()).pdf
    assert verify_sealed(sealed + b"\n", roots).reason == "added-to"
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Type"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert verify_sealed(out.getvalue(), roots).reason == "added-to"


def test_a_seal_of_somebody_else_is_intact_and_not_trusted(tmp_path, authority) -> None:
    sealed = sealer(authority, tmp_path).seal(copy()).pdf
    other = tmp_path / "other.pem"
    other.write_bytes(issue("another root", authority=True).pem)
    verdict = verify_sealed(sealed, other)
    assert (verdict.intact, verdict.trusted, verdict.reason) == (True, False, "no-chain")
    assert verify_sealed(sealed).reason == "no-roots"


def test_what_carries_no_seal_says_so() -> None:
    assert verify_sealed(copy()).reason == "unsigned"
    assert verify_sealed(b"").reason == "unreadable"
    assert verify_sealed(b"%PDF-1.7\n%%EOF").reason == "unreadable"


def test_what_is_no_pdf_takes_no_seal(tmp_path, authority) -> None:
    with pytest.raises(SealingFailed, match="seal-refused"):
        sealer(authority, tmp_path).seal(b"no PDF")


def test_roots_may_be_one_file_a_folder_pem_or_der(tmp_path, authority) -> None:
    sealed = sealer(authority, tmp_path).seal(copy()).pdf
    (tmp_path / "root.crt").write_bytes(authority.root.certificate.public_bytes(Encoding.DER))
    assert verify_sealed(sealed, tmp_path / "root.crt").trusted
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="trust-without-root"):
        verify_sealed(sealed, tmp_path / "empty")
    with pytest.raises(ConfigurationError, match="trust-unreadable"):
        verify_sealed(sealed, tmp_path / "missing.pem")


def test_a_settings_names_one_key_only() -> None:
    token = {"module": "m.so", "key": "seal", "pin": "1"}
    with pytest.raises(ValueError, match="name one"):
        SealingSettings.model_validate({"certificate": "a.p12", "pkcs11": token})


def test_long_names_are_wrapped_between_words() -> None:
    assert wrapped("một hai ba bốn", 7, len) == ["một hai", "ba bốn"]
    assert wrapped("đằng-đẵng dài", 5, len) == ["đằng-đẵng", "dài"]
    assert wrapped("", 5, len) == []


def test_time_is_written_in_the_vietnamese_zone() -> None:
    assert written(datetime(2026, 11, 24, 18, 30, 5, 900_000, tzinfo=UTC)) == "2026-11-25T01:30:05+07:00"
    assert timedelta(hours=7) == datetime.fromisoformat(written(datetime.now(UTC))).utcoffset()


@given(st.binary(max_size=400), st.integers(0, 1 << 20))
@settings(max_examples=60, deadline=None)
def test_any_bytes_get_a_verdict(data: bytes, at: int) -> None:
    page = copy()
    for content in (data, b"%PDF-1.7\n" + data, page[: at % len(page)] + data):
        assert not verify_sealed(content).intact
