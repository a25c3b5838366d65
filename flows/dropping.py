"""Putting a dossier into the inbox as a digitiser does: papers first, the manifest that names them last."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

from dossier.drop import MANIFEST, READY, Manifest
from dossier.errors import ManifestError
from flows.dossier_input import sha256_of
from storage.buckets import INBOX
from storage.s3 import Store


def manifest_for(folder: Path, **said: str | None) -> Manifest:
    """The manifest to drop: the folder's `dossier.json`, what the caller said over it, every paper's hash.

    said: dossier, office, procedure, submitted_by, applicant. Raises ManifestError if something is missing or
    wrong.
    """
    own = folder / MANIFEST
    known = (
        Manifest.parse(own.read_bytes()).model_dump(mode="json", exclude_defaults=True)
        if own.is_file()
        else {}
    )
    known |= {key: value for key, value in said.items() if value is not None}
    if missing := [key for key in ("dossier", "office") if not known.get(key)]:
        raise ManifestError("manifest-incomplete", f"say {' and '.join('--' + key for key in missing)}")
    types = {entry["name"]: entry["type"] for entry in known.get("files", []) if "type" in entry}
    papers = papers_of(folder)
    if not papers:
        raise ManifestError("nothing-to-drop", "the folder holds no file")
    known["files"] = [
        {"name": name, "sha256": sha256_of(path), "type": types.get(name)} for name, path in papers
    ]
    return Manifest.parse(json.dumps(known))


def papers_of(folder: Path) -> list[tuple[str, Path]]:
    """Name (NFC) and path of each file to drop. Those of a wrong kind too: their refusal stands in the receipt."""
    return [
        (normalize("NFC", path.name), path)
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name not in (MANIFEST, READY)
    ]


def drop(
    store: Store, folder: Path, manifest: Manifest, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Put every paper of `folder`, then the manifest. Raises StoreForbidden where the office is not one's own."""
    prefix = f"{manifest.office}/{manifest.dossier}/"
    for name, path in papers_of(folder):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        store.put(INBOX, prefix + name, path, content_type=kind)
        progress(1)
    text = manifest.model_dump_json(exclude_defaults=True, indent=1)
    store.put(INBOX, prefix + MANIFEST, text.encode(), content_type="application/json")
