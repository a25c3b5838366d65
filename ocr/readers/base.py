"""The contract of a field reader: a registered way of finding a field's value on the pages of one paper.

A document type's YAML names the reader of each field (`label` unless told). A reader returns what each witness
saw, and decides nothing: the judge (ocr/judge.py) combines candidates to one field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.kinds import Kind
from dossier.model import Box
from dossier.reading import PageReading, Signature
from dossier.text.familiar import misspelt, odd_surname
from ocr.engines.base import Colour

if TYPE_CHECKING:
    from ocr.toolbox import Toolbox


@dataclass(frozen=True)
class PageView:
    """One page of the paper: its reading, its name and number in the file, its upright image on demand.

    image: loads the upright, deskewed RGB page whose pixels the reading's boxes refer to (same width, height).
    """

    file: str
    reading: PageReading
    image: Callable[[], Colour]


@dataclass(frozen=True)
class Candidate:
    """What one witness saw. page: index into View.pages. confidence: the witness's own, 0..1, not calibrated.

    loose: the value may begin or end elsewhere, so that witnesses agree on a part of it.
    by: `tesseract`, `aster`, `tesseract@2x`, `qr`, `mrz`, `mrz@repaired`, `words`, `pen-digits`, `signature`,
    `text-layer`.
    """

    printed: str
    value: str | None
    page: int
    box: Box
    by: str
    confidence: float
    handwritten: bool = False
    loose: bool = False


@dataclass(frozen=True)
class View:
    """One paper, as a reader sees it. signatures: electronic signatures of its file.

    memo: what readers found out once for all fields of the paper (rows, labels), by a name of their own.
    """

    document: DocumentType
    pages: tuple[PageView, ...]
    toolbox: Toolbox
    signatures: tuple[Signature, ...] = ()
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


FieldReader = Callable[[View, str, FieldSpec], list[Candidate]]
_READERS: dict[str, FieldReader] = {}


def reader(name: str) -> Callable[[FieldReader], FieldReader]:
    """Register a field reader under the name that YAML files use."""

    def register(function: FieldReader) -> FieldReader:
        if name in _READERS:
            raise ValueError(f"field reader {name} is registered twice")
        _READERS[name] = function
        return function

    return register


def field_readers() -> dict[str, FieldReader]:
    """All field readers by name."""
    import ocr.readers.book  # noqa: F401  (importing the modules registers them)

    return dict(_READERS)


def odd(wanted: Kind, value: str) -> bool:
    """Spelt as no paper spells it: readers that agree on it probably err alike."""
    if wanted.group == "name":
        return odd_surname(value)
    return wanted.group == "text" and misspelt(value)
