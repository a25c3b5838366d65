"""Holding what was read against the truth of a sample paper, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from rapidfuzz.fuzz import partial_ratio

from bench.running import Errors, has_running_text, text_errors
from dossier.catalogue.documents import document_types
from dossier.kinds import kind
from dossier.record import Component, Record
from dossier.text.vietnamese import fold, same_text, tone_key

SURE = 0.95
OURS = "sohoa"
STRAY = "other"
"""What the generator calls a paper of no type that the catalogue knows."""


@dataclass(frozen=True)
class FieldScore:
    """One true field against what was read. kind: of the catalogue, group: that kind's, by which confidence is
    fitted. found_by: the peers in whose text the value stands. cer: of the value within our text, 0..1 (1 - best
    partial ratio).
    """

    type: str
    grade: str
    name: str
    kind: str
    group: str
    exact: bool
    read: bool
    confidence: float
    cer: float
    found_by: frozenset[str] = frozenset()

    @property
    def wrong(self) -> bool:
        return self.read and not self.exact

    @property
    def sure(self) -> bool:
        return self.read and self.confidence >= SURE


@dataclass(frozen=True)
class PaperScore:
    """running: errors of running text by reader, our own as OURS; empty for types that are not judged by it."""

    type: str
    grade: str
    typed: bool
    fields: tuple[FieldScore, ...]
    running: Mapping[str, Errors] = field(default_factory=dict)


def truths(folder: Path) -> list[dict[str, Any]]:
    """The truth files of a folder of single papers."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def score(truth: dict[str, Any], record: Record | None, texts: Mapping[str, str] | None = None) -> PaperScore:
    """One paper. texts: what each peer read of it."""
    return score_components(truth, record.components if record else (), texts)


def score_components(
    truth: dict[str, Any], components: Sequence[Component], texts: Mapping[str, str] | None = None
) -> PaperScore:
    """One paper, by the components that were found in its file. texts: what each peer read of it."""
    texts = texts or {}
    component = component_for(truth, components)
    # A paper taken for something else has lost its fields; its words were read none the less.
    text = "\n".join(one.text for one in components)
    fields = []
    for name, value in truth["fields"].items():
        if not value:
            continue
        read = component.field(name) if component else None
        expected = normalize("NFC", str(value))
        spec = document_types()[truth["type"]].fields.get(name) if truth["type"] != STRAY else None
        of_kind = kind(spec.kind) if spec else None
        fields.append(
            FieldScore(
                type=truth["type"],
                grade=truth["grade"],
                name=name,
                kind=of_kind.name if of_kind else "",
                group=of_kind.group if of_kind else "",
                exact=read is not None and is_right(truth["type"], name, expected, read.value),
                read=read is not None and read.value is not None,
                confidence=read.confidence if read else 0.0,
                cer=value_cer(expected, text),
                found_by=frozenset(peer for peer, seen in texts.items() if found_in(expected, seen)),
            )
        )
    running = {}
    if has_running_text(truth["type"]):
        running = {by: text_errors(truth["lines"], seen) for by, seen in {OURS: text, **texts}.items()}
    return PaperScore(truth["type"], truth["grade"], component is not None, tuple(fields), running)


def is_right(type: str, name: str, expected: str, value: str | None) -> bool:
    """Equal letter for letter. Bodies alone are equal without regard to case: letterheads print them in capitals."""
    if value is None:
        return False
    spec = document_types()[type].fields[name]
    return value == expected or (spec.kind == "office" and same_text(value, expected))


def component_for(truth: dict[str, Any], components: Sequence[Component]) -> Component | None:
    """The component of the paper's own type, None if it was taken for something else."""
    wanted = "unknown" if truth["type"] == STRAY else truth["type"]
    return next((c for c in components if c.type == wanted), None)


def found_in(value: str, text: str) -> bool:
    """Whether a text holds the value in any printed form: generous, since a text names no fields."""
    return any(f" {tone_key(form)} " in f" {tone_key(text)} " for form in printed_forms(value))


def printed_forms(value: str) -> list[str]:
    """How a normalised value may stand on paper."""
    parts = value.split("-")
    if len(value) == 10 and len(parts) == 3 and value.replace("-", "").isdigit():
        year, month, day = parts
        words = f"ngày {day} tháng {month} năm {year}"
        return [f"{day}/{month}/{year}", f"{day}-{month}-{year}", f"{day}.{month}.{year}", words]
    return [value]


def value_cer(value: str, text: str) -> float:
    """Error of the value's characters against the most similar stretch of the text."""
    best = max((partial_ratio(fold(form), fold(text)) for form in printed_forms(value)), default=0.0)
    return 1.0 - best / 100.0


def share(flags: Iterable[bool]) -> float:
    """Per cent of true flags; NaN of none."""
    found: Sequence[bool] = list(flags)
    return 100.0 * sum(found) / len(found) if found else float("nan")
