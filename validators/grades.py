"""Scores in bands: of a paper, of a dossier, of an office. The one place that knows the bands.

An identifier has to be right, there and clean in all cases (CV 4856/BCA-TTDLQG, Annex 3): where one failed, the paper
and its dossier are red whatever the mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from dossier.catalogue.documents import DocumentType
from dossier.model import Band
from dossier.record import Component, Finding, Grade
from dossier.waiving import fields_of
from validators.gate import lacks_identifier
from validators.verdict import Waiver, score
from validators.weights import weights

Types = Mapping[str, DocumentType]
_GATED = ("correct", "sufficient", "clean")


def band(mean: float | None, identifier_failed: bool = False) -> Band:
    """The band of a score, 0..1."""
    limits = weights().bands
    if identifier_failed:
        return "red"
    if mean is None:
        return "none"
    return "green" if mean >= limits.green else "yellow" if mean >= limits.yellow else "red"


def dossier_grade(
    findings: Sequence[Finding],
    components: Sequence[Component],
    types: Types,
    waived: Collection[Waiver] = (),
) -> Grade:
    """Of all that was said of a dossier, its papers included."""
    return _grade(findings, _failing(findings, components, types, waived))


def paper_grades(
    findings: Sequence[Finding],
    components: Sequence[Component],
    types: Types,
    waived: Collection[Waiver] = (),
) -> dict[str, Grade]:
    """Of each paper, by component: what was said at it. What it was held against counts at the other place alone."""
    failing = _failing(findings, components, types, waived)
    return {
        component.id: _grade([f for f in findings if f.component == component.id], failing & {component.id})
        for component in components
    }


def _grade(findings: Sequence[Finding], failing: frozenset[str]) -> Grade:
    mean = score(findings)
    return Grade(score=mean, band=band(mean, bool(failing)))


def _failing(
    findings: Sequence[Finding], components: Sequence[Component], types: Types, waived: Collection[Waiver]
) -> frozenset[str]:
    """The papers on which an identifier failed and nobody waived it, or on which one is missing that their type
    cannot do without.
    """
    failed = [
        f
        for f in findings
        if f.verdict == "FAIL"
        and f.severity != "INFO"
        and f.word in _GATED
        and (f.rule, f.component) not in waived
    ]
    return frozenset(
        component.id
        for component in components
        if lacks_identifier([component], types)
        or any(_at_identifier(finding, component, types) for finding in failed)
    )


def _at_identifier(finding: Finding, component: Component, types: Types) -> bool:
    spoken_of = fields_of(finding, component, types) if finding.component == component.id else ()
    return any(spec.identifier for _, spec in spoken_of)
