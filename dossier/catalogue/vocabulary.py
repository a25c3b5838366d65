"""The words that procedures are written in: facts, sources that are looked up, and papers known by name only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import ValidationError

from dossier.catalogue.documents import DocumentType, document_types
from dossier.errors import ConfigurationError
from dossier.model import Frozen, places

FOLDER = Path(__file__).parent
FACTS, PAPERS, SOURCES = "facts.yaml", "papers.yaml", "sources.yaml"


class Clue(Frozen):
    """A field of a paper that tells a fact.

    test: `younger-than` (value: years of age on the reception day), `foreign` (a nationality that is not
    Vietnamese), `only` (every part of the value is one of `values`).
    """

    type: str
    field: str
    test: Literal["younger-than", "foreign", "only"]
    value: int | None = None
    values: tuple[str, ...] = ()


class Fact(Frozen):
    """A condition (WHEN) of procedures. title: ends the sentence “hồ sơ thuộc trường hợp …”.

    told_by: the manifest's `facts`, or papers by their fields (`clues`); what a manifest says of a fact of the
    second sort counts too, unless a paper says otherwise. group: at most one fact of a group is true of a dossier.
    """

    title: str
    told_by: Literal["manifest", "paper"] = "manifest"
    clues: tuple[Clue, ...] = ()
    group: str | None = None


class NamedPaper(Frozen):
    """A paper that procedures ask for and no template reads yet: it arrives as `unknown`, a person names it."""

    title: str
    read: Literal[False] = False


class LookupSource(Frozen):
    """A database whose answer may take a paper's place (NQ 66.7/2025/NQ-CP)."""

    title: str


@dataclass(frozen=True)
class Vocabulary:
    """facts, papers, sources: by id. types: the document types that are read."""

    facts: Mapping[str, Fact]
    papers: Mapping[str, NamedPaper]
    sources: Mapping[str, LookupSource]
    types: Mapping[str, DocumentType]

    def paper_title(self, type: str) -> str:
        """What people call a paper of this type; the id if nobody knows it."""
        known = self.types.get(type) or self.papers.get(type)
        return known.title if known else type

    def knows(self, type: str) -> bool:
        return type in self.types or type in self.papers


M = TypeVar("M", bound=Frozen)


@cache
def vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """The words of the shipped catalogue, or of another folder. Raises ConfigurationError naming file and key."""
    return Vocabulary(
        facts=_entries(folder / FACTS, Fact),
        papers=_entries(folder / PAPERS, NamedPaper),
        sources=_entries(folder / SOURCES, LookupSource),
        types=document_types(),
    )


def _entries(path: Path, model: type[M]) -> dict[str, M]:
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {str(id): model.model_validate(entry) for id, entry in raw.items()}
    except ValidationError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {places(error)}") from None
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, RecursionError) as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error}") from None
    except OSError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error.strerror}") from None
