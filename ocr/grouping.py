"""Pages into papers: where one begins, what goes on from the page before, which two faces are one card.

Separator sheets are a person's word and come first: a sheet is no page of a paper, begins one, and names its type
or its dossier. Within what they leave open the pages tell themselves (ocr.following). Nothing is dropped: a page that
cannot be placed is a paper of its own, of type `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dossier.catalogue.documents import DocumentType, document_types
from dossier.model import Sha256
from dossier.reading import FileReading, PageReading
from dossier.separators import Sheet
from ocr.classify import UNKNOWN, Guess, guess_type
from ocr.faces import Face, face_of, same_card
from ocr.following import Paper, Place, followed
from ocr.sheets import Section, sections

SAID = 0.99
"""How sure a type is that a person put on a sheet, and that nothing on the page speaks against."""
CONTRADICTS = 0.8
"""From this confidence on, a guess of another type speaks against the sheet."""

UNTOLD = 0.55
"""Most that a card's type is sure when nothing but their place says that its two faces are of one: a person looks."""

FilePage = tuple[str, Sha256, int]
"""Name of the file, its hash, page from 1."""


@dataclass(frozen=True)
class Draft:
    """One paper before its fields are read. pages: in reading order. sheets: of the separators that opened it.

    elsewhere: the code of another dossier, to which a separator sheet in this one's files gave these pages.
    """

    id: str
    type: str
    type_confidence: float
    pages: tuple[FilePage, ...]
    sheets: tuple[FilePage, ...] = ()
    elsewhere: str | None = None


def group(
    files: Sequence[FileReading],
    types: Mapping[str, DocumentType] | None = None,
    dossier: str | None = None,
) -> tuple[Draft, ...]:
    """The papers of a dossier, in the order of its files. Every page of every file is in exactly one of them, as a
    page or as a separator sheet.

    dossier: its code; what stands behind a sheet of any other dossier is `elsewhere`. None: sheets of all are its own.
    """
    known = document_types() if types is None else types
    papers = [paper for file in files for paper in _papers(file, known, dossier)]
    papers = _join_cards(papers, known)
    return tuple(
        Draft(
            id=f"c{number}",
            type=paper.type,
            type_confidence=paper.confidence,
            pages=_places(paper.in_reading_order().pages),
            sheets=_places(paper.sheets),
            elsewhere=paper.elsewhere,
        )
        for number, paper in enumerate(papers, start=1)
    )


def _places(pages: Sequence[Place]) -> tuple[FilePage, ...]:
    return tuple((name, page.sha256, page.page) for name, page in pages)


def _papers(file: FileReading, types: Mapping[str, DocumentType], dossier: str | None) -> list[Paper]:
    papers: list[Paper] = []
    for section in sections(file.pages):
        sheets = tuple((file.name, page) for page in section.sheets)
        foreign = dossier is not None and section.dossier not in (None, dossier)
        if foreign or not section.pages:
            pages = (*sheets, *((file.name, page) for page in section.pages))
            if not foreign and papers and _says_nothing(section):
                papers[-1] = replace(papers[-1], sheets=papers[-1].sheets + sheets)
            else:
                papers.append(Paper(UNKNOWN, 0.0, pages, elsewhere=section.dossier if foreign else None))
            continue
        if isinstance(section.sheet, Sheet) and section.sheet.one_paper:
            found = [_told(file.name, section.pages, section.sheet, types)]
        else:
            found = _by_cues(file.name, section.pages, types)
        papers += [replace(found[0], sheets=sheets), *found[1:]]
    return papers


def _says_nothing(section: Section) -> bool:
    """A sheet behind which nothing lies, and that did not name what should: the last of a stack."""
    return isinstance(section.sheet, Sheet) and section.sheet.component is None


def _told(name: str, pages: Sequence[PageReading], sheet: Sheet, types: Mapping[str, DocumentType]) -> Paper:
    """All pages behind a sheet: one paper, of the type on the sheet or else of its first page that names one."""
    guesses = [guess_type(page, types) for page in pages if not page.quality.blank]
    guess = next((guess for guess in guesses if guess.type != UNKNOWN), Guess(UNKNOWN, 0.0, False))
    kind = guess.type if sheet.component is None else sheet.component if sheet.component in types else UNKNOWN
    paper = Paper(kind, 0.0, (), told=True)
    for page in pages:
        paper = paper.with_page(name, page)
    if kind == UNKNOWN or not guesses:
        return replace(paper, type=UNKNOWN)
    against = max((g.confidence for g in guesses if g.type not in (kind, UNKNOWN)), default=0.0)
    sure = guess.confidence if sheet.component is None else SAID
    return replace(paper, confidence=round(1.0 - against, 3) if against >= CONTRADICTS else sure)


def _by_cues(name: str, pages: Sequence[PageReading], types: Mapping[str, DocumentType]) -> list[Paper]:
    papers: list[Paper] = []
    leading: list[PageReading] = []  # blank pages before the first paper
    latest = 0  # the paper of the page before: its blank back is its own
    for page in pages:
        if page.quality.blank:
            if papers:
                papers[latest] = papers[latest].with_page(name, page)
            else:
                leading.append(page)
            continue
        guess = guess_type(page, types)
        at = followed(papers, page, guess, types)
        if at is None:
            papers.append(Paper(guess.type, guess.confidence, ()))
            at = len(papers) - 1
        elif papers[at].type == UNKNOWN:  # its first page lies behind this one's number
            papers[at] = replace(papers[at], type=guess.type, confidence=guess.confidence)
        papers[at] = papers[at].with_page(name, page)
        latest = at
    first = Paper(UNKNOWN, 0.0, ())
    for page in leading:
        first = first.with_page(name, page)
    if not papers:
        return [first]
    joined = replace(
        papers[0], pages=first.pages + papers[0].pages, numbers=first.numbers + papers[0].numbers
    )
    return [joined, *papers[1:]]


def _join_cards(papers: list[Paper], types: Mapping[str, DocumentType]) -> list[Paper]:
    """Join the two faces of one card, wherever they lie."""
    cards = [
        (at, face_of([page for _, page in paper.pages]))
        for at, paper in enumerate(papers)
        if (document := types.get(paper.type)) is not None and document.options.get("card")
    ]
    joined: dict[int, int] = {}
    proven: dict[int, bool] = {}
    for at, face in cards:
        if at in joined or face.side != "front":
            continue
        backs = [
            (b, other)
            for b, other in cards
            if other.side == "back" and b not in joined.values() and not (papers[at].told and papers[b].told)
        ]
        if (back := _back_of(papers, at, face, backs, cards)) is not None:
            joined[at] = back
            proven[at] = bool(same_card(face, dict(backs)[back]))
    found = []
    for at, paper in enumerate(papers):
        if at in joined:
            back_paper = papers[joined[at]]
            sure = max(paper.confidence, back_paper.confidence)
            if not proven[at]:
                sure = min(sure, UNTOLD)
            found.append(
                replace(
                    paper,
                    pages=(*paper.pages, *back_paper.pages),
                    numbers=(*paper.numbers, *back_paper.numbers),
                    sheets=(*paper.sheets, *back_paper.sheets),
                    confidence=sure,
                )
            )
        elif at not in joined.values():
            found.append(paper)
    return found


def _back_of(
    papers: list[Paper], at: int, face: Face, backs: list[tuple[int, Face]], cards: list[tuple[int, Face]]
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
