"""Handing on to downstream targets: each by itself, so that one that is away or wrong does not stop the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from dossier.errors import ConfigurationError, SohoaError
from dossier.settings import Settings
from flows.faults import our_fault
from storage.audit import note_handed
from storage.connect import open_store
from storage.feed import Feed
from storage.publication.compare import Difference, Only, differences
from storage.publication.opening import open_target
from storage.publication.publishing import Publisher
from storage.publication.sql import SqlDatabase
from storage.publication.targets import Aside, Handed, Target
from storage.s3 import Store


@dataclass(frozen=True)
class Outcome:
    """What a run did for one target. error: code and message; None: all there was is handed on."""

    target: str
    events: int = 0
    records: int = 0
    aside: int = 0
    error: str | None = None
    message: str | None = None

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Standing:
    """How far a target is in the feed of one office. head: the last number there is. behind: what is still to come.

    at: when something was handed on last, UTC; None: never.
    """

    target: str
    office: str
    seq: int
    head: int
    aside: int
    at: datetime | None

    @property
    def behind(self) -> int:
        return self.head - self.seq

    def told(self) -> dict[str, Any]:
        return asdict(self) | {"behind": self.behind, "at": self.at.isoformat() if self.at else None}


def names(settings: Settings, only: str | None = None) -> tuple[str, ...]:
    """The targets that are set, or the one asked for. Raises ConfigurationError if there is no such."""
    if only is not None and only not in settings.targets:
        known = ", ".join(settings.targets) or "none is set"
        raise ConfigurationError(
            "target-unknown", f"no target is called {only}: {known}", "Xem mục [targets] trong sohoa.toml."
        )
    return (only,) if only is not None else tuple(settings.targets)


def hand_on(settings: Settings, name: str, retry_aside: bool = False) -> Outcome:
    """Hand on to one target all there is, or try once more what went aside. Its errors are in the outcome.

    Each batch that is safe at the target is told to the audit.
    """
    heard: list[Handed] = [Handed()]
    try:
        with opened(settings, name) as (store, target):
            publisher = Publisher(
                store,
                Feed(store),
                target,
                partial(note_handed, store),
                lambda _office, _seq, done: heard.append(done),
            )
            heard.append(publisher.retry_aside() if retry_aside else publisher.publish())
    except SohoaError as error:
        return _outcome(name, heard[-1], error)
    except Exception as error:  # noqa: BLE001  (the other targets go on; the text may carry values)
        return _outcome(name, heard[-1], our_fault(error))
    return _outcome(name, heard[-1])


def standing(settings: Settings, name: str) -> list[Standing]:
    """How far the target is, by office. Raises TransientError if it is away."""
    with opened(settings, name) as (store, target):
        target.prepare()
        feed, stands, wanted = Feed(store), target.stands(), target.settings.offices
        found = []
        for office in sorted({*feed.offices(), *stands}):
            if wanted is None or office in wanted:
                stand, head = stands.get(office), feed.head(office).seq
                seq, aside = (stand.cursor.seq, stand.aside) if stand else (0, 0)
                found.append(Standing(name, office, seq, head, aside, stand.at if stand else None))
        return found


def put_aside(settings: Settings, name: str) -> list[Aside]:
    """What waits for a person at the target."""
    with opened(settings, name) as (_, target):
        target.prepare()
        return target.asides()


def changed_rows(settings: Settings, name: str, only: Only | None = None) -> list[Difference]:
    """Where the rows of a target are not what the records say; a webhook has none."""
    with opened(settings, name) as (store, target):
        if isinstance(target, SqlDatabase):
            return list(differences(store, target, only))
        if settings.targets[name].kind == "delta":
            # The library is there, or the target could not have been opened.
            from storage.publication.delta import DeltaLake
            from storage.publication.delta_compare import differences as delta_differences

            if isinstance(target, DeltaLake):
                return list(delta_differences(store, target, only))
    return []


def summary(outcomes: Iterable[Outcome]) -> str:
    return "; ".join(
        f"{one.target}: {one.events} events, {one.records} record versions handed on, {one.aside} put aside"
        + (f", stopped by {one.error}" if one.error else "")
        for one in outcomes
    )


@contextmanager
def opened(settings: Settings, name: str) -> Iterator[tuple[Store, Target]]:
    """Our store and the target of that name."""
    store = open_store(settings)
    with closing(open_target(name, settings.targets[name], store)) as target:
        yield store, target


def _outcome(name: str, done: Handed, error: SohoaError | None = None) -> Outcome:
    told = (error.code, error.message) if error is not None else (None, None)
    return Outcome(name, done.events, done.records, done.aside, *told)
