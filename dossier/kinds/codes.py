"""Kinds of number that an office gives: of books, of papers, of notices, of licences."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, register, trimmed
from dossier.kinds.people import digits
from dossier.text.vietnamese import clean


def _packed(printed: str) -> str:
    return re.sub(r"\s+", "", trimmed(printed))


def _civil_number(printed: str) -> str | None:
    """Number in a civil-status book: `119/2026` or `140` (DOMAIN 2.5).

    A year alone is what is printed behind a number that a pen filled in and nobody read: it is no number.
    """
    found = re.fullmatch(r"(\d{1,4})(/(?:19|20)\d\d)?", _packed(printed))
    if not found or re.fullmatch(r"(?:19|20)\d\d", found[0]) or re.match(r"\W*/", printed):
        return None
    return found[0]


def _book_number(printed: str) -> str | None:
    """Book of a register: `01/2013`."""
    found = re.fullmatch(r"\d{1,2}/(?:19|20)\d\d", _packed(printed))
    return found[0] if found else None


def _birth_notice_number(printed: str) -> str | None:
    """`01327.GCS.12096.25` as issued electronically (DOMAIN 2.5); else a plain or slashed number of a hospital."""
    text = _packed(printed).upper()
    if re.fullmatch(r"(?:GCS\.)?\d{5}\.GCS\.\d{5}\.\d{2}", text):
        return text
    found = re.fullmatch(r"\d{1,6}(?:/[0-9A-ZĐ]+(?:-[0-9A-ZĐ]+)*)*", text)
    return found[0] if found else None


def _document_number(printed: str) -> str | None:
    """`12/QĐ-UBND`, `01/2023/TT-VPCP` (Decree 30/2020)."""
    text = re.sub(r"\s+", "", clean(printed)).strip(".,:;…")
    found = re.fullmatch(
        r"\d{1,5}(?:/(?:19|20)\d{2})?/[A-ZĐ][A-ZĐa-zđ0-9&]*(?:-[A-ZĐ][A-ZĐa-zđ0-9&]*)*", text
    )
    return found[0] if found else None


def _register_number(printed: str) -> str | None:
    """On papers of civil status: the number in the book (`119/2026`), or that of the copy (`15/TLKH-BS`)."""
    return _civil_number(printed) or _document_number(printed)


def _business_number(printed: str) -> str | None:
    """Twelve digits, the owner's personal number (Decree 168/2025, art. 91); older: ten, `31A8012345`, `…-002`."""
    text = re.sub(r"\s+", "", trimmed(printed)).upper()
    found = re.fullmatch(r"\d{10}(?:\d\d)?|\d{10,11}-\d{3}|\d{2}[A-Z]\d?\d{6,8}", text.replace(".", ""))
    return found[0] if found else None


def _tax_code(printed: str) -> str | None:
    """Ten digits, thirteen with a dash (`0100233488-001`), or a personal ID (TT 86/2024/TT-BTC)."""
    found = re.fullmatch(r"(\d{10})(\d{3})?|\d{12}", digits(printed))
    return f"{found[1]}-{found[2]}" if found and found[2] else found[0] if found else None


def _licence_number(printed: str) -> str | None:
    """Twelve digits (TT 12/2017/TT-BGTVT); on the paper licences before, one or two letters and six digits."""
    value = digits(printed)
    if re.fullmatch(r"\d{12}", value):
        return value
    old = re.fullmatch(r"[A-ZĐ]{1,2}\d{6}", re.sub(r"\s+", "", trimmed(printed)))
    return old[0] if old else None


_CLASSES = re.compile(r"A[1-4]?|B[12E]?|FB2|[CD]1?E?|D2E?|E|F[CDE]?")
"""Law on Road Traffic Order 2024, art. 57, and the law before it."""


def _licence_class(printed: str) -> str | None:
    """`B2`, or `A1, B2` where a card bears several; the figure one is often read as a letter."""
    one = r"[A-F]{1,2}[12Il|34]?E?(?![^\W_])"
    found = re.match(rf"{one}(?:\s*[,;]\s*{one})*", trimmed(printed))
    if not found:
        return None
    values = [re.sub(r"[Il|]", "1", part) for part in re.split(r"\s*[,;]\s*", found[0])]
    return ", ".join(values) if all(_CLASSES.fullmatch(value) for value in values) else None


_LETTERS = "0123456789/-.&ABCDEGHIKLMNOPQRSTUVXYĐ"

register(Kind("civil-number", "id", _civil_number, equal, alphabet="0123456789/"))
register(Kind("book-number", "id", _book_number, equal, alphabet="0123456789/"))
register(Kind("birth-notice-number", "id", _birth_notice_number, equal, alphabet=_LETTERS))
register(Kind("document-number", "id", _document_number, equal, alphabet=None))
register(Kind("register-number", "id", _register_number, equal))
register(Kind("business-number", "id", _business_number, equal))
register(Kind("tax-code", "id", _tax_code, equal, alphabet="0123456789-", secure=True))
register(Kind("licence-number", "id", _licence_number, equal, secure=True))
register(Kind("licence-class", "closed", _licence_class, equal))
