"""What is sent of an announcement, and how it is kept while it waits."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Final

from storage.feed import Announced
from storage.publication.events import Unusable, told
from storage.publication.webhook_signature import signature_headers
from storage.publication.webhook_state import Waiting
from storage.publication.webhook_store import DAMAGED, Letter

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"


def message(announced: Announced, keys: tuple[bytes, ...]) -> tuple[bytes, dict[str, str]]:
    """Body and headers: the event as in the outbox, in structured mode, signed now."""
    body = json.dumps(announced.event, ensure_ascii=False, separators=(",", ":")).encode()
    signed = signature_headers(keys, str(announced.event.get("id", "")), int(time.time()), body)
    return body, {"Content-Type": CONTENT_TYPE, **signed}


def version_of(announced: Announced) -> tuple[str, int]:
    """Dossier and version; of an event that does not tell them `_` and its number."""
    try:
        said = told(announced)
    except Unusable:
        return "_", announced.seq
    return said.dossier, said.version


def waiting_for(announced: Announced, tries: int, due: datetime, reason: str) -> Waiting:
    dossier, version = version_of(announced)
    return Waiting(
        office=announced.office,
        seq=announced.seq,
        dossier=dossier,
        version=version,
        tries=tries,
        due=due,
        reason=reason,
    )


def letter_for(announced: Announced, tries: int, at: datetime, reason: str) -> Letter:
    dossier, version = version_of(announced)
    return Letter(
        office=announced.office,
        seq=announced.seq,
        dossier=dossier,
        version=version,
        event=announced.event,
        reason=reason,
        tries=tries,
        at=at,
    )


def how_it_ended(letter: Letter) -> str:
    if letter.reason == DAMAGED:
        return f"what was noted of it at {spelt(letter.at)} cannot be read"
    return f"given up after {letter.tries} tries at {spelt(letter.at)}"


def spelt(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
