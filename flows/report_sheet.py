"""An office's report as an XLSX: the figures with a chart, and every list behind them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from flows.office_figures import WORDS, OfficeFigures
from flows.report_view import (
    GROUND_SOURCE,
    GROUND_TITLES,
    STATE_TITLES,
    SUBMITTER_TITLES,
    WORD_TITLES,
    counts,
    rates,
)

BOLD = Font(bold=True)
PERCENT = "0.0%"


def workbook(made: OfficeFigures) -> bytes:
    """The file's bytes. Codes are written as text: none can become a formula."""
    book = Workbook()
    _summary(book.active, made)
    _listed(book, "Không thuộc diện", ("Mã hồ sơ", "Căn cứ"), _excluded(made))
    _listed(book, "Chưa số hóa", ("Mã hồ sơ",), ((code,) for code in made.missing))
    _listed(book, "Chưa có kết quả", ("Mã hồ sơ",), ((code,) for code in made.results_missing))
    _listed(book, "Ngoài sổ", ("Mã hồ sơ",), ((code,) for code in made.unlisted))
    _listed(book, "Lỗi quá hạn", ("Mã hồ sơ", "Ngày làm việc"), ((e.dossier, e.days) for e in made.late))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _summary(sheet: Any, made: OfficeFigures) -> None:
    period = made.period
    sheet.title = "Tổng hợp"
    _row(sheet, (f"Báo cáo số hóa {made.office}",), bold=True)
    _row(sheet, (f"Kỳ {period.name}: từ {period.first:%d/%m/%Y} đến {period.last:%d/%m/%Y}",))
    _row(sheet, (f"Lập ngày {made.made_on:%d/%m/%Y}",))
    _row(sheet, ())
    _row(sheet, ("Tỷ lệ", "Đạt", "Tổng", "Tỷ lệ %"), bold=True)
    first = sheet.max_row + 1
    for title, share in rates(made):
        _row(sheet, (title, share.part, share.whole, share.rate))
    _charted(sheet, "Tỷ lệ số hóa", first, sheet.max_row, "F4")
    _row(sheet, ())
    _row(sheet, ("Điểm bốn tiêu chí", "", "", "Điểm %"), bold=True)
    first = sheet.max_row + 1
    for word in (*WORDS, "total"):
        _row(sheet, (WORD_TITLES[word], None, None, made.scores[word]))
    _charted(sheet, "Đúng, đủ, sạch, sống", first, sheet.max_row, "F20")
    _row(sheet, ())
    for titles, said in ((STATE_TITLES, made.states), (SUBMITTER_TITLES, made.submitted)):
        for key, title in titles.items():
            _row(sheet, (title, said.get(key, 0)))
        _row(sheet, ())
    for title, number in counts(made):
        _row(sheet, (title, number))
    sheet.column_dimensions["A"].width = 52


def _charted(sheet: Any, title: str, first: int, last: int, at: str) -> None:
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.legend = "bar", 10, title, None
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format, chart.y_axis.delete, chart.x_axis.delete = "0%", False, False
    chart.add_data(Reference(sheet, min_col=4, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.width, chart.height = 22, 7
    sheet.add_chart(chart, at)


def _excluded(made: OfficeFigures) -> Iterable[Sequence[object]]:
    return ((entry.dossier, f"{GROUND_TITLES[entry.ground]} ({GROUND_SOURCE})") for entry in made.excluded)


def _listed(book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(title)
    _row(sheet, head, bold=True)
    for row in rows:
        _row(sheet, row)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width = 30


def _row(sheet: Any, cells: Sequence[object], bold: bool = False) -> None:
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if bold:
            cell.font = BOLD
        if isinstance(cell.value, float):
            cell.number_format = PERCENT
        elif isinstance(cell.value, str):
            cell.data_type = "s"
