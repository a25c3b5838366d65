"""How well real official papers are read: each true field right, unsure or wrong. Goal: none wrong when sure.

The folder holds PDFs beside a `truth.json`: {name: {file, type, handwritten: [fields], fields: {name: value}}}.
Such papers are not part of the project: give your own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.score import SURE
from dossier.catalogue.documents import document_types
from dossier.errors import SohoaError
from dossier.kinds import kind
from dossier.reading import FileReading
from dossier.record import Component, Field
from dossier.settings import ReadingSettings
from dossier.text.vietnamese import same_text
from ocr.component import read_component
from ocr.grouping import group
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.toolbox import Toolbox

_NO_FOLDER = """papers: no folder given. Run it as
    python -m bench papers --papers DIR
where DIR holds PDFs of official papers and a truth.json (see bench/papers.py)."""


@dataclass(frozen=True)
class Outcome:
    """One true field against what was read. verdict: right (sure), unsure, wrong (sure and wrong)."""

    paper: str
    name: str
    truth: str
    field: Field | None
    exact: bool
    pen: bool

    @property
    def verdict(self) -> str:
        if self.field is None or self.field.value is None or self.field.confidence < SURE:
            return "unsure"
        return "right" if self.exact else "wrong"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench papers", description=__doc__)
    parser.add_argument("--papers", type=Path, help="folder of PDFs with a truth.json")
    parser.add_argument("--only", default="", help="only papers whose name holds this")
    parser.add_argument(
        "--apart",
        default="",
        help="names, separated by commas, of untouched papers: printed apart from the others",
    )
    parser.add_argument("--short", action="store_true", help="the first three papers")
    asked = parser.parse_args()
    if asked.papers is None:
        print(_NO_FOLDER)
        return 0
    truths = json.loads((asked.papers / "truth.json").read_text(encoding="utf-8"))
    names = [name for name in sorted(truths) if asked.only in name][: 3 if asked.short else None]
    toolbox = Toolbox(ReadingSettings())
    console = Console(width=150)
    outcomes: list[Outcome] = []
    typed = 0
    start = time.perf_counter()
    for name in names:
        paper = read_paper(toolbox, asked.papers / truths[name]["file"])
        typed += paper is not None and paper.type == truths[name]["type"]
        outcomes += compare(name, truths[name], paper)
    _print_unsure(console, outcomes)
    untouched = {name.strip() for name in asked.apart.split(",") if name.strip()}
    if unknown := untouched - truths.keys():
        parser.error(f"--apart names papers that truth.json does not: {', '.join(sorted(unknown))}")
    apart = [one for one in outcomes if one.paper in untouched]
    console.print(_table("fields of real papers", [one for one in outcomes if one.paper not in untouched]))
    if apart:
        console.print(_table("fields of the untouched papers", apart))
        print(_told("papers apart", len({one.paper for one in apart}), apart))
    count = Counter(one.verdict for one in outcomes)
    pens = [one for one in outcomes if one.pen]
    print(
        f"papers: {len(names)} papers in {time.perf_counter() - start:.0f} s, type right {typed}, "
        f"{len(outcomes)} fields: right and sure {count['right']}, "
        f"unsure {count['unsure']} (of them {_exact_unsure(outcomes)} with the right value), "
        f"wrong at {SURE} and above {count['wrong']}; written by pen {len(pens)}, "
        f"known as such {sum(bool(one.field and one.field.handwritten) for one in pens)}"
    )
    return 1 if count["wrong"] else 0


def read_paper(toolbox: Toolbox, path: Path) -> Component | None:
    """The paper that begins on the file's first page; None if the file is refused."""
    try:
        info = inspect_file(path, path.name, toolbox.settings)
        numbers = range(1, len(info.pages) + 1)
        pages = tuple(read_page(path, info, number, toolbox)[0] for number in numbers)
    except SohoaError as error:
        print(f"{path.name}: {error}")
        return None
    drafts = group([FileReading(name=path.name, info=info, pages=pages)])
    first = next((draft for draft in drafts if draft.pages[0][2] == 1), None)
    if first is None:
        return None
    readings = {(page.sha256, page.page): page for page in pages}
    return read_component(toolbox, first, {info.sha256: path}, {info.sha256: info}, readings)


def compare(name: str, truth: dict[str, Any], paper: Component | None) -> list[Outcome]:
    """Every true field of one paper against what was read."""
    specs = document_types()[truth["type"]].fields
    pens = truth.get("handwritten", [])
    outcomes = []
    for field_name, value in truth["fields"].items():
        read = paper.field(field_name) if paper else None
        same = kind(specs[field_name].kind).same
        exact = read is not None and read.value is not None and same(read.value, value)
        if exact and read is not None and specs[field_name].kind in ("document-number", "date"):
            exact = read.value == value
        outcomes.append(Outcome(name, field_name, value, read, exact, field_name in pens))
    return outcomes


def _exact_unsure(outcomes: list[Outcome]) -> int:
    return sum(one.exact for one in outcomes if one.verdict == "unsure")


def _told(title: str, papers: int, outcomes: list[Outcome]) -> str:
    count = Counter(one.verdict for one in outcomes)
    return (
        f"{title}: {papers} papers, {len(outcomes)} fields: right and sure {count['right']}, unsure {count['unsure']} "
        f"(of them {_exact_unsure(outcomes)} with the right value), wrong at {SURE} and above {count['wrong']}"
    )


def _table(title: str, outcomes: list[Outcome]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("field", "papers", "right", "unsure", "unsure, value right", "unsure, none", "wrong"):
        table.add_column(heading, justify="left" if heading == "field" else "right")
    for name in dict.fromkeys(one.name for one in outcomes):
        mine = [one for one in outcomes if one.name == name]
        count = Counter(one.verdict for one in mine)
        empty = sum(one.field is None or one.field.value is None for one in mine)
        numbers = (len(mine), count["right"], count["unsure"], _exact_unsure(mine), empty, count["wrong"])
        table.add_row(name, *(str(number) for number in numbers))
    return table


def _print_unsure(console: Console, outcomes: list[Outcome]) -> None:
    """What was not right and sure, for the person who wants to know why."""
    for one in outcomes:
        if one.exact:
            continue
        read = one.field
        seen = f"{read.value!r} at {read.confidence:.2f}" if read else "not found"
        alike = " (alike)" if read and read.value and same_text(read.value, one.truth) else ""
        console.print(
            f"{one.verdict:6} {one.paper} {one.name}: {seen}{alike}; truth {one.truth!r}", markup=False
        )
