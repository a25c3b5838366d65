"""How often a kind of proof was right: confidence is a measured share, not a recogniser's opinion of itself.

The table beside this module was fitted on rendered and scanned papers with known truth (`python -m bench reading
--fit`). What was measured too rarely falls back on priors that are on the safe side.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("calibration.json")
ALL = "*"
_ENOUGH = 20
"""Samples below which a class keeps its prior."""
_CEILING = 0.995

_PRIORS = {
    "none": 0.0,
    "code+print": 0.99,
    "code+print/split": 0.85,
    "code": 0.97,
    "code/split": 0.8,
    "words+print": 0.98,
    "vote:clear": 0.93,
    "vote:close": 0.85,
    "vote:split": 0.6,
    "three": 0.97,
    "two": 0.96,
    "again": 0.85,
    "one": 0.75,
    "odd": 0.6,
}


def confidence(group: str, evidence: str) -> float:
    """The share of fields that were right under this evidence, 0..1: of this group of kinds, else of all groups."""
    table = _table()
    measured = (table.get(f"{name}|{evidence}") for name in (group, ALL))
    return next((share for share in measured if share is not None), prior(evidence))


def prior(evidence: str) -> float:
    """A cautious guess where nothing was measured: dissent and low self-confidence cost, the pen costs more."""
    loose, evidence = evidence.startswith("loose "), evidence.removeprefix("loose ")
    inked, evidence = evidence.startswith("inked "), evidence.removeprefix("inked ")
    pen, rest = evidence.startswith("pen "), evidence.removeprefix("pen ")
    proof, level = (rest, "") if rest in _PRIORS else rest.rsplit(":", 1) if ":" in rest else (rest, "")
    sure = _PRIORS.get(proof, 0.5)
    if level.startswith("low"):
        sure -= 0.06
    if level.endswith("/split"):
        sure -= 0.15
    if pen:
        sure -= 0.1
    if loose:
        sure -= 0.2
    if inked and not proof.startswith("code"):
        sure -= 0.08
    return max(0.0, round(sure, 4))


def fit(samples: Iterable[tuple[str, str, bool]]) -> dict[str, float]:
    """(group of kinds, evidence, right) rows -> the table, Laplace-smoothed; only classes seen often enough."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for group, evidence, was_right in samples:
        for key in (f"{group}|{evidence}", f"{ALL}|{evidence}"):
            seen[key] += 1
            right[key] += was_right
    return {
        key: round(min((right[key] + 1) / (count + 2), _CEILING), 4)
        for key, count in sorted(seen.items())
        if count >= _ENOUGH
    }


def save(table: dict[str, float], path: Path = TABLE) -> None:
    """Write the table, sorted, for a readable difference between two fits."""
    path.write_text(json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


@cache
def _table(path: Path = TABLE) -> dict[str, float]:
    if not path.exists():
        return {}
    return {str(key): float(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()}
