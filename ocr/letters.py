"""Texts as labels are compared by: letters alone, and how they are capitalised."""

from __future__ import annotations

import re

from dossier.text.vietnamese import fold


def letters(text: str) -> str:
    """Folded letters and digits only: what labels are compared by."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def mixed_capitals(texts: list[str]) -> bool:
    """Small words followed by words all in capitals: a label with the beginning of its value."""
    shouted = [len(letters(text)) > 1 and text == text.upper() and not text.isdigit() for text in texts]
    return any(shouted) and not all(shouted)
