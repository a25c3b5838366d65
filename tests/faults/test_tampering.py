"""A short form of `python -m bench tamper`: what an administrator changes is found; where nothing is, nothing is."""

from __future__ import annotations

from random import Random

import pytest

from bench.house import House
from bench.scene import Scene, Tampering
from bench.tamper import findings, scene_of
from bench.tampering import TAMPERINGS

pytestmark = pytest.mark.e2e

CHOSEN = {
    ("original", "one byte changed, put over it by S3"),
    ("record", "one byte changed by S3, the true version erased"),
    ("audit entry", "erased by S3"),
    ("audit entries", "the last two cut off"),
    ("audit entries", "one altered, all behind it written anew"),
    ("feed link", "one byte changed, put over it by S3"),
    ("pointer", "exchanged for that of an older version"),
    ("database row, field", "a letter more in what was printed"),
}


@pytest.fixture(scope="module")
def scene(house: House) -> Scene:
    return scene_of(house, Random("tests/faults"), first=901)


def test_nothing_is_found_where_nothing_was_tampered_with(scene: Scene) -> None:
    assert findings(scene) == ((), ())


@pytest.mark.parametrize(
    "one", [t for t in TAMPERINGS if (t.what, t.how) in CHOSEN], ids=lambda one: f"{one.what}, {one.how}"
)
def test_what_was_tampered_with_is_found(scene: Scene, one: Tampering) -> None:
    undo = one.act(scene)
    try:
        assert findings(scene)[0]
    finally:
        undo()


def test_what_was_undone_is_not_found_any_more(scene: Scene) -> None:
    assert findings(scene) == ((), ())
