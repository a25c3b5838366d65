"""What a sealed copy says of itself, from the record: the metadata of CV 7197/BKHCN-CĐSQG and Decree 30/2020, Annex VI.

Of people it says nothing but what the paper bears as its own subject. A number that is a person's (of an identity
card, of a household since Decree 168/2025) is left out, and the document code with it.
"""

from __future__ import annotations

from datetime import datetime

from dossier.calendar import VIETNAM
from dossier.catalogue.documents import DocumentType, document_types
from dossier.metadata import LENGTHS, result_metadata
from dossier.record import Component, Field
from flows.provenance import made_by
from storage.pdfa.model import Facts

_OF_PEOPLE = frozenset({"identity-number", "personal-id", "old-id", "licence-number", "business-number"})
"""Kinds of values that are, or may be, the number of a person (Luật Căn cước 2023, art. 12)."""
_NUMBERS = ("DocCode", "CodeNumber", "CodeNotation")
UNNAMED = "Giấy tờ"
LANGUAGE = "Tiếng Việt"


def facts_of(
    component: Component, *, dossier: str, office: str | None, received: datetime, dpi: int
) -> Facts:
    """The facts of one paper. received: the time of reception, the one time that stands in the file.

    dpi: of the pages, the lowest.
    """
    kind = document_types().get(component.type)
    title = kind.title if kind else UNNAMED
    elements = {
        element.name: element.value[: LENGTHS[element.name]]
        for element in result_metadata(component, title, office)
        if element.value and not (element.name in _NUMBERS and _is_a_persons(element.field, kind))
    }
    return Facts(
        title=title,
        made=received.astimezone(VIETNAM),
        program=made_by({})["program"],
        dossier=dossier,
        component=component.id,
        originals=tuple(dict.fromkeys(source.sha256 for source in component.sources)),
        pages=sum(len(source.pages) for source in component.sources),
        dpi=dpi,
        elements={**elements, "Language": LANGUAGE},
    )


def _is_a_persons(field: Field | None, kind: DocumentType | None) -> bool:
    spec = kind.fields.get(field.name) if kind and field else None
    return spec is not None and spec.kind in _OF_PEOPLE
