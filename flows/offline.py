"""`sohoa digitise`: dossiers from a folder to records in a folder. No server, no Prefect, all cores."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dossier.catalogue.documents import document_types
from dossier.errors import ConfigurationError, SohoaError, TransientError
from dossier.record import Component, Record, Sealed
from dossier.settings import Settings
from flows.dossier_input import DossierInput
from flows.faults import our_fault
from flows.folder import dossiers_in, told_apart
from flows.pipeline import judge, read
from flows.reading import NoCache
from flows.sealing import lay_out, seal
from flows.sources import connected
from flows.stacks import unstacked
from ocr.pool import ReadingPool
from ocr.toolbox import Toolbox
from validators.sources import Sources


@dataclass(frozen=True)
class Ended:
    """How one dossier ended: its record, or the error of ours that kept it from one."""

    code: str
    record: Record | None
    error: SohoaError | None = None


@dataclass(frozen=True)
class Progress:
    """What a progress display wants to hear. Each callable takes a count. total: of the dossiers, once."""

    total: Callable[[int], None] = lambda _: None
    pages: Callable[[int], None] = lambda _: None
    dossiers: Callable[[int], None] = lambda _: None


def digitise(
    folder: Path, out: Path, settings: Settings, progress: Progress | None = None, *, sealed: bool = False
) -> list[Ended]:
    """Read and judge every dossier of `folder`; write `out/<code>/record.json` for each. Goes on past any file.

    sealed: write the sealed copy of each paper beside it, `out/<code>/<component>.pdf`, unsigned.

    Raises ConfigurationError where `folder` cannot be listed, `out` is `folder` or cannot be made or written to,
    or the catalogue or the file of a source is wrong.
    """
    document_types()  # a wrong catalogue is told once, before a page is read
    sources = connected(settings)
    try:
        out.mkdir(parents=True, exist_ok=True)
        if out.samefile(folder):  # the next run would take the records for scans
            raise ConfigurationError(
                "out-is-folder", "records cannot go among the scans", "Chọn thư mục khác cho --out."
            )
        tempfile.TemporaryFile(dir=out).close()  # told now, not after hours of reading
        dossiers = dossiers_in(folder, besides=out)
    except OSError as error:
        raise ConfigurationError(
            "folder-unusable", f"{error.filename}: {error.strerror}", "Kiểm tra thư mục và quyền truy cập."
        ) from None
    progress = progress or Progress()
    return asyncio.run(_digitise(dossiers, out, settings, sources, progress, sealed))


async def _digitise(
    dossiers: list[DossierInput],
    out: Path,
    settings: Settings,
    sources: Sources,
    progress: Progress,
    sealed: bool,
) -> list[Ended]:
    with ReadingPool(settings.reading) as pool:
        dossiers = told_apart(await unstacked(pool, dossiers))
        progress.total(len(dossiers))
        judging = partial(judge, required_sources=frozenset(settings.required_sources), sources=sources)
        in_flight = asyncio.Semaphore(2 * pool.size)

        async def one(dossier: DossierInput) -> Ended:
            async with in_flight:
                ended = await _one(pool, dossier, out, judging, progress, sealed)
                progress.dossiers(1)
                return ended

        return list(await asyncio.gather(*(one(dossier) for dossier in dossiers)))


async def _one(
    pool: ReadingPool,
    dossier: DossierInput,
    out: Path,
    judging: Callable[..., Record],
    progress: Progress,
    sealed: bool,
) -> Ended:
    try:
        record = await _record(pool, dossier, judging, progress, out / dossier.code if sealed else None)
        await asyncio.to_thread(write_record, record, out / dossier.code)
    except SohoaError as error:
        return Ended(dossier.code, None, error)
    except OSError as error:
        return Ended(
            dossier.code,
            None,
            TransientError("record-not-written", f"{error.strerror or type(error).__name__}"),
        )
    except Exception as error:  # noqa: BLE001  (one dossier's fault is not the others')
        return Ended(dossier.code, None, our_fault(error))
    return Ended(dossier.code, record)


async def _record(
    pool: ReadingPool,
    dossier: DossierInput,
    judging: Callable[..., Record],
    progress: Progress,
    copies: Path | None,
) -> Record:
    """copies: where the sealed copies go; None: none are made."""
    started = datetime.now(UTC)
    reading = await read(pool, dossier, NoCache(), progress.pages)
    engines = await asyncio.wrap_future(pool.submit(Toolbox.versions))
    record = judging(dossier, reading, engines=engines, started_at=started)
    if copies is None:
        return record
    with tempfile.TemporaryDirectory(prefix="sohoa-") as scratch:
        laid = await lay_out(pool, dossier, reading, Path(scratch))
        return await seal(pool, record, laid, Path(scratch), partial(write_copy, copies))


def write_copy(folder: Path, component: Component, data: bytes, pages: int) -> Sealed:
    """Write `<component>.pdf` whole or not at all; its key is its name."""
    name = f"{component.id}.pdf"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=folder, delete=False) as stream:
        stream.write(data)
    Path(stream.name).replace(folder / name)
    return Sealed(key=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), pages=pages)


def write_record(record: Record, folder: Path) -> Path:
    """Write `record.json` whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as stream:
        stream.write(record.to_json())
    return Path(stream.name).replace(folder / "record.json")
