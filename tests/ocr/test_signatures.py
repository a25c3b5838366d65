"""Electronic signatures of PDFs: real keys, real files, changed and broken ones."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ocr.signatures import signatures

HANOI = timezone(timedelta(hours=7))
SIGNED_AT = datetime(2025, 3, 6, 23, 30, tzinfo=HANOI)


class ClockWithoutZone(signers.SimpleSigner):
    """A signing tool that writes its local time into the signed attribute and calls it UTC."""

    async def signed_attrs(self, *args: Any, attr_settings: Any, **options: Any) -> Any:
        local = attr_settings.signing_time.replace(tzinfo=UTC)
        settings = dataclasses.replace(attr_settings, signing_time=local)
        return await super().signed_attrs(*args, attr_settings=settings, **options)


@pytest.fixture(scope="module")
def credentials() -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tỉnh Sông Mơ"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Ủy ban nhân dân xã Bến Mơ"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2029, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
    )


def plain_pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def sign(
    credentials: tuple[asn1_x509.Certificate, keys.PrivateKeyInfo],
    pdf: bytes | None = None,
    *,
    digest: str = "sha256",
    field: str = "Signature1",
    kind: type[signers.SimpleSigner] = signers.SimpleSigner,
) -> bytes:
    certificate, key = credentials
    signer = kind(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    signer_metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest)
    pdf_signer = signers.PdfSigner(signer_metadata, signer)
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf or plain_pdf()))
    pdf_signer.sign_pdf(writer, output=out, existing_fields_only=False)
    return out.getvalue()


def read(tmp_path: Path, content: bytes) -> Any:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    return signatures(path)


def test_a_signature_names_signer_organisation_time_and_validity(tmp_path, credentials) -> None:
    (found,) = read(tmp_path, sign(credentials))
    assert found.signer == "Ủy ban nhân dân xã Bến Mơ"
    assert found.organisation == "Tỉnh Sông Mơ"
    assert found.intact
    assert found.covers_whole_file
    assert not found.outdated
    assert found.trusted is None
    assert found.certificate == hashlib.sha256(credentials[0].dump()).hexdigest()
    assert found.valid_until == datetime(2029, 1, 1, tzinfo=UTC)
    assert found.signed_at is not None
    assert found.signed_at.utcoffset() == timedelta(0)


def test_sha1_is_outdated_and_not_broken(tmp_path, credentials) -> None:
    (found,) = read(tmp_path, sign(credentials, digest="sha1"))
    assert found.outdated
    assert found.intact


def test_a_changed_byte_breaks_the_signature(tmp_path, credentials) -> None:
    signed = sign(credentials)
    changed = signed.replace(b"/MediaBox [ 0 0 612", b"/MediaBox [ 0 0 613", 1)
    assert changed != signed
    (found,) = read(tmp_path, changed)
    assert not found.intact


def test_a_second_signature_leaves_the_first_one_intact_but_not_over_the_whole_file(tmp_path, credentials):
    first, second = read(tmp_path, sign(credentials, sign(credentials), field="Signature2"))
    assert (first.intact, first.covers_whole_file) == (True, False)
    assert (second.intact, second.covers_whole_file) == (True, True)


def test_local_time_that_calls_itself_utc_is_taken_as_local(tmp_path, credentials, monkeypatch) -> None:
    from pyhanko.sign.signers import pdf_signer

    class LateEvening(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # noqa: ARG003
            return SIGNED_AT

    monkeypatch.setattr(pdf_signer, "datetime", LateEvening)
    (found,) = read(tmp_path, sign(credentials, kind=ClockWithoutZone))
    assert found.signed_at == SIGNED_AT


def test_files_without_signatures_have_none(tmp_path) -> None:
    assert read(tmp_path, plain_pdf()) == ()
    assert read(tmp_path, b"") == ()
    assert read(tmp_path, b"\x89PNG\r\n\x1a\n") == ()
    assert read(tmp_path, b"%PDF-1.4\n/ByteRange [0 1 2 3]\n%%EOF") == ()


def test_an_encrypted_file_is_not_asked(tmp_path, credentials) -> None:
    with pikepdf.open(io.BytesIO(sign(credentials))) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert read(tmp_path, out.getvalue() + b"\n% /ByteRange") == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hostile_bytes_never_raise(data: st.DataObject, tmp_path: Path, credentials) -> None:
    signed = bytearray(sign_once(credentials))
    for _ in range(data.draw(st.integers(1, 6))):
        signed[data.draw(st.integers(0, len(signed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(signed)))
    for found in read(tmp_path, bytes(signed[:cut] if data.draw(st.booleans()) else signed)):
        assert found.signer is not None


_SIGNED: dict[str, bytes] = {}


def sign_once(credentials: tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]) -> bytes:
    return _SIGNED.setdefault("pdf", sign(credentials))
