"""Broken files beside a good one: each ends with a record or a reason, and the good one is read as ever.

`SOHOA_FUZZ_CASES=5000 scripts/test tests/ocr/test_fuzzed_files.py` runs longer; the seed is printed on failure.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import paper_makers
import pytest

from dossier.settings import Settings
from flows.offline import digitise

CASES = int(os.environ.get("SOHOA_FUZZ_CASES", "40"))
SEED = os.environ.get("SOHOA_FUZZ_SEED", "1")
SMALL = (620, 420)
GOOD = "good"


def seeds(folder: Path) -> dict[str, bytes]:
    """One small file of each format that is taken, by suffix."""
    image = paper_makers.page(size=SMALL, height=22)
    made: dict[str, bytes] = {}
    for suffix, form in ((".jpg", "JPEG"), (".png", "PNG")):
        stream = io.BytesIO()
        image.save(stream, form, dpi=(100, 100))
        made[suffix] = stream.getvalue()
    stream = io.BytesIO()
    image.save(stream, "TIFF", save_all=True, append_images=[image], dpi=(100, 100), compression="tiff_lzw")
    made[".tif"] = stream.getvalue()
    made[".scan.pdf"] = paper_makers.jpeg_pdf(folder / "scan.pdf", image, dpi=100.0).read_bytes()
    text = ("Cong hoa xa hoi chu nghia Viet Nam", "Quyet dinh so 27 ngay 15 thang 8 nam 2026", "Dieu 1")
    made[".text.pdf"] = paper_makers.text_pdf(folder / "text.pdf", text).read_bytes()
    return made


def flipped(rng: Random, data: bytearray) -> None:
    for _ in range(rng.choice((1, 4, 40))):
        data[rng.randrange(len(data))] = rng.randrange(256)


def cut(rng: Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


def holed(rng: Random, data: bytearray) -> None:
    start = rng.randrange(len(data))
    del data[start : start + rng.choice((1, 7, 300))]


def repeated(rng: Random, data: bytearray) -> None:
    start = rng.randrange(len(data))
    part = bytes(data[start : start + rng.choice((4, 64, 2000))])
    data[start:start] = part * rng.choice((1, 20))


def blown_up(rng: Random, data: bytearray) -> None:
    """Numbers that say how much follows: all ones, or the digits of a PDF's length and size."""
    at = rng.randrange(max(len(data) - 4, 1))
    digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if digits and rng.random() < 0.5:
        data[rng.choice(digits)] = ord("9")
    else:
        data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"))


MUTATIONS: tuple[Callable[[Random, bytearray], None], ...] = (flipped, cut, holed, repeated, blown_up)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder of mutated files, each a dossier of its own, and a good one among them."""
    sources = tmp_path / "seeds"
    sources.mkdir()
    folder = tmp_path / "in"
    folder.mkdir()
    made = seeds(sources)
    for number in range(CASES):
        rng = Random(f"{SEED}/{number}")
        suffix, data = rng.choice(sorted(made.items()))
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 2))):
            if changed:
                rng.choice(MUTATIONS)(rng, changed)
        (folder / f"f{number:05d}.{suffix.rpartition('.')[2]}").write_bytes(bytes(changed))
    (folder / f"{GOOD}.png").write_bytes(made[".png"])
    return folder


def test_each_broken_file_ends_with_a_record_or_a_reason_and_harms_no_other(
    broken: Path, tmp_path: Path
) -> None:
    ended = {one.code: one for one in digitise(broken, tmp_path / "out", Settings(data=tmp_path / "data"))}
    assert len(ended) == CASES + 1
    for code, one in ended.items():
        assert one.error is None, (SEED, code, one.error)
        record = one.record
        assert record is not None
        assert record.components or record.refused, (SEED, code, "ended as an empty success")
        for component in record.components:
            assert component.quality, (SEED, code, "a paper without a page")
            # No seed has a blank page: what came out blank was lost in silence.
            assert not any(page.blank for page in component.quality), (SEED, code, "blank")
        for refused in record.refused:
            assert refused.code
            assert refused.reason
    good = ended[GOOD].record
    assert good is not None
    assert not good.refused
    assert len(good.components) == 1
