"""Sending the events of a webhook: what is asked of the receiver, what its answer makes of the state, written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dossier.errors import TerminalError, TransientError
from dossier.record import Record
from dossier.targets import WebhookTarget
from storage.feed import Announced, Feed
from storage.publication.rows import wanted
from storage.publication.targets import Delivery, Handed, one_of
from storage.publication.webhook_message import letter_for, message, version_of, waiting_for
from storage.publication.webhook_signature import signing_key
from storage.publication.webhook_state import Waiting, WebhookState, pause
from storage.publication.webhook_store import WebhookStore
from storage.publication.webhook_wire import Answer, Wire
from storage.records import Records
from storage.s3 import Store

GONE = "the receiver wants nothing more at this address"


class Sending:
    """One receiver and how far it is. Of one thread at a time. now: the clock that pauses are counted by.

    unsaved: the state moved past what was not for the receiver; it is written with the next that is sent.
    """

    def __init__(self, name: str, settings: WebhookTarget, store: Store, now: Callable[[], datetime]) -> None:
        self.name, self.settings, self.now = name, settings, now
        self._feed, self._records = Feed(store), Records(store)
        self.kept = WebhookStore(store, name)
        self.state, self.unsaved = WebhookState(), False
        secrets = (settings.secret, settings.old_secret)
        self._keys = tuple(signing_key(secret) for secret in secrets if secret is not None)
        self._wire = Wire(settings.url.get_secret_value(), settings.timeout_s, settings.ca_file)

    def load(self) -> WebhookState:
        """As the last publisher left it."""
        self.state = self.kept.load()
        return self.state

    def check_open(self) -> None:
        """Raises TerminalError if the receiver wants no more, TransientError while it is in trouble."""
        if self.state.closed:
            raise TerminalError("webhook-closed", f"target {self.name}: {self.state.closed}")
        if self.state.resting(self.now(), self.settings):
            raise TransientError(
                "webhook-away", f"target {self.name}: {self.state.failures} failures in a row"
            )

    def hand_one(self, office: str, delivery: Delivery, again: bool = False) -> Handed:
        """Settle one event: sent, left out, put behind another, or given up. again: a person asks for it."""
        announced = delivery.announced
        settled = self.state if again else self.state.at(office, announced.seq, announced.sha256)
        if delivery.problem is not None or delivery.record is None:
            reason = delivery.problem.code if delivery.problem else "record-missing"
            return self._give_up(settled, announced, reason, tries=0)
        if not again and not self.is_wanted(delivery.record):
            self.state, self.unsaved = settled, True  # written with the next that is sent, or at the end
            return Handed(events=1)
        if self._is_overtaken(announced):
            return self._leave_out(settled, announced, tries=0)
        before = settled.last_of(office, delivery.record.dossier)
        if before is not None:
            behind = waiting_for(announced, tries=0, due=before.due, reason="behind-another")
            self.save(settled.waits(behind))
            return Handed(events=1)
        return self._settle(settled, announced, self._send(announced), tries=1)

    def try_again(self, waiting: Waiting) -> Handed:
        """Send what waits once more. Raises TransientError if the feed has lost it."""
        announced = self._feed.at(waiting.office, waiting.seq)
        if announced is None:
            raise TransientError("feed-damaged", f"announcement {waiting.seq} of {waiting.office} has gone")
        state = self.state.without(waiting.office, waiting.seq)
        if self._is_overtaken(announced):
            return self._leave_out(state, announced, waiting.tries)
        return self._settle(state, announced, self._send(announced), waiting.tries + 1)

    def _is_overtaken(self, announced: Announced) -> bool:
        """Whether a newer version was taken: a writer that paused may announce its version after the next one's."""
        dossier, version = version_of(announced)
        return self.kept.newest(announced.office, dossier) > version

    def is_wanted(self, record: Record) -> bool:
        """By what it is, or because the version before was handed on and does not count any more."""
        if wanted(record, self.settings):
            return True
        if record.version == 1:
            return False
        before = self._records.version(record.office, record.dossier, record.version - 1)
        return before is None or wanted(before, self.settings)

    def save(self, state: WebhookState) -> None:
        self.kept.save(state)
        self.state, self.unsaved = state, False

    def _leave_out(self, state: WebhookState, announced: Announced, tries: int) -> Handed:
        letter = letter_for(announced, tries, self.now(), "overtaken")
        self.kept.put_letter(letter.model_copy(update={"state": "overtaken"}))
        self.save(state)
        return Handed(events=1)

    def _settle(self, state: WebhookState, announced: Announced, answer: Answer, tries: int) -> Handed:
        """What an answer makes of the state, written down."""
        now = self.now()
        if answer.kind == "taken":
            self.kept.note_newest(announced.office, *version_of(announced))
            self.save(state.succeeded(announced.office, *version_of(announced), now))
            return Handed(events=1) + one_of(announced, "handed")
        state = state.failed(now, self.settings)
        if answer.kind == "gone":
            state = state.model_copy(update={"closed": GONE})
        if answer.kind != "again" or tries >= self.settings.tries:
            return self._give_up(state, announced, answer.reason, tries)
        due = now + pause(tries, self.settings, answer.wait_s)
        self.save(state.waits(waiting_for(announced, tries, due, answer.reason)))
        return Handed(events=1)

    def _give_up(self, state: WebhookState, announced: Announced, reason: str, tries: int) -> Handed:
        letter = letter_for(announced, tries, self.now(), reason)
        self.kept.put_letter(letter)  # before the state: what the state has passed is never lost
        self.save(state.given_up(letter.office, letter.dossier))
        return Handed(events=1) + one_of(announced, "aside")

    def _send(self, announced: Announced) -> Answer:
        return self._wire.post(*message(announced, self._keys))
