"""Who is who on which paper.

A document type may say it itself (`options: {people: {child: {name: full_name, …}}}`); the types below share their
roles with others, and any further type speaks of one holder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.catalogue.documents import DocumentType
from dossier.record import Component, Field

Roles = Mapping[str, Mapping[str, str]]
"""Role -> attribute -> field name. Attributes: name, id, birth, year, sex, ethnicity, nationality."""

_HOLDER = {
    "name": "full_name",
    "id": "personal_id",
    "birth": "date_of_birth",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "nationality": "nationality",
}


def _parent(who: str) -> dict[str, str]:
    return {
        "name": f"{who}_name",
        "id": f"{who}_personal_id",
        "year": f"{who}_birth_year",
        "ethnicity": f"{who}_ethnicity",
        "nationality": f"{who}_nationality",
    }


def _spouse(who: str) -> dict[str, str]:
    return {"name": f"{who}_name", "id": f"{who}_personal_id", "birth": f"{who}_date_of_birth"}


_FAMILY: Roles = {"child": _HOLDER, "mother": _parent("mother"), "father": _parent("father")}
_ROLES: Mapping[str, Roles] = {
    "birth-registration-form": {
        **_FAMILY,
        "applicant": {"name": "applicant_name", "id": "applicant_personal_id"},
    },
    "birth-notice": _FAMILY,
    "birth-certificate": _FAMILY,
    "marriage-certificate": {"husband": _spouse("husband"), "wife": _spouse("wife")},
    "business-household-certificate": {"holder": {**_HOLDER, "name": "owner_name"}},
    "land-certificate": {"holder": {"name": "holder_name", "id": "holder_personal_id"}},
}
_BESIDE = ("mother", "father", "applicant")


@dataclass(frozen=True)
class Person:
    """One person as one paper shows them. fields: by attribute, only those that the paper carries."""

    component: Component
    role: str
    fields: Mapping[str, Field]

    @property
    def id(self) -> Field | None:
        return self.fields.get("id")

    @property
    def name(self) -> Field | None:
        return self.fields.get("name")


def people(components: Sequence[Component], document_types: Mapping[str, DocumentType]) -> tuple[Person, ...]:
    """Every person on every paper, in the order of the papers."""
    found = []
    for component in components:
        for role, attributes in _roles(component.type, document_types).items():
            fields = {key: field for key, name in attributes.items() if (field := component.field(name))}
            if fields:
                found.append(Person(component, role, fields))
    return tuple(found)


def subject_ids(type: str, document_types: Mapping[str, DocumentType]) -> tuple[str, ...]:
    """The fields with the personal ID of those whom a paper is about: neither a parent nor who handed it in."""
    known = document_types.get(type)
    named = [
        attributes["id"]
        for role, attributes in _roles(type, document_types).items()
        if role not in _BESIDE and "id" in attributes
    ]
    return tuple(name for name in named if known is not None and name in known.fields)


def _roles(type: str, document_types: Mapping[str, DocumentType]) -> Roles:
    known = document_types.get(type)
    own = known.options.get("people") if known else None
    if isinstance(own, dict):
        return own
    return _ROLES.get(type, {"holder": _HOLDER})
