"""The reader `land-serial`: the number of a land certificate's blank, which stands alone at the page's foot or head."""

from __future__ import annotations

import re

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.reading import Word
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label, witnesses
from ocr.regions import Region, layouts
from ocr.rows import union

_SERIAL = re.compile(r"[A-ZĐ]{2}\s?(?:\d{8}|\d{6}|\d{2}\s\d{6})")


@reader("land-serial")
def read_serial(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """`BA 123456` or `AA 01234567` in a cell of its own, if the paper has one only. A label comes first."""
    if found := [one for one in read_label(view, name, spec) if one.value]:
        return found
    wanted = kind(spec.kind)
    places = [
        (layout.page, cell.words)
        for layout in layouts(view)
        for row in layout.rows
        for cell in row.cells(1.5)
        if _SERIAL.fullmatch(_text(cell.words))
    ]
    if len({wanted.parse(_text(words)) for _, words in places}) != 1:
        return []
    page, words = places[0]
    region = Region(page, (words,), union(word.box for word in words))
    return witnesses(view, region, wanted, spec)


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words).strip(" .,:;_-|")
