"""Pages into papers: where one begins, what goes on from the page before, which two faces are one card.

Nothing is dropped: a page that cannot be placed is a paper of its own, of type `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dossier.catalogue.documents import DocumentType, document_types
from dossier.model import Sha256
from dossier.reading import FileReading, PageReading
from ocr.classify import UNKNOWN, Guess, guess_type
from ocr.faces import Face, face_of, same_card
from ocr.letters import letters
from ocr.rows import rows

_MOTTO = "conghoaxahoichunghiavietnam"
_PAGE_NUMBER = re.compile(r"^(?:trang)?([2-9]|[1-9]\d)(?:/\d+)?$")


@dataclass(frozen=True)
class Draft:
    """One paper before its fields are read. pages: (file name, sha256, page number from 1) in reading order."""

    id: str
    type: str
    type_confidence: float
    pages: tuple[tuple[str, Sha256, int], ...]


@dataclass(frozen=True)
class _Paper:
    type: str
    confidence: float
    pages: tuple[tuple[str, PageReading], ...]

    def with_page(self, name: str, page: PageReading) -> _Paper:
        return replace(self, pages=(*self.pages, (name, page)))


def group(files: Sequence[FileReading], types: Mapping[str, DocumentType] | None = None) -> tuple[Draft, ...]:
    """The papers of a dossier, in the order of its files. Every page of every file is in exactly one of them."""
    known = document_types() if types is None else types
    papers = [paper for file in files for paper in _papers(file, known)]
    papers = _join_cards(papers, known)
    return tuple(
        Draft(
            id=f"c{number}",
            type=paper.type,
            type_confidence=paper.confidence,
            pages=tuple((name, page.sha256, page.page) for name, page in paper.pages),
        )
        for number, paper in enumerate(papers, start=1)
    )


def _papers(file: FileReading, types: Mapping[str, DocumentType]) -> list[_Paper]:
    papers: list[_Paper] = []
    leading: list[PageReading] = []  # blank pages before the first paper
    for page in file.pages:
        if page.quality.blank:
            if papers:
                papers[-1] = papers[-1].with_page(file.name, page)
            else:
                leading.append(page)
            continue
        guess = guess_type(page, types)
        if papers and _goes_on(papers[-1], page, guess, types):
            papers[-1] = papers[-1].with_page(file.name, page)
        else:
            papers.append(_Paper(guess.type, guess.confidence, ((file.name, page),)))
    if not papers:
        return [_Paper(UNKNOWN, 0.0, tuple((file.name, page) for page in leading))] if leading else []
    papers[0] = replace(papers[0], pages=(*((file.name, page) for page in leading), *papers[0].pages))
    return papers


def _goes_on(paper: _Paper, page: PageReading, guess: Guess, types: Mapping[str, DocumentType]) -> bool:
    """Does the page go on with the paper before it?"""
    document = types.get(paper.type)
    if document is not None and document.options.get("card"):
        return False  # faces are joined afterwards, by what they say
    if _titled(guess, page, types) or not _alike(paper.pages[-1][1], page):
        return False
    if _numbered(page):
        return True
    if guess.type != UNKNOWN:
        return guess.type == paper.type
    return not _begins(page)


def _titled(guess: Guess, page: PageReading, types: Mapping[str, DocumentType]) -> bool:
    """Does the page carry the heading of a new paper?

    Types with the option `letterhead` begin under the national motto: `QUYẾT ĐỊNH:` stands again on later pages.
    """
    document = types.get(guess.type)
    return guess.titled and (document is None or not document.options.get("letterhead") or _begins(page))


def _alike(left: PageReading, right: PageReading) -> bool:
    """Of about the same size: paper does not change within one document."""
    sizes = [sorted((page.width / page.dpi, page.height / page.dpi)) for page in (left, right)]
    return all(abs(one - other) < 0.2 * max(one, other) for one, other in zip(*sizes, strict=True))


def _begins(page: PageReading) -> bool:
    """The national motto stands at the head of a paper's first page, as Decree 30/2020 has it."""
    head = [letters(row.text) for row in rows(page) if row.middle < 0.3 * page.height]
    return any(_MOTTO in text or "doclaptudohanhphuc" in text for text in head)


def _numbered(page: PageReading) -> bool:
    """A page number from 2 on stands alone at the head or the foot."""
    page_rows = rows(page)
    edge = [*page_rows[:1], *page_rows[-1:]]
    return any(
        _PAGE_NUMBER.match(letters(row.text)) is not None
        and not 0.12 * page.height < row.middle < 0.9 * page.height
        for row in edge
    )


def _join_cards(papers: list[_Paper], types: Mapping[str, DocumentType]) -> list[_Paper]:
    """Join the two faces of one card, wherever they lie."""
    cards = [
        (at, face_of([page for _, page in paper.pages]))
        for at, paper in enumerate(papers)
        if (document := types.get(paper.type)) is not None and document.options.get("card")
    ]
    joined: dict[int, int] = {}
    for at, face in cards:
        if at in joined or face.side != "front":
            continue
        backs = [(b, other) for b, other in cards if other.side == "back" and b not in joined.values()]
        if (back := _back_of(papers, at, face, backs, cards)) is not None:
            joined[at] = back
    found = []
    for at, paper in enumerate(papers):
        if at in joined:
            back_paper = papers[joined[at]]
            sure = max(paper.confidence, back_paper.confidence)
            found.append(replace(paper, pages=(*paper.pages, *back_paper.pages), confidence=sure))
        elif at not in joined.values():
            found.append(paper)
    return found


def _back_of(
    papers: list[_Paper], at: int, face: Face, backs: list[tuple[int, Face]], cards: list[tuple[int, Face]]
) -> int | None:
    """The back that says the same as this front; unread ones only if nothing else could belong to it."""
    for back, other in backs:
        if same_card(face, other):
            return back
    silent = [back for back, other in backs if same_card(face, other) is None]
    beside = [
        back for back in silent if back == at + 1 and papers[back].pages[0][0] == papers[at].pages[-1][0]
    ]
    if beside:
        return beside[0]
    return silent[0] if len(silent) == 1 and len(cards) == 2 else None
