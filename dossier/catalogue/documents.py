"""Document types: what a paper is called, how it is recognised and which fields it carries, from YAML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from dossier.errors import ConfigurationError
from dossier.kinds import kinds
from dossier.model import Frozen, places

FOLDER = Path(__file__).parent / "documents"


class FieldSpec(Frozen):
    """One field of a document type.

    kind: how its value is parsed, compared and judged (see dossier.kinds). labels: as printed, best first; a
    reader matches them with tolerance. reader: the registered way of finding it (`label` by default).
    options: of that reader. identifier: gates *checked* (two agreeing witnesses or a check digit).
    mandatory: rule U07 asks for it. title: Vietnamese name for people.
    """

    title: str
    kind: str
    labels: tuple[str, ...] = ()
    reader: str = "label"
    options: dict[str, Any] = Field(default_factory=dict)
    identifier: bool = False
    mandatory: bool = False

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in kinds():
            raise ValueError(f"no kind of value is called {kind!r}; there are {', '.join(sorted(kinds()))}")
        return kind


class DocumentType(Frozen):
    """A document type. titles: the printed headings that name it; anchors: label texts that support a guess."""

    id: str
    title: str
    size: Literal["A4", "A5", "ID-1", "any"] = "A4"
    titles: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    fields: dict[str, FieldSpec] = Field(default_factory=dict)


@cache
def document_types(folder: Path = FOLDER) -> dict[str, DocumentType]:
    """All document types by id. Raises ConfigurationError naming file and key, for a kind that does not exist too."""
    found: dict[str, DocumentType] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            entry = DocumentType.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except ValidationError as error:
            raise ConfigurationError("catalogue-invalid", f"{path.name}: {places(error)}") from None
        except yaml.YAMLError as error:
            raise ConfigurationError("catalogue-invalid", f"{path.name}: {error}") from None
        if entry.id in found or entry.id != path.stem:
            raise ConfigurationError(
                "catalogue-invalid", f"{path.name}: id {entry.id!r} is not the file's name"
            )
        found[entry.id] = entry
    return found
