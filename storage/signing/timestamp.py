"""The time-stamp authority (RFC 3161) over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from dossier.errors import ConfigurationError, TransientError

NOT_STAMPED = (
    "Chưa lấy được dấu thời gian cho bản sao số hóa; bản gốc vẫn được giữ nguyên. Báo quản trị viên."
)
_BUSY = frozenset({408, 425, 429})
_PASSING = frozenset({"time_not_available", "system_failure"})
_LARGEST = 1 << 20  # bytes; a token with its certificates has some thousands


class TimestampAway(TransientError):
    """The time-stamp authority did not answer, or not now."""


class TimestampAuthority(TimeStamper):
    """Asks for tokens with a nonce and the authority's certificates.

    Raises TimestampAway when trying again may help, ConfigurationError (timestamp-refused) when it does not.
    """

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._timeout = url, timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            async with httpx.AsyncClient(timeout=self._timeout) as client:
                answer = await client.post(self._url, content=req.dump(), headers=headers)
        except httpx.HTTPError as error:
            raise TimestampAway("timestamp-away", f"time-stamp authority: {type(error).__name__}") from None
        if answer.status_code >= 500 or answer.status_code in _BUSY:
            raise TimestampAway("timestamp-away", f"time-stamp authority: HTTP {answer.status_code}")
        if answer.status_code != 200:
            message = f"time-stamp authority: HTTP {answer.status_code}"
            raise ConfigurationError("timestamp-refused", message, NOT_STAMPED)
        return _granted(answer.content)


def _granted(content: bytes) -> Any:
    try:
        response = tsp.TimeStampResp.load(content[:_LARGEST], strict=True)
        status, failure = response["status"]["status"].native, response["status"]["fail_info"].native
    except (ValueError, TypeError, KeyError):
        raise TimestampAway(
            "timestamp-malformed", "time-stamp authority: the answer is no RFC 3161 reply"
        ) from None
    if status in ("granted", "granted_with_mods"):
        return response
    reasons = ", ".join(sorted(failure or ())) or "no reason given"
    if set(failure or ()) & _PASSING:
        raise TimestampAway("timestamp-away", f"time-stamp authority: {reasons}")
    message = f"time-stamp authority: {status}, {reasons}"
    raise ConfigurationError("timestamp-refused", message, NOT_STAMPED)
