"""Targets by their kind in the settings."""

from __future__ import annotations

from dossier.targets import AnyTarget
from storage.publication.sql import SqlDatabase
from storage.publication.targets import Target
from storage.s3 import Store


def open_target(name: str, settings: AnyTarget, store: Store) -> Target:  # noqa: ARG001  (a table in it is a target too)
    """The target of these settings; nothing is connected yet. store: our own. Raises ConfigurationError."""
    return SqlDatabase(name, settings)
