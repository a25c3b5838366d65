"""Holding what was read against the truth of a sample paper, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from rapidfuzz.fuzz import partial_ratio

from dossier.catalogue.documents import document_types
from dossier.record import Component, Record
from dossier.text.vietnamese import fold, same_text, tone_key

SURE = 0.95
STRAY = "other"
"""What the generator calls a paper of no type that the catalogue knows."""


@dataclass(frozen=True)
class FieldScore:
    """One true field against what was read. cer: of the value within the text, 0..1 (1 - best partial ratio)."""

    type: str
    grade: str
    name: str
    exact: bool
    read: bool
    confidence: float
    baseline: bool
    cer: float
    baseline_cer: float

    @property
    def wrong(self) -> bool:
        return self.read and not self.exact


@dataclass(frozen=True)
class PaperScore:
    type: str
    grade: str
    typed: bool
    fields: tuple[FieldScore, ...]


def truths(folder: Path) -> list[dict[str, Any]]:
    """The truth files of a folder of single papers."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def score(truth: dict[str, Any], record: Record | None, raw_text: str) -> PaperScore:
    """One paper. raw_text: what the baseline read of it."""
    component = component_for(truth, record)
    text = component.text if component else ""
    fields = []
    for name, value in truth["fields"].items():
        if not value:
            continue
        read = component.field(name) if component else None
        expected = normalize("NFC", str(value))
        fields.append(
            FieldScore(
                type=truth["type"],
                grade=truth["grade"],
                name=name,
                exact=read is not None and is_right(truth["type"], name, expected, read.value),
                read=read is not None and read.value is not None,
                confidence=read.confidence if read else 0.0,
                baseline=found_in(expected, raw_text),
                cer=value_cer(expected, text),
                baseline_cer=value_cer(expected, raw_text),
            )
        )
    return PaperScore(truth["type"], truth["grade"], component is not None, tuple(fields))


def is_right(type: str, name: str, expected: str, value: str | None) -> bool:
    """Equal letter for letter. Bodies alone are equal without regard to case: letterheads print them in capitals."""
    if value is None:
        return False
    spec = document_types()[type].fields[name]
    return value == expected or (spec.kind == "office" and same_text(value, expected))


def component_for(truth: dict[str, Any], record: Record | None) -> Component | None:
    """The component of the paper's own type, None if it was taken for something else."""
    components = record.components if record else ()
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
