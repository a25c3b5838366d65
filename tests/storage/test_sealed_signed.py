"""A sealed copy stays a PDF/A-2b with its text when it is signed, by the signature's own reader and by veraPDF."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from sealed_makers import page_of, scan, sealed
from test_signing import authority, sealer  # noqa: F401  (a fixture)

from bench import verapdf
from storage.signing.sealer import verify_sealed


def test_a_signed_copy_keeps_its_text_and_holds(tmp_path: Path, authority) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    scan().save(tmp_path / "scan.jpg")
    copy = sealed([page_of(tmp_path / "scan.jpg", "image/jpeg")], tmp_path)
    signed = sealer(authority, tmp_path).sign(copy.read_bytes())
    assert signed.startswith(copy.read_bytes())
    assert verify_sealed(signed).intact
    (tmp_path / "signed.pdf").write_bytes(signed)
    with pypdfium2.PdfDocument(tmp_path / "signed.pdf") as document:
        assert "GIẤY KHAI SINH" in document[0].get_textpage().get_text_range()
    if not verapdf.at_hand():
        pytest.skip(verapdf.MISSING)
    assert verapdf.broken_rules([tmp_path / "signed.pdf"]) == {tmp_path / "signed.pdf": ()}
