"""What a receiver or a settings file can say, whatever it is: a typed error or an answer."""

from __future__ import annotations

import string
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.errors import ConfigurationError
from storage.publication.webhook_wire import Wire, _meaning, checked_url

LETTERS = st.text(string.printable + "ạ\x00\u200b", max_size=40)


@given(
    st.one_of(st.text(), LETTERS.map(lambda text: f"http://{text}"), LETTERS.map(lambda t: f"https://h{t}"))
)
def test_an_address_is_taken_or_refused(url: str) -> None:
    with suppress(ConfigurationError):
        parts = checked_url(url)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert parts.username is None


@settings(max_examples=50)
@given(LETTERS)
def test_whatever_the_path_nobody_at_home_is_an_answer(path: str) -> None:
    with suppress(ConfigurationError):
        answer = Wire(f"http://127.0.0.1:9/{path}", timeout_s=1).post(b"{}", {"webhook-id": "x"})
        assert (answer.kind, answer.reason) == ("again", "away")


@given(st.integers(200, 599), st.none() | st.text() | st.integers().map(str))
def test_every_answer_has_a_meaning(status: int, retry_after: str | None) -> None:
    answer = _meaning(status, retry_after)
    assert (answer.kind == "taken") == (status < 300)
    assert (answer.kind == "gone") == (status == 410)
    assert answer.wait_s >= 0
