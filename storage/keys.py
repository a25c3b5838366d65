"""Where things of a dossier lie: one place that spells the keys."""

from __future__ import annotations

from typing import Final

NO_OFFICE: Final = "_"  # records made offline, without an office


def folder(office: str | None, code: str) -> str:
    """`<office>/<code>/`, the same in records, outbox, refused and receipts."""
    return f"{office or NO_OFFICE}/{code}/"


def version_name(version: int) -> str:
    """Six digits, so that names sort as versions do."""
    return f"v{version:06d}"
