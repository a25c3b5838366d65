"""One house for the tests of this room: the store behind a wire, `sohoa up`, a database downstream."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from bench.house import House
from bench.injected import opened_house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with opened_house(True, Random("tests/faults")) as opened:
        yield opened
