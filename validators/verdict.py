"""From findings to verdicts of the four words, to scores, to the state of the dossier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from dossier.catalogue.documents import DocumentType
from dossier.model import State, Verdict, Word4
from dossier.record import Component, Finding, Refused
from validators.gate import lacks_identifier, open_identifiers
from validators.registry import rules
from validators.weights import weights

WORDS: tuple[Word4, ...] = ("correct", "sufficient", "clean", "live")

Waiver = tuple[str, str | None]
"""(rule id, component id): a WARN that a person has waived with name and reason."""


def verdicts(findings: Sequence[Finding], anything_read: bool = True) -> dict[Word4, Verdict]:
    """One verdict a word: the worst of its findings. INFO findings speak only where nothing else does.

    What has run out since the dossier was received (FAIL at INFO of a rule that lapses) does speak: it lives no more.
    A word whose only findings at INFO are UNKNOWN stays UNKNOWN: it never becomes PASS by silence. Nor does it where
    nothing could be read: that the dossier's code has its form says nothing of its papers.
    """
    said = {word: _worst([f for f in findings if f.word == word]) for word in WORDS}
    if anything_read:
        return said
    return {word: "UNKNOWN" if verdict == "PASS" else verdict for word, verdict in said.items()}


def scores(findings: Sequence[Finding]) -> dict[str, float | None]:
    """Share of passing findings, 0..1, weighted by severity: for each word and as `total`.

    UNKNOWN stands in the denominator, NOT_APPLICABLE in neither; None where nothing was judged
    (CV 4856/BCA-TTDLQG, Annex 3: passing over total, weighted mean).
    """
    by_word: dict[str, float | None] = {
        word: score([finding for finding in findings if finding.word == word]) for word in WORDS
    }
    return {**by_word, "total": score(findings)}


def state(
    findings: Sequence[Finding],
    components: Sequence[Component],
    refused: Sequence[Refused],
    document_types: Mapping[str, DocumentType],
    waived: Collection[Waiver] = (),
) -> State:
    """Checked, returned or refused.

    Refused: nothing in it could be read. Checked: every file was read, no BLOCK failed or is unknown, no WARN
    failed that was not waived, and every identifier has two agreeing independent witnesses (or the MRZ) and a
    confidence over the gate.
    """
    if not components:
        return "refused"
    for finding in findings:
        if finding.severity == "BLOCK" and finding.verdict in ("FAIL", "UNKNOWN"):
            return "returned"
        if _failed_warning(finding) and (finding.rule, finding.component) not in waived:
            return "returned"
    # Asked again here, whatever the rules said: nothing unread and no identifier of one witness is handed on.
    if refused or lacks_identifier(components, document_types):
        return "returned"
    if any(True for _ in open_identifiers(components, document_types)):
        return "returned"
    return "checked"


def _failed_warning(finding: Finding) -> bool:
    return finding.severity == "WARN" and finding.verdict == "FAIL"


def _worst(findings: Sequence[Finding]) -> Verdict:
    lapsing = {rule.id for rule in rules() if rule.lapses}
    grave = [
        finding.verdict
        for finding in findings
        if finding.severity != "INFO" or (finding.verdict == "FAIL" and finding.rule in lapsing)
    ]
    said = set(grave) - {"NOT_APPLICABLE"} or {finding.verdict for finding in findings}
    order: tuple[Verdict, ...] = ("FAIL", "UNKNOWN", "PASS")
    return next((verdict for verdict in order if verdict in said), "NOT_APPLICABLE")


def score(findings: Sequence[Finding]) -> float | None:
    """Share of passing findings, 0..1, weighted by severity; None where nothing was judged."""
    weight = weights().score
    judged = [finding for finding in findings if finding.verdict != "NOT_APPLICABLE"]
    total = sum(weight[finding.severity] for finding in judged)
    if not total:
        return None
    passed = sum(weight[finding.severity] for finding in judged if finding.verdict == "PASS")
    return round(passed / total, 4)
