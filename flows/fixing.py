"""What `sohoa fixity` and the nightly flow do, and how they tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dossier.errors import StoreError
from dossier.settings import Settings
from flows.downstream import Downstream, compare_downstream
from storage.fixity.walk import Looked, look
from storage.holds import HoldTools
from storage.holds_again import FORBIDDEN, Unset, hold_again, not_told
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


@dataclass(frozen=True)
class Checked:
    """What fixity looked at: what is kept, and the downstream rows of the same dossiers."""

    looked: Looked
    downstream: Downstream

    @property
    def whole(self) -> bool:
        return self.looked.whole and self.downstream.whole


def check(
    settings: Settings, store: Store, everything: bool = False, each: Callable[[], None] = lambda: None
) -> Checked:
    """Look at what is kept, then at the rows that targets have of the same dossiers."""
    looked = look_at(settings, store, everything, each=each)
    return Checked(looked, compare_downstream(settings, looked.dossiers))


def tidy(settings: Settings, store: Store, now: datetime | None = None) -> Tidied:
    """Remove working copies older than `work_expires`, and uploads nobody ended in `keeping.uploads_days`."""
    now = now or datetime.now(UTC)
    uploads = timedelta(days=settings.keeping.uploads_days)
    return Tidied(expire_work(store, now, settings.work_expires), end_uploads(store, now, uploads))


@dataclass(frozen=True)
class Loose:
    """An original of a held dossier that no hold keeps; sha256 empty: all of them. code: why (storage.holds_again)."""

    office: str | None
    dossier: str
    sha256: str
    code: str


@dataclass(frozen=True)
class HoldsKept:
    """dossiers: that are held. added: object versions that are held from now on. loose: what could not be held."""

    dossiers: int
    added: int
    loose: tuple[Loose, ...]


def keep_holds(store: Store, custodian: Store) -> HoldsKept:
    """Hold what came to held dossiers since. custodian: the store as who may set legal holds sees it.

    If the keys may not (an outside store has those of the pipeline), what the audit does not call held is named.
    """
    done = hold_again(HoldTools(store, custodian))
    return HoldsKept(
        done.dossiers, done.added, tuple(one for unset in done.unset for one in _loose(store, unset))
    )


def _loose(store: Store, unset: Unset) -> Iterator[Loose]:
    hashes = [""]
    if unset.code == FORBIDDEN:
        with suppress(StoreError):  # an audit that cannot be read vouches for none
            hashes = sorted(not_told(store, unset.office, unset.dossier))
    return (Loose(unset.office, unset.dossier, sha256, unset.code) for sha256 in hashes)


def holds_line(kept: HoldsKept) -> str:
    """One line, without personal data."""
    return (
        f"{kept.dossiers} dossiers are held: {kept.added} originals newly held, "
        f"{len(kept.loose)} that no hold keeps"
    )


def loose_rows(kept: HoldsKept) -> list[dict[str, Any]]:
    """One row for each original of a held dossier that no hold keeps."""
    advice = "run `sohoa hold CODE --reason …` with keys that may set legal holds (custodian)"
    return [asdict(one) | {"advice": advice} for one in kept.loose]


def summary(checked: Checked) -> str:
    """One line, without personal data."""
    looked, downstream = checked.looked, checked.downstream.line()
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(looked.objects.items())) or "nothing"
    losses = sum(damage.is_loss for damage in looked.damages)
    extra = len(looked.damages) - losses
    return (
        f"looked at {kinds} ({looked.bytes / 1e6:.1f} MB): {losses} lost or damaged, {extra} with extra versions, "
        f"{looked.waiting} damaged before and not looked at again; "
        f"{looked.left} objects left for later nights"
    ) + (f"; {downstream}" if downstream else "")


def rows(looked: Looked) -> list[dict[str, Any]]:
    """One row for each object that is not as it was kept."""
    return [
        asdict(damage) | {"advice": damage.advice}
        for damage in sorted(looked.damages, key=lambda one: (not one.is_loss, one.kind, one.key))
    ]


def told(checked: Checked) -> dict[str, Any]:
    """The report as JSON."""
    looked = checked.looked
    return {
        "whole": checked.whole,
        "objects": looked.objects,
        "bytes": looked.bytes,
        "left": looked.left,
        "waiting": looked.waiting,
        "damages": rows(looked),
        "downstream": checked.downstream.rows(),
        "away": list(checked.downstream.away),
    }
