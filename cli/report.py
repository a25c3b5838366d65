"""`sohoa report`: an office's figures for a period."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.console import BAND_STYLES, out
from dossier.errors import ConfigurationError
from dossier.period import parse_period
from dossier.settings import load_settings
from flows.office_figures import OfficeFigures
from flows.office_report import OfficeReport, checked_office, gather, keep_report
from flows.report_view import WORD_TITLES, counts, percent, rates
from storage.buckets import RECEIPTS
from storage.connect import current_index, open_store
from validators.grades import band


def command(
    office: Annotated[str, typer.Option(help="its code, such as H13.96.31")],
    period: Annotated[str, typer.Option(help="2026-11, 2026-Q4, 2026 or 2026-11-01..2026-11-15")],
    to: Annotated[Path | None, typer.Option("--out", help="write the XLSX and the page here too")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the figures as JSON")] = False,
) -> None:
    """Digitisation rates against the intake register, the four scores, exclusions, what is late."""
    settings = load_settings()
    store = open_store(settings)
    span = parse_period(period)
    with closing(current_index(settings, store)) as index:
        made = gather(store, index, checked_office(office), span)
    key = keep_report(store, made)
    if to is not None:
        _write(made, to)
    if as_json:
        typer.echo(made.json.decode(), nl=False)
        return
    _show(made.figures)
    out.print(f"kept as {RECEIPTS}/{key}.html, .xlsx, .json")


def _write(made: OfficeReport, folder: Path) -> None:
    stem = f"report-{made.figures.office}-{made.figures.period.name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.xlsx").write_bytes(made.xlsx)
        (folder / f"{stem}.html").write_bytes(made.html)
    except OSError as error:
        raise ConfigurationError(
            "out-unusable", f"the report cannot be written: {error.strerror}", "Chọn thư mục khác cho --out."
        ) from None


def _show(made: OfficeFigures) -> None:
    table = Table(title=f"{made.office}  {made.period.first} – {made.period.last}", title_justify="left")
    for column in ("", "", "%"):
        table.add_column(column)
    for title, share in rates(made):
        table.add_row(title, f"{share.part} / {share.whole}", percent(share.rate))
    for word, score in made.scores.items():
        table.add_row(f"Điểm {WORD_TITLES[word]}", "", percent(score), style=BAND_STYLES[band(score)])
    for title, number in counts(made):
        table.add_row(title, str(number), "")
    out.print(table)
    if not made.registered:
        out.print(f"no register of this period: drop one into {made.office}/register/", style="yellow")
