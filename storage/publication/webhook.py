"""A webhook: each event of the feed sent to one receiver, signed, in the order of its dossier's versions.

At least once, by nature: when the answer to a message is lost, nobody but the receiver knows whether it was taken, so
it is sent again under the same `webhook-id`; the receiver drops what it has. What is sent is the event of the outbox
and nothing else: the dossier's code, its version and state, and the hash of its record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from dossier.targets import WebhookTarget
from storage.publication.targets import Aside, Cursor, CursorMoved, Delivery, Handed, Stand, one_of
from storage.publication.webhook_letters import asides_of, send_again
from storage.publication.webhook_message import version_of
from storage.publication.webhook_sending import Sending
from storage.publication.webhook_state import TROUBLED
from storage.s3 import Store


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Webhook:
    """A target of the kind `webhook`. now: the clock that pauses are counted by."""

    def __init__(
        self, name: str, settings: WebhookTarget, store: Store, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self.name = name
        self.settings = settings
        self._sending = Sending(name, settings, store, now)

    def prepare(self) -> None:
        """Go on from where the last publisher ended."""
        self._sending.load()

    def cursor(self, office: str) -> Cursor:
        place = self._sending.load().place(office)
        return Cursor(place.seq, place.sha256, place.told)

    def tidy(self) -> int:
        return 0

    def told(self, office: str, seq: int) -> None:
        place = self._sending.state.place(office).model_copy(update={"told": seq})
        places = self._sending.state.places | {office: place}
        self._sending.save(self._sending.state.model_copy(update={"places": places}))

    def stands(self) -> dict[str, Stand]:
        state = self._sending.kept.load()
        aside = Counter(each.office for each in asides_of(self._sending.kept, state))
        return {
            office: Stand(Cursor(place.seq, place.sha256, place.told), place.at, aside[office])
            for office, place in sorted(state.places.items())
        }

    def hand(self, office: str, before: Cursor, deliveries: Sequence[Delivery]) -> Handed:
        """Send these one by one; the place moves with each, since what was sent cannot be taken back.

        Raises TransientError when the receiver gets into trouble before the last of them, TerminalError when it says
        that it wants no more; the place is then at the last that is settled.
        """
        place = self._sending.state.place(office)
        if (place.seq, place.sha256) != (before.seq, before.sha256):
            raise CursorMoved("webhook-moved", f"target {self.name}: another publisher was at work")
        handed = Handed()
        for delivery in deliveries:
            self._sending.check_open()
            handed += self._sending.hand_one(office, delivery)
        if self._sending.unsaved:
            self._sending.save(self._sending.state)
        return handed

    def became(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        waiting = {each.seq for each in self._sending.state.waiting if each.office == office}
        handed = Handed(events=len(deliveries))
        for delivery in deliveries:
            one, record = delivery.announced, delivery.record
            letter = self._sending.kept.letter(office, *version_of(one))
            if letter is not None and letter.seq in (one.seq, 0):
                handed += one_of(one, {"dead": "aside", "taken": "handed"}.get(letter.state, letter.state))
            elif one.seq not in waiting and record is not None and self._sending.is_wanted(record):
                handed += one_of(one, "handed")
        return handed

    def resume(self) -> Iterator[Handed]:
        """Try again what waits and is due, each dossier's oldest first."""
        tried = True
        while tried and not self._sending.state.closed:
            tried = False
            for waiting in self._sending.state.due_now(self._sending.now(), self.settings):
                tried = True
                yield self._sending.try_again(waiting)
                if self._sending.state.failures >= TROUBLED or self._sending.state.closed:
                    return

    def asides(self) -> list[Aside]:
        """What was given up, and what waits for another try."""
        return asides_of(self._sending.kept, self._sending.kept.load())

    def again(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        return send_again(self._sending, office, deliveries)

    def close(self) -> None:
        """Nothing is held between two messages."""
