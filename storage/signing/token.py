"""The signing key inside a token or a security module, reached by PKCS#11. The key never leaves it."""

from __future__ import annotations

from typing import Any

from asn1crypto import x509

from dossier.errors import ConfigurationError
from dossier.settings import TokenSettings


def token_signer(settings: TokenSettings, chain: list[x509.Certificate]) -> Any:
    """A pyHanko signer over an open session, with the certificate read from the token.

    Raises ConfigurationError: token-library-missing, token-module, token-not-found, token-pin, token-key.
    """
    try:
        import pkcs11
        from pkcs11 import exceptions as refused
    except ImportError:
        raise ConfigurationError(
            "token-library-missing",
            "sealing.pkcs11 needs the package python-pkcs11; pip install python-pkcs11",
        ) from None
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    criteria = TokenCriteria(label=settings.token) if settings.token else None
    try:
        pkcs11.lib(str(settings.module))
    except RuntimeError as error:  # what python-pkcs11 raises where the library cannot be loaded
        raise ConfigurationError("token-module", f"sealing.pkcs11.module: {type(error).__name__}") from None
    try:
        session = open_pkcs11_session(
            str(settings.module), settings.slot, criteria, settings.pin.get_secret_value()
        )
    except refused.UserAlreadyLoggedIn:  # by this process: a login holds for all of its sessions
        session = open_pkcs11_session(str(settings.module), settings.slot, criteria)
    except _pin_errors(refused) as error:
        raise ConfigurationError(
            "token-pin", f"the token refuses sealing.pkcs11.pin: {type(error).__name__}"
        ) from None
    except pkcs11.PKCS11Error as error:
        raise ConfigurationError("token-not-found", f"no such token: {type(error).__name__}") from None
    signer = PKCS11Signer(
        session, cert_label=settings.certificate or settings.key, key_label=settings.key, ca_chain=chain
    )
    try:
        if signer.signing_cert is None:
            raise ConfigurationError("token-key", "the token holds no certificate of that label")
    except (pkcs11.PKCS11Error, SigningError, AssertionError) as error:
        raise ConfigurationError(
            "token-key", f"no key and certificate of that label: {type(error).__name__}"
        ) from None
    return signer


def _pin_errors(refused: Any) -> tuple[type[Exception], ...]:
    names = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinExpired", "PinLocked", "UserPinNotInitialized")
    return tuple(getattr(refused, name) for name in names)
