"""Targets by their kind in the settings."""

from __future__ import annotations

from dossier.targets import AnyTarget, SqlTarget, WebhookTarget
from storage.publication.sql import SqlDatabase
from storage.publication.targets import Target
from storage.publication.webhook import Webhook
from storage.s3 import Store


def open_target(name: str, settings: AnyTarget, store: Store) -> Target:
    """The target of these settings; nothing is connected yet. store: our own. Raises ConfigurationError."""
    match settings:
        case SqlTarget():
            return SqlDatabase(name, settings)
        case WebhookTarget():
            return Webhook(name, settings, store)
