"""Planted faults and faultless dossiers: does the planted rule fail, does any other BLOCK rule fail without a reason?

With `--judge-only` nothing is printed, scanned or read: the rules are held against components made from the truth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random

from rich.console import Console

from bench.as_read import case_as_read
from bench.confusion import print_clean, print_confusion, print_rows, print_unseen
from bench.found import Judged
from dossier.settings import load_settings
from flows.offline import digitise
from samples.all_faults import FAULTS
from samples.bundles import BUNDLES, good_bundle
from samples.dossier import Dossier, Order
from samples.faults import faulty_dossier
from samples.good import good_dossier
from samples.scan import Grade
from validators.engine import judge
from validators.verdict import state

SEED = "faults-1"
AT_ONCE = 16
"""Dossiers that lie on the disk at a time."""
SHORT_EVERY, SHORT_CLEAN = 6, 4
BIRTH = "birth"

Made = tuple[str, Dossier]


def clean_dossiers(seed: str, number: int, grade: Grade, dry: bool, of: Sequence[str] = ()) -> Iterator[Made]:
    """Faultless dossiers of the given kinds in turn; of all, with every other one of a birth, if none is given."""
    kinds = list(of) or [kind for other in BUNDLES for kind in (BIRTH, other)]
    for n in range(number):
        kind = kinds[n % len(kinds)]
        order = Order(Random(f"{seed}/clean/{n}"), n + 1, grade, dry=dry)
        yield kind, good_dossier(order) if kind == BIRTH else good_bundle(kind, order)


def faulty_dossiers(seed: str, names: Iterable[str], each: int, grade: Grade, dry: bool) -> Iterator[Made]:
    """Dossiers with one planted fault, named after it."""
    serial = count(5001)
    for name in names:
        for n in range(each):
            order = Order(Random(f"{seed}/{name}/{n}"), next(serial), grade, dry=dry)
            yield name, faulty_dossier(name, order)


def judged_dry(made: Iterable[Made]) -> Iterator[Judged]:
    for kind, dossier in made:
        case = case_as_read(dossier)
        findings = judge(case)
        ended = state(findings, case.components, case.refused, case.document_types)
        yield Judged(dossier, kind, case.components, findings, ended)


def judged_read(made: Iterable[Made]) -> Iterator[Judged]:
    """Printed, scanned, written to a folder, read and judged as `sohoa digitise` does."""
    settings = load_settings()
    left = iter(made)
    while some := list(islice(left, AT_ONCE)):
        with tempfile.TemporaryDirectory() as scratch:
            for _, dossier in some:
                dossier.write(Path(scratch))
            ended = digitise(Path(scratch, "dossiers"), Path(scratch, "out"), settings)
        records = {end.code: end.record for end in ended}
        for kind, dossier in some:
            record = records.get(dossier.code)
            if record is None:
                print(f"no record: {kind} {dossier.code}", file=sys.stderr)
                continue
            yield Judged(dossier, kind, record.components, record.findings, record.state)


def run(asked: argparse.Namespace) -> tuple[bool, str]:
    """Print the tables. Whether the goals are met, and the summary. asked: the options of `add_options`."""
    judged: Callable[[Iterable[Made]], Iterator[Judged]] = judged_dry if asked.judge_only else judged_read
    console, dry = Console(width=150), asked.judge_only
    names: Sequence[str] = asked.fault or list(islice(FAULTS, 0, None, SHORT_EVERY if asked.short else 1))
    planted = list(judged(faulty_dossiers(asked.seed, names, asked.per_fault, asked.grade, dry)))
    seen, strange = print_confusion(console, planted)
    print_rows(console, "BLOCK rules that failed and were not planted", strange)
    clean = list(judged(clean_dossiers(asked.seed, asked.dossiers, asked.grade, dry, asked.kind)))
    wrong = print_clean(console, clean)
    print_unseen(console)
    lost = asked.per_fault * len(names) + asked.dossiers - len(planted) - len(clean)
    met = not (seen["missed"] or strange or wrong or lost)
    way = "judge-only" if dry else f"grade {asked.grade}"
    console.print(
        f"goals: no planted rule missed, no other BLOCK fails, no false BLOCK on faultless dossiers, "
        f"every dossier has a record: {'met' if met else 'missed'}",
        markup=False,
    )
    summary = (
        f"{way}: planted {seen.total()}: FAIL {seen['FAIL']}, a person looks {seen['UNKNOWN']}, missed "
        f"{seen['missed']}; other BLOCK FAILs {len(strange)}; {len(clean)} faultless dossiers: "
        f"{sum(one.state == 'checked' for one in clean)} checked, {len(wrong)} false BLOCK findings"
    )
    return met, summary


def add_options(parser: argparse._ArgumentGroup) -> None:
    """The options of planted faults."""
    parser.add_argument("--per-fault", type=int, default=1, help="dossiers of each planted fault")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=sorted(FAULTS),
        metavar="NAME",
        help="only this planted fault",
    )
    parser.add_argument("--dossiers", type=int, default=40, help="faultless dossiers")
    parser.add_argument(
        "--kind", action="append", default=[], choices=(BIRTH, *BUNDLES), help="only faultless dossiers of it"
    )
    parser.add_argument("--grade", default="office", choices=("clean", "office", "hard"))
    parser.add_argument("--judge-only", action="store_true", help="judge the truth; nothing is read")


def shorten(asked: argparse.Namespace) -> None:
    """Some faults, few faultless dossiers."""
    asked.per_fault, asked.dossiers = 1, SHORT_CLEAN
