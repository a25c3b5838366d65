"""A first draft of a document type from a paper that no type fits: its heading, its labels, a guess at each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any

import yaml

from dossier.kinds import kind
from dossier.reading import PageReading
from dossier.text.vietnamese import fold
from ocr.letters import letters
from ocr.rows import Row, rows

ID = "new-type"
_HEAD = 0.55  # share of the first page in which a heading stands
_LONGEST_LABEL = 10  # words
_NAMED_BY = 4  # words of a label that name its field
_MOTTO = ("conghoaxahoichunghiavietnam", "doclaptudohanhphuc")
_TELLING = ("personal-id", "date", "civil-number", "document-number")
_SAID = {  # words of a label -> the kind of what stands after it
    r"gioi tinh": "sex",
    r"dan toc": "ethnicity",
    r"quoc tich": "nationality",
    r"noi|dia chi|que quan|tru": "address",
    r"ho|ten": "person-name",
}
_NUMBERS = ("personal-id", "civil-number", "document-number")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[IVX]{1,4})[.)]+")


def skeleton(pages: Sequence[PageReading]) -> str:
    """A document type as YAML that `--type` takes, to be corrected by hand; empty if the paper has no label."""
    lines = [[cell for row in rows(page) for cell in row.cells()] for page in pages]
    titles = _titles(lines[0], pages[0].height) if lines else []
    stops = [cell.text for page in lines for cell in page if letters(cell.text) in _MOTTO]
    fields: dict[str, Any] = {}
    for label, value in (pair for page in lines for pair in _labelled(page)):
        if value:
            _add(fields, label, value)
        else:
            stops.append(label)
    if not fields:
        return ""
    title = titles[0].capitalize() if titles else "Loại mới"
    document = {
        "id": ID,
        "title": title,
        "titles": titles,
        "anchors": [spec["labels"][0] for spec in fields.values()][:8],
        "options": {"stops": list(dict.fromkeys([*titles, *stops]))},
        "fields": fields,
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)


def _titles(cells: list[Row], height: int) -> list[str]:
    """The tallest line in capitals of the page's upper part, but for the motto."""
    body = median(cell.height for cell in cells) if cells else 0.0
    shouted = [
        cell
        for cell in cells
        if cell.middle < _HEAD * height
        and cell.text == cell.text.upper()
        and len(letters(cell.text)) >= 6
        and letters(cell.text) not in _MOTTO
        and cell.height >= 0.9 * body
    ]
    return [max(shouted, key=lambda cell: cell.height).text] if shouted else []


def _labelled(cells: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Label and value of every line that has a colon, the number of its part left out."""
    for cell in cells:
        words = [word.text for word in cell.words]
        while words and _NUMBER.fullmatch(words[0]):
            words = words[1:]
        at = next((n for n, word in enumerate(words[:_LONGEST_LABEL]) if word.endswith(":")), None)
        if at is None:
            continue
        label = " ".join(words[: at + 1]).rstrip(":").strip()
        if len(letters(label)) > 1 and not re.search(r"\d", label):
            yield label, " ".join(words[at + 1 :]).strip(" .…_")


def _add(fields: dict[str, Any], label: str, value: str) -> None:
    known = [spec for spec in fields.values() if letters(label) in map(letters, spec["labels"])]
    if known:
        return  # one label twice is for a person to tell apart, by parts of the form
    name = "_".join(re.findall(r"[a-z0-9]+", fold(label))[:_NAMED_BY]) or "field"
    while name in fields:
        name += "_"
    wanted = _kind(label, value)
    spec: dict[str, Any] = {"title": label, "kind": wanted, "labels": [label]}
    fields[name] = spec | ({"identifier": True} if wanted in _NUMBERS else {})


def _kind(label: str, value: str) -> str:
    said = fold(label)
    found = next((name for name in _TELLING if kind(name).parse(value) is not None), None)
    if found:
        return "date-of-birth" if found == "date" and "sinh" in said else found
    return next((name for words, name in _SAID.items() if re.search(rf"\b(?:{words})\b", said)), "text")
