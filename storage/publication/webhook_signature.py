"""Signatures of webhooks after the Standard Webhooks convention: HMAC-SHA256 over id, time and body.

The receiver holds the same secret. The time is signed too, so that a caught message cannot be sent again later.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Final

from pydantic import SecretStr

from dossier.errors import ConfigurationError

PREFIX: Final = "whsec_"
MIN_BYTES, MAX_BYTES = 24, 64  # what the convention asks of a symmetric key


def signing_key(secret: SecretStr) -> bytes:
    """The key that a secret `whsec_<base64>` stands for. Raises ConfigurationError, which does not tell the secret."""
    try:
        key = base64.b64decode(secret.get_secret_value().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError("webhook-secret", "a webhook's secret must be whsec_ and base64") from None
    if not MIN_BYTES <= len(key) <= MAX_BYTES:
        raise ConfigurationError("webhook-secret", f"a webhook's secret has {MIN_BYTES} to {MAX_BYTES} bytes")
    return key


def signature_headers(keys: tuple[bytes, ...], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of a signed message. at: seconds since 1970. keys: all that are valid now, when one is renewed.

    Any one of the signatures that the receiver can check is enough for it.
    """
    signed = f"{message_id}.{at}.".encode() + body
    digests = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
