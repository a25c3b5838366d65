"""The metadata of a digitised result (CV 7197/BKHCN-CĐSQG): seven elements, each from what the paper says."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.codes import KINDS, parse_document_number
from dossier.record import Component, Field
from dossier.text.vietnamese import tone_key

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

    printed: is it on papers of this kind at all (certificates of civil status bear no notation and no subject).
    """

    name: str
    value: str | None
    field: Field | None = None
    printed: bool = True


def result_metadata(component: Component, title: str, office: str | None) -> tuple[Element, ...]:
    """The seven elements, in the order of the text. title: of the document type; office: code of the agency.

    DocCode is `<agency>_<kind>_<number, six digits>_V1` (`G06.01_CV_000021_V1`); IssuedDate is ISO 8601.
    """
    number = component.field("number")
    kind, date = component.field("kind"), _first(component, _DATES)
    organ, subject = _first(component, _ISSUERS), component.field("subject")
    decree30 = component.type in ("decision", "official-document")
    figure, notation = _parts(number)
    code = f"{office}_{_short(kind, notation)}_{int(figure):06d}_V1" if office and figure else None
    about = _text(subject) if decree30 else title
    return (
        Element("DocCode", code, number),
        Element("TypeName", _text(kind) or title, kind),
        Element("CodeNumber", figure, number),
        Element("CodeNotation", notation, number, printed=decree30),
        Element("IssuedDate", _text(date), date),
        Element("OrganName", _text(organ), organ),
        Element("Subject", about, subject, printed=decree30),
    )


def _parts(number: Field | None) -> tuple[str | None, str | None]:
    """Number and notation; of a book of civil status (`119/2026`) the number alone."""
    text = _text(number) or ""
    if parts := parse_document_number(text):
        return str(parts.number), parts.notation
    figure = text.split("/")[0]
    return (figure if figure.isdecimal() and len(figure) <= LENGTHS["CodeNumber"] else None), None


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
