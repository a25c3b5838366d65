"""What the rules look at and a record does not hold: kept beside it, so that they can look again without reading."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import Field as Option

from dossier.model import Frozen
from dossier.record import Component

EVIDENCE_SCHEMA: Final = "sohoa/evidence/1"
PageKey = tuple[str, int]
"""File name as dropped, page from 1."""


class Evidence(Frozen):
    """texts: what is printed on each component, by its id. duplicates: pairs of pages that show the same.

    pdf_versions: of each PDF that could be opened, by sha256.
    """

    schema_: str = Option(default=EVIDENCE_SCHEMA, alias="schema")
    texts: dict[str, str] = Option(default_factory=dict)
    duplicates: tuple[tuple[PageKey, PageKey], ...] = ()
    pdf_versions: dict[str, str] = Option(default_factory=dict)

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1) + "\n"

    def sha256(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def evidence_of(
    components: Sequence[Component],
    duplicates: Sequence[tuple[PageKey, PageKey]],
    pdf_versions: Mapping[str, str],
) -> Evidence:
    return Evidence(
        schema=EVIDENCE_SCHEMA,
        texts={component.id: component.text for component in components},
        duplicates=tuple(duplicates),
        pdf_versions=dict(sorted(pdf_versions.items())),
    )


def with_texts(components: Sequence[Component], evidence: Evidence) -> tuple[Component, ...]:
    """The components of a record as the rules saw them."""
    return tuple(
        component.model_copy(update={"text": evidence.texts.get(component.id, "")})
        for component in components
    )
