"""A record as rows of a downstream target: a function of the record, its place in the feed and its life alone."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dossier.catalogue.documents import document_types
from dossier.kinds.times import UNLIMITED as NEVER
from dossier.model import Box
from dossier.record import Component, Field, Finding, Record
from dossier.targets import UNLIMITED, TableTarget, Target, never_ends
from dossier.waiving import is_failed_warning, waiver_of
from storage.keys import NO_OFFICE
from storage.publication.shape import (
    BOX,
    DECIMALS,
    WHOLE_DIGITS,
    WORDS,
    Shape,
    column_kind,
)
from storage.publication.standing import Life

Row = dict[str, Any]
"""Column -> value: str, int, float, bool, Decimal, date, datetime (UTC, aware) or None, by the column's kind."""
Rows = dict[str, list[Row]]
"""By table, without prefix; parents first."""


LARGEST = 2**31 - 1
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")


class Misfit(ValueError):
    """A value that its column cannot hold. The text names table and column, never the value."""


def taken(record: Record, target: Target) -> tuple[Component, ...]:
    """The papers of the record that the target takes."""
    return tuple(
        component for component in record.components if target.types is None or component.type in target.types
    )


def wanted(record: Record, target: Target) -> bool:
    """Whether the record is handed on to the target: by its state, and for a choice of types by its papers."""
    return record.state in target.states and (target.types is None or bool(taken(record, target)))


def rows(record: Record, sha256: str, seq: int, life: Life, target: TableTarget) -> Rows:
    """The rows of a record that is wanted. sha256: of its bytes. seq: its place in the office's feed.

    Raises Misfit. Papers of a record that is not checked are in `components` and `fields`, in no table of their type.
    """
    at: Row = {"office": record.office or NO_OFFICE, "dossier": record.dossier, "version": record.version}
    papers = taken(record, target)
    made: Rows = {
        "records": [at | _record(record, sha256, seq, life)],
        "components": [at | _component(component, record) for component in papers],
        "fields": [
            at | _field(field, component, record) for component in papers for field in component.fields
        ],
        "findings": [at | finding for finding in _findings(record, {component.id for component in papers})],
    }
    if record.state == "checked":
        for component in papers:
            if component.type in document_types():
                row = at | {"component": component.id, "role": component.role} | life.columns()
                row |= _values(component, target)
                made.setdefault(target.table_of(component.type), []).append(row)
    return made


def check(made: Rows, shapes: Mapping[str, Shape]) -> None:
    """Raises Misfit where a required value is missing, or one is too long or too large for its column."""
    for table, lines in made.items():
        columns = shapes[table].columns
        required = [column.name for column in columns if column.required]
        lengths = {column.name: column.length for column in columns if column.kind == "name"}
        for row in lines:
            for name in required:
                if row.get(name) is None:
                    raise Misfit(f"{table}.{name}: no value")
            for name, value in row.items():
                if isinstance(value, str):
                    if len(value) > lengths.get(name, len(value)):
                        raise Misfit(f"{table}.{name}: longer than {lengths[name]} characters")
                    if "\0" in value:
                        raise Misfit(f"{table}.{name}: a character that no database takes")
                elif isinstance(value, float):
                    if not math.isfinite(value):
                        raise Misfit(f"{table}.{name}: no number")
                elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
                    raise Misfit(f"{table}.{name}: more than an integer of 32 bits")


def _record(record: Record, sha256: str, seq: int, life: Life) -> Row:
    received = record.times.get("received")
    return {
        **life.columns(),
        "reason": life.reason,
        "state": record.state,
        "procedure": record.procedure.id if record.procedure else None,
        "procedure_version": record.procedure.version if record.procedure else None,
        "received_at": _utc(received) if received else None,
        "made_at": _utc(record.times["made"]),
        **{f"score_{word}": record.scores.get(word) for word in WORDS},
        "grade": record.grade.band if record.grade else None,
        **{name: _text(record.made_by.get(name)) for name in ("program", "catalogue", "rules")},
        "record_sha256": sha256,
        "feed_seq": seq,
    }


def _component(component: Component, record: Record) -> Row:
    grade, origin = record.paper_grades.get(component.id), component.reused_from
    return {
        "component": component.id,
        "type": component.type,
        "type_confidence": component.type_confidence,
        "role": component.role,
        "score": grade.score if grade else None,
        "grade": grade.band if grade else None,
        "sources": _json([source.model_dump(mode="json") for source in component.sources]),
        "reused_dossier": origin.dossier if origin else None,
        "reused_version": origin.version if origin else None,
        "reused_component": origin.component if origin else None,
    }


def _field(field: Field, component: Component, record: Record) -> Row:
    return {
        "component": component.id,
        "field": field.name,
        "type": component.type,
        "value": field.value,
        "printed": field.printed,
        "confidence": field.confidence,
        "file": field.file,
        "file_sha256": _hash_of(field.file, component, record),
        "page": field.page,
        **_box(field.box),
        "dpi": field.dpi,
        "handwritten": field.handwritten,
        "witnesses": _json([witness.model_dump(mode="json") for witness in field.witnesses]),
        "read_value": field.read.value if field.read else None,
        "read_confidence": field.read.confidence if field.read else None,
    }


def _hash_of(file: str, component: Component, record: Record) -> str | None:
    """The bytes in which a value stands: those of the paper, else those dropped under that name."""
    known = [source.sha256 for source in component.sources if source.file == file]
    known += [dropped.sha256 for dropped in record.drop if dropped.name == file]
    return known[0] if known else None


def _findings(record: Record, papers: set[str]) -> Iterator[Row]:
    """Findings that say something is open or was: failed or unknown, numbered by their place in the record."""
    for number, finding in enumerate(record.findings):
        told = finding.component is None or finding.component in papers
        if told and finding.verdict in ("FAIL", "UNKNOWN"):
            yield {"number": number, **_finding(finding, record)}


def _finding(finding: Finding, record: Record) -> Row:
    waiver = waiver_of(finding, record) if is_failed_warning(finding) else None
    return {
        "rule": finding.rule,
        "word": finding.word,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "component": finding.component,
        "file": finding.file,
        "page": finding.page,
        **_box(finding.box),
        "reason": finding.reason,
        "source": finding.source,
        "waived_by": waiver.by if waiver else None,
    }


def _values(component: Component, target: TableTarget) -> Row:
    """The fields of a paper in the columns of its type."""
    row: Row = {}
    specifications, table = document_types()[component.type].fields, target.table_of(component.type)
    for field, column in target.columns_of(component.type).items():
        value = component.value(field)
        if never_ends(component.type, field):
            row[column + UNLIMITED] = None if value is None else value == NEVER
            value = None if value == NEVER else value
        row[column] = typed(value, specifications[field].kind, f"{table}.{column}")
    return row


def typed(value: str | None, kind: str, place: str = "value") -> str | date | Decimal | None:
    """A field's value as its column holds it. kind: of the field (dossier.kinds). Raises Misfit naming `place`."""
    if value is None:
        return None
    match column_kind(kind):
        case "date":
            return _date(value, place)
        case "number":
            return _number(value, place)
        case _:
            return value


def _date(value: str, place: str) -> date:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Misfit(f"{place}: no date") from None
    if found.isoformat() != value:  # it takes other forms of ISO 8601 than ours
        raise Misfit(f"{place}: no date")
    return found


def _number(value: str, place: str) -> Decimal:
    found = _NUMBER.fullmatch(value)
    if not found:
        raise Misfit(f"{place}: no number")
    if len(found[1].lstrip("0")) > WHOLE_DIGITS or len((found[2] or "").rstrip("0")) > DECIMALS:
        raise Misfit(f"{place}: more than {WHOLE_DIGITS} digits, or more than {DECIMALS} behind the point")
    return Decimal(value)


def _box(box: Box | None) -> Row:
    return dict(zip((column.name for column in BOX), box or (None,) * 4, strict=True))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
