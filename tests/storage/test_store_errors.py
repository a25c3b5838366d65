"""What is told of a store that does not answer: nothing of what was asked for, whose name may be a person's."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from dossier.errors import StoreError
from dossier.settings import StoreSettings
from flows.stack.place import free_port
from storage.buckets import INBOX
from storage.s3 import Store

KEY = "H13.96.31/H13.96.31-261124-0001/Giay khai sinh Tran Thi Buoi.pdf"


def test_no_log_line_and_no_error_holds_the_key_of_an_object(caplog: pytest.LogCaptureFixture) -> None:
    nobody = StoreSettings(
        endpoint=f"127.0.0.1:{free_port()}", access_key="key", secret_key=SecretStr("secret key")
    )
    store = Store(nobody)
    said = []
    with caplog.at_level(logging.INFO):
        for act in (
            lambda: store.get(INBOX, KEY),
            lambda: store.put(INBOX, KEY, b"%PDF-1.7"),
            lambda: store.put_if_absent(INBOX, KEY, b"%PDF-1.7"),
        ):
            with pytest.raises(StoreError) as error:
                act()
            said.append(str(error.value))
    told = caplog.text + " ".join(said)
    assert "Buoi" not in told
    assert "X-Amz-Signature" not in told
