"""A link of a chain: what it says, how it is written and read, and under which key it lies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from dossier.errors import StoreDamaged

CHAIN_SCHEMA: Final = "sohoa/chain/1"
NOTHING_BEFORE: Final = "0" * 64


@dataclass(frozen=True)
class Link:
    """One link. seq: from 1. sha256: of the link's bytes as stored. at: when it was written, UTC, ISO 8601."""

    chain: str
    seq: int
    sha256: str
    previous: str
    at: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class Head:
    """The last link of a chain. seq 0: it has none."""

    seq: int
    sha256: str


EMPTY: Final = Head(0, NOTHING_BEFORE)


def parsed(raw: bytes) -> Link:
    """A link as stored. Raises StoreError if it is none."""
    try:
        said = json.loads(raw)
        if said["schema"] != CHAIN_SCHEMA:
            raise ValueError
        return Link(
            said["chain"],
            int(said["seq"]),
            hashlib.sha256(raw).hexdigest(),
            said["previous"],
            said["at"],
            dict(said["entry"]),
        )
    except (ValueError, KeyError, TypeError):
        raise StoreDamaged("chain-damaged", "an object of a chain is no link") from None


def spelt(folder: str, before: Head, entry: Mapping[str, Any]) -> bytes:
    """The link behind `before`, as it is stored."""
    said = {
        "schema": CHAIN_SCHEMA,
        "chain": folder,
        "seq": before.seq + 1,
        "previous": before.sha256,
        "at": datetime.now(UTC).isoformat(),
        "entry": entry,
    }
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def link_key(folder: str, seq: int) -> str:
    return f"{folder}/{seq:012d}.json"


def link_number(folder: str, key: str) -> int:
    """Of the link of this key; 0 for what is no link's."""
    name = key.removeprefix(f"{folder}/").removesuffix(".json")
    return int(name) if name.isdecimal() else 0
