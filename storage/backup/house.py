"""What a house holds beside its store: the key of its marks, its settings and, when asked for, its secrets.

Without `index.key` nobody can tell any more whose mark in the audit is whose, so it is in every backup; the index comes
back without it. Keys of the store are not needed to read a backup: a new store makes new ones, which offices are given
anew. They and sohoa.toml, which may hold passwords, go along only by the setting `backup.secrets`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dossier.settings import Settings
from storage.backup.manifest import HOUSE, Item
from storage.certificates import write_private
from storage.seaweed.files import STATE
from storage.secret import KEY_FILE, house_key

SETTINGS: Final = "settings.json"
TOML: Final = "sohoa.toml"
STORE_STATE: Final = f"store/{STATE}"
RESTORED: Final = "restored"
"""Folder under the data directory for what a person has to look at before it counts."""


@dataclass(frozen=True)
class HouseFile:
    key: str
    data: bytes

    def item(self) -> Item:
        sha256 = hashlib.sha256(self.data).hexdigest()
        now = datetime.now(UTC).isoformat()
        return Item(bucket=HOUSE, key=self.key, etag=sha256, modified=now, size=len(self.data), sha256=sha256)


def house_files(settings: Settings) -> Iterator[HouseFile]:
    """The files of this house."""
    yield HouseFile(KEY_FILE, house_key(settings.data))
    yield HouseFile(SETTINGS, _without_secrets(settings))
    if settings.backup.secrets:
        for key, path in ((TOML, Path(TOML)), (STORE_STATE, settings.data / STORE_STATE)):
            if path.exists():
                yield HouseFile(key, path.read_bytes())


def take_back(data: Path, key: str, content: bytes) -> bool:
    """Put a file of the house where it belongs, or under `restored/`; False if another one stands there.

    A key that is in use is never written over: marks made with it could not be told any more.
    """
    path = data / key if key in (KEY_FILE, STORE_STATE) else data / RESTORED / key
    if path.exists():
        same = path.read_bytes() == content
        if not same and key == STORE_STATE:  # a store has its own keys by now
            return take_back(data, f"{STORE_STATE}.from-backup", content)
        return same
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(path.parent, 0o700)
    write_private(path, content)
    return True


def _without_secrets(settings: Settings) -> bytes:
    """The settings as they were in force; what pydantic hides and the password of a URL is not in it."""
    said = settings.model_dump(mode="json")
    if settings.index_url:
        try:
            said["index_url"] = make_url(settings.index_url).render_as_string(hide_password=True)
        except ArgumentError:
            said["index_url"] = None
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
