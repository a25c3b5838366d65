"""The intake register: which dossiers an office received and closed, as its one-stop software lists them.

A sheet has any title rows, then one row of headings, then a row for each dossier. Only what the office's figures
need is taken: no name, number or address of a person is kept, whatever other columns the sheet has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

from dossier.drop import is_dossier_code
from dossier.errors import TerminalError
from dossier.model import Frozen
from dossier.text.dates import parse_date
from dossier.text.vietnamese import clean, fold

T = TypeVar("T")
Channel = Literal["counter", "online", "post"]
Submitter = Literal["citizen", "officer"]
Ground = Literal["online", "presented-only", "internal-opinion", "secret"]
HEADING_WITHIN = 30  # rows: titles, seals of approval and empty rows above the headings

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "dossier": ("ma ho so", "so ho so", "so bien nhan", "ma so ho so", "dossier"),
    "procedure": ("ma thu tuc", "ma tthc", "thu tuc", "procedure"),
    "received": ("ngay tiep nhan", "ngay nhan", "ngay nhan ho so", "thoi gian tiep nhan", "received"),
    "closed": (
        *("ngay tra ket qua", "ngay tra", "ngay ket thuc", "ngay hoan thanh", "ngay co ket qua"),
        *("thoi gian tra ket qua", "closed"),
    ),
    "channel": ("hinh thuc tiep nhan", "hinh thuc nop", "kenh tiep nhan", "kenh nop", "channel"),
    "submitted_by": ("nop boi", "doi tuong nop", "tai khoan nop", "submitted by"),
    "exempt": ("ly do khong so hoa", "can cu khong so hoa", "khong so hoa", "exempt"),
}
_CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("truc tuyen", "online", "toan trinh", "mot phan", "cong dich vu cong"), "online"),
    **dict.fromkeys(("buu chinh", "buu dien", "post"), "post"),
    **dict.fromkeys(("truc tiep", "tai bo phan mot cua", "tai quay", "counter"), "counter"),
}
_SUBMITTERS: Mapping[str, Submitter] = {
    **dict.fromkeys(("cong dan", "nguoi dan", "tu nop", "to chuc", "citizen"), "citizen"),
    **dict.fromkeys(("can bo", "cong chuc", "vien chuc", "nop thay", "nop ho", "officer"), "officer"),
}
# What is not to be copied (Thông tư 03/2025/TT-VPCP, điều 5 khoản 2).
_GROUNDS: Mapping[str, Ground] = {
    **dict.fromkeys(("truc tuyen", "online"), "online"),
    **dict.fromkeys(("xuat trinh", "doi chieu", "presented"), "presented-only"),
    **dict.fromkeys(("y kien", "noi bo", "internal"), "internal-opinion"),
    **dict.fromkeys(("mat", "bi mat nha nuoc", "secret"), "secret"),
}


class RegisterRow(Frozen):
    """One dossier of the register. received, closed: days in Vietnam; closed None: still open."""

    dossier: str
    procedure: str | None = None
    received: date
    closed: date | None = None
    channel: Channel | None = None
    submitted_by: Submitter | None = None
    exempt: Ground | None = None


class Problem(Frozen):
    """A row that was not taken. line: from 1, as the sheet counts. reason: Vietnamese."""

    line: int
    reason: str


@dataclass(frozen=True)
class Register:
    rows: tuple[RegisterRow, ...]
    problems: tuple[Problem, ...]


def read_register(lines: Iterable[Sequence[object]]) -> Register:
    """The register in the cells of a sheet: text, numbers, dates or None.

    Raises TerminalError `register-headings` where no row names at least the dossier's code and its day of reception.
    A row that cannot be understood is a Problem; it does not stop the others. Of two rows of one dossier the later
    counts.
    """
    numbered = enumerate(lines, start=1)
    columns = _headings(numbered)
    rows: dict[str, RegisterRow] = {}
    problems = []
    for line, cells in numbered:
        if not any(_text(cell) for cell in cells):
            continue
        found = _row({name: cells[at] for name, at in columns.items() if at < len(cells)})
        if isinstance(found, str):
            problems.append(Problem(line=line, reason=found))
        else:
            rows[found.dossier] = found
    return Register(tuple(rows.values()), tuple(problems))


def _headings(numbered: Iterable[tuple[int, Sequence[object]]]) -> dict[str, int]:
    for line, cells in numbered:
        names = [re.sub(r"[^a-z]+", " ", fold(_text(cell))).strip() for cell in cells]
        found = {
            column: names.index(known)
            for column, spellings in _HEADINGS.items()
            if (known := next((spelling for spelling in spellings if spelling in names), None))
        }
        if {"dossier", "received"} <= found.keys():
            return found
        if line >= HEADING_WITHIN:
            break
    raise TerminalError(
        "register-headings",
        "no row of the register names the columns for the dossier's code and the day of reception",
        "Không thấy dòng tiêu đề có cột “Mã hồ sơ” và “Ngày tiếp nhận”. Thêm dòng tiêu đề rồi nộp lại sổ.",
    )


def _row(cells: Mapping[str, object]) -> RegisterRow | str:
    """The row, or why it is none."""
    code = _text(cells.get("dossier"))
    if not is_dossier_code(code):
        return "Mã hồ sơ trống hoặc sai dạng. Sửa mã rồi nộp lại sổ."
    received, closed = _day(cells.get("received")), _day(cells.get("closed"))
    if received is None:
        return "Ngày tiếp nhận trống hoặc không hiểu được. Ghi dạng ngày/tháng/năm."
    if closed is None and _text(cells.get("closed")):
        return "Ngày trả kết quả không hiểu được. Ghi dạng ngày/tháng/năm hoặc để trống nếu chưa trả."
    if closed is not None and closed < received:
        return "Ngày trả kết quả trước ngày tiếp nhận. Sửa lại một trong hai ngày."
    exempt = _text(cells.get("exempt"))
    ground = _known(exempt, _GROUNDS)
    if exempt and ground is None:
        return (
            "Lý do không số hóa không thuộc trường hợp được miễn (trực tuyến, chỉ xuất trình, ý kiến nội bộ, mật). "
            "Sửa lý do hoặc để trống."
        )
    return RegisterRow(
        dossier=code,
        procedure=_text(cells.get("procedure")).partition(" ")[0] or None,
        received=received,
        closed=closed,
        channel=_known(_text(cells.get("channel")), _CHANNELS),
        submitted_by=_known(_text(cells.get("submitted_by")), _SUBMITTERS),
        exempt=ground,
    )


def _known(text: str, table: Mapping[str, T]) -> T | None:
    """The entry whose spelling stands in the text, in whole words."""
    words = f" {re.sub(r'[^a-z0-9]+', ' ', fold(text)).strip()} "
    return next((value for spelling, value in table.items() if f" {spelling} " in words), None)


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return parse_date(text)


def _text(cell: object) -> str:
    return clean(str(cell)) if cell is not None else ""
