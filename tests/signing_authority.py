"""A test authority of our own: a root, an intermediate, signers and a time-stamp authority, with real keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

ORGANISATION = "Ủy ban nhân dân xã Bến Mơ"
FROM, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
PASSPHRASE = "một mật khẩu thử"


@dataclass(frozen=True)
class Holder:
    """A certificate with its key, and who issued it (None: itself)."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: Holder | None = None

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def asn1_key(self) -> keys.PrivateKeyInfo:
        encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        return keys.PrivateKeyInfo.load(self.key.private_bytes(encoding, form, serialization.NoEncryption()))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def issue(
    name: str,
    issuer: Holder | None = None,
    *,
    organisation: str = "Tỉnh Sông Mơ",
    authority: bool = False,
    stamping: bool = False,
    since: datetime = FROM,
    until: datetime = UNTIL,
) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    by = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(_usage(authority), critical=True)
    )
    if stamping:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return Holder(builder.sign(by, hashes.SHA256()), key, issuer)


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


class Authority:
    """Root -> intermediate -> signer and time-stamp authority; each key is made when first asked for."""

    @cached_property
    def root(self) -> Holder:
        return issue("Sohoa test root", authority=True)

    @cached_property
    def intermediate(self) -> Holder:
        return issue("Sohoa test intermediate", self.root, authority=True)

    @cached_property
    def signer(self) -> Holder:
        return issue(ORGANISATION, self.intermediate)

    @cached_property
    def stamper(self) -> Holder:
        return issue("Sohoa test time-stamps", self.intermediate, stamping=True)

    def pkcs12(self, holder: Holder | None = None, passphrase: str = PASSPHRASE) -> bytes:
        holder = holder or self.signer
        return pkcs12.serialize_key_and_certificates(
            b"seal",
            holder.key,
            holder.certificate,
            [self.intermediate.certificate],
            serialization.BestAvailableEncryption(passphrase.encode()),
        )

    def stamps(self, at: datetime | None = None) -> DummyTimeStamper:
        chain = SimpleCertificateStore()
        chain.register_multiple([self.intermediate.asn1])
        return DummyTimeStamper(self.stamper.asn1, self.stamper.asn1_key, certs_to_embed=chain, fixed_dt=at)

    def revocation_list(
        self, *revoked: Holder, on: datetime, by: Holder | None = None
    ) -> x509.CertificateRevocationList:
        by = by or self.intermediate
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(on)
            .next_update(on + timedelta(days=3650))
        )
        for holder in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(on).build())
        return builder.sign(by.key, hashes.SHA256())


@contextmanager
def served(stamps: DummyTimeStamper, *, status: int = 200, spoil: bool = False) -> Iterator[str]:
    """The URL of a time-stamp authority on a port of its own. spoil: its answers are no replies."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = stamps.request_tsa_response(tsp.TimeStampReq.load(body)) if status == 200 else None
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(b"<html>" if spoil or reply is None else reply.dump())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
