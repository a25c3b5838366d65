"""Cutting a stack at its separator sheets: which pages are whose. Told alike by the inbox and by `sohoa digitise`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from dossier.drop import Manifest, extension
from dossier.errors import FileRefused
from dossier.reading import FileInfo
from dossier.record import Refused
from dossier.separators import Damaged, Sheet
from dossier.text.pages import listed
from flows.dossier_input import DossierInput, InputFile
from flows.reading import FILE_UNREADABLE, IN_HAND, all_of, attempt
from ocr.pool import ReadingPool
from ocr.stacks import is_blank_at, sheet_at

STACKS = ("pdf", "tif", "tiff")
"""Extensions of files that can hold several dossiers."""

NO_SHEET = (
    "Không thấy tờ phân cách có mã hồ sơ nào trong tập này. In tờ phân cách bằng lệnh sohoa separators, đặt trước "
    "mỗi hồ sơ rồi quét lại; hoặc nộp riêng từng hồ sơ vào thư mục mã hồ sơ."
)
BEFORE = (
    "Trang {} nằm trước tờ phân cách đầu tiên nên chưa biết thuộc hồ sơ nào. Nộp riêng các trang này vào thư mục "
    "mã hồ sơ của chúng."
)
BEHIND_DAMAGED = (
    "Trang {} nằm từ một tờ phân cách không đọc được (mã hỏng) nên chưa biết thuộc hồ sơ nào. In lại tờ phân cách "
    "đó rồi quét lại các trang này."
)

Sign = Sheet | Damaged | None


@dataclass(frozen=True)
class Cut:
    """What a stack falls into. parts: dossier and pages, in the order of the stack; a dossier may come twice.

    loose: pages that no sheet gives to a dossier, by the code of the reason. Each page is in one of them.
    """

    info: FileInfo
    parts: tuple[tuple[str, tuple[int, ...]], ...]
    loose: dict[str, tuple[int, ...]]

    def refused(self, file: InputFile) -> tuple[Refused, ...]:
        """Why the loose pages go to nobody."""
        reasons = {
            "stack-without-sheets": NO_SHEET,
            "before-first-sheet": BEFORE,
            "behind-damaged-sheet": BEHIND_DAMAGED,
        }
        return tuple(
            Refused(file=file.name, sha256=file.sha256, reason=reasons[code].format(listed(pages)), code=code)
            for code, pages in self.loose.items()
        )


async def cut_stack(pool: ReadingPool, file: InputFile, info: FileInfo, gate: asyncio.Semaphore) -> Cut:
    """Look for the sheets of a file, with as many tasks at once as the gate lets through.

    A page that cannot be shown is no sheet; whoever reads its part is told.
    """

    async def sign(page: int) -> Sign:
        async with gate:
            try:
                return await attempt(lambda: pool.submit(sheet_at, file.path, info, page), FILE_UNREADABLE)
            except FileRefused:
                return None

    async def is_blank(page: int) -> bool:
        async with gate:
            try:
                return await attempt(lambda: pool.submit(is_blank_at, file.path, info, page), FILE_UNREADABLE)
            except FileRefused:
                return False

    signs = await all_of(sign(page) for page in range(1, len(info.pages) + 1))
    first = _first_of_a_dossier(signs) or 1
    if not any(signs[: first - 1]) and all([await is_blank(page) for page in range(1, first)]):
        signs[: first - 1] = [signs[first - 1]] * (first - 1)  # blank leaves on top are no loss
    return Cut(info, *cut(signs))


def a_few(pool: ReadingPool) -> asyncio.Semaphore:
    """A gate for as many tasks as keep the reading processes busy."""
    return asyncio.Semaphore(IN_HAND * pool.size)


async def inspected(pool: ReadingPool, file: InputFile) -> FileInfo:
    """What a stack says of itself. Raises FileRefused where it cannot be read at all."""
    return await attempt(lambda: pool.inspect(file.path, file.name), FILE_UNREADABLE)


def cut(
    signs: Sequence[Sign],
) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], dict[str, tuple[int, ...]]]:
    """Parts and loose pages by what each page is, as in Cut. Each page from 1 is in exactly one place."""
    if not _first_of_a_dossier(signs):
        return (), {"stack-without-sheets": tuple(range(1, len(signs) + 1))}
    whose: list[tuple[str, bool]] = []  # dossier or reason, whether it is a dossier
    here = ("before-first-sheet", False)
    for sign in signs:
        if isinstance(sign, Damaged):
            here = ("behind-damaged-sheet", False)
        elif sign is not None and sign.dossier is not None:
            here = (sign.dossier, True)
        whose.append(here)
    parts: list[tuple[str, tuple[int, ...]]] = []
    loose: dict[str, tuple[int, ...]] = {}
    for (name, is_dossier), run in groupby(range(len(whose)), key=whose.__getitem__):
        pages = tuple(at + 1 for at in run)
        if is_dossier:
            parts.append((name, pages))
        else:
            loose[name] = loose.get(name, ()) + pages
    return tuple(parts), loose


def _first_of_a_dossier(signs: Sequence[Sign]) -> int | None:
    """The first page that is the sheet of a dossier, from 1."""
    return next(
        (at for at, sign in enumerate(signs, 1) if isinstance(sign, Sheet) and sign.dossier is not None), None
    )


async def unstacked(pool: ReadingPool, dossiers: Sequence[DossierInput]) -> list[DossierInput]:
    """Loose files with sheets of dossiers in them, as those dossiers; all others as they are.

    Nothing is copied: the dossiers share the file, each with its own pages. A dossier whose sheets lie in several
    files is one. Pages that are nobody's stay under the file's own code, refused.
    """
    gate = a_few(pool)
    cuts = await all_of(_cut_loose(pool, dossier, gate) for dossier in dossiers)
    kept: list[DossierInput] = []
    found: dict[str, DossierInput] = {}
    for dossier, cut in zip(dossiers, cuts, strict=True):
        if cut is None:
            kept.append(dossier)
            continue
        [file] = dossier.files
        pages: dict[str, tuple[int, ...]] = {}
        for code, part in cut.parts:
            pages[code] = pages.get(code, ()) + part
        for code, own in pages.items():
            blank = replace(dossier, code=code, manifest=Manifest(dossier=code), files=(), loose=False)
            before = found.get(code, blank)
            found[code] = replace(before, files=(*before.files, replace(file, pages=own)))
        if refused := cut.refused(file):
            kept.append(replace(dossier, files=(), refused=dossier.refused + refused))
    return [*kept, *found.values()]


async def _cut_loose(pool: ReadingPool, dossier: DossierInput, gate: asyncio.Semaphore) -> Cut | None:
    if not dossier.loose or len(dossier.files) != 1 or extension(dossier.files[0].name) not in STACKS:
        return None
    [file] = dossier.files
    try:
        async with gate:
            info = await inspected(pool, file)
        if len(info.pages) == 1:
            return None
        found = await cut_stack(pool, file, info, gate)
    except (FileRefused, OSError):
        return None  # told when it is read
    return found if found.parts else None
