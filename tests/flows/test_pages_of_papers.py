from __future__ import annotations

from dossier.reading import FileInfo, FileReading, PageReading, PageSize, Quality
from flows.reading import pages_of
from ocr.grouping import Draft

SHA = "a" * 64


def page(number: int) -> PageReading:
    quality = Quality(
        page=number,
        dpi=300,
        skew=0,
        sharpness=100,
        contrast=1,
        ink=0.1,
        coloured_ink=0,
        black_border=0,
        colour=False,
        blank=False,
    )
    return PageReading(
        sha256=SHA, page=number, width=10, height=10, dpi=300, rotation=0, words=(), quality=quality
    )


def test_a_paper_takes_its_own_pages_along_and_not_those_of_the_whole_file() -> None:
    sizes = (PageSize(width=10, height=10, dpi=300),) * 500
    info = FileInfo(sha256=SHA, media_type="application/pdf", pages=sizes)
    file = FileReading(name="scan.pdf", info=info, pages=tuple(page(n) for n in range(1, 501)))
    draft = Draft("c1", "unknown", 0.5, (("scan.pdf", SHA, 7), ("scan.pdf", SHA, 8)))
    assert pages_of(draft, [file]) == {(SHA, 7): file.pages[6], (SHA, 8): file.pages[7]}
