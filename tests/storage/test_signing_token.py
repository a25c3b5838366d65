"""A seal made by a key in a token: SoftHSM, where it and python-pkcs11 are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from signing_authority import ORGANISATION, Authority
from test_signing import copy, page_text

from dossier.errors import ConfigurationError, TransientError
from dossier.settings import SealingSettings
from storage.signing.sealer import open_sealer, verify_sealed

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), None)
PIN = "123456"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> str:
    """A token named `con-dau` with key and certificate `seal`; the module's path."""
    pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    if MODULE is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    key = folder / "key.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key.write_bytes(authority.signer.key.private_bytes(encoding, form, serialization.NoEncryption()))
    for arguments in (
        ("--init-token", "--free", "--label", "con-dau", "--so-pin", "1234", "--pin", PIN),
        ("--import", str(key), "--token", "con-dau", "--label", "seal", "--id", "01", "--pin", PIN),
    ):
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
    store = pkcs11.lib(MODULE).get_token(token_label="con-dau")
    with store.open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: "seal",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: authority.signer.asn1.subject.dump(),
                pkcs11.Attribute.VALUE: authority.signer.asn1.dump(),
            }
        )
    return MODULE


def settings(at: str, chain: Path, **token: object) -> SealingSettings:
    named = {"module": at, "token": "con-dau", "key": "seal", "pin": PIN, **token}
    return SealingSettings.model_validate({"pkcs11": named, "chain": chain, "organisation": ORGANISATION})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"pin": "999999"}, "token-pin"),
        ({"token": "khác"}, "token-not-found"),
        ({"key": "khác"}, "token-key"),
        ({"module": "/nowhere/module.so"}, "token-module"),
    ],
)
def test_what_is_wrong_with_a_token_is_told_at_the_start(
    token: str, authority: Authority, tmp_path: Path, wrong: dict[str, str], code: str
) -> None:
    (tmp_path / "chain.pem").write_bytes(authority.intermediate.pem)
    with pytest.raises(ConfigurationError, match=code) as told:
        open_sealer(settings(token, tmp_path / "chain.pem", **wrong))
    assert "999999" not in str(told.value)


def test_a_token_seals_as_a_file_does(token: str, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(authority.intermediate.pem)
    (tmp_path / "root.pem").write_bytes(authority.root.pem)
    sealer = open_sealer(settings(token, tmp_path / "chain.pem"))
    assert sealer is not None
    for _ in range(2):  # the session serves more than one copy
        sealed = sealer.seal(copy()).pdf
        assert verify_sealed(sealed, tmp_path / "root.pem").reason == "sound"
    assert ORGANISATION in page_text(sealed)


def test_a_token_that_was_gone_for_a_while_seals_again(
    token: str, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "chain.pem").write_bytes(authority.intermediate.pem)
    sealer = open_sealer(settings(token, tmp_path / "chain.pem"))
    assert sealer is not None
    sealer._signer.pkcs11_session.close()
    with pytest.raises(TransientError, match="token-away"):
        sealer.seal(copy())
    assert verify_sealed(sealer.sign(copy())).intact


def test_without_the_library_the_setting_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    (tmp_path / "chain.pem").write_bytes(authority.intermediate.pem)
    with pytest.raises(ConfigurationError, match="python-pkcs11"):
        open_sealer(settings("/any.so", tmp_path / "chain.pem"))
