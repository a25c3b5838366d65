"""What was found in a dossier, held against what was planted in it: by rule, and by the value that a rule spoke of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal
from unicodedata import normalize

from dossier.model import State
from dossier.record import Component, Finding
from samples.dossier import Dossier

Found = Literal["FAIL", "UNKNOWN", "missed"]


@dataclass(frozen=True)
class Judged:
    """One dossier with all that was said of it."""

    dossier: Dossier
    kind: str
    components: tuple[Component, ...]
    findings: tuple[Finding, ...]
    state: State | None


@dataclass(frozen=True)
class FalseBlock:
    """A BLOCK rule that failed and was not planted. read, true: of the field, masked but for where they differ."""

    dossier: str
    kind: str
    rule: str
    type: str
    field: str
    read: str
    true: str
    reason: str


def found(findings: Iterable[Finding], rule: str) -> Found:
    """The worst that a rule said; a rule that only passed, or was silent, missed what was planted."""
    said = {finding.verdict for finding in findings if finding.rule == rule}
    return "FAIL" if "FAIL" in said else "UNKNOWN" if "UNKNOWN" in said else "missed"


def false_blocks(judged: Judged, expected: Iterable[str]) -> list[FalseBlock]:
    """One row for each rule and value, of rules that are not among the expected ones."""
    rows = [
        _row(judged, finding)
        for finding in judged.findings
        if finding.verdict == "FAIL" and finding.severity == "BLOCK" and finding.rule not in set(expected)
    ]
    return list(dict.fromkeys(rows))


def unknown_blocks(findings: Sequence[Finding]) -> set[str]:
    """Rules that ask a person to look."""
    return {f.rule for f in findings if f.verdict == "UNKNOWN" and f.severity == "BLOCK"}


def _row(judged: Judged, finding: Finding) -> FalseBlock:
    component = next((c for c in judged.components if c.id == finding.component), None)
    field = next(
        (
            f
            for f in (component.fields if component and finding.box else ())
            if (f.file, f.page, f.box) == (finding.file, finding.page, finding.box)
        ),
        None,
    )
    true = _truth(judged.dossier, component, field.name) if component and field else ""
    read, true = masked(field.value or "", true) if field else ("", "")
    reason = re.sub(r"\d{4,}", "…", finding.reason)
    return FalseBlock(
        judged.dossier.code,
        judged.kind,
        finding.rule,
        component.type if component else "",
        field.name if field else "",
        read,
        true,
        reason,
    )


def _truth(dossier: Dossier, component: Component, name: str) -> str:
    """The true value: of the papers of that type in the component's files."""
    files = {source.file for source in component.sources}
    papers: list[dict[str, Any]] = [
        paper
        for file in dossier.files
        if normalize("NFC", file.name) in files
        for paper in file.papers
        if paper["type"] == component.type
    ]
    return str(papers[0]["fields"].get(name, "")) if papers else ""


def masked(read: str, true: str) -> tuple[str, str]:
    """Both texts with a dot for every letter in which they are the same."""
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, read, true, autojunk=False).get_opcodes():
        same = kind == "equal"
        left.append("•" * (b - a) if same else read[a:b])
        right.append("•" * (d - c) if same else true[c:d])
    return "".join(left), "".join(right)
