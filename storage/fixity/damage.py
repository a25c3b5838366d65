"""What the fixity check finds that is not as it was kept, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["original", "evidence", "record", "pointer", "outbox", "sealed", "audit", "feed", "anchor"]
What = Literal["damaged", "unreadable", "missing", "extra"]
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class Damage:
    """An object that is not what was kept. Keys of these buckets carry hashes and dossier codes, no name.

    what: `damaged` (other bytes), `unreadable` (the store has it and cannot give it), `missing`, or `extra` (right
    today, with other bytes in another version). whole_version: an older version that has the right bytes.
    """

    kind: Kind
    bucket: str
    key: str
    sha256: str
    what: What
    whole_version: str | None = None

    @property
    def is_loss(self) -> bool:
        return self.what != "extra"

    @property
    def advice(self) -> str:
        if not self.is_loss:
            return "nothing is lost; find out who wrote another version, and when"
        if self.whole_version is not None:
            return f"version {self.whole_version} holds the right bytes: put them over it"
        if self.kind == "pointer" and self.what == "missing":
            return "run `sohoa reconcile --full --finish`: it is made anew from the record versions"
        if self.kind in ("audit", "feed", "anchor"):
            return "tell the auditor: someone or something changed what must not change; hold it against a backup"
        if self.kind == "original":
            return (
                "restore it from a backup (`sohoa restore`), or drop the same file again: its bytes mend it"
            )
        return "restore it from a backup (`sohoa restore`)"
