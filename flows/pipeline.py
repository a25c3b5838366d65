"""The story of one dossier, from its files to its record. No server and no Prefect: flows and the offline
command tell the same story.

    files -> inspect -> pages -> papers -> fields -> verdicts -> sealed copies (flows/sealing.py) -> record
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dossier.deciding import carried
from dossier.decisions import Decision
from dossier.reading import FileInfo, PageReading
from dossier.record import Component, Record, Refused
from dossier.text.pages import listed
from flows.dossier_input import NO_BYTES, DossierInput
from flows.reading import Progress, ReadingCache, all_of, read_files, read_paper
from flows.standing import NONE_CONNECTED, Standing, case_of, record_of
from ocr.duplicates import near_duplicates
from ocr.grouping import Draft, group
from ocr.pool import ReadingPool
from storage.inbox.reasons import refusal
from validators.case import EarlierRecords
from validators.engine import judge as judge_case
from validators.sources import Sources


@dataclass(frozen=True)
class DossierReading:
    """All that was seen in a dossier. previews: JPEG of each upright page, by (sha256, page).

    pdf_versions, infos: by sha256 of the file.
    """

    components: tuple[Component, ...]
    refused: tuple[Refused, ...]
    pages: dict[tuple[str, int], PageReading] = field(default_factory=dict)
    previews: Mapping[tuple[str, int], bytes] = field(default_factory=dict)
    duplicates: tuple[tuple[tuple[str, int], tuple[str, int]], ...] = ()
    pdf_versions: dict[str, str] = field(default_factory=dict)
    infos: dict[str, FileInfo] = field(default_factory=dict)


async def read(
    pool: ReadingPool, dossier: DossierInput, cache: ReadingCache, progress: Progress | None = None
) -> DossierReading:
    """Read every file of a dossier. A file or paper that cannot be read ends in `refused`; the others go on."""
    readings, refused, previews = await read_files(pool, dossier.files, cache, progress)
    drafts = await asyncio.to_thread(group, readings, dossier=dossier.manifest.dossier)
    own = [draft for draft in drafts if draft.elsewhere is None]
    outcomes = await all_of(read_paper(pool, draft, dossier, readings, cache) for draft in own)
    unread = tuple(entry for outcome in outcomes if isinstance(outcome, tuple) for entry in outcome)
    components = tuple(outcome for outcome in outcomes if isinstance(outcome, Component))
    strange = tuple(_of_another(draft) for draft in drafts if draft.elsewhere is not None)
    turned_away = dossier.refused + refused + unread + strange
    return DossierReading(
        components=components,
        refused=turned_away if components or turned_away else (_nothing(),),
        pages={(page.sha256, page.page): page for reading in readings for page in reading.pages},
        previews=previews,
        duplicates=await asyncio.to_thread(near_duplicates, readings),
        pdf_versions={one.info.sha256: version for one in readings if (version := one.info.pdf_version)},
        infos={one.info.sha256: one.info for one in readings},
    )


def _of_another(draft: Draft) -> Refused:
    """Pages that a separator sheet gave to another dossier: they are not merged into this one, and said to be here."""
    file, sha256, _ = draft.pages[0]
    pages = listed([page for *_, page in draft.pages])
    reason = (
        f"Trang {pages} nằm sau tờ phân cách của hồ sơ {draft.elsewhere}, không thuộc hồ sơ này. "
        "Tách các trang đó ra để nộp vào đúng hồ sơ, rồi nộp lại tệp này."
    )
    return Refused(file=file, sha256=sha256, reason=reason, code="separator-elsewhere")


def _nothing() -> Refused:
    """The reason of a dossier without any file: no dossier ends refused without one."""
    why = refusal("no-files")
    return Refused(file=".", sha256=NO_BYTES, reason=why.advice, code=why.code)


def judge(
    dossier: DossierInput,
    reading: DossierReading,
    *,
    version: int = 1,
    decisions: tuple[Decision, ...] = (),
    reused: tuple[Component, ...] = (),
    earlier: EarlierRecords | None = None,
    required_sources: frozenset[str] = frozenset(),
    sources: Sources = NONE_CONNECTED,
    engines: dict[str, str],
    started_at: datetime,
    open_since: datetime | None = None,
) -> Record:
    """Hold what was read against the four words and write the record of this version. Pure but for the clock.

    decisions: what people decided in earlier versions; they hold for the papers that are still there.
    reused: papers that they took from other dossiers.
    open_since: since when versions before this one were not checked.
    """
    components = reading.components + reused
    standing = Standing(
        dossier=dossier.code,
        office=dossier.office,
        manifest=dossier.manifest,
        components=components,
        refused=reading.refused,
        files=dossier.dropped,
        received_at=dossier.received_at,
        duplicates=reading.duplicates,
        pdf_versions=reading.pdf_versions,
        decisions=carried(decisions, components),
        procedure_required=dossier.procedure_required,
    )
    case = case_of(standing, earlier=earlier, required_sources=required_sources, sources=sources)
    return record_of(
        standing,
        case,
        judge_case(case),
        version=version,
        engines=engines,
        times={
            "received": dossier.received_at,
            "started": started_at,
            "made": datetime.now(UTC),
            **({"open_since": open_since} if open_since else {}),
        },
    )
