"""Document types: what a paper is called, how it is recognised and which fields it carries, from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from dossier.errors import ConfigurationError
from dossier.kinds import kinds
from dossier.model import Frozen, places

FOLDER = Path(__file__).parent / "documents"
SHARED = Path(__file__).parent / "labels.yaml"
"""Label texts that many papers share; `@name` in a document type's list stands for the whole list of that name."""


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
        entry = read_document_type(path)
        if entry.id in found or entry.id != path.stem:
            raise ConfigurationError(
                "catalogue-invalid", f"{path.name}: id {entry.id!r} is not the file's name"
            )
        found[entry.id] = entry
    return found


def read_document_type(path: Path) -> DocumentType:
    """One type from its YAML file. Raises ConfigurationError naming file and key."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return DocumentType.model_validate(_with_shared(raw, shared_labels()))
    except ValidationError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {places(error)}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error}") from None
    except OSError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error.strerror}") from None
    except KeyError as error:
        raise ConfigurationError(
            "catalogue-invalid", f"{path.name}: no shared labels are called {error}; see {SHARED.name}"
        ) from None


@cache
def shared_labels() -> Mapping[str, tuple[str, ...]]:
    """The lists of `labels.yaml` by name."""
    return {name: tuple(texts) for name, texts in yaml.safe_load(SHARED.read_text(encoding="utf-8")).items()}


def _with_shared(part: Any, shared: Mapping[str, tuple[str, ...]]) -> Any:
    """The YAML with each `@name` in its lists replaced. Raises KeyError with the name of a list that is not there."""
    if isinstance(part, dict):
        return {key: _with_shared(value, shared) for key, value in part.items()}
    if not isinstance(part, list):
        return part
    whole: list[Any] = []
    for item in part:
        if isinstance(item, str) and item.startswith("@"):
            whole += shared[item[1:]]
        else:
            whole.append(_with_shared(item, shared))
    return whole
