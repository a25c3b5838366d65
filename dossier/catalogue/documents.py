"""Document types: what a paper is called, how it is recognised and which fields it carries, from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

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


class Life(Frozen):
    """How long a paper of the type is good: to the day in the field `until`, or `months` from that in `since`."""

    until: str | None = None
    since: str | None = None
    months: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> Life:
        if (self.until is None) == (self.since is None) or bool(self.since) != bool(self.months):
            raise ValueError("a life has `until`, or `since` and `months`")
        return self


class DocumentType(Frozen):
    """A document type. titles: the printed headings that name it; anchors: label texts that support a guess.

    life: how long a paper of it is good for; None: it has no such end.
    """

    id: str
    title: str
    size: Literal["A4", "A5", "ID-1", "any"] = "A4"
    titles: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    life: Life | None = None
    fields: dict[str, FieldSpec] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _lives_by_its_fields(self) -> DocumentType:
        for name in (self.life.until, self.life.since) if self.life else ():
            if name is not None and (
                name not in self.fields or self.fields[name].kind not in ("date", "expiry-date")
            ):
                raise ValueError(f"life: {name!r} is no date of this type")
        return self


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
