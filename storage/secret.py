"""The house's key: what turns a person's number or name into a mark that only this house can make again.

It lies under the data directory, made on first use. With another key the index has to be made anew, and marks in the
audit can be told from one another, but not be held against a name any more: back it up.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

from dossier.decisions import person_key
from storage.certificates import write_private

KEY_FILE: Final = "index.key"
MARK_LETTERS: Final = 16


def house_key(data: Path) -> bytes:
    """The key of the house whose data directory this is."""
    path = data / KEY_FILE
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"{KEY_FILE}.{uuid.uuid4().hex}"
        write_private(fresh, secrets.token_bytes(32))
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()


def keyed(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 in hex of texts that stand together."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def person_mark(key: bytes, name: str) -> str:
    """Whose deed it was, without the name: the same for every spelling of one name."""
    return keyed(key, "person", person_key(name) or name)[:MARK_LETTERS]
