"""The scene of a tampering: a house whose dossiers have ended, and where in it the things lie that are tampered with.

Each function that ends in `_of` names one of them: bucket and key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.administrator import Administrator, Undo
from bench.house import OFFICE, House
from storage.audit import audit_chain
from storage.buckets import ANCHORS, AUDIT, EVIDENCE, FEED, ORIGINALS, OUTBOX, RECORDS, SEALED
from storage.evidence import evidence_key
from storage.feed import Feed
from storage.records import POINTER, record_key


@dataclass(frozen=True)
class Scene:
    """code: a dossier of two versions. other: another one."""

    house: House
    admin: Administrator
    code: str
    other: str

    def record(self, version: int = 2) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.admin.read(RECORDS, record_key(OFFICE, self.code, version)))
        return said


Act = Callable[[Scene], Undo]


@dataclass(frozen=True)
class Tampering:
    """what was tampered with and how."""

    what: str
    how: str
    act: Act


def original_of(scene: Scene) -> tuple[str, str]:
    return ORIGINALS, scene.record()["drop"][0]["sha256"]


def sealed_of(scene: Scene) -> tuple[str, str]:
    sealed = [paper["sealed"] for paper in scene.record()["components"] if paper.get("sealed")]
    if not sealed:
        raise LookupError("no paper has a sealed copy")
    return SEALED, sealed[0]["key"]


def record_of(scene: Scene) -> tuple[str, str]:
    return RECORDS, record_key(OFFICE, scene.code, 1)


def evidence_of(scene: Scene) -> tuple[str, str]:
    return EVIDENCE, evidence_key(OFFICE, scene.code, scene.record()["evidence"])


def event_of(scene: Scene) -> tuple[str, str]:
    return OUTBOX, f"{OFFICE}/{scene.code}/v000001.json"


def pointer_of(scene: Scene) -> tuple[str, str]:
    return RECORDS, f"{OFFICE}/{scene.code}/{POINTER}"


def audit_of(scene: Scene) -> tuple[str, str]:
    return AUDIT, audit_chain(scene.admin.store, OFFICE).key(middle_of(scene))


def feed_of(scene: Scene) -> tuple[str, str]:
    return FEED, Feed(scene.admin.store).key(OFFICE, 1)


def anchor_of(scene: Scene) -> tuple[str, str]:
    return ANCHORS, next(entry.key for entry in scene.admin.store.list(ANCHORS))


def middle_of(scene: Scene) -> int:
    return max(2, audit_chain(scene.admin.store, OFFICE).head().seq // 2)
