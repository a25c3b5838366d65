"""Files inside installed packages, found without importing them.

Some packages are installed for one model file; importing them would start parts that have no place in a server.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

from dossier.errors import ConfigurationError


def package_file(package: str, *parts: str) -> Path:
    """The path of a file in an installed package. Raises ConfigurationError when either is missing."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder).joinpath(*parts)
        if path.is_file():
            return path
    raise ConfigurationError(
        "model-missing", f"{package} does not bring {'/'.join(parts)}; run scripts/demo again"
    )


def package_version(package: str) -> str:
    return importlib.metadata.version(package)
