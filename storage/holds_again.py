"""Legal holds set again: on what came to a held dossier since a person held it, and on originals that were restored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from minio.error import S3Error

from dossier.errors import SohoaError, TerminalError
from storage.audit import audited
from storage.buckets import HOLDS, ORIGINALS
from storage.holds import Hold, HoldTools, hold_on, originals_of, place_of, tell, versions_of
from storage.s3 import Store
from storage.s3_errors import translated

FORBIDDEN: Final = "store-forbidden"
NEVER_HELD: Final = "NoSuchObjectLegalHold"
"""How the embedded store says it; the SDK knows another word."""


@dataclass(frozen=True)
class Unset:
    """A dossier whose originals could not be held again. code: of the error; FORBIDDEN: the keys may not."""

    office: str | None
    dossier: str
    code: str


@dataclass
class HeldAgain:
    """dossiers: that are held. added: object versions that had no hold and have one now."""

    dossiers: int = 0
    added: int = 0
    unset: list[Unset] = field(default_factory=list)


def hold_again(tools: HoldTools) -> HeldAgain:
    """Set the legal hold on every original of every held dossier that has none, and tell the audit.

    One dossier that cannot be looked at, or whose note of a hold is damaged, is named and stops no other.
    """
    done = HeldAgain()
    for entry in tools.records.list(HOLDS):
        office, code = place_of(entry.key)
        try:
            word = hold_on(tools.records, office, code)
            if word is not None and word.on:
                done.dossiers += 1
                done.added += _held_again(tools, word)
        except SohoaError as error:
            done.unset.append(Unset(office, code, error.code))
    return done


def not_told(store: Store, office: str | None, code: str) -> frozenset[str]:
    """Originals of a held dossier of which the audit does not say that they are held: for who may not see holds."""
    held = set[str]()
    for link in audited(store, office, code):
        if link.entry["what"] == "hold":
            held |= set(link.entry["originals"])
        elif link.entry["what"] == "release":
            held -= set(link.entry["originals"])
    return frozenset(originals_of(store, office, code) - held)


def _held_again(tools: HoldTools, word: Hold) -> int:
    named = originals_of(tools.records, word.office, word.dossier)
    if not named:
        raise TerminalError("nothing-to-hold", f"{word.dossier}: nothing of this dossier was kept")
    added = sum(_hold_loose(tools.originals, sha256) for sha256 in sorted(named))
    tell(tools.records, word, named, word.by)
    return added


def _hold_loose(store: Store, sha256: str) -> int:
    """Hold those versions of an original that are not; how many."""
    loose = [version for version in versions_of(store, sha256) if not _is_held(store, sha256, version)]
    with translated("set a legal hold"):
        for version in loose:
            store.client.enable_object_legal_hold(store.bucket(ORIGINALS), sha256, version_id=version)
    return len(loose)


def _is_held(store: Store, sha256: str, version: str | None) -> bool:
    with translated("look at a legal hold"):
        try:
            return store.client.is_object_legal_hold_enabled(
                store.bucket(ORIGINALS), sha256, version_id=version
            )
        except S3Error as error:
            if error.code != NEVER_HELD:
                raise
    return False
