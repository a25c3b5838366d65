"""`sohoa policies`: who may do what in the store, as IAM policy documents for MinIO and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out
from dossier.errors import ConfigurationError
from dossier.settings import load_settings
from storage.rights import administrator_policy, policies


def command(
    as_json: Annotated[bool, typer.Option("--json", help="one object: name of the identity, policy")] = False,
    to: Annotated[
        Path | None, typer.Option("--out", help="write NAME.json for each into this folder")
    ] = None,
) -> None:
    """Print the IAM policy of each identity of the settings: offices, readers, pipeline, auditor and others.

    The embedded store has them already; give them to the users of another S3 store.
    """
    settings = load_settings()
    made = policies(settings) | {"administrator": administrator_policy(settings.store.prefix)}
    if to is not None:
        _write(made, to)
    if as_json:
        typer.echo(json.dumps(made, indent=1))
    elif to is None:
        for name, policy in made.items():
            out.print(f"# {name}", style="bold")
            typer.echo(json.dumps(policy, indent=1))
    else:
        out.print(f"{len(made)} policies written: {', '.join(made)}")


def _write(made: dict[str, dict[str, object]], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, policy in made.items():
            (folder / f"{name}.json").write_text(json.dumps(policy, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError("out-unusable", f"a policy cannot be written: {error.strerror}") from None
