"""`sohoa digitise`: dossiers from a folder to records in a folder. No server, no Prefect, all cores."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from dossier.drop import MANIFEST, READY, Manifest
from dossier.errors import ManifestError, SohoaError
from dossier.record import Record, Refused
from dossier.settings import Settings
from flows.dossier_input import DossierInput, InputFile, sha256_of
from flows.pipeline import NoCache, judge, read
from ocr.pool import ReadingPool
from ocr.toolbox import Toolbox
from storage.inbox_reasons import refusal

IGNORED = {MANIFEST, READY, "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Ended:
    """How one dossier ended: its record, or the error of ours that kept it from one."""

    code: str
    record: Record | None
    error: SohoaError | None = None


@dataclass(frozen=True)
class Progress:
    """What a progress display wants to hear. Each callable takes a count."""

    pages: Callable[[int], None] = lambda _: None
    dossiers: Callable[[int], None] = lambda _: None


def dossiers_in(folder: Path) -> list[DossierInput]:
    """The dossiers of a folder: itself if it holds a `dossier.json`, else each subfolder and each loose file.

    A loose file's code is its stem. Where two would have the same code, the later one gets `~2` and so on.
    """
    if (folder / MANIFEST).is_file():
        return [_from_folder(folder)]
    entries = sorted(
        path for path in folder.iterdir() if not _ignored(path) and (path.is_dir() or path.is_file())
    )
    found: dict[str, DossierInput] = {}
    for entry in entries:
        dossier = (
            _from_folder(entry) if entry.is_dir() else _from_files(_nfc(entry.stem), [entry], entry.parent)
        )
        code, number = dossier.code, 1
        while code in found:
            number += 1
            code = f"{dossier.code}~{number}"
        found[code] = replace(dossier, code=code)
    return list(found.values())


def digitise(folder: Path, out: Path, settings: Settings, progress: Progress | None = None) -> list[Ended]:
    """Read and judge every dossier of `folder`; write `out/<code>/record.json` for each. Goes on past any file."""
    return asyncio.run(_digitise(dossiers_in(folder), out, settings, progress or Progress()))


async def _digitise(
    dossiers: list[DossierInput], out: Path, settings: Settings, progress: Progress
) -> list[Ended]:
    with ReadingPool(settings.reading) as pool:
        in_flight = asyncio.Semaphore(2 * (settings.reading.processes or os.cpu_count() or 1))

        async def one(dossier: DossierInput) -> Ended:
            async with in_flight:
                ended = await _one(pool, dossier, out, progress)
                progress.dossiers(1)
                return ended

        return list(await asyncio.gather(*(one(dossier) for dossier in dossiers)))


async def _one(pool: ReadingPool, dossier: DossierInput, out: Path, progress: Progress) -> Ended:
    started = datetime.now(UTC)
    try:
        reading = await read(pool, dossier, NoCache(), progress.pages)
    except SohoaError as error:
        return Ended(dossier.code, None, error)
    record = judge(
        dossier, reading, engines=await asyncio.wrap_future(pool.submit(Toolbox.versions)), started_at=started
    )
    write_record(record, out / dossier.code)
    return Ended(dossier.code, record)


def write_record(record: Record, folder: Path) -> Path:
    """Write `record.json` whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as stream:
        stream.write(record.to_json())
    return Path(stream.name).replace(folder / "record.json")


def _from_folder(folder: Path) -> DossierInput:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _ignored(path))
    dossier = _from_files(_nfc(folder.name), files, folder)
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return dossier
    try:
        said = Manifest.parse(manifest.read_bytes())
    except ManifestError as error:
        refused = Refused(file=MANIFEST, sha256=sha256_of(manifest), reason=error.advice, code=error.code)
        return replace(dossier, refused=(refused,))
    kept, astray = _declared(dossier.files, said)
    return replace(
        dossier,
        code=said.dossier,
        office=said.office,
        manifest=said,
        files=kept,
        refused=astray,
        received_at=said.received_at or dossier.received_at,
    )


def _from_files(code: str, paths: list[Path], base: Path) -> DossierInput:
    files = tuple(InputFile(_nfc(path.relative_to(base).as_posix()), sha256_of(path), path) for path in paths)
    # The stem of a loose file is no dossier code: it is taken as it is.
    return DossierInput(code, None, Manifest.model_construct(dossier=code), files, datetime.now(UTC))


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


def _ignored(path: Path) -> bool:
    return path.name.startswith(".") or path.name in IGNORED


def _nfc(text: str) -> str:
    return normalize("NFC", text)
