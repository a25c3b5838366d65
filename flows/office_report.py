"""An office's report: figures gathered from registers and index, as XLSX and as a page, kept beside its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import Any

from dossier.calendar import VIETNAM
from dossier.drop import is_office
from dossier.errors import TerminalError
from dossier.period import Period
from flows.office_figures import OfficeFigures, figures
from flows.report_sheet import workbook
from flows.report_view import view
from storage.buckets import RECEIPTS
from storage.index.figures import dossiers_of, received_between
from storage.index.index import Index
from storage.pages import page_template
from storage.registers import register_rows
from storage.s3 import Store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class OfficeReport:
    figures: OfficeFigures
    json: bytes
    xlsx: bytes
    html: bytes


def checked_office(office: str) -> str:
    """The office's code. Raises TerminalError `office-invalid` if it has not the form of one."""
    if not is_office(office):
        raise TerminalError(
            "office-invalid", f"no office code: {office[:40]!r}", "Mã đơn vị có dạng H13.96.31."
        )
    return office


def gather(store: Store, index: Index, office: str, period: Period) -> OfficeReport:
    """The report of an office for a period, from its registers and the index."""
    register = register_rows(store, office)
    codes = [
        row.dossier for row in register.values() if period.holds(row.received) or period.holds(row.closed)
    ]
    recorded: chain[dict[str, Any]] = chain(
        received_between(index, office, *_instants(period)), dossiers_of(index, office, codes)
    )
    made = figures(office, period, register, recorded, datetime.now(VIETNAM).date())
    return OfficeReport(
        figures=made,
        json=(made.model_dump_json(indent=1) + "\n").encode(),
        xlsx=workbook(made),
        html=page_template("report.html.j2").render(view(made)).encode(),
    )


def keep_report(store: Store, report: OfficeReport) -> str:
    """Put the three forms where the office reads its receipts; the key without its extension."""
    stem = f"{report.figures.office}/reports/{report.figures.period.name}"
    store.put(RECEIPTS, f"{stem}.json", report.json, "application/json")
    store.put(RECEIPTS, f"{stem}.xlsx", report.xlsx, XLSX)
    store.put(RECEIPTS, f"{stem}.html", report.html, "text/html; charset=utf-8")
    return stem


def _instants(period: Period) -> tuple[str, str]:
    """From the first day's start until the start of the day behind the last, as the index writes times."""
    start = datetime.combine(period.first, time(), VIETNAM)
    end = datetime.combine(period.last + timedelta(days=1), time(), VIETNAM)
    return start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()
