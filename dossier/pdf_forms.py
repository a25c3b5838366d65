"""The form of a PDF, in whose fields its signatures hang, held to be finite before a library walks it."""

from __future__ import annotations

from typing import Any

MOST_FIELDS = 20_000
"""Ways through the tree of form fields; a crooked tree has more of them than can be gone."""


def walkable(root: Any) -> bool:
    """Whether the form below a catalogue can be walked through: pyHanko goes every way, however many there are.

    May raise what parsers raise on hostile bytes.
    """
    if "/AcroForm" not in root or "/Fields" not in root["/AcroForm"]:
        return True
    waiting, walked = [root["/AcroForm"]["/Fields"]], 0
    while waiting:
        for field in waiting.pop():
            walked += 1
            if walked > MOST_FIELDS:
                return False
            found = field.get_object()
            kids = found["/Kids"] if isinstance(found, dict) and "/Kids" in found else ()
            if isinstance(kids, list):
                waiting.append(kids)
    return True
