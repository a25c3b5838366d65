"""`sohoa look`: files read in this process, with all that the readers saw kept instead of only what they decided.

files -> inspect -> pages -> papers -> fields with their proof -> one page for a person (flows/look/page.py)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dossier.catalogue.documents import DocumentType, document_types, read_document_type
from dossier.errors import ConfigurationError, FileRefused
from dossier.model import Box
from dossier.reading import FileReading, PageReading
from dossier.record import Component, Refused, Source
from dossier.settings import Settings
from flows.dossier_input import InputFile
from flows.folder import files_at
from flows.look.facts import Look, Paper, ReadFile, Sheet
from flows.look.measures import measures
from flows.look.paper import all_lines, gated, left_over, missing_fields, read_fields, seen_labels
from flows.look.skeleton import skeleton
from flows.provenance import made_by
from ocr.classify import explain
from ocr.component import view_of
from ocr.grouping import Draft, group
from ocr.inspection import inspect_file
from ocr.labels import find_labels
from ocr.pages import page_image, read_page
from ocr.pictures import page_jpeg, place_jpeg
from ocr.readers.base import View, field_readers
from ocr.toolbox import Toolbox
from validators.weights import weights

SHOWN_DPI = 130.0
UNKNOWN_TITLE = "Chưa nhận ra loại giấy tờ"
YAML = (".yaml", ".yml")

Types = Mapping[str, DocumentType]


@dataclass(frozen=True)
class Pictures:
    """JPEGs. pages: by (sha256, page from 1); places: by (sha256, page, box)."""

    pages: dict[tuple[str, int], bytes] = field(default_factory=dict)
    places: dict[tuple[str, int, Box], bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class _Source:
    """A file that was read, and where its bytes are."""

    path: Path
    reading: FileReading


def wanted_type(name: str) -> DocumentType:
    """The type that `--type` means: an id of the catalogue, or a YAML file of a type that is not in it yet.

    Raises ConfigurationError: there is none, or the file is wrong; it names the key.
    """
    types = document_types()
    if name in types:
        return types[name]
    if Path(name).suffix.casefold() not in YAML:
        raise ConfigurationError(
            "type-unknown",
            f"no document type is called {name!r}; there are {', '.join(types)}; or give a YAML file",
            f"Không có loại giấy tờ “{name}”. Dùng một mã trong danh mục, hoặc đường dẫn tới tệp .yaml.",
        )
    document = read_document_type(Path(name))
    for key, spec in document.fields.items():
        if spec.reader not in field_readers():
            known = ", ".join(sorted(field_readers()))
            raise ConfigurationError(
                "catalogue-invalid", f"{name}: fields.{key}.reader {spec.reader!r}: there are {known}"
            )
    try:
        find_labels(document, ())  # what stands under `options` has a form of its own
    except (AttributeError, TypeError) as error:
        raise ConfigurationError("catalogue-invalid", f"{name}: options: {error}") from None
    return document


def look(
    paths: Sequence[Path],
    settings: Settings,
    forced: DocumentType | None = None,
    progress: Callable[[str, int, int], None] = lambda _name, _page, _pages: None,
) -> tuple[Look, Pictures]:
    """Read the files, and all files below folders, as one dossier. What cannot be read ends in `refused`.

    forced: the type that every paper is read as, whatever it says of itself. progress: file, page, its pages.
    Raises ConfigurationError where an engine cannot be loaded, ReadingCrashed where one fails.
    """
    toolbox = Toolbox(settings.reading)
    seconds = {"load": _timed(lambda: _load(toolbox))}
    found = [files_at(path) for path in paths]
    refused = [entry for _, closed in found for entry in closed]
    pictures = Pictures()
    sources = []
    for file in (file for files, _ in found for file in files):
        try:
            sources.append(_read_file(file, toolbox, settings, pictures, seconds, progress))
        except FileRefused as error:
            refused.append(Refused(file=file.name, sha256=file.sha256, reason=error.advice, code=error.code))
    types = {**document_types(), **({forced.id: forced} if forced else {})}
    drafts = group([one.reading for one in sources], {forced.id: forced} if forced else types)
    if forced:
        drafts = tuple(replace(draft, type=forced.id) for draft in drafts)
    return (
        Look(
            schema=Look.model_fields["schema_"].default,
            files=tuple(ReadFile(name=one.reading.name, info=one.reading.info) for one in sources),
            refused=tuple(refused),
            papers=_papers(drafts, sources, toolbox, types, forced is not None, pictures),
            made_by=made_by(toolbox.versions()),
            seconds=seconds,
            gate=weights().confidence.gate,
        ),
        pictures,
    )


def _load(toolbox: Toolbox) -> None:
    """All engines, so that no page's time is theirs."""
    _ = toolbox.first, toolbox.second, toolbox.third, toolbox.orientation


def _read_file(
    file: InputFile,
    toolbox: Toolbox,
    settings: Settings,
    pictures: Pictures,
    seconds: dict[str, float],
    progress: Callable[[str, int, int], None],
) -> _Source:
    start = time.perf_counter()
    info = inspect_file(file.path, file.name, settings.reading)
    seconds["inspect"] = round(seconds.get("inspect", 0.0) + time.perf_counter() - start, 4)
    pages = []
    for number in range(1, len(info.pages) + 1):
        progress(file.name, number, len(info.pages))
        reading, _ = read_page(file.path, info, number, toolbox)
        pages.append(reading)
        pixels = page_image(file.path, info, reading)
        pictures.pages[info.sha256, number] = page_jpeg(pixels, reading.dpi, SHOWN_DPI)
    return _Source(file.path, FileReading(name=file.name, info=info, pages=tuple(pages)))


def _papers(
    drafts: Iterable[Draft],
    sources: Iterable[_Source],
    toolbox: Toolbox,
    types: Types,
    forced: bool,
    pictures: Pictures,
) -> tuple[Paper, ...]:
    paths = {one.reading.info.sha256: one.path for one in sources}
    infos = {one.reading.info.sha256: one.reading.info for one in sources}
    readings = {(page.sha256, page.page): page for one in sources for page in one.reading.pages}
    papers = []
    for draft in drafts:
        pages = [(file, readings[sha256, number]) for file, sha256, number in draft.pages]
        view = view_of(toolbox, draft, paths, infos, readings, types)
        papers.append(_paper(draft, pages, view, types, forced))
        if view:
            _cut_places(papers[-1], view, pictures)
    components = [_component(paper) for paper in papers]
    return tuple(
        paper.model_copy(update={"fields": gated(paper.fields, component, components, types)})
        for paper, component in zip(papers, components, strict=True)
    )


def _paper(
    draft: Draft, pages: list[tuple[str, PageReading]], view: View | None, types: Types, forced: bool
) -> Paper:
    fields, seconds = read_fields(view) if view else ([], {})
    return Paper(
        id=draft.id,
        type=draft.type,
        title=types[draft.type].title if draft.type in types else UNKNOWN_TITLE,
        type_confidence=draft.type_confidence,
        forced=forced,
        sheets=tuple(
            Sheet(
                file=file,
                reading=reading,
                measures=measures(reading),
                reasons=() if reading.quality.blank else explain(reading, types),
            )
            for file, reading in pages
        ),
        fields=tuple(fields),
        missing=missing_fields(view, fields) if view else (),
        labels=seen_labels(view) if view else (),
        rest=left_over(view, fields) if view else all_lines(reading for _, reading in pages),
        seconds=seconds,
        skeleton="" if view else skeleton([reading for _, reading in pages]),
    )


def _cut_places(paper: Paper, view: View, pictures: Pictures) -> None:
    places = {(seen.sheet, seen.box) for one in paper.fields for seen in one.seen}
    places |= {(one.sheet, one.field.box) for one in paper.fields}
    for sheet, box in places:
        page = view.pages[sheet]
        cut = place_jpeg(page.image(), box, page.reading.dpi)
        pictures.places[page.reading.sha256, page.reading.page, box] = cut


def _component(paper: Paper) -> Component:
    """The paper as the gate of identifiers knows it."""
    pages: dict[tuple[str, str], list[int]] = {}
    for sheet in paper.sheets:
        pages.setdefault((sheet.file, sheet.reading.sha256), []).append(sheet.reading.page)
    return Component(
        id=paper.id,
        type=paper.type,
        type_confidence=paper.type_confidence,
        sources=tuple(
            Source(file=file, sha256=sha256, pages=tuple(numbers))
            for (file, sha256), numbers in pages.items()
        ),
        fields=tuple(one.field for one in paper.fields),
    )


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 4)
