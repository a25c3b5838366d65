"""The flow `report`: an office's figures for a period, as a table in Prefect, an XLSX and a page in the bucket of
receipts. Scheduled for the month that ended; also by hand for any period.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_table_artifact

from dossier.calendar import VIETNAM
from dossier.period import Period, month_before, parse_period
from dossier.settings import Settings, load_settings
from flows.faults import told
from flows.office_report import OfficeReport, checked_office, gather, keep_report
from flows.report_view import WORD_TITLES, counts, percent, rates
from storage.buckets import RECEIPTS
from storage.connect import current_index, open_store


@flow(name="report", flow_run_name="report", validate_parameters=False, persist_result=False)
async def report(office: str | None = None, period: str | None = None) -> list[str]:
    """Make the report of one office (by default every office) for a period (by default the last month).

    Returns the keys, without extension, in the bucket of receipts.
    """
    settings = load_settings()
    span = parse_period(period) if period else month_before(datetime.now(VIETNAM).date())
    offices = (checked_office(office),) if office else settings.offices
    keys = []
    for one in offices:
        async with told():
            made, key = await asyncio.to_thread(_made, settings, one, span)
        await acreate_table_artifact(
            table=_rows(made),
            key=re.sub(r"[^a-z0-9]+", "-", f"report-{one}-{span.name}".lower()).strip("-"),
            description=f"{one}, {span.name}: `{RECEIPTS}/{key}.html`, `.xlsx`, `.json`",
        )
        get_run_logger().info("report of %s for %s: %s/%s", one, span.name, RECEIPTS, key)
        keys.append(key)
    return keys


def _made(settings: Settings, office: str, period: Period) -> tuple[OfficeReport, str]:
    store = open_store(settings)
    with closing(current_index(settings, store)) as index:
        made = gather(store, index, office, period)
    return made, keep_report(store, made)


def _rows(report: OfficeReport) -> list[dict[str, Any]]:
    made = report.figures
    shares: list[dict[str, Any]] = [
        {"figure": title, "part": s.part, "whole": s.whole, "rate": percent(s.rate)}
        for title, s in rates(made)
    ]
    numbers = [{"figure": title, "part": number, "whole": "", "rate": ""} for title, number in counts(made)]
    scores = [
        {"figure": f"Điểm {WORD_TITLES[word]}", "part": "", "whole": "", "rate": percent(score)}
        for word, score in made.scores.items()
    ]
    return [*shares, *scores, *numbers]
