"""How well papers are read: field exact match by type and grade, beside plain pytesseract on the raw page.

Papers come from seeds that nothing was fitted on. `--held-back` takes layouts and a font family that no reading
template was made with. `--fit` fits the confidence table on other seeds instead.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.baseline import read_all_raw
from bench.dossiers import dossier_rates
from bench.score import SURE, FieldScore, PaperScore, score, share, truths
from dossier.settings import load_settings
from flows.offline import digitise
from samples.scan import Grade
from samples.single import write_papers

SEED = "reading-test"
GRADES: tuple[Grade, ...] = ("clean", "office", "hard")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parser.add_argument("--per-type", type=int, default=5, help="papers of each type and grade")
    parser.add_argument("--grades", default=",".join(GRADES))
    parser.add_argument("--seed", default=SEED)
    parser.add_argument(
        "--held-back", action="store_true", help="layouts and fonts out of sight while building"
    )
    parser.add_argument(
        "--dossiers", type=int, default=6, help="whole dossiers for the last two rates; 0: none"
    )
    parser.add_argument("--fit", action="store_true", help="fit ocr/calibration.json and stop")
    asked = parser.parse_args()
    if asked.fit:
        from bench.fitting import fit_calibration

        return fit_calibration(asked.per_type)

    papers = [
        paper
        for grade in asked.grades.split(",")
        for paper in read_papers(asked.seed, asked.per_type, grade, asked.held_back)
    ]
    console = Console(width=120)
    console.print(_table(papers))
    _print_errors(console, papers)
    fields = [field for paper in papers for field in paper.fields]
    sure_and_wrong = [f for f in fields if f.wrong and f.confidence >= SURE]
    summary = (
        f"reading: {len(papers)} papers, type right {share(p.typed for p in papers):.1f} %, "
        f"fields exact {share(f.exact for f in fields):.1f} % (plain pytesseract finds "
        f"{share(f.baseline for f in fields):.1f} %), wrong at {SURE} and above: {len(sure_and_wrong)} of "
        f"{sum(f.confidence >= SURE for f in fields)}"
    )
    wrong_checked = 0
    if asked.dossiers:
        rates = dossier_rates(asked.seed, asked.dossiers)
        wrong_checked = rates.wrong
        summary += (
            f"; dossiers checked without a person {rates.checked} of {rates.dossiers}, "
            f"wrong fields in checked records {rates.wrong} of {rates.fields}"
        )
    print(summary)
    return 1 if wrong_checked else 0


def read_papers(seed: str, per_type: int, grade: Grade, held_back: bool) -> list[PaperScore]:
    """Make papers, read them both ways, score them. The stray type `other` must come out as unknown."""
    with tempfile.TemporaryDirectory() as scratch:
        scans, out = Path(scratch, "scans"), Path(scratch, "out")
        write_papers(scans, seed, per_type, grade, held_back)
        known = truths(scans)
        for truth in scans.glob("*.json"):
            truth.unlink()
        records = {ended.code: ended.record for ended in digitise(scans, out, load_settings())}
        raw = read_all_raw([scans / truth["file"] for truth in known])
        return [
            score(truth, records.get(Path(truth["file"]).stem), text)
            for truth, text in zip(known, raw, strict=True)
        ]


def _table(papers: list[PaperScore]) -> Table:
    groups: dict[tuple[str, str], list[PaperScore]] = defaultdict(list)
    for paper in papers:
        groups[paper.type, paper.grade].append(paper)
    table = Table(title="Fields exact by type and grade, per cent")
    for column in (
        "type",
        "grade",
        "papers",
        "type right",
        "fields",
        "exact",
        "pytesseract",
        "CER",
        "its CER",
    ):
        table.add_column(column, justify="left" if column in ("type", "grade") else "right")
    for (kind, grade), group in sorted(
        groups.items(), key=lambda item: (item[0][0], GRADES.index(item[0][1]))
    ):
        fields = [field for paper in group for field in paper.fields]
        table.add_row(
            kind,
            grade,
            str(len(group)),
            f"{share(paper.typed for paper in group):.0f}",
            str(len(fields)),
            f"{share(field.exact for field in fields):.1f}",
            f"{share(field.baseline for field in fields):.1f}",
            f"{_mean([field.cer for field in fields]):.1f}",
            f"{_mean([field.baseline_cer for field in fields]):.1f}",
        )
    return table


def _print_errors(console: Console, papers: list[PaperScore]) -> None:
    names: dict[tuple[str, str], list[FieldScore]] = defaultdict(list)
    for paper in papers:
        for field in paper.fields:
            names[field.type, field.name].append(field)
    weak = sorted(
        ((share(f.exact for f in found), key, found) for key, found in names.items()),
        key=lambda item: item[0],
    )
    table = Table(title="The ten weakest fields")
    for column in ("type", "field", "exact", "wrong", "missing", f"wrong at {SURE}"):
        table.add_column(column)
    for exact, (kind, name), found in weak[:10]:
        table.add_row(
            kind,
            name,
            f"{exact:.0f} %",
            str(sum(f.wrong for f in found)),
            str(sum(not f.read for f in found)),
            str(sum(f.wrong and f.confidence >= SURE for f in found)),
        )
    console.print(table)


def _mean(values: list[float]) -> float:
    return 100.0 * sum(values) / len(values) if values else float("nan")
