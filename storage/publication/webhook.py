"""A webhook: each event of the feed sent to one receiver, signed, in the order of its dossier's versions.

At least once, by nature: when the answer to a message is lost, nobody but the receiver knows whether it was taken, so
it is sent again under the same `webhook-id`; the receiver drops what it has. What is sent is the event of the outbox
and nothing else: the dossier's code, its version and state, and the hash of its record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from dossier.errors import TerminalError, TransientError
from dossier.record import Record
from dossier.targets import WebhookTarget
from storage.feed import Announced, Feed
from storage.publication.rows import wanted
from storage.publication.targets import Aside, Cursor, CursorMoved, Delivery, Handed, Stand, one_of
from storage.publication.webhook_message import (
    how_it_ended,
    letter_for,
    message,
    spelt,
    version_of,
    waiting_for,
)
from storage.publication.webhook_signature import signing_key
from storage.publication.webhook_state import TROUBLED, Waiting, WebhookState, pause
from storage.publication.webhook_store import Letter, WebhookStore
from storage.publication.webhook_wire import Answer, Wire
from storage.records import Records
from storage.s3 import Store

GONE = "the receiver wants nothing more at this address"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Webhook:
    """A target of the kind `webhook`. now: the clock that pauses are counted by."""

    def __init__(
        self, name: str, settings: WebhookTarget, store: Store, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self.name = name
        self.settings = settings
        self._feed, self._records = Feed(store), Records(store)
        self._kept = WebhookStore(store, name)
        self._state, self._unsaved = WebhookState(), False
        self._now = now
        secrets = (settings.secret, settings.old_secret)
        self._keys = tuple(signing_key(secret) for secret in secrets if secret is not None)
        self._wire = Wire(settings.url.get_secret_value(), settings.timeout_s, settings.ca_file)

    def prepare(self) -> None:
        """Go on from where the last publisher ended."""
        self._state = self._kept.load()

    def cursor(self, office: str) -> Cursor:
        self._state = self._kept.load()
        place = self._state.place(office)
        return Cursor(place.seq, place.sha256, place.told)

    def tidy(self) -> int:
        return 0

    def told(self, office: str, seq: int) -> None:
        place = self._state.place(office).model_copy(update={"told": seq})
        self._save(self._state.model_copy(update={"places": self._state.places | {office: place}}))

    def stands(self) -> dict[str, Stand]:
        state = self._kept.load()
        aside = Counter(each.office for each in self._asides(state))
        return {
            office: Stand(Cursor(place.seq, place.sha256, place.told), place.at, aside[office])
            for office, place in sorted(state.places.items())
        }

    def hand(self, office: str, before: Cursor, deliveries: Sequence[Delivery]) -> Handed:
        """Send these one by one; the place moves with each, since what was sent cannot be taken back.

        Raises TransientError when the receiver gets into trouble before the last of them, TerminalError when it says
        that it wants no more; the place is then at the last that is settled.
        """
        place = self._state.place(office)
        if (place.seq, place.sha256) != (before.seq, before.sha256):
            raise CursorMoved("webhook-moved", f"target {self.name}: another publisher was at work")
        handed = Handed()
        for delivery in deliveries:
            self._check_open()
            handed += self._hand_one(office, delivery)
        if self._unsaved:
            self._save(self._state)
        return handed

    def became(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        waiting = {each.seq for each in self._state.waiting if each.office == office}
        handed = Handed(events=len(deliveries))
        for delivery in deliveries:
            one = delivery.announced
            letter = self._kept.letter(office, *version_of(one))
            if letter is not None and letter.seq in (one.seq, 0):
                handed += one_of(one, {"dead": "aside", "taken": "handed"}.get(letter.state, letter.state))
            elif one.seq not in waiting and delivery.record is not None and self._is_wanted(delivery.record):
                handed += one_of(one, "handed")
        return handed

    def resume(self) -> Iterator[Handed]:
        """Try again what waits and is due, each dossier's oldest first."""
        tried = True
        while tried and not self._state.closed:
            tried = False
            for waiting in self._state.due_now(self._now(), self.settings):
                tried = True
                yield self._try_again(waiting)
                if self._state.failures >= TROUBLED or self._state.closed:
                    return

    def asides(self) -> list[Aside]:
        """What was given up, and what waits for another try."""
        return self._asides(self._kept.load())

    def again(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        """Send these, which were given up or wait, once more, and open the target if the receiver had closed it.

        What a newer version of its dossier has overtaken is not sent: the receiver would go back.
        """
        self._save(self._state.model_copy(update={"closed": None, "failures": 0, "due": None}))
        handed = Handed()
        for delivery in deliveries:
            waiting = {(each.office, each.seq): each for each in self._state.waiting}
            if (open_ := waiting.get((office, delivery.announced.seq))) is not None:
                handed += self._try_again(open_) if self._is_first(open_) else Handed()
                continue
            letter = self._kept.letter(office, *version_of(delivery.announced))
            if letter is not None and letter.state == "dead":
                handed += self._again(letter, delivery)
        return handed

    def _again(self, letter: Letter, delivery: Delivery) -> Handed:
        state: Literal["dead", "taken", "waiting", "overtaken"]
        name = f"{letter.office}/{letter.dossier}"
        newest = max(self._state.aside.get(name, 0), self._kept.newest(letter.office, letter.dossier))
        if newest > letter.version:
            done, state = Handed(events=1), "overtaken"
        else:
            done = self._hand_one(letter.office, delivery, again=True)
            state = "dead" if done.aside else "taken" if done.records else "waiting"
        if not done.aside:
            self._kept.put_letter(letter.model_copy(update={"state": state}))
        if all(each.state != "dead" for each in self._kept.letters(letter.office, letter.dossier)):
            aside = {each: version for each, version in self._state.aside.items() if each != name}
            self._save(self._state.model_copy(update={"aside": aside}))
        return done

    def close(self) -> None:
        """Nothing is held between two messages."""

    def _asides(self, state: WebhookState) -> list[Aside]:
        found = [
            Aside(each.office, each.seq, each.dossier, each.version, each.reason, how_it_ended(each))
            for each in self._kept.letters()
            if each.state == "dead"
        ]
        found += [
            Aside(
                each.office,
                each.seq,
                each.dossier,
                each.version,
                each.reason,
                f"waits until {spelt(each.due)}",
            )
            for each in state.waiting
        ]
        return sorted(found, key=lambda each: (each.office, each.seq))

    def _is_first(self, waiting: Waiting) -> bool:
        """Whether nothing older of its dossier waits."""
        of = (waiting.office, waiting.dossier)  # two offices may use one code
        same = [each.seq for each in self._state.waiting if (each.office, each.dossier) == of]
        return waiting.seq == min(same)

    def _check_open(self) -> None:
        if self._state.closed:
            raise TerminalError("webhook-closed", f"target {self.name}: {self._state.closed}")
        if self._state.resting(self._now(), self.settings):
            raise TransientError(
                "webhook-away", f"target {self.name}: {self._state.failures} failures in a row"
            )

    def _hand_one(self, office: str, delivery: Delivery, again: bool = False) -> Handed:
        announced = delivery.announced
        settled = self._state if again else self._state.at(office, announced.seq, announced.sha256)
        if delivery.problem is not None or delivery.record is None:
            reason = delivery.problem.code if delivery.problem else "record-missing"
            return self._give_up(settled, announced, reason, tries=0)
        if not again and not self._is_wanted(delivery.record):
            self._state, self._unsaved = settled, True  # written with the next that is sent, or at the end
            return Handed(events=1)
        if self._is_overtaken(announced):
            return self._leave_out(settled, announced, tries=0)
        before = settled.last_of(office, delivery.record.dossier)
        if before is not None:
            behind = waiting_for(announced, tries=0, due=before.due, reason="behind-another")
            self._save(settled.waits(behind))
            return Handed(events=1)
        return self._settle(settled, announced, self._send(announced), tries=1)

    def _try_again(self, waiting: Waiting) -> Handed:
        announced = self._feed.at(waiting.office, waiting.seq)
        if announced is None:
            raise TransientError("feed-damaged", f"announcement {waiting.seq} of {waiting.office} has gone")
        state = self._state.without(waiting.office, waiting.seq)
        if self._is_overtaken(announced):
            return self._leave_out(state, announced, waiting.tries)
        return self._settle(state, announced, self._send(announced), waiting.tries + 1)

    def _is_overtaken(self, announced: Announced) -> bool:
        """Whether a newer version was taken: a writer that paused may announce its version after the next one's."""
        dossier, version = version_of(announced)
        return self._kept.newest(announced.office, dossier) > version

    def _settle(self, state: WebhookState, announced: Announced, answer: Answer, tries: int) -> Handed:
        """What an answer makes of the state, written down."""
        now = self._now()
        if answer.kind == "taken":
            self._kept.note_newest(announced.office, *version_of(announced))
            self._save(state.succeeded(announced.office, *version_of(announced), now))
            return Handed(events=1) + one_of(announced, "handed")
        state = state.failed(now, self.settings)
        if answer.kind == "gone":
            state = state.model_copy(update={"closed": GONE})
        if answer.kind != "again" or tries >= self.settings.tries:
            return self._give_up(state, announced, answer.reason, tries)
        due = now + pause(tries, self.settings, answer.wait_s)
        self._save(state.waits(waiting_for(announced, tries, due, answer.reason)))
        return Handed(events=1)

    def _leave_out(self, state: WebhookState, announced: Announced, tries: int) -> Handed:
        letter = letter_for(announced, tries, self._now(), "overtaken")
        self._kept.put_letter(letter.model_copy(update={"state": "overtaken"}))
        self._save(state)
        return Handed(events=1)

    def _give_up(self, state: WebhookState, announced: Announced, reason: str, tries: int) -> Handed:
        letter = letter_for(announced, tries, self._now(), reason)
        self._kept.put_letter(letter)  # before the state: what the state has passed is never lost
        self._save(state.given_up(letter.office, letter.dossier))
        return Handed(events=1) + one_of(announced, "aside")

    def _is_wanted(self, record: Record) -> bool:
        """By what it is, or because the version before was handed on and does not count any more."""
        if wanted(record, self.settings):
            return True
        if record.version == 1:
            return False
        before = self._records.version(record.office, record.dossier, record.version - 1)
        return before is None or wanted(before, self.settings)

    def _send(self, announced: Announced) -> Answer:
        return self._wire.post(*message(announced, self._keys))

    def _save(self, state: WebhookState) -> None:
        self._kept.save(state)
        self._state, self._unsaved = state, False
