"""What a webhook put aside and what waits: told to a person, and sent once more when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from storage.publication.targets import Aside, Delivery, Handed
from storage.publication.webhook_message import how_it_ended, spelt, version_of
from storage.publication.webhook_sending import Sending
from storage.publication.webhook_state import Waiting, WebhookState
from storage.publication.webhook_store import Letter, WebhookStore


def asides_of(kept: WebhookStore, state: WebhookState) -> list[Aside]:
    """In the order of the feed."""
    found = [
        Aside(each.office, each.seq, each.dossier, each.version, each.reason, how_it_ended(each))
        for each in kept.letters()
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


def send_again(sending: Sending, office: str, deliveries: Sequence[Delivery]) -> Handed:
    """Send these, which were given up or wait, once more, and open the target if the receiver had closed it.

    What a newer version of its dossier has overtaken is not sent: the receiver would go back.
    """
    sending.save(sending.state.model_copy(update={"closed": None, "failures": 0, "due": None}))
    handed = Handed()
    for delivery in deliveries:
        waiting = {(each.office, each.seq): each for each in sending.state.waiting}
        if (open_ := waiting.get((office, delivery.announced.seq))) is not None:
            handed += sending.try_again(open_) if _is_first(sending.state, open_) else Handed()
            continue
        letter = sending.kept.letter(office, *version_of(delivery.announced))
        if letter is not None and letter.state == "dead":
            handed += _again(sending, letter, delivery)
    return handed


def _again(sending: Sending, letter: Letter, delivery: Delivery) -> Handed:
    state: Literal["dead", "taken", "waiting", "overtaken"]
    name = f"{letter.office}/{letter.dossier}"
    newest = max(sending.state.aside.get(name, 0), sending.kept.newest(letter.office, letter.dossier))
    if newest > letter.version:
        done, state = Handed(events=1), "overtaken"
    else:
        done = sending.hand_one(letter.office, delivery, again=True)
        state = "dead" if done.aside else "taken" if done.records else "waiting"
    if not done.aside:
        sending.kept.put_letter(letter.model_copy(update={"state": state}))
    if all(each.state != "dead" for each in sending.kept.letters(letter.office, letter.dossier)):
        aside = {each: version for each, version in sending.state.aside.items() if each != name}
        sending.save(sending.state.model_copy(update={"aside": aside}))
    return done


def _is_first(state: WebhookState, waiting: Waiting) -> bool:
    """Whether nothing older of its dossier waits."""
    of = (waiting.office, waiting.dossier)  # two offices may use one code
    same = [each.seq for each in state.waiting if (each.office, each.dossier) == of]
    return waiting.seq == min(same)
