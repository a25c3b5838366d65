"""The demo set: a handful of dossiers, scanned once and shipped, so that the demo needs no rendering."""

from __future__ import annotations

from pathlib import Path
from random import Random

from samples.dossier import Order
from samples.faults import faulty_dossier
from samples.good import Shape, good_dossier
from samples.scan import Grade

GOOD: tuple[tuple[Grade, Shape], ...] = (
    ("clean", "usual"),
    ("office", "usual"),
    ("office", "tiff"),
    ("office", "one-pdf"),
    ("clean", "digital"),
)
FAULTY = (
    "missing-notice",
    "child-name",
    "expired-card",
    "same-file-twice",
    "truncated-pdf",
    "words-contradict",
    "nothing-readable",
)
SEED = "demo-1"


def write_demo(out: Path) -> tuple[int, int]:
    """Write the set below `out`; gives back the number of dossiers and the bytes that they take."""
    serial = 0
    for grade, shape in GOOD:
        serial += 1
        good_dossier(Order(Random(f"{SEED}/{serial}"), serial, grade, frugal=True), shape).write(out)
    for name in FAULTY:
        serial += 1
        faulty_dossier(name, Order(Random(f"{SEED}/{serial}"), serial, "office", frugal=True)).write(out)
    return serial, sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
