"""Putting a dossier into the inbox as a digitiser does: papers first, the manifest that names them last."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from unicodedata import category, normalize

from dossier.drop import MANIFEST, READY, Manifest
from dossier.errors import ManifestError
from flows.dossier_input import sha256_of
from storage.buckets import INBOX
from storage.s3 import Store


def manifest_for(folder: Path, **said: str | None) -> Manifest:
    """The manifest to drop: the folder's `dossier.json`, what the caller said over it, every paper's hash.

    said: dossier, office, procedure, submitted_by, applicant. Raises ManifestError if something is missing or
    wrong, or if not all that the folder holds can be dropped: half a dossier must not arrive.
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
    if fault := _undroppable(folder, [name for name, _ in papers]):
        raise fault
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


def _undroppable(folder: Path, names: list[str]) -> ManifestError | None:
    """Why some of the folder cannot be dropped, None if all of it can."""
    others = [path for path in folder.iterdir() if not path.is_file() and not path.name.startswith(".")]
    if others:
        return ManifestError(
            "not-files",
            f"{len(others)} entries of the folder are no files",
            "Trong thư mục có thư mục con, liên kết hỏng hoặc tệp đặc biệt. Chép các tệp quét vào ngay thư mục hồ sơ.",
        )
    if len(set(names)) < len(names):
        return ManifestError(
            "same-name",
            "two files have one name, spelt in two Unicode forms",
            "Có hai tệp trùng tên (khác cách gõ dấu). Đổi tên một tệp.",
        )
    if any(char == "\\" or category(char) in ("Cc", "Cs") for name in names for char in name):
        return ManifestError(
            "name-undroppable",
            "a file's name holds a backslash, a control character or bytes that are no UTF-8",
            "Tên tệp có dấu \\ hoặc ký tự điều khiển. Đổi tên tệp.",
        )
    return None


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
