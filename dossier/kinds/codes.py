"""Kinds of number that an office gives: of books, of papers, of notices; and measures."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, register, trimmed
from dossier.text.numbers import whole_number
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


def _weight(printed: str) -> str | None:
    """Grams of a newborn: `3.200 gram`, `3200g`, `3,2 kg`. Outside 300 to 9,000 g it is a misreading."""
    found = re.fullmatch(r"([\d., ]*\d)\s*(kg|kilogam|g|gr|gam|gram|grams)?\.?", trimmed(printed).lower())
    if not found:
        return None
    if (found[2] or "").startswith("k"):
        kilograms = re.fullmatch(r"(\d)(?:[.,](\d{1,3}))?", found[1].replace(" ", ""))
        grams = int(kilograms[1]) * 1000 + int((kilograms[2] or "0").ljust(3, "0")) if kilograms else None
    else:
        grams = whole_number(found[1])
    return str(grams) if grams is not None and 300 <= grams <= 9000 else None


_LETTERS = "0123456789/-.&ABCDEGHIKLMNOPQRSTUVXYĐ"

register(Kind("civil-number", "id", _civil_number, equal, alphabet="0123456789/"))
register(Kind("book-number", "id", _book_number, equal, alphabet="0123456789/"))
register(Kind("birth-notice-number", "id", _birth_notice_number, equal, alphabet=_LETTERS))
register(Kind("document-number", "id", _document_number, equal, alphabet=None))
register(Kind("weight-grams", "number", _weight, equal, alphabet="0123456789.,"))
