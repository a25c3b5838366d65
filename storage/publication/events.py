"""What an announcement says, and the record that it names: read from the store, held against its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from pydantic import ValidationError

from dossier.model import State
from dossier.record import Record
from storage.buckets import RECORDS
from storage.feed import Announced
from storage.keys import NO_OFFICE
from storage.publication.targets import Delivery, Problem
from storage.records import record_key
from storage.s3 import Store

STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Told:
    """What an event says of a record version. made_at: UTC. sha256: of the record's bytes."""

    dossier: str
    version: int
    state: State
    made_at: datetime
    sha256: str


class Unusable(ValueError):
    """An event that does not say what the outbox's events say. The text carries nothing of it."""


def told(announced: Announced) -> Told:
    """Raises Unusable."""
    event = announced.event
    try:
        data: Mapping[str, Any] = event["data"]
        state: State = STATES[STATES.index(data["state"])]
        found = Told(
            dossier=_text(data["dossier"]),
            version=int(data["version"]),
            state=state,
            made_at=datetime.fromisoformat(event["time"]).astimezone(UTC),
            sha256=_text(data["record"]["sha256"]),
        )
        office, key = data["office"] or NO_OFFICE, data["record"]["key"]
    except (KeyError, TypeError, ValueError):
        raise Unusable("the event does not tell of a record version") from None
    if office != announced.office:
        raise Unusable("the event is of another office")
    if key != record_key(announced.office, found.dossier, found.version):
        raise Unusable("the event names another record than its own")
    return found


def fetch(store: Store, announced: Announced) -> Delivery:
    """The delivery of an announcement. Raises StoreError while the store is away: that is no fault of the record."""
    try:
        said = told(announced)
    except Unusable as error:
        return Delivery(announced, problem=Problem("event-unusable", str(error)))
    found = store.get(RECORDS, record_key(announced.office, said.dossier, said.version))
    if found is None:
        return Delivery(announced, problem=Problem("record-missing", "the store does not have the record"))
    if hashlib.sha256(found.data).hexdigest() != said.sha256:
        return Delivery(announced, problem=Problem("record-altered", "the record is not what was announced"))
    try:
        record = Record.model_validate_json(found.data)
    except ValidationError as error:
        count = error.error_count()
        return Delivery(
            announced, problem=Problem("record-damaged", f"{count} errors against the record's schema")
        )
    if (record.dossier, record.version, record.state) != (said.dossier, said.version, said.state):
        return Delivery(announced, problem=Problem("record-strange", "the record is of another dossier"))
    return Delivery(announced, record)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value
