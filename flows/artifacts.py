"""Pages an administrator wants to look at, as Markdown. They carry no personal data: rules say their general
reason, fields their name and how sure they are, papers their number; what was read, and who decided, stands in the
record and the receipt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from dossier.decisions import is_person
from dossier.model import Severity, Verdict, Word4
from dossier.record import Component, Field, Finding, Record
from dossier.waiving import waiver_of
from flows.status import Ended, IntakeStatus, Waiting
from validators.registry import Rule

SWEEP_KEY = "intake-sweep"
PROGRESS_KEY = "intake-progress"
WEIGHT: dict[tuple[Severity, Verdict], int] = {
    ("BLOCK", "FAIL"): 0,
    ("BLOCK", "UNKNOWN"): 1,
    ("WARN", "FAIL"): 2,
    ("WARN", "UNKNOWN"): 3,
    ("INFO", "FAIL"): 4,
    ("INFO", "UNKNOWN"): 5,
}
WORDS: dict[Word4, str] = {"correct": "đúng", "sufficient": "đủ", "clean": "sạch", "live": "sống"}
LINES_SHOWN = 30


def dossier_key(code: str) -> str:
    """The artifact's key: the code in lower case, everything but letters and digits as dashes.

    Codes that would fall together get a short hash.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")
    if plain.upper().replace("-", "") == re.sub(r"[.-]", "", code):
        return f"dossier-{plain}"
    return f"dossier-{plain}-{hashlib.sha256(code.encode()).hexdigest()[:6]}"


def dossier_page(record: Record, rules: dict[str, Rule], receipt: str) -> str:
    """One dossier version: components, fields, verdicts, and where the receipt lies. receipt: a link or a key."""
    return "\n\n".join(
        [
            f"# {record.dossier}, version {record.version}: {record.state}",
            _facts(record, receipt),
            "## Verdicts",
            _table(["đúng", "đủ", "sạch", "sống"], [[record.verdicts[word] for word in WORDS]]),
            "## What keeps it from being checked, and what is unknown",
            _findings([f for f in record.findings if waiver_of(f, record) is None], rules),
            "## Components",
            _components(record),
            "## Fields",
            _fields(record),
            *(["## Refused files", _refused(record)] if record.refused else []),
        ]
    )


def sweep_page(status: IntakeStatus) -> str:
    """What came, what waits and why, what runs, what ended."""
    counts = ", ".join(f"{count} {state}" for state, count in sorted(status.counts.items())) or "nothing yet"
    return "\n\n".join(
        [
            "# Intake",
            f"{_clock(status.at)}: {len(status.running)} running, {len(status.waiting)} waiting; "
            f"ended so far: {counts}.",
            "## Running",
            "\n".join(f"- `{name}`" for name in status.running) or "Nothing.",
            "## Waiting",
            _waiting(status.waiting),
            "## Ended, latest first",
            _ended(status.ended),
        ]
    )


def progress(status: IntakeStatus) -> float:
    """Per cent of the dossiers this intake has seen that ended."""
    ended = sum(status.counts.values())
    total = ended + len(status.running) + sum(1 for drop in status.waiting if not drop.failures)
    return 100.0 if total == 0 else round(100.0 * ended / total, 1)


def _facts(record: Record, receipt: str) -> str:
    procedure = record.procedure
    return "\n".join(
        [
            f"- office: `{record.office or '-'}`",
            f"- procedure: `{procedure.id}` version `{procedure.version or 'unknown'}`"
            if procedure
            else "- procedure: none",
            f"- files: {len(record.drop)}, pages: "
            f"{sum(len(source.pages) for component in record.components for source in component.sources)}",
            f"- received {_clock(record.times['received'])}, recorded {_clock(record.times['made'])}",
            f"- decisions of people: {len(record.decisions)}",
            f"- receipt: {receipt}",
        ]
    )


def _findings(findings: Iterable[Finding], rules: dict[str, Rule]) -> str:
    """One line a rule, the weightiest first. A finding's own reason quotes what stands on the paper: it stays out."""
    open_ones = [finding for finding in findings if (finding.severity, finding.verdict) in WEIGHT]
    by_rule: dict[tuple[int, str], list[Finding]] = {}
    for finding in open_ones:
        by_rule.setdefault((WEIGHT[finding.severity, finding.verdict], finding.rule), []).append(finding)
    lines = []
    for (_, rule_id), group in sorted(by_rule.items()):
        first, rule = group[0], rules.get(rule_id)
        places = ", ".join(dict.fromkeys(_place(finding) for finding in group))
        lines.append(
            f"- **{rule_id}** {first.verdict} ({WORDS[first.word]}, {first.severity}) at {places}: "
            f"{rule.reason if rule else ''} *{first.source}*"
        )
    return "\n".join(lines) or "Nothing."


def _place(finding: Finding) -> str:
    place = finding.component or "dossier"
    return f"{place} page {finding.page}" if finding.page else place


def _components(record: Record) -> str:
    return _table(
        ["id", "type", "confidence", "role", "pages", "sealed copy"],
        [
            [
                component.id,
                component.type,
                f"{component.type_confidence:.2f}",
                component.role,
                str(sum(len(source.pages) for source in component.sources)),
                _copy(component),
            ]
            for component in record.components
        ],
    )


def _copy(component: Component) -> str:
    if component.sealed:
        return f"{component.sealed.bytes / 1000:.0f} kB"
    return f"none: `{component.unsealed.code}`" if component.unsealed else "none"


def _fields(record: Record) -> str:
    rows = [
        [
            component.id,
            field.name,
            f"{field.confidence:.2f}" if field.value is not None else "not read",
            _witnesses(field),
            "pen" if field.handwritten else "",
        ]
        for component in record.components
        for field in component.fields
    ]
    return _table(["component", "field", "confidence", "witnesses", ""], rows)


def _witnesses(field: Field) -> str:
    return ", ".join(
        f"{'person' if is_person(witness.by) else witness.by}{'' if witness.value == field.value else ' (differs)'}"
        for witness in field.witnesses
    )


def _refused(record: Record) -> str:
    return _table(
        ["file (hash)", "code"], [[f"`{refused.sha256[:12]}`", refused.code] for refused in record.refused]
    )


def _waiting(waiting: tuple[Waiting, ...]) -> str:
    rows = [
        [
            f"`{drop.code}`",
            drop.office,
            _clock(drop.since),
            drop.why,
            _clock(drop.until) if drop.until else "",
        ]
        for drop in waiting[:LINES_SHOWN]
    ]
    return _table(["dossier", "office", "since", "waits for", "tried again"], rows, len(waiting))


def _ended(ended: tuple[Ended, ...]) -> str:
    rows = [
        [f"`{e.code}`", e.office, e.state, _clock(e.at), f"{e.seconds:.1f} s"] for e in ended[:LINES_SHOWN]
    ]
    return _table(["dossier", "office", "state", "at", "took"], rows, len(ended))


def _table(head: list[str], rows: list[list[str]], total: int | None = None) -> str:
    if not rows:
        return "Nothing."
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    more = (total or len(rows)) - len(rows)
    return "\n".join(lines + ([f"\n… and {more} more."] if more > 0 else []))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
