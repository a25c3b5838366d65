"""`sohoa look FILE`: why each value of a scan was read, on one page to open in a browser. No server."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cli.console import ALL_WELL, NOT_ALL, err, fault, out, plain
from dossier.errors import ConfigurationError, SohoaError
from dossier.settings import load_settings
from flows.faults import our_fault
from flows.look.look import look, wanted_type
from flows.look.page import look_html

PAGES = (".html", ".htm")
LONGEST_STEM = 60  # letters; a file system takes 255 bytes


def command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", exists=True, help="scans, or folders of scans")
    ],
    page: Annotated[
        Path | None,
        typer.Option("--out", metavar="PAGE.html", help="the page [default: <name>.look.html, here]"),
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option(
            "--type", help="read as this type: an id of the catalogue, or the YAML file of a new one"
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="the same facts as JSON; a page only with --out")
    ] = False,
) -> None:
    """Show why each value was read: words, labels, fields with all their witnesses, what nobody took, timing.

    Exit: 0 all files read, 1 some refused, 2 usage, 3 a fault of ours.
    """
    settings = load_settings()
    forced = wanted_type(type_) if type_ else None
    if page is None and not as_json:
        page = Path(f"{Path(os.path.abspath(files[0])).stem[:LONGEST_STEM]}.look.html")
    if page is not None:
        _check(page)
    try:
        with err.status("reading") as status:
            found, pictures = look(
                files,
                settings,
                forced,
                lambda name, number, pages: status.update(plain(f"{name}: page {number} of {pages}")),
            )
        html = look_html(found, pictures) if page is not None and found.papers else ""
    except SohoaError:
        raise
    except Exception as error:  # noqa: BLE001  (a library met bytes that nobody foresaw)
        raise typer.Exit(fault(our_fault(error))) from None
    if page is not None and html:
        _write(page, html)
    if as_json:
        typer.echo(found.to_json())
    elif not found.papers and not found.refused:
        err.print("sohoa: no file to look at")
    elif found.papers:
        out.print(plain(str(page)))
    for one in found.refused:
        err.print(plain(f"{one.file}: {one.reason} [{one.code}]"), style="red")
    raise typer.Exit(ALL_WELL if found.papers and not found.refused else NOT_ALL)


def _check(page: Path) -> None:
    """Raises ConfigurationError where the page would take the place of a scan or cannot be written."""
    if page.is_dir() or (page.exists() and page.suffix.casefold() not in PAGES):
        raise ConfigurationError(
            "out-is-no-page",
            f"{page} is there and is no page: it would be lost",
            "Chọn tên khác cho --out, ví dụ trang.html.",
        )
    if not page.absolute().parent.is_dir():
        raise ConfigurationError(
            "folder-unusable", f"{page.parent} is no folder", "Chọn thư mục có sẵn cho --out."
        )


def _write(page: Path, html: str) -> None:
    """Whole or not at all, and for its owner only: the page carries everything that stands on the paper."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="replace", dir=page.absolute().parent, delete=False
        ) as stream:
            made = Path(stream.name)
            stream.write(html)
        made.replace(page)
    except OSError as error:
        raise ConfigurationError(
            "folder-unusable", f"{page}: {error.strerror}", "Kiểm tra thư mục và quyền ghi."
        ) from None
