"""Targets by their kind in the settings."""

from __future__ import annotations

from dossier.errors import ConfigurationError
from dossier.targets import AnyTarget, DeltaTarget, SqlTarget, WebhookTarget
from storage.publication.sql import SqlDatabase
from storage.publication.targets import Target
from storage.publication.webhook import Webhook
from storage.s3 import Store


def open_target(name: str, settings: AnyTarget, store: Store) -> Target:
    """The target of these settings; nothing is connected yet. store: our own. Raises ConfigurationError."""
    match settings:
        case SqlTarget():
            return SqlDatabase(name, settings)
        case DeltaTarget():
            return _delta(name, settings, store)
        case WebhookTarget():
            return Webhook(name, settings, store)


def _delta(name: str, settings: DeltaTarget, store: Store) -> Target:
    try:
        from storage.publication.delta import DeltaLake  # 140 MB that only this kind of target wants
    except ImportError:
        raise ConfigurationError(
            "delta-missing", f"target {name}: install sohoa[analytics] for Delta tables"
        ) from None
    return DeltaLake(name, settings, store)
