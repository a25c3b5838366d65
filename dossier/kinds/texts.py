"""Kinds of free text: addresses, offices, and anything that is kept as printed."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, plain_text, register, same_words


def _words(printed: str) -> str | None:
    """Text with at least one whole word: a lone sign or letter is a misreading of an empty place."""
    text = plain_text(printed)
    return text if text and re.search(r"[^\W\d_]{2}", text) else None


def _address(printed: str) -> str | None:
    """As printed, wrapped lines joined. It is never rewritten to today's units here."""
    text = _words(printed)
    return re.sub(r"\s+([,;])", r"\1", text) if text else None


register(Kind("address", "text", _address, same_words, wraps=True))
register(Kind("office", "text", _words, same_words, wraps=True))
register(Kind("position", "text", _words, same_words, wraps=True))
register(Kind("relationship", "text", _words, same_words))
register(Kind("text", "text", plain_text, same_words, wraps=True))
