"""Kinds of value: how printed text becomes a value, and when two values say the same."""

from __future__ import annotations

from dossier.errors import ConfigurationError
from dossier.kinds import closed, codes, land, measures, people, texts, times  # noqa: F401  (importing them registers the kinds)
from dossier.kinds.base import Group, Kind, is_placeholder, registered

__all__ = ["Group", "Kind", "is_placeholder", "kind", "kinds"]


def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return registered()


def kind(name: str) -> Kind:
    """The kind of that name. Raises ConfigurationError: the catalogue asks for a kind that does not exist."""
    try:
        return registered()[name]
    except KeyError:
        raise ConfigurationError("unknown-kind", f"no kind of value is called {name!r}") from None
