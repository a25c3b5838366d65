"""What `sohoa look` tells of a file: everything that was seen, and why each value was read. Printed by `--json`."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field as Option

from dossier.model import Box, Confidence, Frozen
from dossier.reading import FileInfo, PageReading
from dossier.record import Field, Refused
from ocr.classify import Reasons

LOOK_SCHEMA: Final = "sohoa/look/1"


class Measure(Frozen):
    """One number of a page. limit: in words, empty if no rule has one. ok: within it; None without a limit."""

    name: str
    title: str
    value: str
    limit: str = ""
    ok: bool | None = None


class Sheet(Frozen):
    """One page of a paper. reasons: what spoke for each document type here, none for a blank page."""

    file: str
    reading: PageReading
    measures: tuple[Measure, ...]
    reasons: tuple[Reasons, ...]


class Seen(Frozen):
    """What one witness saw. confidence: its own. sheet: index into the paper's sheets. agrees: with the value."""

    by: str
    value: str | None
    printed: str
    confidence: Confidence
    sheet: int
    box: Box
    handwritten: bool
    agrees: bool


class ReadField(Frozen):
    """A field with its proof. evidence: ocr.judge.evidence. passes: may be handed on as checked; why: if not.

    seconds: wall time of its reader and the judge.
    """

    name: str
    title: str
    kind: str
    reader: str
    identifier: bool
    field: Field
    sheet: int
    evidence: str
    passes: bool
    why: str
    seen: tuple[Seen, ...]
    seconds: float


class Nearest(Frozen):
    """The line of the paper that is most like one of the labels. score: 0..100."""

    label: str
    line: str
    sheet: int
    box: Box
    score: float


class MissingField(Frozen):
    name: str
    title: str
    reader: str
    mandatory: bool
    labels: tuple[str, ...]
    nearest: Nearest | None


LabelRole = Literal["field", "words", "section", "stop", "title", "unclear"]


class SeenLabel(Frozen):
    """A label on the page. role: whose it is, or what else it does; `unclear`: of several parts, unknown which.

    score: its weight, longer and surer labels more. section: the part of the form that it stands in.
    """

    sheet: int
    text: str
    box: Box
    role: LabelRole
    fields: tuple[str, ...]
    section: str
    score: float


class Rest(Frozen):
    """A run of words on one line that no label and no field took."""

    sheet: int
    text: str
    box: Box


class Paper(Frozen):
    """One paper. forced: the type was said, not found. seconds: wall time of labels and of each field.

    skeleton: a first draft of a document type as YAML, for a paper of unknown type that has labels.
    """

    id: str
    type: str
    title: str
    type_confidence: Confidence
    forced: bool
    sheets: tuple[Sheet, ...]
    fields: tuple[ReadField, ...] = ()
    missing: tuple[MissingField, ...] = ()
    labels: tuple[SeenLabel, ...] = ()
    rest: tuple[Rest, ...] = ()
    seconds: dict[str, float] = Option(default_factory=dict)
    skeleton: str = ""


class ReadFile(Frozen):
    name: str
    info: FileInfo


class Look(Frozen):
    """Everything of one call. seconds: wall time outside of pages and papers. gate: confidence asked of a value."""

    schema_: str = Option(default=LOOK_SCHEMA, alias="schema")
    files: tuple[ReadFile, ...]
    refused: tuple[Refused, ...]
    papers: tuple[Paper, ...]
    made_by: dict[str, Any]
    seconds: dict[str, float]
    gate: float

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1) + "\n"
