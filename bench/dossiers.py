"""The two rates that matter: wrong fields in checked records, and dossiers checked without a person."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

from bench.score import is_right
from dossier.record import Record
from dossier.settings import load_settings
from flows.offline import digitise
from samples.dossier import Order
from samples.good import good_dossier
from samples.scan import Grade

GRADES: tuple[Grade, ...] = ("clean", "office", "hard")


@dataclass(frozen=True)
class Rates:
    """dossiers: all without fault. checked: of them, without a person. fields, wrong: in checked records."""

    dossiers: int
    checked: int
    fields: int
    wrong: int


def dossier_rates(seed: str, count: int) -> Rates:
    """Make faultless dossiers of all grades in turn, digitise them, hold the checked ones against the truth."""
    with tempfile.TemporaryDirectory() as scratch:
        made = [
            good_dossier(Order(Random(f"{seed}/{n}"), n + 1, GRADES[n % len(GRADES)])) for n in range(count)
        ]
        for dossier in made:
            dossier.write(Path(scratch))
        ended = digitise(Path(scratch, "dossiers"), Path(scratch, "out"), load_settings())
    truth = {dossier.code: dossier.truth() for dossier in made}
    checked = [end.record for end in ended if end.record and end.record.state == "checked"]
    compared = [found for record in checked for found in _compare(record, truth[record.dossier])]
    return Rates(len(made), len(checked), len(compared), compared.count(False))


def _nfc(value: Any) -> str:
    return normalize("NFC", str(value))


def _compare(record: Record, truth: dict[str, Any]) -> list[bool]:
    """Right or wrong, for every value of a record that the truth knows."""
    expected = {
        paper["type"]: paper["fields"] for file in truth["files"].values() for paper in file["papers"]
    }
    return [
        is_right(component.type, field.name, _nfc(known[field.name]), field.value)
        for component in record.components
        for known in [expected.get(component.type, {})]
        for field in component.fields
        if field.value is not None and known.get(field.name)
    ]
