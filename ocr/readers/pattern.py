"""The reader `pattern`: a number that is known by its form alone, wherever it stands on the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.reading import Word
from ocr.layout import Region, layouts
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label, witnesses
from ocr.rows import Row, union

_MOST_WORDS = 3


@reader("pattern")
def read_pattern(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """Option `pattern`: what the words have to be. Several different ones on a paper are none. A label comes first."""
    if found := [one for one in read_label(view, name, spec) if one.value]:
        return found
    wanted = kind(spec.kind)
    form = re.compile(spec.options["pattern"])
    places = [
        (layout.page, words)
        for layout in layouts(view)
        for row in layout.rows
        for words in _runs(row)
        if form.fullmatch(_text(words)) and wanted.parse(_text(words)) is not None
    ]
    if len({wanted.parse(_text(words)) for _, words in places}) != 1:
        return []
    page, words = max(places, key=lambda place: len(place[1]))
    return witnesses(view, Region(page, (words,), union(word.box for word in words)), wanted, spec)


def _runs(row: Row) -> Iterator[tuple[Word, ...]]:
    for start in range(len(row.words)):
        for length in range(1, _MOST_WORDS + 1):
            if start + length <= len(row.words):
                yield row.words[start : start + length]


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words).strip(" .,:;_-|")
