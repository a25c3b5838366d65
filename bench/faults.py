"""Faults: those planted in papers, which rules must find, and those injected into the running program, which must lose
nothing.
"""

from __future__ import annotations

import argparse

from bench import injected, planted

SEED = planted.SEED
SECTIONS = {"planted": planted, "injected": injected}


def main() -> int:
    asked = _arguments()
    ends = {name: section.run(asked) for name, section in SECTIONS.items() if asked.only in (None, name)}
    met = all(well for well, _ in ends.values())
    print(f"{'OK' if met else 'MISSED'} {'; '.join(summary for _, summary in ends.values())}")
    return 0 if met else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench faults", description=__doc__)
    parser.add_argument("--only", choices=sorted(SECTIONS), help="only this section")
    parser.add_argument("--short", action="store_true", help="few of everything")
    parser.add_argument("--seed", default=SEED)
    for name, section in SECTIONS.items():
        section.add_options(parser.add_argument_group(f"{name}: {(section.__doc__ or '').splitlines()[0]}"))
    asked = parser.parse_args()
    if asked.short:
        for section in SECTIONS.values():
            section.shorten(asked)
    return asked
