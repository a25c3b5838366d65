"""Weights and thresholds of the rules, from weights.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from dossier.model import Frozen, Severity


class Believing(Frozen):
    gate: float
    doubt: float
    likely: float


class Persons(Frozen):
    one: float
    two: float
    disputed: float


class Bands(Frozen):
    green: float
    yellow: float


class PageLimits(Frozen):
    dpi_floor: float
    dpi_wanted: float
    skew_noted: float
    skew_limit: float
    sharpness: float
    contrast: float
    black_border: float
    cut_edges: float
    glare: float


class Weights(Frozen):
    score: dict[Severity, float]
    bands: Bands
    confidence: Believing
    person: Persons
    page: PageLimits


@cache
def weights() -> Weights:
    path = Path(__file__).with_name("weights.yaml")
    return Weights.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
