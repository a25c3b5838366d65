"""Dossiers for tests of what surrounds the reading: real papers whose pages are read once, each with a slip of its own.

The papers are shared between dossiers, the slip is not: so every dossier has an original that no other one has.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

DEMO = Path(__file__).parents[1] / "samples" / "demo" / "dossiers"
SHARED = 4
"""Different papers among all dossiers."""
SLIP, DPI = (640, 420), 200


@dataclass
class Dropped:
    """A dossier and what was put into it. versions: the files of each drop, by name."""

    code: str
    versions: list[dict[str, bytes]] = field(default_factory=list)

    def after(self, drops: int) -> dict[str, bytes]:
        """The files that the dossier has after so many drops."""
        return {name: data for version in self.versions[:drops] for name, data in version.items()}


def small_dossiers(office: str, first: int, number: int, random: Random) -> Iterator[Dropped]:
    """Dossiers with a paper and a slip each; every eighth has a file that cannot be read as well."""
    papers = sorted(path for path in DEMO.rglob("Giấy *.pdf") if path.stat().st_size < 80_000)[:SHARED]
    for serial in range(first, first + number):
        paper = random.choice(papers)
        files = {paper.name: paper.read_bytes(), "Phiếu hẹn.png": slip(serial)}
        if serial % 8 == 0:
            files["Bản cắt cụt.pdf"] = b"%PDF-1.7\n" + random.randbytes(200)
        yield Dropped(f"{office}-261124-{serial:04d}", [files])


def slip(serial: int, word: str = "Phiếu") -> bytes:
    """A small scan that says a number."""
    image = Image.new("L", SLIP, 255)
    ImageDraw.Draw(image).text((60, 150), f"{word} {serial:04d}", fill=0, font_size=48)
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(DPI, DPI))
    return stream.getvalue()
