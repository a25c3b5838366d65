"""The kinds of marks on paper beside print: the one list of them, for readers, rules and docs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MARK_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "seal": "a round seal, red, or grey in a grey scan; whole or cut by the paper's edge",
        "signature": "a hand's scrawl, taller than a line of print, in blue or black ink",
        "handwriting": "pen strokes of a line's height: filled-in words and digits",
        "stamp": "a rubber stamp in straight lines: the mail desk's box, a signer's name or title; no proof of a seal",
        "box-ticked": "a printed square of 2.5 to 6 mm with ink in it",
        "box-empty": "a printed square of 2.5 to 6 mm with nothing in it: not declared, which is not “no”",
        "photograph": "a portrait on a card or a form",
        "strike": "a nearly straight stroke through a line of words",
        "note": "a slip of coloured paper of 30 to 80 mm that hides what is under it",
    }
)
"""Kind as in dossier.reading.Mark, and what it means. Each has its module in ocr/marks."""
