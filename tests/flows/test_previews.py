"""Previews of pages wait on disk until a receipt asks for them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.previews import Previews

keys = st.tuples(st.text("0123456789abcdef", min_size=1, max_size=4), st.integers(1, 9))


@given(st.lists(st.tuples(keys, st.binary(max_size=300))))
def test_each_page_gives_back_its_last_preview(added: list[tuple[tuple[str, int], bytes]]) -> None:
    previews = Previews()
    for key, jpeg in added:
        previews.add(key, jpeg)
    assert dict(previews) == dict(added)
    assert len(previews) == len(dict(added))
    assert previews.get(("none", 1)) is None
