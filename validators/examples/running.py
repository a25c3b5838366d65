"""Examples judged: what the rule says of each, in its very words."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.model import Severity, Verdict
from dossier.record import Finding
from validators.engine import judge
from validators.examples.loading import Example, RuleExamples, examples_of
from validators.registry import Rule

_WORST: tuple[Verdict, ...] = ("FAIL", "UNKNOWN", "PASS", "NOT_APPLICABLE")

_GRAVE: tuple[Severity, ...] = ("BLOCK", "WARN", "INFO")


@dataclass(frozen=True)
class Shown:
    """An example with what the rule said of it. findings: those that decide, the gravest first.

    None where an example asks for a severity at which the rule says nothing.
    """

    example: Example
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict | None:
        return self.findings[0].verdict if self.findings else None


@dataclass(frozen=True)
class Explained:
    """A rule with its examples judged. examples is None where no file of examples was written."""

    rule: Rule
    shown: tuple[Shown, ...]
    examples: RuleExamples | None


def explain(rule: Rule) -> Explained:
    """The rule with its examples. Raises ConfigurationError for a file of examples that is wrong."""
    found = examples_of(rule.id)
    return Explained(rule, tuple(show(rule, one) for one in found.examples) if found else (), found)


def show(rule: Rule, example: Example) -> Shown:
    """What the rule says of an example: the findings of the worst verdict, graver ones first.

    As with the four words (validators/verdict.py), INFO speaks where nothing graver does; or where the example asks
    for a severity, that alone speaks.
    """
    found = judge(example.dossier.case(), [rule])
    grave_ones = [f for f in found if f.severity != "INFO" and f.verdict != "NOT_APPLICABLE"]
    asked = [f for f in found if f.severity == example.severity]
    findings = asked if example.severity else grave_ones or list(found)
    worst = next((verdict for verdict in _WORST if any(f.verdict == verdict for f in findings)), None)
    deciding = (finding for finding in findings if finding.verdict == worst)
    return Shown(example, tuple(sorted(deciding, key=lambda finding: _GRAVE.index(finding.severity))))
