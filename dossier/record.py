"""The record: what Sohoa knows of one version of one dossier. Its JSON form is a published contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field as Option

from dossier.decisions import Decision, ReusedFrom
from dossier.model import Band, Box, Confidence, Frozen, Severity, Sha256, State, Verdict, Word4
from dossier.reading import Mark, Quality, Signature

RECORD_SCHEMA = "sohoa/record/1"


class Witness(Frozen):
    """Who saw which value. by: `tesseract`, `aster`, `qr`, `mrz`, `words` (the value in words), `person:<name>`, ...

    A witness is independent if it could have seen another value: the same engine on the same pixels is not.
    file, page, box: where it saw it, if that is not the field's own place (a code on the card's other face).
    """

    by: str
    value: str
    file: str | None = Option(default=None, exclude_if=lambda file: file is None)
    page: int | None = Option(default=None, exclude_if=lambda page: page is None)
    box: Box | None = Option(default=None, exclude_if=lambda box: box is None)


class AsRead(Frozen):
    """What the readers made of a field, where a person has decided since."""

    value: str | None
    confidence: Confidence


class Field(Frozen):
    """One value of a paper.

    value: normalised (dates ISO 8601, numbers without separators, NFC), None if nothing could be read.
    printed: as it stands on the paper. confidence: calibrated. page: 1-based page of `file`.
    handwritten: the value, or its digits, are written with a pen. read: None as long as no person has decided.
    """

    name: str
    value: str | None
    printed: str = ""
    confidence: Confidence
    file: str
    page: int
    box: Box
    dpi: float
    witnesses: tuple[Witness, ...] = ()
    handwritten: bool = False
    read: AsRead | None = Option(default=None, exclude_if=lambda read: read is None)


class Source(Frozen):
    file: str
    sha256: Sha256
    pages: tuple[int, ...]


class Sealed(Frozen):
    """The sealed copy of a paper: a searchable PDF/A-2b in the bucket `sealed`. bytes: its size."""

    key: str
    sha256: Sha256
    bytes: int = Option(ge=1)
    pages: int = Option(ge=1)


class Unsealed(Frozen):
    """Why a paper has no sealed copy. The originals are kept whatever became of it. reason in Vietnamese."""

    code: str
    reason: str


class Component(Frozen):
    """One paper of the dossier. role: the requirement of the procedure it meets, `result`, or `extra`.

    reused_from: the paper is a copy of one in another dossier of the office; None: it was handed in here. The files of
    a copy are named `<that dossier>/<file>`, and are not among those dropped here.
    sealed: its sealed copy, for a copy from another dossier that one's. unsealed: why it has none; both None: none was
    made, as in records made offline or before there were any.
    """

    id: str
    type: str
    type_confidence: Confidence
    role: str = "extra"
    sources: tuple[Source, ...]
    fields: tuple[Field, ...] = ()
    marks: tuple[Mark, ...] = ()
    quality: tuple[Quality, ...] = ()
    signatures: tuple[Signature, ...] = ()
    reused_from: ReusedFrom | None = Option(default=None, exclude_if=lambda origin: origin is None)
    sealed: Sealed | None = Option(default=None, exclude_if=lambda sealed: sealed is None)
    unsealed: Unsealed | None = Option(default=None, exclude_if=lambda unsealed: unsealed is None)
    text: str = Option(default="", exclude=True)  # for the rules; kept in the work bucket, not in the record

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def value(self, name: str) -> str | None:
        found = self.field(name)
        return found.value if found else None


class Refused(Frozen):
    """A file that could not be taken. reason in Vietnamese; code as in dossier.errors."""

    file: str
    sha256: Sha256
    reason: str
    code: str


class Place(Frozen):
    """Where something stands that a rule speaks of. by: the witness there (`qr`, `words`, ...); None: the paper.

    An earlier record is a witness without a place in this dossier: `record:<dossier code>`.
    """

    component: str | None = None
    file: str | None = None
    page: int | None = None
    box: Box | None = None
    by: str | None = None


class Finding(Frozen):
    """What one rule says of one object. reason: Vietnamese, what is wrong, where, what to do.

    against: where the other values stand that contradict the one at `box`; empty where nothing is held against it.
    """

    rule: str
    word: Word4
    verdict: Verdict
    severity: Severity
    component: str | None = None
    file: str | None = None
    page: int | None = None
    box: Box | None = None
    reason: str
    source: str
    against: tuple[Place, ...] = Option(default=(), exclude_if=lambda places: not places)


class Grade(Frozen):
    """How good a paper or a dossier is as data. score: 0..1, of all four words; None: nothing was judged.

    The band is red whatever the score where an identifier failed. It is no state: what keeps a dossier from being
    checked is for `state` to say.
    """

    score: float | None
    band: Band


class Change(Frozen):
    """What the recheck found otherwise than the version before. None: the rule said nothing of it."""

    rule: str
    component: str | None = None
    before: Verdict | None
    now: Verdict | None
    reason: str = ""


class ProcedureRef(Frozen):
    id: str
    version: str | None


class DroppedFile(Frozen):
    name: str
    sha256: Sha256


class Record(Frozen):
    """One dossier version, immutable. times: UTC. drop: all files of this version and the manifest's facts.

    decisions: what people decided, in the order of time, as far as it speaks of what is in this version.
    evidence: the hash of what the rules looked at beside the record (storage.evidence); None: not kept.
    changes: if this version was made by the recheck, what it found otherwise; all else is as in the version before.
    grade: of the dossier; paper_grades: by component. Records made before there were grades have none.
    """

    schema_: str = Option(default=RECORD_SCHEMA, alias="schema")
    dossier: str
    version: int = Option(ge=1)
    procedure: ProcedureRef | None
    office: str | None
    state: State
    components: tuple[Component, ...]
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]
    verdicts: dict[Word4, Verdict]
    scores: dict[str, float | None]
    made_by: dict[str, Any]
    times: dict[str, datetime]
    drop: tuple[DroppedFile, ...]
    manifest: dict[str, Any] = Option(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    evidence: Sha256 | None = None
    changes: tuple[Change, ...] = ()
    grade: Grade | None = Option(default=None, exclude_if=lambda grade: grade is None)
    paper_grades: dict[str, Grade] = Option(default_factory=dict, exclude_if=lambda grades: not grades)

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1) + "\n"
