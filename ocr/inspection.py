"""What a dropped file says of itself, found without decoding any page."""

from __future__ import annotations

from pathlib import Path

from dossier.reading import FileInfo
from dossier.settings import ReadingSettings


def inspect_file(path: Path, name: str, limits: ReadingSettings) -> FileInfo:
    """Type by content, page sizes, signatures. Raises FileRefused (code, Vietnamese advice)."""
    raise NotImplementedError
