"""The signing key as a pyHanko signer: from a PKCS#12 file, held to be usable before anything is signed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from dossier.chains import SIGNING_USES
from dossier.errors import ConfigurationError
from dossier.settings import SealingSettings
from dossier.trust import certificates_of

NOT_SIGNED = (
    "Chưa ký số được bản sao số hóa; bản gốc vẫn được giữ nguyên. Báo quản trị viên kiểm tra chứng thư số."
)


def open_signer(settings: SealingSettings) -> Any | None:
    """The signer that the settings name; None where they name no key.

    Raises ConfigurationError: key-unreadable, key-passphrase, token-… (storage.signing.token), certificate-not-valid,
    certificate-not-for-signing, trust-unreadable (the chain). No message shows passphrase or PIN.
    """
    if settings.certificate:
        signer = _from_file(settings)
    elif settings.pkcs11:
        from storage.signing.token import token_signer  # python-pkcs11 is there only where a token is

        signer = token_signer(settings.pkcs11, _chain(settings))
    else:
        return None
    check_certificate(signer.signing_cert, datetime.now(UTC))
    return signer


def check_certificate(certificate: x509.Certificate, now: datetime) -> None:
    """Whether it may sign now. Raises ConfigurationError."""
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        until = certificate.not_valid_after.date().isoformat()
        message = f"the signing certificate is valid until {until}, not now"
        raise ConfigurationError("certificate-not-valid", message, NOT_SIGNED)
    uses = certificate.key_usage_value
    if uses is not None and not uses.native & SIGNING_USES:
        raise ConfigurationError(
            "certificate-not-for-signing", "the certificate's key usage forbids signatures"
        )


def _from_file(settings: SealingSettings) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    assert settings.certificate is not None
    passphrase = settings.passphrase.get_secret_value().encode() if settings.passphrase else None
    try:
        data = settings.certificate.read_bytes()
    except OSError as error:
        raise ConfigurationError("key-unreadable", f"sealing.certificate: {error.strerror}") from None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase)
    except (ValueError, TypeError):  # the library says the same of a wrong passphrase and of a broken file
        raise ConfigurationError(
            "key-passphrase",
            "sealing.certificate does not open: wrong sealing.passphrase, or no PKCS#12 file",
        ) from None
    if key is None or certificate is None:
        raise ConfigurationError("key-unreadable", "sealing.certificate holds no key with its certificate")
    return SimpleSigner.load_pkcs12_data(data, other_certs=_chain(settings), passphrase=passphrase)


def _chain(settings: SealingSettings) -> list[x509.Certificate]:
    if settings.chain is None:
        return []
    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates_of(settings.chain)]
