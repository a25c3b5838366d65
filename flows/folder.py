"""What a folder holds: dossiers, each with its files and what was said of it. Nothing in it is passed over in
silence: what cannot be read as a file (a broken link, a pipe, a folder too deep to enter) is refused by name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from dossier.drop import MANIFEST, MANIFEST_BYTES, READY, Manifest
from dossier.errors import ManifestError
from dossier.record import Refused
from flows.dossier_input import NO_BYTES, DossierInput, InputFile, sha256_of
from storage.inbox.reasons import refusal

IGNORED = {MANIFEST, READY, "Thumbs.db", "desktop.ini"}
LONGEST_CODE = 200
"""Bytes of UTF-8: the folder's name of a record has to fit a file system, with room for `~2`."""


def dossiers_in(folder: Path, besides: Path | None = None) -> list[DossierInput]:
    """The dossiers of a folder: itself if it holds a `dossier.json`, else each subfolder and each loose file.

    A loose file's code is its stem. Where two would have the same code, the later one gets `~2` and so on.
    A link to a folder is a dossier, unless it leads back here or further up: that is refused as no file.
    besides: a folder that is none of them nor in any of them, such as the one that records go to.
    """
    if os.path.lexists(folder / MANIFEST) and not (folder / MANIFEST).is_dir():
        return [_from_folder(folder, besides)]
    root = folder.resolve()
    found: list[DossierInput] = []
    for entry in sorted(path for path in folder.iterdir() if not _ignored(path)):
        if _same(entry, besides):
            continue
        if entry.is_dir() and not root.is_relative_to(entry.resolve()):
            found.append(_from_folder(entry, besides))
        else:
            found.append(replace(_from_files(entry.stem, [entry], entry.parent), loose=True))
    return told_apart(found)


def told_apart(dossiers: Iterable[DossierInput]) -> list[DossierInput]:
    """The same dossiers, each with a code of its own: the second of one code gets `~2`."""
    found: dict[str, DossierInput] = {}
    for dossier in dossiers:
        code, number = dossier.code, 1
        while code in found:
            number += 1
            code = f"{dossier.code}~{number}"
        found[code] = replace(dossier, code=code)
    return list(found.values())


def files_at(path: Path) -> tuple[tuple[InputFile, ...], tuple[Refused, ...]]:
    """The file, or all files below the folder, whatever dossiers they are of; and those that are no files.

    Raises OSError where the folder cannot be listed.
    """
    paths, closed = _files_below(path, None) if path.is_dir() else ([path], ())
    taken = [_taken(one, path if path.is_dir() else path.parent) for one in paths]
    return (
        tuple(file for file in taken if isinstance(file, InputFile)),
        tuple(file for file in taken if isinstance(file, Refused)) + closed,
    )


def _from_folder(folder: Path, besides: Path | None) -> DossierInput:
    paths, closed = _files_below(folder, besides)
    dossier = _from_files(Path(os.path.abspath(folder)).name or "_", paths, folder)
    dossier = replace(dossier, refused=dossier.refused + closed)
    manifest = folder / MANIFEST
    if not os.path.lexists(manifest):
        return dossier
    try:
        said = _manifest(manifest)
    except ManifestError as error:
        refused = Refused(file=MANIFEST, sha256=_hash(manifest), reason=error.advice, code=error.code)
        return replace(dossier, refused=(*dossier.refused, refused))
    kept, astray = _declared(dossier.files, said)
    return replace(
        dossier,
        code=said.dossier,
        office=said.office,
        manifest=said,
        files=kept,
        refused=dossier.refused + astray,
        received_at=said.received_at or dossier.received_at,
    )


def _manifest(path: Path) -> Manifest:
    unreadable = ManifestError(
        "manifest-unreadable",
        "dossier.json is no file that can be read",
        "Không mở được dossier.json. Chép lại tệp này.",
    )
    if not path.is_file():
        raise unreadable
    try:
        with path.open("rb") as stream:
            return Manifest.parse(stream.read(MANIFEST_BYTES + 1))
    except OSError:
        raise unreadable from None


def _from_files(code: str, paths: list[Path], base: Path) -> DossierInput:
    taken = [_taken(path, base) for path in paths]
    code = _short(_nfc(code))
    # The stem of a loose file is no dossier code: it is taken as it is.
    return DossierInput(
        code,
        None,
        Manifest.model_construct(dossier=code),
        tuple(file for file in taken if isinstance(file, InputFile)),
        datetime.now(UTC),
        tuple(file for file in taken if isinstance(file, Refused)),
    )


def _files_below(folder: Path, besides: Path | None) -> tuple[list[Path], tuple[Refused, ...]]:
    """Every file below a folder, and the folders that cannot be entered. Links to folders are not followed."""
    files: list[Path] = []
    closed: list[Refused] = []
    to_enter = [folder]
    while to_enter:
        here = to_enter.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    path = here / entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if not _same(path, besides):
                            to_enter.append(path)
                    elif not _ignored(path):
                        files.append(path)
        except OSError:
            closed.append(_refused(_nfc(here.relative_to(folder).as_posix()), "unreadable"))
    return sorted(files), tuple(closed)


def _taken(path: Path, base: Path) -> InputFile | Refused:
    name = _nfc(path.relative_to(base).as_posix())
    try:
        if not path.is_file():  # a pipe never ends, a device is no scan
            return _refused(name, "not-a-file")
        return InputFile(name, sha256_of(path), path)
    except OSError:
        return _refused(name, "unreadable")


def _hash(path: Path) -> str:
    try:
        return sha256_of(path) if path.is_file() else NO_BYTES
    except OSError:
        return NO_BYTES


def _refused(name: str, code: str) -> Refused:
    return Refused(file=name, sha256=NO_BYTES, reason=refusal(code).advice, code=code)


def _declared(
    files: tuple[InputFile, ...], manifest: Manifest
) -> tuple[tuple[InputFile, ...], tuple[Refused, ...]]:
    """The files that the manifest names with their bytes, and those it does not: as the inbox has it."""
    if not manifest.files:
        return files, ()
    named = {entry.name: entry.sha256 for entry in manifest.files}
    astray = {
        file: refusal("not-declared" if file.name not in named else "hash-differs")
        for file in files
        if file.name not in named or named[file.name] not in (None, file.sha256)
    }
    refused = tuple(
        Refused(file=file.name, sha256=file.sha256, reason=why.advice, code=why.code)
        for file, why in astray.items()
    )
    return tuple(file for file in files if file not in astray), refused


def _same(path: Path, other: Path | None) -> bool:
    try:
        return other is not None and path.samefile(other)
    except OSError:  # one of them cannot be reached: they are not the same
        return False


def _ignored(path: Path) -> bool:
    return path.name.startswith(".") or path.name in IGNORED


def _nfc(name: str) -> str:
    """As people write it. Bytes that are no UTF-8 cannot stand in a record: each is shown as U+FFFD."""
    return normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _short(code: str) -> str:
    data = code.encode()
    if len(data) <= LONGEST_CODE:
        return code
    return f"{data[:LONGEST_CODE].decode('utf-8', 'ignore')}~{hashlib.sha256(data).hexdigest()[:8]}"
