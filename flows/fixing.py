"""What `sohoa fixity` and the nightly flow do, and how they tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dossier.settings import Settings
from storage.fixity import Looked, look
from storage.s3 import Store
from storage.tidying import end_uploads, expire_work


@dataclass(frozen=True)
class Tidied:
    """What was removed: working copies, unended uploads."""

    expired: int
    uploads: int


def look_at(
    settings: Settings,
    store: Store,
    everything: bool = False,
    now: datetime | None = None,
    each: Callable[[], None] = lambda: None,
) -> Looked:
    """Read tonight's slice, or everything. each: called after every object."""
    now = now or datetime.now(UTC)
    return look(store, settings.keeping, now, settings.reconcile.late, everything, each)


def tidy(settings: Settings, store: Store, now: datetime | None = None) -> Tidied:
    """Remove working copies older than `work_expires`, and uploads nobody ended in `keeping.uploads_days`."""
    now = now or datetime.now(UTC)
    uploads = timedelta(days=settings.keeping.uploads_days)
    return Tidied(expire_work(store, now, settings.work_expires), end_uploads(store, now, uploads))


def summary(looked: Looked) -> str:
    """One line, without personal data."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(looked.objects.items())) or "nothing"
    losses = sum(damage.is_loss for damage in looked.damages)
    extra = len(looked.damages) - losses
    return (
        f"looked at {kinds} ({looked.bytes / 1e6:.1f} MB): {losses} lost or damaged, {extra} with extra versions; "
        f"{looked.left} objects left for later nights"
    )


def rows(looked: Looked) -> list[dict[str, Any]]:
    """One row for each object that is not as it was kept."""
    return [
        asdict(damage) | {"advice": damage.advice}
        for damage in sorted(looked.damages, key=lambda one: (not one.is_loss, one.kind, one.key))
    ]


def told(looked: Looked) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "whole": looked.whole,
        "objects": looked.objects,
        "bytes": looked.bytes,
        "left": looked.left,
        "damages": rows(looked),
    }
