"""Fitting the confidence table: how often each kind of proof was right, on seeds apart from all tests."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

from rich.console import Console
from rich.table import Table as Printed

from bench.corpus import Batch, Order, make_papers
from bench.goals import wilson
from bench.reliability import print_bins, print_parts
from bench.score import SURE, is_right
from bench.shrinkage import Row, crossed, fit
from dossier.kinds import kind
from dossier.model import Sha256
from dossier.reading import FileInfo, PageReading
from dossier.settings import load_settings
from flows.dossier_input import InputFile
from flows.folder import dossiers_in
from flows.reading import NoCache, read_files
from ocr.calibration import TABLE, Table, save
from ocr.component import view_of
from ocr.grouping import Draft, group
from ocr.judge import evidence, judge
from ocr.pool import ReadingPool
from ocr.readers.base import field_readers
from ocr.toolbox import Toolbox
from ocr.version import reading_version

SEED = "reading-fit"


def fit_calibration(per_type: int) -> int:
    """Read papers of the fitting seed in all grades on all cores, fit the table, tell how it does, write it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        batches = make_papers(Path(scratch), Order(SEED, per_type))
        made = time.monotonic() - began
        rows, engines = asyncio.run(_read(batches))
    found = fit(rows)
    told = {"seed": SEED, "engines": engines, "reading": reading_version(without=(TABLE.name,))}
    save(found.model_copy(update={"fitted": found.fitted.model_copy(update=told)}))
    console = Console(width=120)
    console.print(_classes(found))
    tested = crossed(rows)
    print_bins(
        console, "Each fifth of the papers stated by a table of the others", [one for _, one in tested]
    )
    groups = sorted({row.group for row in rows})
    print_parts(
        console,
        "The same by group of kinds",
        {name: [one for row, one in tested if row.group == name] for name in groups},
    )
    sure = [one for _, one in tested if one.confidence >= SURE]
    print(
        f"fit: {len(found.classes)} classes from {len(rows)} fields of {found.fitted.papers} papers in "
        f"{time.monotonic() - began:.0f} s ({made:.0f} s to make them, {os.cpu_count()} cores); out of sample "
        f"{len(sure)} of {len(tested)} at {SURE} and above, {sum(not one.right for one in sure)} of them wrong"
    )
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


async def _read(batches: Sequence[Batch]) -> tuple[list[Row], dict[str, str]]:
    """The rows of all papers, and the versions of the engines that read them."""
    with ReadingPool(load_settings().reading) as pool:
        gate = asyncio.Semaphore(3 * pool.size)

        async def paper(batch: Batch, file: InputFile, truth: dict[str, Any]) -> list[Row]:
            async with gate:
                return await _paper_rows(pool, f"{batch.grade}/{file.name}", file, truth)

        known = [(batch, {truth["file"]: truth for truth in batch.truths}) for batch in batches]
        papers = await asyncio.gather(
            *(
                paper(batch, dossier.files[0], truths[dossier.files[0].name])
                for batch, truths in known
                for dossier in dossiers_in(batch.folder)
            )
        )
        versions = await asyncio.wrap_future(pool.submit(Toolbox.versions))
    engines = {name: version for name, version in versions.items() if name != "reading"}
    return [row for rows in papers for row in rows], engines


async def _paper_rows(pool: ReadingPool, name: str, file: InputFile, truth: dict[str, Any]) -> list[Row]:
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
        for field, group_, proof, value in seen:
            expected = truth["fields"].get(field)
            if expected and value is not None:
                right = is_right(draft.type, field, normalize("NFC", str(expected)), value)
                rows.append(Row(name, group_, proof, right))
                if not right:
                    print(f"{name} {field} {group_}|{proof}: read {value!r}, is {expected!r}")
    return rows


def _classes(table: Table) -> Printed:
    printed = Printed(title="Classes of proof", title_justify="left")
    for heading in ("class", "right", "of", "share", "95 % interval", "stated"):
        printed.add_column(heading, justify="left" if heading == "class" else "right")
    for key, one in sorted(table.classes.items()):
        low, high = wilson(one.right, one.seen)
        share = f"{one.right / one.seen:.4f}" if one.seen else "-"
        interval = f"{low:.3f} to {high:.3f}"
        printed.add_row(key, str(one.right), str(one.seen), share, interval, f"{one.confidence:.4f}")
    return printed
