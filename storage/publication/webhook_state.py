"""How far a webhook is, and how that changes with each answer. Values and functions of them alone.

Events go out in the order of the feed. One that fails waits and is tried again with growing pauses, and whatever
follows of its dossier waits behind it; other dossiers go on. When one after another fails, it is not the event but
the receiver: then the feed is left alone until one of those that wait is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, Field

from dossier.model import Frozen
from dossier.targets import WebhookTarget
from storage.publication.targets import Cursor

STATE_SCHEMA: Final = "sohoa/webhook/1"
TROUBLED: Final = 3
"""So many failures in a row are the receiver's, not the events'."""
GROWTH: Final = 4
ASKED_MAX_S: Final = 86_400.0
"""The longest pause that a receiver can ask for."""


class Place(Frozen):
    """The place in an office's feed up to which all is settled: taken, waiting or aside. at: when it was reached."""

    seq: int = 0
    sha256: str = Cursor().sha256
    told: int = 0
    at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))


class Waiting(Frozen):
    """An event that was not taken yet. tries: so far; 0: it only waits behind another of its dossier."""

    office: str
    seq: int
    dossier: str
    version: int
    tries: int
    due: AwareDatetime
    reason: str


class WebhookState(Frozen):
    """failures: since the last success. due: if many failed and nothing waits, when the feed is looked at again.

    closed: why nothing more is sent, until a person opens it. waiting: in the order of the feed. aside: dossiers with
    events given up, `<office>/<dossier>`, and the newest version that was taken since (0: none).
    writer: of two publishers at work at once, whose state this is.
    """

    schema_: str = Field(default=STATE_SCHEMA, alias="schema")
    places: dict[str, Place] = Field(default_factory=dict)
    failures: int = 0
    due: AwareDatetime | None = None
    closed: str | None = None
    waiting: tuple[Waiting, ...] = ()
    aside: dict[str, int] = Field(default_factory=dict)
    writer: str = ""

    def place(self, office: str) -> Place:
        return self.places.get(office, Place())

    def at(self, office: str, seq: int, sha256: str) -> WebhookState:
        """Settled up to here."""
        place = Place(seq=seq, sha256=sha256, told=self.place(office).told)
        return self.model_copy(update={"places": self.places | {office: place}})

    def last_of(self, office: str, dossier: str) -> Waiting | None:
        """What waits of this dossier: its newest."""
        found = [each for each in self.waiting if (each.office, each.dossier) == (office, dossier)]
        return found[-1] if found else None

    def waits(self, new: Waiting) -> WebhookState:
        kept = (each for each in self.waiting if (each.office, each.seq) != (new.office, new.seq))
        ordered = sorted((*kept, new), key=lambda each: (each.office, each.seq))
        return self.model_copy(update={"waiting": tuple(ordered)})

    def without(self, office: str, seq: int) -> WebhookState:
        kept = tuple(each for each in self.waiting if (each.office, each.seq) != (office, seq))
        return self.model_copy(update={"waiting": kept})

    def succeeded(self, office: str, dossier: str, version: int, now: datetime) -> WebhookState:
        """An event was taken. If the receiver had been in trouble, all that waits is tried at once."""
        name, aside, waiting = f"{office}/{dossier}", self.aside, self.waiting
        if name in aside:
            aside = aside | {name: max(aside[name], version)}
        if self.failures >= TROUBLED:
            waiting = tuple(each.model_copy(update={"due": now}) for each in waiting)
        return self.model_copy(update={"failures": 0, "due": None, "aside": aside, "waiting": waiting})

    def failed(self, now: datetime, settings: WebhookTarget) -> WebhookState:
        """An event was not taken, whatever becomes of it."""
        failures = self.failures + 1
        due = now + pause(failures - TROUBLED + 1, settings) if failures >= TROUBLED else None
        return self.model_copy(update={"failures": failures, "due": due})

    def given_up(self, office: str, dossier: str) -> WebhookState:
        return self.model_copy(update={"aside": {f"{office}/{dossier}": 0} | self.aside})

    def resting(self, now: datetime, settings: WebhookTarget) -> bool:
        """Whether the feed is to be left alone now."""
        if self.failures < TROUBLED:
            return False
        return bool(self.waiting) or (self.due is not None and not _is_due(self.due, now, settings))

    def due_now(self, now: datetime, settings: WebhookTarget) -> Iterator[Waiting]:
        """What is to be tried again now: of each dossier its oldest."""
        seen: set[tuple[str, str]] = set()
        for each in self.waiting:
            first = (each.office, each.dossier) not in seen
            seen.add((each.office, each.dossier))
            if first and _is_due(each.due, now, settings):
                yield each


def pause(tries: int, settings: WebhookTarget, asked_s: float = 0.0) -> timedelta:
    """The pause after so many tries. asked_s: what the receiver asked for, which counts if it is longer."""
    grown = min(settings.pause_max_s, settings.pause_s * GROWTH ** min(max(tries, 1) - 1, 30))
    return timedelta(seconds=max(grown, min(asked_s, ASKED_MAX_S)))


def _is_due(due: datetime, now: datetime, settings: WebhookTarget) -> bool:
    # A time farther off than any pause was set by a clock that went wrong.
    return due <= now or due > now + timedelta(seconds=max(settings.pause_max_s, ASKED_MAX_S) + 1)
