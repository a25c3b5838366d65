"""From the pages of one paper to a component with its fields: what the reading processes call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from dossier.catalogue.documents import DocumentType, document_types
from dossier.model import Sha256
from dossier.reading import FileInfo, PageReading, Signature
from dossier.record import Component, Field, Source
from ocr.classify import UNKNOWN
from ocr.engines.base import Colour
from ocr.grouping import Draft, FilePage
from ocr.judge import judge
from ocr.pages import page_image
from ocr.readers.base import PageView, View, field_readers
from ocr.toolbox import Toolbox


def read_component(
    toolbox: Toolbox,
    draft: Draft,
    paths: dict[Sha256, Path],
    infos: dict[Sha256, FileInfo],
    readings: dict[tuple[Sha256, int], PageReading],
) -> Component:
    """One paper, read. An `unknown` paper keeps its text and has no fields.

    The separator sheets that opened it stand in its sources, after its own pages and in entries of their own: they
    are accounted for, and neither read for fields nor judged as scans (quality is that of the paper's pages).
    """
    pages = [(file, readings[sha256, number]) for file, sha256, number in draft.pages]
    view = view_of(toolbox, draft, paths, infos, readings)
    return Component(
        id=draft.id,
        type=draft.type,
        type_confidence=draft.type_confidence,
        sources=_sources(draft.pages) + _sources(draft.sheets),
        fields=read_fields(view) if view else (),
        marks=tuple(mark for _, reading in pages for mark in reading.marks),
        quality=tuple(reading.quality for _, reading in pages),
        signatures=_signatures(draft, infos),
        text="\n\f".join(reading.text for _, reading in pages),
    )


def view_of(
    toolbox: Toolbox,
    draft: Draft,
    paths: dict[Sha256, Path],
    infos: dict[Sha256, FileInfo],
    readings: dict[tuple[Sha256, int], PageReading],
    types: Mapping[str, DocumentType] | None = None,
) -> View | None:
    """The paper as its field readers see it, None if its type is unknown. types: the catalogue unless given."""
    document = (document_types() if types is None else types).get(draft.type)
    if document is None or draft.type == UNKNOWN:
        return None
    pages = tuple(
        _page_view(file, readings[sha256, number], paths, infos) for file, sha256, number in draft.pages
    )
    return View(document, pages, toolbox, _signatures(draft, infos))


def read_fields(view: View) -> tuple[Field, ...]:
    """All fields of a paper that were found, in the catalogue's order. A label over an empty place: value None."""
    readers = field_readers()
    found = []
    for name, spec in view.document.fields.items():
        field = judge(name, spec, readers[spec.reader](view, name, spec), view)
        if field is not None:
            found.append(field)
    return tuple(found)


def _page_view(
    file: str, reading: PageReading, paths: dict[Sha256, Path], infos: dict[Sha256, FileInfo]
) -> PageView:
    @cache  # fields ask for the same page's pixels one after another: decode it once
    def image() -> Colour:
        return page_image(paths[reading.sha256], infos[reading.sha256], reading)

    return PageView(file, reading, image)


def _signatures(draft: Draft, infos: dict[Sha256, FileInfo]) -> tuple[Signature, ...]:
    return tuple(signature for sha256 in _files(draft) for signature in infos[sha256].signatures)


def _files(draft: Draft) -> list[str]:
    return list(dict.fromkeys(sha256 for _, sha256, _ in draft.pages))


def _sources(places: Sequence[FilePage]) -> tuple[Source, ...]:
    pages: dict[tuple[str, str], list[int]] = {}
    for file, sha256, page in places:
        pages.setdefault((file, sha256), []).append(page)
    return tuple(
        Source(file=file, sha256=sha256, pages=tuple(numbers)) for (file, sha256), numbers in pages.items()
    )
