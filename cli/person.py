"""Who uses the command: for the audit, which keeps a mark in place of the name."""

from __future__ import annotations

import getpass

from dossier.record import Record
from dossier.settings import Settings
from storage.audit import note_view
from storage.s3 import Store
from storage.secret import house_key

UNKNOWN = "unknown"


def viewed(settings: Settings, store: Store, record: Record, through: str, by: str | None = None) -> None:
    """Tell the audit that a person is shown a record. by: as they name themselves; else the account of the machine."""
    note_view(store, house_key(settings.data), record, by or account(), through)


def account() -> str:
    """The account of the machine that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without an account for its number
        return UNKNOWN
