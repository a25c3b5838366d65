"""Certificates that are trusted: whatever lies in the folder gives certificates or a typed error."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signing_authority import Authority, Holder

from dossier.errors import ConfigurationError
from dossier.trust import load_trust

AUTHORITY = Authority()


def der(holder: Holder) -> bytes:
    return holder.certificate.public_bytes(Encoding.DER)


def test_a_folder_holds_roots_and_intermediates_in_pem_and_der(tmp_path: Path) -> None:
    (tmp_path / "root.crt").write_bytes(der(AUTHORITY.root))
    (tmp_path / "between.PEM").write_bytes(AUTHORITY.intermediate.pem)
    (tmp_path / "README.txt").write_text("not a certificate")
    found = load_trust(tmp_path)
    assert (found.roots, found.intermediates) == ((der(AUTHORITY.root),), (der(AUTHORITY.intermediate),))


def test_a_file_may_hold_several(tmp_path: Path) -> None:
    (tmp_path / "all.pem").write_bytes(AUTHORITY.intermediate.pem + AUTHORITY.root.pem)
    found = load_trust(tmp_path / "all.pem")
    assert (len(found.roots), len(found.intermediates)) == (1, 1)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(AUTHORITY.root.pem)
    assert load_trust(path).intermediates == ()
    path.write_bytes(AUTHORITY.root.pem + AUTHORITY.intermediate.pem)
    assert len(load_trust(path).intermediates) == 1


def test_intermediates_alone_are_no_trust(tmp_path: Path) -> None:
    (tmp_path / "between.pem").write_bytes(AUTHORITY.intermediate.pem)
    with pytest.raises(ConfigurationError, match="trust-without-root"):
        load_trust(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), around=st.booleans(), at=st.integers(0, 1000))
def test_any_bytes_are_certificates_or_a_typed_error(
    data: bytes, around: bool, at: int, tmp_path: Path
) -> None:
    pem = AUTHORITY.root.pem
    path = tmp_path / "any.pem"
    path.write_bytes(pem[: at % len(pem)] + data + pem[at % len(pem) :] if around else data)
    told = None
    try:
        assert load_trust(path).roots
    except ConfigurationError as error:
        told = error.code
    assert told in (None, "trust-unreadable", "trust-without-root")
