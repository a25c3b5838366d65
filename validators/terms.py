"""Terms as data: how long papers, values and duties hold (terms.yaml)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

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
    defect_working_days: tuple[int, int, int]
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


def months_after(when: date, months: int) -> date:
    """The same day so many months later, or the last of that month. Clamped to the calendar."""
    years, month = divmod(when.month - 1 + months, 12)
    if when.year + years > date.max.year:
        return date.max
    try:
        return when.replace(year=when.year + years, month=month + 1)
    except ValueError:  # 31 August + 6 months: the last day of February
        return date(when.year + years, month + 2, 1) - timedelta(days=1)


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
