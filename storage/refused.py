"""Refused objects: never lost in silence. Their bytes lie among the originals; here stands why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from dossier.record import Refused
from storage.buckets import REFUSED
from storage.keys import folder
from storage.s3 import Store

REFUSED_SCHEMA: Final = "sohoa/refused/1"
_HASH_LETTERS: Final = 16
"""Of the refused bytes' hash, at the beginning of a note's name."""


def note_refusal(
    store: Store, office: str | None, code: str, refused: Refused, *, key: str, dropped_at: datetime
) -> str:
    """Write why an object was refused; where it stands. key: as listed in the inbox.

    Idempotent: the same object refused again for the same reason is the same note.
    """
    note = {
        "schema": REFUSED_SCHEMA,
        "office": office,
        "dossier": code,
        "file": refused.file,
        "key": key,
        "sha256": refused.sha256,
        "code": refused.code,
        "reason": refused.reason,
        "dropped_at": dropped_at.isoformat(),
    }
    # The name of the note carries no file name: those can hold personal data, and any letters.
    name = hashlib.sha256(f"{key}\0{dropped_at.isoformat()}\0{refused.code}".encode()).hexdigest()[:12]
    place = f"{folder(office, code)}{refused.sha256[:_HASH_LETTERS]}-{name}.json"
    data = (json.dumps(note, ensure_ascii=False, indent=1) + "\n").encode()
    store.put(REFUSED, place, data, "application/json")
    return place


def is_refused(store: Store, office: str | None, code: str, sha256: str) -> bool:
    """Whether a note tells of an object of this dossier with these bytes."""
    start = f"{folder(office, code)}{sha256[:_HASH_LETTERS]}-"
    return any(True for _ in store.list(REFUSED, start))


def refusals(store: Store, office: str | None, code: str) -> Iterator[dict[str, Any]]:
    """What was refused of a dossier, in no particular order."""
    for entry in store.list(REFUSED, folder(office, code)):
        found = store.get(REFUSED, entry.key)
        if found is not None:
            note: dict[str, Any] = json.loads(found.data)
            yield note
