"""Registers of dossiers in CSV or XLSX files, with limits. A hostile file dies in the reading process."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook

from dossier.errors import TerminalError
from dossier.register import Register, read_register
from ocr.toolbox import Toolbox

MOST_ROWS = 300_000  # a busy office closes some 60,000 dossiers a year
MOST_COLUMNS = 200
MOST_BYTES = 256 << 20  # unpacked


def register_in(_toolbox: Toolbox, path: Path, name: str) -> Register:
    """The register in a file, in a reading process. name: as dropped, for its extension.

    Raises TerminalError: `register-kind`, `register-broken`, `register-too-large`, `register-headings`.
    """
    cells = _xlsx(path) if name.lower().endswith(".xlsx") else _csv(path)
    return read_register(islice(cells, MOST_ROWS))


def _csv(path: Path) -> Iterator[Sequence[object]]:
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise _too_large()
    text = _decoded(data)
    head = text[:4096]
    separator = max(";\t,", key=head.count)
    try:
        yield from (
            list(row[:MOST_COLUMNS]) for row in csv.reader(io.StringIO(text, ""), delimiter=separator)
        )
    except csv.Error:
        raise _broken() from None


def _decoded(data: bytes) -> str:
    """UTF-8, or what Excel calls Unicode text. Old encodings are not guessed at: they turn Đ into something else."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise TerminalError(
            "register-encoding",
            "the register is not in UTF-8 or UTF-16",
            "Sổ không ở dạng Unicode. Trong Excel, lưu lại bằng “CSV UTF-8” hoặc .xlsx rồi nộp lại.",
        ) from None


def _xlsx(path: Path) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES:
                raise _too_large()
        with path.open("rb") as stream:
            sheet = load_workbook(stream, read_only=True, data_only=True).worksheets[0]
            yield from (list(row[:MOST_COLUMNS]) for row in sheet.iter_rows(values_only=True))
    except (TerminalError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  (on hostile bytes the library raises whatever its parsers do)
        raise _broken() from None


def _too_large() -> TerminalError:
    return TerminalError(
        "register-too-large", "the register is too large", "Sổ quá lớn. Tách theo tháng rồi nộp từng phần."
    )


def _broken() -> TerminalError:
    return TerminalError(
        "register-broken",
        "the register cannot be opened",
        "Không mở được sổ. Mở thử bằng Excel, lưu lại thành .xlsx hoặc .csv rồi nộp lại.",
    )
