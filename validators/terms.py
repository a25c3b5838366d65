"""Terms as data: how long papers, values and duties hold (terms.yaml)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from dossier.lapses import months_after
from dossier.model import Frozen
from dossier.sources import Happening, Subject


class LicenceTerms(Frozen):
    since: date
    none: tuple[str, ...]
    years: dict[str, int]


class PaperTerm(Frozen):
    procedure: str
    type: str
    months: int
    sure: bool


class Terms(Frozen):
    licences: tuple[LicenceTerms, ...]
    papers: tuple[PaperTerm, ...]
    dated: tuple[str, ...]
    stale: dict[Happening, tuple[str, ...]]
    verified: dict[Subject, int]
    subjects: dict[str, Subject]
    upstream_working_days: int
    catalogue_days: int
    catalogues: dict[str, str]
    fixity_days: int


@cache
def terms() -> Terms:
    path = Path(__file__).with_name("terms.yaml")
    return Terms.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def years_after(when: date, years: int) -> date:
    """The same day so many years later; of 29 February the last of the month. Clamped to the calendar."""
    return months_after(when, 12 * years)


def licence_terms(classes: str, issued: date) -> tuple[int | None, ...] | None:
    """The term in years of each class (`A1, B2`); None in it: without a term. None: a class is not known."""
    held = [entry for entry in terms().licences if entry.since <= issued]
    if not held:
        return None
    law = held[-1]
    named = [part.strip() for part in classes.split(",")]
    if not all(one in law.none or one in law.years for one in named):
        return None
    return tuple(law.years.get(one) for one in named)
