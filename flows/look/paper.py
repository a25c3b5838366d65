"""One paper looked at closely: each field with its proof, what was not found, and what nobody took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.kinds import kind
from dossier.model import Box
from dossier.reading import PageReading, Word
from dossier.record import Component, Field
from dossier.text.vietnamese import fold
from flows.look.facts import LabelRole, MissingField, Nearest, ReadField, Rest, Seen, SeenLabel
from ocr.judge import evidence, judge
from ocr.labels import Found
from ocr.layout import Layout, layouts
from ocr.letters import letters
from ocr.readers.base import Candidate, View, field_readers
from ocr.rows import Row, rows, union
from validators.gate import contradicted, open_identifiers
from validators.weights import weights

_LIKE = 70.0  # per cent under which the nearest line says nothing about a label
_SHORTEST = 4  # letters of a label that are looked for in lines
_REST_GAP = 2.2  # heights between two words that are shown as two lines


def read_fields(view: View) -> tuple[list[ReadField], dict[str, float]]:
    """Every field that was found, as ocr.component reads it, with its proof; wall seconds of labels and fields.

    `passes` is left False: it is known when all papers are read (`gated`).
    """
    readers = field_readers()
    start = time.perf_counter()
    layouts(view)
    seconds = {"labels": _since(start)}
    found = []
    for name, spec in view.document.fields.items():
        start = time.perf_counter()
        candidates = readers[spec.reader](view, name, spec)
        field = judge(name, spec, candidates, view)
        seconds[name] = _since(start)
        if field is not None:
            found.append(_read(spec, field, candidates, view, seconds[name]))
    return found, seconds


def gated(
    fields: Iterable[ReadField],
    component: Component,
    everything: Sequence[Component],
    types: Mapping[str, DocumentType],
) -> tuple[ReadField, ...]:
    """The fields with what the rules ask of each: identifiers two witnesses, all others a confidence."""
    unconfirmed = {(paper.id, field.name) for paper, field, _ in open_identifiers(everything, types)}
    least = weights().confidence.gate

    def why(one: ReadField) -> str:
        if one.field.value is None:
            return "không có giá trị"
        if contradicted(one.field, kind(one.kind)):
            return "mã QR hoặc MRZ nói khác"
        if one.field.confidence < least:
            return f"độ tin cậy dưới {least:.2f}".replace(".", ",")
        if (component.id, one.name) in unconfirmed:
            return "chưa có hai nguồn độc lập trùng nhau"
        return ""

    return tuple(one.model_copy(update={"passes": not why(one), "why": why(one)}) for one in fields)


def missing_fields(view: View, found: Iterable[ReadField]) -> tuple[MissingField, ...]:
    """The fields of the type that the paper does not have, each with the line that is most like its labels."""
    have = {one.name for one in found}
    lines = [(layout.page, cell) for layout in layouts(view) for row in layout.rows for cell in row.cells()]
    return tuple(
        MissingField(
            name=name,
            title=spec.title,
            reader=spec.reader,
            mandatory=spec.mandatory,
            labels=spec.labels,
            nearest=_nearest(spec, lines),
        )
        for name, spec in view.document.fields.items()
        if name not in have
    )


def seen_labels(view: View) -> tuple[SeenLabel, ...]:
    """All labels on the paper's pages, in reading order."""
    return tuple(
        SeenLabel(
            sheet=layout.page,
            text=" ".join(word.text for word in _label_words(layout, found)),
            box=union(word.box for word in _label_words(layout, found)),
            role=_role(view.document, found),
            fields=found.fields or ((found.words_of,) if found.words_of else ()),
            section=found.section,
            score=round(found.score, 2),
        )
        for layout in layouts(view)
        for found in layout.found
    )


def left_over(view: View, fields: Iterable[ReadField]) -> tuple[Rest, ...]:
    """Runs of words that no label and no witness of a field took: what a new type has to be made of."""
    places = [(seen.sheet, seen.box) for one in fields for seen in one.seen if seen.by != "layout"]
    return tuple(
        rest
        for layout in layouts(view)
        for rest in _runs(
            layout.page,
            layout.rows,
            {id(word) for found in layout.found for word in _label_words(layout, found)},
            [box for sheet, box in places if sheet == layout.page],
        )
    )


def all_lines(pages: Iterable[PageReading]) -> tuple[Rest, ...]:
    """Every line of a paper whose type nobody knows."""
    return tuple(rest for sheet, page in enumerate(pages) for rest in _runs(sheet, rows(page), set(), []))


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 4)


def _read(
    spec: FieldSpec, field: Field, candidates: list[Candidate], view: View, seconds: float
) -> ReadField:
    shown = [one.page for one in candidates if one.box == field.box] + [one.page for one in candidates]
    sheet = next(at for at in shown if view.pages[at].reading.page == field.page)
    return ReadField(
        name=field.name,
        title=spec.title,
        kind=spec.kind,
        reader=spec.reader,
        identifier=spec.identifier,
        field=field,
        sheet=sheet,
        evidence=evidence(candidates, spec, view),
        passes=False,
        why="",
        seen=tuple(_seen(one, spec, field) for one in candidates),
        seconds=seconds,
    )


def _seen(one: Candidate, spec: FieldSpec, field: Field) -> Seen:
    wanted = kind(spec.kind)
    same = one.value is not None and field.value is not None and wanted.same(one.value, field.value)
    if one.by == "mrz" and wanted.group == "name" and one.value and field.value:
        same = fold(one.value) == fold(field.value)  # the zone has no marks
    return Seen(
        by=one.by,
        value=one.value,
        printed=one.printed,
        confidence=min(max(one.confidence, 0.0), 1.0),
        sheet=one.page,
        box=one.box,
        handwritten=one.handwritten,
        agrees=same,
    )


def _nearest(spec: FieldSpec, lines: list[tuple[int, Row]]) -> Nearest | None:
    best: tuple[float, str, int, Row] | None = None
    for label in spec.labels:
        key = letters(label)
        if len(key) < _SHORTEST:
            continue
        for sheet, line in lines:
            text = letters(line.text)
            score = fuzz.partial_ratio(key, text) if len(text) >= len(key) else fuzz.ratio(key, text)
            if score >= _LIKE and (best is None or score > best[0]):
                best = (score, label, sheet, line)
    if best is None:
        return None
    score, label, sheet, line = best
    return Nearest(label=label, line=line.text, sheet=sheet, box=line.box, score=round(score, 1))


def _label_words(layout: Layout, found: Found) -> tuple[Word, ...]:
    words = layout.rows[found.row].words[found.first : found.last + 1]
    if found.tail_row is not None:
        words += layout.rows[found.tail_row].words[found.tail[0] : found.tail[1] + 1]
    return words


def _role(document: DocumentType, found: Found) -> LabelRole:
    if found.fields:
        return "field"
    if found.words_of:
        return "words"

    def holds(texts: Iterable[str]) -> bool:
        return found.key in map(letters, texts)

    if any(holds(texts) for texts in document.options.get("sections", {}).values()):
        return "section"
    if any(holds(spec.labels) for spec in document.fields.values()):
        return "unclear"
    return "title" if holds(document.titles) else "stop"


def _runs(sheet: int, page_rows: Sequence[Row], taken: set[int], places: list[Box]) -> Iterator[Rest]:
    for row in page_rows:
        for run in _free(row, taken, places):
            text = " ".join(word.text for word in run)
            if letters(text):
                yield Rest(sheet=sheet, text=text, box=union(word.box for word in run))


def _free(row: Row, taken: set[int], places: list[Box]) -> list[list[Word]]:
    """The row's words that nobody took, in runs that stand together."""
    runs: list[list[Word]] = []
    goes_on = False
    for word in row.words:
        if id(word) in taken or any(_within(word.box, place) for place in places):
            goes_on = False
            continue
        if goes_on and word.box[0] - runs[-1][-1].box[2] <= _REST_GAP * row.height:
            runs[-1].append(word)
        else:
            runs.append([word])
        goes_on = True
    return runs


def _within(box: Box, place: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]
