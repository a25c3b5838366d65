"""What the reading processes do for a sealed copy: scans are opened there and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import FileRefused
from dossier.reading import FileInfo, PageReading
from ocr.placing import corners_seen
from ocr.render import render_page
from ocr.toolbox import Toolbox
from storage.pdfa.binding import bind
from storage.pdfa.check import problems, stream_problems
from storage.pdfa.model import Colour, Facts, PlacedWord, SealedPage
from storage.pdfa.pages import write_piece

NOT_SEALED = (
    "Chưa lập được bản PDF/A có lớp chữ của giấy này. Bản quét gốc vẫn được giữ nguyên, hồ sơ không bị ảnh hưởng; "
    "báo quản trị viên nếu cần bản này."
)


@dataclass(frozen=True)
class PageOf:
    """A page of a dropped file, as it was read."""

    path: Path
    info: FileInfo
    reading: PageReading


def write_pages(_toolbox: Toolbox, pages: Sequence[PageOf], to: Path, anew: bool) -> None:
    """Some pages as a piece of a sealed copy. anew: no stream of a file is passed through.

    Raises FileRefused where a page cannot be shown or its data are damaged, OSError where the disk fails.
    """
    infos: Mapping[Path, FileInfo] = {page.path: page.info for page in pages}

    def render(page: SealedPage, dpi: float) -> Colour:
        return render_page(page.path, infos[page.path], page.number, dpi)

    try:
        write_piece([_sealed_page(page, anew) for page in pages], render, to)
    except OSError as error:
        if error.errno is not None:
            raise
        # Pillow's errors are of this kind too, and no disk's.
        raise FileRefused(
            "page-unreadable", f"{type(error).__name__} while a page was sealed", NOT_SEALED
        ) from None
    _check(stream_problems(to))


def bind_pieces(_toolbox: Toolbox, pieces: Sequence[Path], facts: Facts, to: Path) -> None:
    """The pieces as one PDF/A-2b, looked over by the second reader. Raises FileRefused (not-archivable)."""
    bind(pieces, facts, to)
    _check(problems(to, streams=False))


def _check(wrong: Sequence[str]) -> None:
    if wrong:
        raise FileRefused("not-archivable", f"the copy is no PDF/A-2b: {'; '.join(wrong)[:300]}", NOT_SEALED)


def _sealed_page(page: PageOf, anew: bool) -> SealedPage:
    size = page.info.pages[page.reading.page - 1]
    return SealedPage(
        path=page.path,
        media_type=page.info.media_type,
        number=page.reading.page,
        width=size.width,
        height=size.height,
        dpi=size.dpi,
        turn=page.reading.rotation,
        words=tuple(
            PlacedWord(word.text, word.line, tuple((float(x), float(y)) for x, y in corners))
            for word, corners in corners_seen(page.reading)
        ),
        anew=anew,
    )
