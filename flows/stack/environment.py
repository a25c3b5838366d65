"""Settings as environment variables, so that a child process has exactly those of its parent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from dossier.settings import Settings


def settings_env(settings: Settings) -> dict[str, str]:
    """`SOHOA_…` for every setting that is not None. Paths are made absolute: a flow runs in another folder."""
    prefix, delimiter = Settings.model_config["env_prefix"], Settings.model_config["env_nested_delimiter"]
    assert prefix is not None
    assert delimiter is not None
    return {prefix + name: value for name, value in _flat(settings, delimiter)}


def _flat(section: BaseModel, delimiter: str) -> list[tuple[str, str]]:
    found = []
    plain = section.model_dump(mode="json")
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            found += [(f"{name.upper()}{delimiter}{key}", text) for key, text in _flat(value, delimiter)]
        elif value is not None:
            found.append((name.upper(), _text(value, plain[name])))
    return found


def _text(value: Any, plain: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(_revealed(value))
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value.absolute())
    return plain if isinstance(plain, str) else json.dumps(plain)


def _revealed(value: Any) -> Any:
    """Sections by name as JSON has them, secrets among them, under the names that settings have in a file."""
    match value:
        case BaseModel():
            fields = type(value).model_fields.items()
            said = {spec.alias or name: _revealed(getattr(value, name)) for name, spec in fields}
            return {name: part for name, part in said.items() if part is not None}
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return str(value.absolute())
        case dict():
            return {name: _revealed(part) for name, part in value.items()}
        case tuple() | list():
            return [_revealed(part) for part in value]
        case _:
            return value
