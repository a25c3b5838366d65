"""`sohoa show CODE`: one dossier, as its newest record says."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cli.console import BAND_STYLES, VERDICTS, WORDS, open_findings, out, plain, state_text
from cli.person import viewed
from dossier.catalogue.documents import document_types
from dossier.errors import TerminalError
from dossier.record import Component, Record
from dossier.settings import load_settings
from storage.buckets import RECEIPTS
from storage.connect import open_store
from storage.receipts.places import beside, grade
from storage.receipts.receipts import receipt_key
from storage.records import Records

RECEIPT_LINK = timedelta(hours=1)


def command(
    code: Annotated[str, typer.Argument(help="dossier code")],
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    version: Annotated[int | None, typer.Option(help="an earlier version")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the record itself")] = False,
) -> None:
    """The papers of a dossier, what was read with which confidence, what is open, and a link to the receipt."""
    settings = load_settings()
    store = open_store(settings)
    records = Records(store)
    place = records.office_of(code, office)
    record = records.version(place, code, version) if version else records.latest(place, code)
    if record is None:
        raise TerminalError(
            "version-unknown", f"{code} has no version {version}", f"Hồ sơ {code} không có bản này."
        )
    viewed(settings, store, record, "show")
    if as_json:
        typer.echo(record.to_json())
        return
    show(record)
    link = store.presign(RECEIPTS, receipt_key(record.office, record.dossier, version), RECEIPT_LINK)
    out.print("receipt (this link holds for an hour):")
    typer.echo(link)


def show(record: Record) -> None:
    """Print a record for a person."""
    head = Text(f"{record.dossier}  version {record.version}  office {record.office or '–'}  ")
    out.print(head + state_text(record.state))
    out.print("  ".join(f"{title}: {VERDICTS[record.verdicts[word]][0]}" for word, title in WORDS.items()))
    if given := grade(record.grade):
        out.print(Text(f"điểm dữ liệu: {given['text']}", style=BAND_STYLES[given["band"]]))
    for component in record.components:
        out.print(_fields(component, grade(record.paper_grades.get(component.id))))
    for refused in record.refused:
        out.print(plain(f"refused {refused.file} [{refused.code}]: {refused.reason}"), style="red")
    for decision in record.decisions:
        what = f"{decision.component}.{decision.field}" if decision.field else decision.rule
        if decision.reused_from is not None:
            origin = decision.reused_from
            what = f"{decision.component} ({decision.requirement} = {origin.dossier}:{origin.component})"
        at = f"{decision.component or 'dossier'} " if decision.rule else ""
        out.print(
            plain(
                f"{decision.kind} {at}{what}: {decision.by}, {decision.at:%Y-%m-%d %H:%M} UTC: {decision.reason}"
            )
        )
    for finding in open_findings(record):
        place = _at({"file": finding.file, "page": finding.page, "box": finding.box}) if finding.file else ""
        out.print(plain(f"{finding.rule} {finding.severity} {finding.verdict}{place}: {finding.reason}"))
        for other in beside(finding, record, document_types()):
            out.print(plain(f"    đối chiếu với {other['title']}{_at(other)}"), style="dim")


def _at(place: dict[str, Any]) -> str:
    """File, page and box (pixels) of a place, as far as they are known."""
    box = ", ".join(f"{edge:.0f}" for edge in place["box"] or ())
    parts = (place["file"], f"trang {place['page']}" if place["page"] else None, f"ô {box}" if box else None)
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _fields(component: Component, given: dict[str, Any] | None) -> Table:
    specs = document_types()[component.type].fields if component.type in document_types() else {}
    files = ", ".join(source.file for source in component.sources)
    marked = f" – {given['text']}" if given else ""
    origin = component.reused_from
    again = f" – dùng lại từ hồ sơ {origin.dossier} v{origin.version}, {origin.component}" if origin else ""
    title = plain(f"{component.id} {component.type} ({component.role}) – {files}{marked}{again}")
    table = Table(title=title, title_justify="left")
    for column in ("field", "value", "confidence", "witnesses"):
        table.add_column(column, overflow="fold")
    for field in component.fields:
        table.add_row(
            specs[field.name].title if field.name in specs else field.name,
            plain(field.value) if field.value is not None else "–",
            f"{field.confidence:.3f}" + (" ✍" if field.handwritten else ""),
            ", ".join(dict.fromkeys(witness.by for witness in field.witnesses)),
        )
    return table
