"""Fitting the confidence table: how often each kind of proof was right, on seeds apart from all tests."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any
from unicodedata import normalize

from bench.score import is_right, truths
from dossier.kinds import kind
from dossier.model import Sha256
from dossier.reading import FileInfo, PageReading
from dossier.settings import load_settings
from flows.dossier_input import InputFile
from flows.folder import dossiers_in
from flows.reading import NoCache, read_files
from ocr.calibration import ALL, fit, save
from ocr.component import view_of
from ocr.grouping import Draft, group
from ocr.judge import evidence, judge
from ocr.pool import ReadingPool
from ocr.readers.base import field_readers
from ocr.toolbox import Toolbox
from samples.scan import Grade
from samples.single import write_papers

SEED = "reading-fit"
GRADES: tuple[Grade, ...] = ("clean", "office", "hard")

Row = tuple[str, str, bool]


def fit_calibration(per_type: int) -> int:
    """Read papers of the fitting seed in all grades, fit the table, write it."""
    rows = [row for grade in GRADES for row in asyncio.run(_rows(grade, per_type))]
    table = fit(rows)
    save(table)
    for key, right in table.items():
        count = sum(key in (f"{group_}|{seen}", f"{ALL}|{seen}") for group_, seen, _ in rows)
        print(f"{key:40} {right:.3f}  of {count}")
    print(f"fit: {len(table)} classes from {len(rows)} fields")
    return 0


def seen_fields(
    toolbox: Toolbox,
    draft: Draft,
    paths: dict[Sha256, Path],
    infos: dict[Sha256, FileInfo],
    readings: dict[tuple[Sha256, int], PageReading],
) -> list[tuple[str, str, str, str | None]]:
    """(field, group of kinds, evidence, value) of one paper, in a reading process."""
    view = view_of(toolbox, draft, paths, infos, readings)
    if view is None:
        return []
    found: list[tuple[str, str, str, str | None]] = []
    for name, spec in view.document.fields.items():
        candidates = field_readers()[spec.reader](view, name, spec)
        field = judge(name, spec, candidates, view)
        if field is not None:
            found.append((name, kind(spec.kind).group, evidence(candidates, spec, view), field.value))
    return found


async def _rows(grade: Grade, per_type: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch, ReadingPool(load_settings().reading) as pool:
        folder = Path(scratch)
        write_papers(folder, SEED, per_type, grade)
        known = {truth["file"]: truth for truth in truths(folder)}
        for path in folder.glob("*.json"):
            path.unlink()
        papers = await asyncio.gather(
            *(
                _paper_rows(pool, dossier.files[0], known[dossier.files[0].name])
                for dossier in dossiers_in(folder)
            )
        )
        return [row for rows in papers for row in rows]


async def _paper_rows(pool: ReadingPool, file: InputFile, truth: dict[str, Any]) -> list[Row]:
    readings, _, _ = await read_files(pool, (file,), NoCache())
    rows: list[Row] = []
    for draft in group(readings):
        if draft.type != truth["type"]:
            continue
        pages = {(page.sha256, page.page): page for reading in readings for page in reading.pages}
        infos = {reading.info.sha256: reading.info for reading in readings}
        seen = await asyncio.wrap_future(
            pool.submit(seen_fields, draft, {file.sha256: file.path}, infos, pages)
        )
        for name, group_, proof, value in seen:
            expected = truth["fields"].get(name)
            if expected and value is not None:
                right = is_right(draft.type, name, normalize("NFC", str(expected)), value)
                rows.append((group_, proof, right))
                if not right:
                    print(f"{file.name} {name} {group_}|{proof}: read {value!r}, is {expected!r}")
    return rows
