"""`python -m samples`: make sample dossiers, single papers, or the demo set that is shipped."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from random import Random
from typing import cast, get_args

from samples.all_faults import FAULTS
from samples.demo import write_demo
from samples.dossier import Order
from samples.faults import faulty_dossier
from samples.good import good_dossier
from samples.scan import SCANNED, Grade
from samples.single import MAKERS, write_papers

DEMO = Path(__file__).parent / "demo"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    make = commands.add_parser(
        "make", help="whole dossiers with truth: OUT/dossiers/<code>/, OUT/truth/<code>.json"
    )
    make.add_argument("--out", type=Path, required=True)
    make.add_argument("--seed", default="1")
    make.add_argument("--dossiers", type=int, default=5, metavar="K", help="good dossiers (default 5)")
    make.add_argument("--grade", choices=(*get_args(Grade), "mixed"), default="mixed")
    make.add_argument("--faults", default="none", help=f"all, none, or some of: {', '.join(FAULTS)}")
    make.add_argument(
        "--held-back", action="store_true", help="only the layouts and fonts kept for measuring"
    )

    papers = commands.add_parser("papers", help="single papers with truth beside each")
    papers.add_argument("--out", type=Path, required=True)
    papers.add_argument("--seed", default="1")
    papers.add_argument("--per-type", type=int, default=3, metavar="K")
    papers.add_argument("--grade", choices=get_args(Grade), default="office")
    papers.add_argument("--type", action="append", default=[], choices=tuple(MAKERS), dest="types")
    papers.add_argument("--held-back", action="store_true")

    commands.add_parser("demo", help="make the shipped demo set anew")

    options = parser.parse_args(argv)
    if options.command == "papers":
        count = write_papers(
            options.out,
            options.seed,
            options.per_type,
            options.grade,
            options.held_back,
            tuple(options.types),
        )
        print(f"{count} papers in {options.out}")
        return 0
    if options.command == "demo":
        for folder in ("dossiers", "truth"):
            shutil.rmtree(DEMO / folder, ignore_errors=True)
        count, size = write_demo(DEMO)
        print(f"{count} dossiers, {size / 1e6:.2f} MB")
        return 0
    chosen = {"all": list(FAULTS), "none": []}.get(options.faults, options.faults.split(","))
    if unknown := [name for name in chosen if name not in FAULTS]:
        parser.error(f"no such fault: {', '.join(unknown)}")

    def grade(rng: Random) -> Grade:
        return cast(Grade, rng.choice(SCANNED) if options.grade == "mixed" else options.grade)

    for serial, name in enumerate([""] * options.dossiers + chosen, 1):
        rng = Random(f"{options.seed}/{serial}/{name}")
        level = grade(rng)
        order = Order(rng, serial, level, held_back=options.held_back)
        dossier = faulty_dossier(name, order) if name else good_dossier(order)
        dossier.write(options.out)
        print(f"{dossier.code}  {dossier.grade:6}  {dossier.state:8}  {dossier.fault}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
