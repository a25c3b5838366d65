"""The nightly account: what came, how it ended, what did not; anchored, and told as metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dossier.errors import SohoaError
from dossier.settings import Settings
from storage.anchors import anchor, verify_chains
from storage.audit import note
from storage.chain.walk import Break
from storage.reconciling import Loss, Reconciled, beginning, reconcile
from storage.records import Records
from storage.s3 import Store

METRICS = "metrics/sohoa.prom"
"""Under the data directory, in the text format of Prometheus: a node exporter's text-file collector takes it up."""


@dataclass(frozen=True)
class Account:
    """What one look found. breaks: of the chains; not looked for, they are none."""

    at: datetime
    done: Reconciled
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        return self.done.whole and not self.breaks


def account(settings: Settings, store: Store, *, full: bool = False) -> Account:
    """Reconcile and walk the chains; then anchor them, tell the audit and write the metrics."""
    now = datetime.now(UTC)
    since = None if full else beginning(store, now)
    done = reconcile(store, now, settings.reconcile.late, since=since)
    made = Account(now, done, verify_chains(store, since=since).breaks)
    said = {"counts": dict(sorted(done.counts.items())), "losses": len(done.losses)}
    note(store, "reconciled", None, None, said | {"breaks": len(made.breaks)}, once=now.isoformat())
    anchor(store, losses=len(done.losses) + len(made.breaks))
    write_metrics(settings.data / METRICS, made)
    return made


def finish(store: Store, losses: list[Loss], failed: Callable[[Loss, str], None]) -> int:
    """Bring to its end what dead runs left half published; how many versions were. Goes on past what fails."""
    records, ended = Records(store), 0
    for loss in losses:
        if loss.version is not None and loss.dossier is not None:
            try:
                ended += records.finish(loss.office, loss.dossier, loss.version) is not None
            except SohoaError as error:
                failed(loss, error.code)
    return ended


def write_metrics(path: Path, made: Account) -> None:
    """Replace the file in one step: a collector never reads half of it."""
    lines = [
        "# HELP sohoa_reconcile_timestamp_seconds When the last account was made.",
        "# TYPE sohoa_reconcile_timestamp_seconds gauge",
        f"sohoa_reconcile_timestamp_seconds {made.at.timestamp():.0f}",
        "# HELP sohoa_reconcile_objects Objects and record versions of the days looked at, by how they ended.",
        "# TYPE sohoa_reconcile_objects gauge",
        *(f'sohoa_reconcile_objects{{end="{end}"}} {n}' for end, n in sorted(made.done.counts.items())),
        "# HELP sohoa_reconcile_losses What did not end as it must.",
        "# TYPE sohoa_reconcile_losses gauge",
        f"sohoa_reconcile_losses {len(made.done.losses)}",
        "# HELP sohoa_chain_breaks Entries of audit and feed that do not hold.",
        "# TYPE sohoa_chain_breaks gauge",
        f"sohoa_chain_breaks {len(made.breaks)}",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(path)


def rows(made: Account) -> list[dict[str, str]]:
    """What is wrong, one row each, with what to do."""
    lost = [
        {
            "what": loss.kind,
            "office": loss.office or "",
            "dossier": loss.dossier or "",
            "of": loss.of,
            "since": loss.since,
            "do": loss.advice,
        }
        for loss in made.done.losses
    ]
    broken = [
        {
            "what": f"chain {found.what}",
            "office": found.chain,
            "dossier": "",
            "of": str(found.seq),
            "since": "",
            "do": "someone or something changed what must not change: tell the auditor, hold it against a backup",
        }
        for found in made.breaks
    ]
    return lost + broken


def summary(made: Account) -> str:
    counts = (
        ", ".join(f"{end} {number}" for end, number in sorted(made.done.counts.items())) or "nothing came"
    )
    return f"{counts}; {len(made.done.losses)} losses, {len(made.breaks)} breaks in the chains"
