"""The rule registry: the contract of a rule, and the list of all of them.

A rule is a small pure function over a frozen `Case` that yields an `Outcome` for each object it speaks of.
No outcome at all means that it does not apply. A rule never raises: what it cannot tell is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dossier.model import Box, Severity, Verdict, Word4
from dossier.record import Place
from validators.case import Case

Check = Callable[[Case], Iterable["Outcome"]]
Evidence = Literal["text", "duplicates", "pdf-versions"]
"""What dossier.evidence keeps beside a record: the text of components, pairs of pages that show the same, versions of
PDFs.
"""

ALWAYS: Final = date(1990, 1, 1)
"""`since` of a rule that rests on no dated text: it is held whatever day of reception a manifest claims."""


@dataclass(frozen=True)
class Outcome:
    """A rule's word on one object. reason: Vietnamese: what, where, what to do. severity: overrides the rule's.

    against: where the other values stand that contradict this one.
    """

    verdict: Verdict
    reason: str
    component: str | None = None
    file: str | None = None
    page: int | None = None
    box: Box | None = None
    severity: Severity | None = None
    against: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Rule:
    """id as in the rule book. object: what it speaks of. needs: the outside source without which it is UNKNOWN.

    uses: what it looks at beside the record. A dossier judged again without it keeps the rule's earlier word.
    lapses: it also tells, as FAIL at INFO, what was good on the day of reception and has run out since: the dossier
    stays as it was, but what it says lives no more.
    """

    id: str
    word: Word4
    severity: Severity
    object: str
    title: str
    reason: str
    source: str
    since: date
    check: Check
    needs: str | None = None
    uses: frozenset[Evidence] = frozenset()
    lapses: bool = False


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *,
    word: Word4,
    severity: Severity,
    object: str,
    title: str,
    reason: str,
    source: str,
    since: date = date(2025, 7, 1),
    needs: str | None = None,
    lapses: bool = False,
    uses: tuple[Evidence, ...] = (),
) -> Callable[[Check], Check]:
    """Register a rule. title and reason are Vietnamese; source names the legal text; since: from when it holds."""

    def register(check: Check) -> Check:
        if id in _RULES:
            raise ValueError(f"rule {id} is registered twice")
        _RULES[id] = Rule(
            id, word, severity, object, title, reason, source, since, check, needs, frozenset(uses), lapses
        )
        return check

    return register


def rules() -> Iterator[Rule]:
    """All rules, by id."""
    import validators.book  # noqa: F401  (importing the rule modules registers them)

    yield from (_RULES[key] for key in sorted(_RULES))
