"""Certificates that the administrator trusts, from a file or a folder: whoever signed below them is known."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dossier.errors import ConfigurationError

SUFFIXES = (".pem", ".crt", ".cer", ".der")
MOST_CERTIFICATES = 2_000
_PEM = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Certificates as DER. roots: those that issued themselves; intermediates: the others, which help to reach them."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]


def load_trust(path: Path) -> TrustStore:
    """The certificates in `path`: a file, or every file of a folder that ends in .pem, .crt, .cer or .der.

    PEM (several to a file) or DER. Read once, until a file changes.
    Raises ConfigurationError: trust-unreadable, trust-without-root.
    """
    try:
        files = (
            sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
            if path.is_dir()
            else [path]
        )
        stamps = tuple((str(one), (stat := os.stat(one)).st_mtime_ns, stat.st_size) for one in files)
    except OSError as error:
        raise ConfigurationError("trust-unreadable", f"trusted certificates: {error.strerror}") from None
    return _load(stamps)


@lru_cache(maxsize=8)
def _load(stamps: tuple[tuple[str, int, int], ...]) -> TrustStore:
    found = [certificate for name, _, _ in stamps for certificate in certificates_of(Path(name))]
    if len(found) > MOST_CERTIFICATES:
        raise ConfigurationError("trust-unreadable", f"more than {MOST_CERTIFICATES} trusted certificates")
    roots = tuple(one.public_bytes(Encoding.DER) for one in found if one.issuer == one.subject)
    if not roots:
        raise ConfigurationError("trust-without-root", "no self-issued certificate among the trusted ones")
    return TrustStore(
        roots, tuple(one.public_bytes(Encoding.DER) for one in found if one.issuer != one.subject)
    )


def certificates_of(path: Path) -> list[x509.Certificate]:
    """The certificates of one file, PEM or DER. Raises ConfigurationError (trust-unreadable) naming the file."""
    try:
        data = path.read_bytes()
        if _PEM in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError):
        raise ConfigurationError("trust-unreadable", f"{path.name} holds no readable certificate") from None
