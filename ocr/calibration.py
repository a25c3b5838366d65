"""How often a kind of proof was right: confidence is a measured share, not a recogniser's opinion of itself.

The table beside this module was fitted on rendered and scanned papers with known truth (`python -m bench reading
--fit`, bench/shrinkage.py). What was never measured falls back on priors that are on the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field as Option

from dossier.model import Confidence, Frozen

TABLE = Path(__file__).with_name("calibration.json")
ALL = "*"
UNPROVEN = 0.949
"""The most that is stated without proof by count: values from 0.95 up are handed on without a person's look."""

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


class Class(Frozen):
    """One kind of proof in one group of kinds (`name|two:high`), or in all groups (`*|two:high`).

    right, seen: of the fields that it was fitted on.
    """

    confidence: Confidence
    right: int = 0
    seen: int = 0


class Fitted(Frozen):
    """What a table was fitted with. engines: name and version. reading: ocr.version.reading_version, without the
    table itself. groups_alike, classes_alike: the strengths of shrinkage that the counts asked for.
    """

    seed: str = ""
    papers: int = 0
    fields: int = 0
    engines: dict[str, str] = Option(default_factory=dict)
    reading: str = ""
    groups_alike: float = 0.0
    classes_alike: float = 0.0


class Table(Frozen):
    """The confidence of every class that was seen in fitting."""

    fitted: Fitted = Fitted()
    classes: dict[str, Class] = Option(default_factory=dict)


def confidence(group: str, evidence: str, table: Table | None = None) -> float:
    """The share of fields that were right under this evidence, 0..1: of this group of kinds, else of all groups."""
    classes = (load() if table is None else table).classes
    measured = (classes.get(f"{name}|{evidence}") for name in (group, ALL))
    found = next((one.confidence for one in measured if one is not None), None)
    return min(prior(evidence), UNPROVEN) if found is None else found


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


def strangers(engines: Mapping[str, str], table: Table | None = None) -> tuple[str, ...]:
    """Engines that the table was fitted with and that are another version here, or not here at all: what it says
    of them is hearsay.
    """
    fitted = (load() if table is None else table).fitted.engines
    return tuple(sorted(name for name, version in fitted.items() if engines.get(name) != version))


def save(table: Table, path: Path = TABLE) -> None:
    """Write the table, sorted, a line a class, for a readable difference between two fits."""
    ordered = Table(fitted=table.fitted, classes=dict(sorted(table.classes.items())))
    fitted = ordered.fitted.model_dump_json()
    classes = ",\n".join(f'  "{key}": {one.model_dump_json()}' for key, one in ordered.classes.items())
    path.write_text(f'{{\n "fitted": {fitted},\n "classes": {{\n{classes}\n }}\n}}\n', encoding="utf-8")


@cache
def load(path: Path = TABLE) -> Table:
    """The table of a file; an empty one if there is no file."""
    return Table.model_validate_json(path.read_text(encoding="utf-8")) if path.exists() else Table()
