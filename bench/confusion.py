"""The tables of `python -m bench faults`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.found import FalseBlock, Found, Judged, false_blocks, found, unknown_blocks
from samples.all_faults import FAULTS, NOT_ON_PAPER
from validators.registry import rules


def print_confusion(console: Console, judged: Sequence[Judged]) -> tuple[Counter[Found], list[FalseBlock]]:
    """The table by rule. Returns how often a planted rule was found, and what else failed."""
    by_rule: dict[str, Counter[Found]] = defaultdict(Counter)
    others: dict[str, Counter[str]] = defaultdict(Counter)
    strange: list[FalseBlock] = []
    for one in judged:
        entry = FAULTS[one.kind]
        rows = false_blocks(one, (*entry.reasons, *entry.also))
        strange += rows
        for rule in entry.reasons:
            by_rule[rule][found(one.findings, rule)] += 1
            others[rule].update({row.rule for row in rows})
    table = Table(title="Planted faults by rule")
    for column in (
        "rule",
        "severity",
        "planted",
        "FAIL",
        "a person looks",
        "missed",
        "other BLOCK that failed",
    ):
        table.add_column(column, justify="left" if column in ("rule", "severity") else "right")
    severity = {rule.id: rule.severity for rule in rules()}
    for rule, seen in sorted(by_rule.items()):
        beside = ", ".join(f"{id} {count}" for id, count in sorted(others[rule].items()))
        counts = (seen["FAIL"], seen["UNKNOWN"], seen["missed"])
        table.add_row(rule, severity[rule], str(seen.total()), *map(str, counts), beside or "-")
    console.print(table)
    _print_not_found(console, judged)
    return sum(by_rule.values(), Counter()), strange


def _print_not_found(console: Console, judged: Sequence[Judged]) -> None:
    """Which fault it was that a rule did not fail, and what became of the dossier."""
    table = Table(title="Planted and not failed")
    for column in ("fault", "rule", "found", "dossier ended"):
        table.add_column(column)
    for one in judged:
        for rule in FAULTS[one.kind].reasons:
            if (said := found(one.findings, rule)) != "FAIL":
                table.add_row(one.kind, rule, said, one.state or "-")
    if table.row_count:
        console.print(table)


def print_rows(console: Console, title: str, rows: Sequence[FalseBlock]) -> None:
    table = Table(title=title)
    for column in ("dossier", "kind", "rule", "paper", "field", "read", "true", "reason"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            row.dossier, row.kind, row.rule, row.type, row.field, row.read, row.true, row.reason[:90]
        )
    if rows:
        console.print(table)


def print_clean(console: Console, judged: Sequence[Judged]) -> list[FalseBlock]:
    """Faultless dossiers by kind, and the BLOCK rules that asked a person to look. Returns what failed."""
    rows = [row for one in judged for row in false_blocks(one, ())]
    table = Table(title="Faultless dossiers")
    for column in ("kind", "dossiers", "checked", "with a false BLOCK", "with a BLOCK to look at"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for kind in dict.fromkeys(one.kind for one in judged):
        mine = [one for one in judged if one.kind == kind]
        wrong = {row.dossier for row in rows}
        table.add_row(
            kind,
            str(len(mine)),
            str(sum(one.state == "checked" for one in mine)),
            str(sum(one.dossier.code in wrong for one in mine)),
            str(sum(bool(unknown_blocks(one.findings)) for one in mine)),
        )
    console.print(table)
    looks = Counter(rule for one in judged for rule in unknown_blocks(one.findings))
    told = ", ".join(f"{rule} {count}" for rule, count in sorted(looks.items()))
    console.print(f"BLOCK rules that asked a person to look, by dossiers: {told or 'none'}", markup=False)
    print_rows(console, "False BLOCK findings of faultless dossiers", rows)
    return rows


def print_unseen(console: Console) -> None:
    table = Table(title="Rules that no paper can be seen to fail")
    table.add_column("rule")
    table.add_column("why")
    for rule, why in NOT_ON_PAPER.items():
        table.add_row(rule, why)
    console.print(table)
