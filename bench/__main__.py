"""`python -m bench NAME`: tables, a summary as the last line, exit 1 when a stated goal is missed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if "def main(" in path.read_text(encoding="utf-8")
)


def run() -> int:
    """Run the benchmark that the first argument names. Exit code 2 for an unknown name."""
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"usage: python -m bench {{{'|'.join(NAMES)}}} [--help]", file=sys.stderr)
        return 2
    name = sys.argv.pop(1)
    return int(importlib.import_module(f"bench.{name}").main())


if __name__ == "__main__":
    sys.exit(run())
