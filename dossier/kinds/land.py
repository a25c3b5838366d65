"""Kinds that stand on certificates of land: serials, parcels, holders."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, plain_text, register, same_words, trimmed
from dossier.kinds.people import person_name
from dossier.text.vietnamese import clean


def _serial(printed: str) -> str | None:
    """Two letters and six digits (TT 23/2014), or eight (TT 10/2024): `AA 01234567` -> `AA01234567`."""
    found = re.fullmatch(r"([A-ZĐ]{2})(\d{6}|\d{8})", re.sub(r"[\s.]+", "", trimmed(printed)))
    return found[0] if found else None


def _register_number(printed: str) -> str | None:
    """`CS 01234`, `CH00567`, `01234/QSDĐ`: letters of the issuer and the number in its book."""
    text = re.sub(r"\s+", "", trimmed(printed)).upper()
    found = re.fullmatch(r"[A-ZĐ]{0,4}[-.]?\d{2,6}(?:[/-][0-9A-ZĐ]+)*", text)
    return found[0] if found else None


def _parcel_number(printed: str) -> str | None:
    """Of a parcel or of a map sheet: up to five digits, at times with a letter or parts (`12-3`, `DC5`)."""
    text = re.sub(r"\s+", "", trimmed(printed))
    found = re.fullmatch(r"(?:[A-Z]{1,2})?\d{1,5}(?:[-/]\d{1,4})?[a-zA-Z]?", text)
    return found[0] if found else None


def _holder(printed: str) -> str | None:
    """The first person named: `Ông Nguyễn Văn A, sinh năm 1970 …` -> `Nguyễn Văn A`."""
    text = re.sub(r"^(?:(?:hộ|ông|bà|và|là)\b\W*)+", "", clean(printed).strip(" .:;-"), flags=re.IGNORECASE)
    text = re.split(r"[,;(:]|\b(?:sinh năm|năm sinh|và|CMND|CCCD|số)\b", text, maxsplit=1)[0]
    return person_name(text)


def _land_use(printed: str) -> str | None:
    """`Đất ở tại đô thị 80 m2; …`: as printed, `m2` of readers that know no raised figure as `m²`."""
    text = plain_text(printed)
    return (
        re.sub(r"(?<=\d)(\s?)m[2?](?!\w)", r"\1m²", text)
        if text and re.search(r"[^\W\d_]{2}", text)
        else None
    )


register(Kind("land-use", "text", _land_use, same_words, wraps=True, free=True))
register(Kind("land-serial", "id", _serial, equal))
register(Kind("land-register-number", "id", _register_number, equal))
register(Kind("parcel-number", "number", _parcel_number, equal))
register(Kind("holder-name", "name", _holder, same_words))
