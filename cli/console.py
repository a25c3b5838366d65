"""How the command speaks: tables for people on standard output, errors on standard error, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from unicodedata import category

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dossier.errors import SohoaError
from dossier.model import Band, State, Verdict, Word4
from dossier.record import Finding, Record
from dossier.waiving import waiver_of

ALL_WELL, NOT_ALL, USAGE, OUR_FAULT = 0, 1, 2, 3

PLAIN_WIDTH = 150  # of a pipe or a log, which tells no width

out = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
err = Console(stderr=True, highlight=False)

STATES: dict[State, tuple[str, str]] = {
    "checked": ("đạt", "green"),
    "returned": ("trả lại", "yellow"),
    "refused": ("từ chối", "red"),
}
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "PASS": ("✓", "green"),
    "FAIL": ("✗", "red"),
    "UNKNOWN": ("?", "yellow"),
    "NOT_APPLICABLE": ("–", "dim"),
}
WORDS: dict[Word4, str] = {"correct": "đúng", "sufficient": "đủ", "clean": "sạch", "live": "sống"}
BAND_STYLES: dict[Band, str] = {"green": "green", "yellow": "yellow", "red": "red", "none": "dim"}
REASONS_SHOWN = 3


def refuse(error: SohoaError) -> int:
    """Say an error of input or settings; the exit code for it."""
    err.print(Text(f"sohoa: {error.message} [{error.code}]", style="red"))
    if error.advice:
        err.print(Text(error.advice))
    return USAGE


def fault(error: SohoaError) -> int:
    """Say an error that is not the user's; the exit code for it."""
    err.print(Text(f"sohoa: {error.message} [{error.code}]", style="red"))
    return OUR_FAULT


def plain(text: str, but: str = "") -> Text:
    """What somebody wrote, as it is: no markup, and no control character but those in `but`."""
    return Text(
        "".join(
            char if char in but or category(char) not in ("Cc", "Cf", "Cs") else "\ufffd" for char in text
        )
    )


def state_text(state: State) -> Text:
    label, style = STATES[state]
    return Text(f"{state} ({label})", style=style)


def verdict_table(records: Iterable[Record]) -> Table:
    """One line a dossier: its state, the four words, and the weightiest reasons."""
    table = Table(title="Verdicts", show_lines=True)
    table.add_column("dossier", overflow="fold", max_width=28)
    table.add_column("state", no_wrap=True)
    for word in WORDS.values():
        table.add_column(word, justify="center", no_wrap=True)
    table.add_column("reasons", overflow="fold")
    for record in records:
        table.add_row(
            plain(record.dossier),
            state_text(record.state),
            *(Text(*VERDICTS[record.verdicts[word]]) for word in WORDS),
            plain("\n".join(reasons(record)), "\n"),
        )
    return table


def reasons(record: Record, shown: int = REASONS_SHOWN) -> list[str]:
    """Why a dossier did not end checked, weightiest first."""
    said = [f"{refused.code}: {refused.reason}" for refused in record.refused]
    said += [f"{finding.rule} {finding.reason}" for finding in open_findings(record)]
    more = len(said) - shown
    return said[:shown] + ([f"… và {more} lý do khác (sohoa show)"] if more > 0 else [])


def open_findings(record: Record) -> list[Finding]:
    """Findings that keep a dossier from being checked: BLOCK failed or unknown, WARN failed and not waived."""
    weight = {("BLOCK", "FAIL"): 0, ("BLOCK", "UNKNOWN"): 1, ("WARN", "FAIL"): 2}
    found = [f for f in record.findings if (f.severity, f.verdict) in weight and waiver_of(f, record) is None]
    return sorted(found, key=lambda f: (weight[(f.severity, f.verdict)], f.rule))
