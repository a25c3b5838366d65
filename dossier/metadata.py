"""The metadata of a digitised result (CV 7197/BKHCN-CĐSQG): seven elements, each from what the paper says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.codes import KINDS, parse_document_number
from dossier.record import Component, Field
from dossier.text.vietnamese import fold, tone_key

LENGTHS = {
    "DocCode": 30,
    "TypeName": 100,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "IssuedDate": 10,
    "OrganName": 200,
    "Subject": 500,
}
"""The mandatory elements and the longest value of each, in characters."""
_DATES, _ISSUERS = ("issue_date", "registration_date"), ("issuer", "registration_office")
_SHORT = {tone_key(kind): short for kind, short in KINDS.items()}
_LETTER = "CV"  # an official letter (công văn) has no abbreviation of its own in Decree 30/2020, Annex III


@dataclass(frozen=True)
class Element:
    """One element. value: None if it cannot be told. field: of the paper, from which it comes, if there is one.

    printed: does a paper of this kind have it at all.
    """

    name: str
    value: str | None
    field: Field | None = None
    printed: bool = True


def result_metadata(component: Component, title: str, office: str | None) -> tuple[Element, ...]:
    """The seven elements, in the order of the text. title: of the document type; office: code of the agency.

    DocCode is `<agency>_<kind>_<number>_V1` (`G06.01_CV_000021_V1`); IssuedDate is ISO 8601. Certificates have no
    notation and no subject of their own: their title stands for the subject, and a number that is longer than
    CodeNumber allows (a household's, a licence's) stands in DocCode alone.
    """
    if component.type in ("decision", "official-document"):
        return _of_decree_30(component, title, office)
    number = _first(component, ("number", "serial"))
    text = _text(number)
    figure = text.split("/")[0] if text else None
    fits = figure if figure and len(figure) <= LENGTHS["CodeNumber"] else None
    return (
        Element("DocCode", _code(office, _initials(title), figure), number),
        Element("TypeName", title),
        Element("CodeNumber", fits, number, printed=figure is None or fits is not None),
        Element("CodeNotation", None, printed=False),
        *_issued(component),
        Element("Subject", title),
    )


def _of_decree_30(component: Component, title: str, office: str | None) -> tuple[Element, ...]:
    number, kind, subject = (component.field(name) for name in ("number", "kind", "subject"))
    parts = parse_document_number(_text(number) or "")
    figure, notation = (str(parts.number), parts.notation) if parts else (None, None)
    return (
        Element("DocCode", _code(office, _short(kind, notation), figure), number),
        Element("TypeName", _text(kind) or title, kind),
        Element("CodeNumber", figure, number),
        Element("CodeNotation", notation, number),
        *_issued(component),
        Element("Subject", _text(subject), subject),
    )


def _issued(component: Component) -> tuple[Element, Element]:
    date, organ = _first(component, _DATES), _first(component, _ISSUERS)
    return Element("IssuedDate", _text(date), date), Element("OrganName", _text(organ), organ)


def _code(office: str | None, kind: str, number: str | None) -> str | None:
    if not office or not number:
        return None
    return f"{office}_{kind}_{number.zfill(6) if number.isdecimal() else number}_V1"


def _initials(title: str) -> str:
    """`Trích lục khai tử` -> `TLKT`, as offices write it on copies."""
    return "".join(word[0] for word in re.findall(r"[a-z0-9]+", fold(title.split("(")[0]))).upper()[:5]


def _short(kind: Field | None, notation: str | None) -> str:
    """The kind's abbreviation: by its name, else by the notation's first part if that is one."""
    if short := _SHORT.get(tone_key(_text(kind) or "")):
        return short
    first = (notation or "").split("-")[0]
    return first if first in KINDS.values() else _LETTER


def _first(component: Component, names: tuple[str, ...]) -> Field | None:
    return next((field for name in names if (field := component.field(name))), None)


def _text(field: Field | None) -> str | None:
    return field.value or None if field else None
