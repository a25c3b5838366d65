"""The outbox: one event for each record version, for downstream databases. Written once, never changed."""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from dossier.record import Record
from storage.buckets import OUTBOX, RECORDS
from storage.keys import folder, version_name
from storage.s3 import Store

EVENT_TYPE: Final = "vn.sohoa.record.{state}.v1"
# The namespace under which an event's id is computed: the same record version always has the same id.
NAMESPACE: Final = uuid.UUID("6a3d6c9e-0d3f-5f0c-9d55-4b8f5d1f7c11")


def outbox_key(office: str | None, code: str, version: int) -> str:
    return f"{folder(office, code)}{version_name(version)}.json"


def event(record: Record, record_sha256: str) -> dict[str, Any]:
    """The event of a record version in the structure of CloudEvents 1.0. A pure function of the record."""
    key = f"{folder(record.office, record.dossier)}{version_name(record.version)}.json"
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid5(NAMESPACE, f"{key}#{record_sha256}")),
        "source": f"/sohoa/{record.office or ''}",
        "type": EVENT_TYPE.format(state=record.state),
        "subject": record.dossier,
        "time": record.times["made"].isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "dossier": record.dossier,
            "office": record.office,
            "version": record.version,
            "state": record.state,
            "procedure": record.procedure.model_dump() if record.procedure else None,
            "record": {"bucket": RECORDS, "key": key, "sha256": record_sha256},
        },
    }


def announce(store: Store, record: Record, record_sha256: str) -> bool:
    """Put the event of this record version. False if it was there already. Raises Conflict if another one was."""
    data = json.dumps(event(record, record_sha256), ensure_ascii=False, indent=1) + "\n"
    key = outbox_key(record.office, record.dossier, record.version)
    return store.put_once(OUTBOX, key, data.encode(), "application/cloudevents+json")
