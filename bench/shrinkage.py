"""From counts to a confidence table: rare kinds of proof lean on their like, and 0.95 is given for proof only.

Two levels, each a beta-binomial: a class in one group of kinds (`name|two:high`) leans on the same class in the other
groups, and a class of all groups (`*|two:high`) on its cautious prior. How hard they lean is itself measured: the
strength, in pseudo-counts, under which the counts of all classes are most likely (empirical Bayes; Gelman et al.,
Bayesian Data Analysis, ch. 5). So no least number of cases is needed, and alike groups share what they know.

A class is stated at 0.95 or above only if the lower end of Wilson's one-sided 95 % interval, over its own cases and
those that it leans on, is there too; or, while none of its own cases was wrong, over a pool of cases that prove alike:

- the same proof in all groups: a QR code that the print confirms proves no less for a number because numbers on cards
  are few among the samples. What a code says is the same proof whether or not the print beside it was read;
- the same proof in its group, whether or not ink lies over it, if nowhere in that pool one was wrong. What is written
  with a pen proves for itself alone: hands differ more than the samples do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.goals import wilson
from bench.reliability import Stated
from bench.score import SURE
from ocr.calibration import ALL, UNPROVEN, Class, Fitted, Table, confidence, prior

STRENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
CEILING = 0.999
"""No class is stated surer: samples are not the world."""
_ONE_SIDED = 1.645  # standard normal quantile of 0.95
_EDGE = 1e-3  # a mean of 0 or 1 has no beta distribution


@dataclass(frozen=True)
class Row:
    """One field of a fitting paper: group of its kind, evidence, whether its value was right. paper: any name."""

    paper: str
    group: str
    evidence: str
    right: bool


@dataclass(frozen=True)
class _Case:
    """right of seen, leaning on a mean that stands for `behind` cases."""

    right: int
    seen: int
    mean: float
    behind: float


def fit(rows: Sequence[Row]) -> Table:
    """The table of these rows; every class that they hold, alone and in all groups."""
    seen = Counter((row.group, row.evidence) for row in rows)
    right = Counter((row.group, row.evidence) for row in rows if row.right)
    evidences = sorted({row.evidence for row in rows})
    whole = {
        evidence: (
            sum(n for (_, e), n in right.items() if e == evidence),
            sum(n for (_, e), n in seen.items() if e == evidence),
        )
        for evidence in evidences
    }
    # A prior is one opinion, not a count: it stands for no case when proof is asked for.
    priors = {e: _Case(r, n, min(prior(e), UNPROVEN), 0.0) for e, (r, n) in whole.items()}
    classes_alike = strength(priors.values())
    groups = {
        (group, evidence): _others(right[group, evidence], count, whole[evidence], evidence, classes_alike)
        for (group, evidence), count in seen.items()
    }
    groups_alike = strength(groups.values())
    pools = _Pools(seen, right)
    classes = {
        f"{group}|{e}": _class(case, groups_alike, pools.of(group, e) if case.right == case.seen else ())
        for (group, e), case in groups.items()
    }
    for evidence, case in priors.items():
        # A group never seen leans on all groups; it knows no case of its own.
        stated = _class(case, classes_alike).confidence
        unseen = _class(_Case(0, 0, stated, float(case.seen)), groups_alike).confidence
        classes[f"{ALL}|{evidence}"] = Class(confidence=unseen, right=case.right, seen=case.seen)
    return Table(
        fitted=Fitted(
            papers=len({row.paper for row in rows}),
            fields=len(rows),
            groups_alike=groups_alike,
            classes_alike=classes_alike,
        ),
        classes=classes,
    )


class _Pools:
    """Right and seen of the cases that prove alike."""

    def __init__(self, seen: Counter[tuple[str, str]], right: Counter[tuple[str, str]]) -> None:
        self._everywhere: Counter[str] = Counter()
        self._right_everywhere: Counter[str] = Counter()
        self._ink: Counter[tuple[str, str]] = Counter()
        self._right_ink: Counter[tuple[str, str]] = Counter()
        for (group, evidence), count in seen.items():
            self._everywhere[_code(evidence)] += count
            self._right_everywhere[_code(evidence)] += right[group, evidence]
            self._ink[group, _inkless(evidence)] += count
            self._right_ink[group, _inkless(evidence)] += right[group, evidence]

    def of(self, group: str, evidence: str) -> list[tuple[int, int]]:
        found = [(self._right_everywhere[_code(evidence)], self._everywhere[_code(evidence)])]
        key = group, _inkless(evidence)
        if "pen " not in evidence and self._right_ink[key] == self._ink[key]:
            found.append((self._right_ink[key], self._ink[key]))
        return found


def _code(evidence: str) -> str:
    return "code" if evidence == "code+print" else evidence


def _inkless(evidence: str) -> str:
    return evidence.removeprefix("inked ").removeprefix("pen ")


def strength(cases: Iterable[_Case]) -> float:
    """The pseudo-counts under which the cases are most likely, given their means."""
    known = list(cases)
    return max(STRENGTHS, key=lambda k: sum(_log_likelihood(case, k) for case in known))


def crossed(rows: Sequence[Row], folds: int = 5) -> list[tuple[Row, Stated]]:
    """Every row with the confidence that a table fitted without its paper states, and whether it was right."""
    papers = sorted({row.paper for row in rows})
    fold_of = {paper: number % folds for number, paper in enumerate(papers)}
    found = []
    for fold in range(folds):
        table = fit([row for row in rows if fold_of[row.paper] != fold])
        found += [
            (row, Stated(confidence(row.group, row.evidence, table), row.right))
            for row in rows
            if fold_of[row.paper] == fold
        ]
    return found


def _others(right: int, seen: int, whole: tuple[int, int], evidence: str, classes_alike: float) -> _Case:
    """One group's class before the mean of the other groups: its own cases are not counted twice."""
    other_right, other_seen = whole[0] - right, whole[1] - seen
    leaning = classes_alike * min(prior(evidence), UNPROVEN)
    return _Case(right, seen, (other_right + leaning) / (other_seen + classes_alike), float(other_seen))


def _class(case: _Case, alike: float, pools: Iterable[tuple[int, int]] = ()) -> Class:
    """pools: right and seen of cases that prove alike, if their proof may count."""
    mean = (case.right + alike * case.mean) / (case.seen + alike)
    borrowed = min(alike, case.behind)
    proven, _ = wilson(case.right + borrowed * case.mean, case.seen + borrowed, _ONE_SIDED)
    proven = max(proven, *(wilson(*pool, _ONE_SIDED)[0] for pool in pools), 0.0)
    if mean >= SURE > proven:
        mean = UNPROVEN
    return Class(confidence=round(min(mean, CEILING), 4), right=case.right, seen=case.seen)


def _log_likelihood(case: _Case, alike: float) -> float:
    """Of a beta-binomial, without the term that does not depend on `alike`."""
    mean = min(max(case.mean, _EDGE), 1 - _EDGE)
    a, b = alike * mean, alike * (1 - mean)
    return _log_beta(case.right + a, case.seen - case.right + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
