"""`sohoa separators`: separator sheets to print, which tell dossiers and papers of a stack apart."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, plain
from dossier.catalogue.documents import document_types
from dossier.drop import MANIFEST_BYTES
from dossier.errors import ConfigurationError
from dossier.separators import Sheet
from ocr.sheetprint import print_sheets

MOST = 2000
"""Sheets of one file: more would not go through any scanner in a day."""


def command(
    out_file: Annotated[Path, typer.Option("--out", dir_okay=False, help="the PDF to write")],
    dossier: Annotated[
        str | None, typer.Option(help="dossier code: a sheet that begins this dossier")
    ] = None,
    component: Annotated[
        list[str] | None,
        typer.Option(help="component type, such as birth-certificate: one sheet for each; may be repeated"),
    ] = None,
    count: Annotated[
        int, typer.Option(min=0, max=MOST, help="how many sheets “next paper”, for any dossier")
    ] = 0,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", exists=True, dir_okay=False, help="dossiers: columns dossier, component"),
    ] = None,
) -> None:
    """Make a PDF of separator sheets: for a dossier, for its components, for any next paper.

    With --dossier and --component: first the sheet of the dossier, then one for each component. --component alone:
    sheets of that type for any dossier, --count of each. Exit: 0 written, 2 usage.
    """
    sheets = [*_asked(dossier, component or [], count), *(_listed(csv_file) if csv_file else [])]
    if not sheets:
        raise ConfigurationError("nothing-to-print", "say --dossier, --component, --count or --csv")
    if len(sheets) > MOST:
        raise ConfigurationError("too-many-sheets", f"{len(sheets)} sheets, at most {MOST} in one file")
    _check_types(sheets)
    _write(out_file, print_sheets(sheets, document_types()))
    out.print(plain(f"{len(sheets)} sheets: {out_file}"))


def _asked(dossier: str | None, components: list[str], count: int) -> list[Sheet]:
    if dossier is not None:
        return [
            Sheet(dossier),
            *(Sheet(dossier, kind) for kind in components),
            *[Sheet()] * count,
        ]
    if components:
        return [Sheet(None, kind) for kind in components for _ in range(max(count, 1))]
    return [Sheet()] * count


def _listed(path: Path) -> list[Sheet]:
    """Rows of a CSV with a heading. component: none, one, or several with spaces between them."""
    unreadable = ConfigurationError(
        "csv-invalid",
        "the list is no CSV in UTF-8 with a column `dossier` (and `component`)",
        "Danh sách phải là CSV mã UTF-8, dòng đầu là tên cột: dossier,component.",
    )
    try:
        if path.stat().st_size > MANIFEST_BYTES:
            raise unreadable
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream, strict=True)
            if "dossier" not in (rows.fieldnames or ()):
                raise unreadable
            return [sheet for row in rows for sheet in _row(row)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise unreadable from None


def _row(row: dict[str, str | None]) -> list[Sheet]:
    code = (row.get("dossier") or "").strip()
    return _asked(code, (row.get("component") or "").split(), 0)


def _check_types(sheets: list[Sheet]) -> None:
    known = document_types()
    if wrong := sorted({sheet.component for sheet in sheets if sheet.component} - set(known)):
        raise ConfigurationError(
            "component-unknown",
            f"no component type: {', '.join(wrong)}; there are {', '.join(known)}",
            f"Không có loại thành phần {', '.join(wrong)}.",
        )


def _write(path: Path, data: bytes) -> None:
    """The whole file or nothing."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(data)
        Path(stream.name).replace(path)
        path.chmod(0o644)
    except OSError as error:
        raise ConfigurationError(
            "out-unwritable", f"{path}: {error.strerror}", "Kiểm tra thư mục của --out."
        ) from None
