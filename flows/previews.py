"""The previews of a dossier's pages, kept out of memory: a receipt shows a few of them, a long file has thousands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping

PageKey = tuple[str, int]
"""sha256 of the file, page from 1."""


class Previews(Mapping[PageKey, bytes]):
    """JPEGs by page, in a temporary file without a name that goes with this object. For one thread at a time."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as the object)
        self._places: dict[PageKey, tuple[int, int]] = {}
        self._end = 0

    def add(self, key: PageKey, jpeg: bytes) -> None:
        self._file.seek(self._end)
        self._file.write(jpeg)
        self._places[key] = (self._end, len(jpeg))
        self._end += len(jpeg)

    def __getitem__(self, key: PageKey) -> bytes:
        place, length = self._places[key]
        self._file.seek(place)
        return self._file.read(length)

    def __iter__(self) -> Iterator[PageKey]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
