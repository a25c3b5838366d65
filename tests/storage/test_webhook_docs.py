"""The Python of docs/webhooks.md, as a receiver would paste it, against what we sign."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from storage.publication.webhook_signature import signature_headers, signing_key

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"
KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def secret(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


def pasted() -> Callable[..., dict[str, Any]]:
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    room: dict[str, Any] = {}
    exec(block, room)
    verified: Callable[..., dict[str, Any]] = room["verified"]
    return verified


VERIFIED = pasted()


@given(st.dictionaries(st.text(), st.text() | st.integers()), st.binary(min_size=24, max_size=64))
def test_what_we_sign_is_taken_by_the_page_and_by_the_library(event: dict[str, Any], key: bytes) -> None:
    body = json.dumps(event, ensure_ascii=True).encode()
    headers = signature_headers((signing_key(SecretStr(secret(key))),), "an-id", int(time.time()), body)
    assert VERIFIED(headers, body, secret(key)) == event
    assert Webhook(secret(key)).verify(body, headers) == event


def test_while_a_secret_is_renewed_old_and_new_receivers_take_it() -> None:
    headers = signature_headers((KEY, OTHER), "an-id", int(time.time()), b"{}")
    assert VERIFIED(headers, b"{}", secret(KEY)) == VERIFIED(headers, b"{}", secret(OTHER)) == {}


@pytest.mark.parametrize("change", ["body", "id", "time", "secret", "old"])
def test_what_was_altered_or_is_old_is_not_taken(change: str) -> None:
    now = int(time.time())
    headers = signature_headers((KEY,), "an-id", now - 3600 if change == "old" else now, b"{}")
    if change == "id":
        headers["webhook-id"] = "another"
    if change == "time":
        headers["webhook-timestamp"] = str(now + 1)
    with pytest.raises(ValueError, match=r"signed|old"):
        VERIFIED(headers, b"{ }" if change == "body" else b"{}", secret(OTHER if change == "secret" else KEY))
