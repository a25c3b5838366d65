"""The audit: one immutable entry for each decision of a person. Derived from records, never from memory.

An entry names dossier, paper, field or rule, the person and the reason; never a value. Its key follows from the
decision, so that writing it again changes nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any, Final

from dossier.decisions import Decision
from dossier.record import Record
from storage.buckets import AUDIT
from storage.keys import folder
from storage.s3 import Store

AUDIT_SCHEMA: Final = "sohoa/audit/1"
NAMESPACE: Final = uuid.UUID("b9e4ef2a-3a0c-5a49-8f0f-6b0f3f1d2c55")


def note_decisions(store: Store, record: Record, decisions: tuple[Decision, ...]) -> None:
    """Write what was decided in this version of the record."""
    for decision in decisions:
        entry: dict[str, Any] = {
            "schema": AUDIT_SCHEMA,
            "at": decision.at.isoformat(),
            "what": decision.kind,
            "dossier": record.dossier,
            "office": record.office,
            "version": record.version,
            "component": decision.component,
            "field": decision.field,
            "rule": decision.rule,
            "by": decision.by,
            "reason": decision.reason,
            "state": record.state,
        }
        if decision.reused_from is not None:
            entry |= {
                "requirement": decision.requirement,
                "reused_from": decision.reused_from.model_dump(mode="json"),
            }
        data = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        name = f"{decision.at:%Y%m%dT%H%M%S.%fZ}-{uuid.uuid5(NAMESPACE, data)}"
        store.put_once(AUDIT, f"{folder(record.office, record.dossier)}{name}.json", data.encode())


def audited(store: Store, office: str | None, code: str) -> Iterator[dict[str, Any]]:
    """The entries of a dossier, the oldest first."""
    for entry in store.list(AUDIT, folder(office, code)):
        found = store.get(AUDIT, entry.key)
        if found is not None:
            told: dict[str, Any] = json.loads(found.data)
            yield told
