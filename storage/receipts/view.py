"""What a receipt says, in Vietnamese: the state in plain words, what is wrong, where, and what to do now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import floor
from typing import Any, Final

from dossier.calendar import VIETNAM
from dossier.catalogue.documents import DocumentType, document_types
from dossier.decisions import PERSON, Decision, DecisionKind, is_person
from dossier.kinds.people import PERSONAL
from dossier.model import Severity, State, Verdict, Word4
from dossier.record import Component, Field, Record
from dossier.reusing import CONFIRMS
from dossier.waiving import waiver_of
from storage.receipts.places import beside, grade, sha256_of, type_title

RECEIPT_SCHEMA: Final = "sohoa/receipt/1"
SURE = 0.95  # under it a value is shown as one to be compared with the paper, unless CONFIRMS passed

STATES: dict[State, tuple[str, str, str]] = {
    "checked": (
        "Đạt",
        "Hồ sơ đã được số hóa và kiểm tra xong.",
        "Không phải làm gì thêm.",
    ),
    "returned": (
        "Cần xem lại",
        "Hồ sơ chưa đạt hoặc còn chỗ chưa chắc chắn, cần cán bộ xem lại.",
        "Xem từng mục dưới đây. Giá trị đọc chưa chắc thì so với giấy rồi xác nhận hoặc sửa bằng lệnh sohoa correct. "
        "Giấy sai hoặc thiếu thì chỉ cần quét và nộp lại tệp sai hoặc thiếu vào đúng mã hồ sơ này; tệp nộp lại "
        "cùng tên sẽ thay tệp cũ, các tệp khác giữ nguyên.",
    ),
    "refused": (
        "Không nhận được",
        "Không đọc được giấy tờ nào trong hồ sơ này.",
        "Xem lý do của từng tệp dưới đây, quét lại rồi nộp vào đúng mã hồ sơ này.",
    ),
}
WORDS: dict[Word4, str] = {"correct": "Đúng", "sufficient": "Đủ", "clean": "Sạch", "live": "Sống"}
VERDICTS: dict[Verdict, str] = {
    "PASS": "Đạt",
    "FAIL": "Không đạt",
    "UNKNOWN": "Chưa xác định",
    "NOT_APPLICABLE": "Không áp dụng",
}
KINDS: dict[tuple[Severity, Verdict], tuple[str, str]] = {
    ("BLOCK", "FAIL"): ("must", "Phải sửa"),
    ("BLOCK", "UNKNOWN"): ("look", "Chưa xác định được, cần xem"),
    ("WARN", "FAIL"): ("look", "Cần xem và xác nhận"),
    ("WARN", "UNKNOWN"): ("note", "Lưu ý: chưa xác định được"),
    ("INFO", "FAIL"): ("note", "Để biết"),
}
DECISIONS: dict[DecisionKind, str] = {
    "confirm": "Xác nhận giá trị",
    "correct": "Sửa giá trị",
    "waive": "Chấp nhận cảnh báo",
    "reuse": "Dùng lại giấy đã lưu",
}
_ID_FIELD = re.compile(r"personal_id|old_id_number")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ID_TEXT = re.compile(r"(?<!\d)\d{8}(?=\d{4}(?!\d))")


def receipt(record: Record) -> dict[str, Any]:
    """The receipt as JSON. Personal IDs are masked but for their last four digits. A function of the record alone."""
    title, summary, next_step = STATES[record.state]
    types = document_types()
    problems = list(_problems(record, types))
    return {
        "schema": RECEIPT_SCHEMA,
        "dossier": record.dossier,
        "office": record.office,
        "version": record.version,
        "procedure": record.procedure.id if record.procedure else None,
        "state": record.state,
        "title": title,
        "summary": _summary(record.state, summary, problems),
        "next": next_step,
        "times": {name: moment.isoformat() for name, moment in sorted(record.times.items())},
        "made": record.times["made"].astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M"),
        "verdicts": [
            {"word": word, "title": WORDS[word], "verdict": verdict, "text": VERDICTS[verdict]}
            for word, verdict in record.verdicts.items()
        ],
        "grade": grade(record.grade),
        "problems": problems,
        "refused": [
            {"file": item.file, "code": item.code, "reason": mask_text(item.reason)}
            | {"problem": _told(item.file, mask_text(item.reason), problems)}
            for item in record.refused
        ],
        "papers": [_paper(component, types, problems, record) for component in record.components],
        "decisions": [_decision(decision, record, types) for decision in record.decisions],
        "files": _files(record),
    }


def mask(value: str) -> str:
    """All but the last four characters hidden."""
    return "•" * max(0, len(value) - 4) + value[-4:] if len(value) > 4 else "•" * len(value)


def mask_text(text: str) -> str:
    """Free text with the first eight digits of every personal ID hidden."""
    return _ID_TEXT.sub("•" * 8, text)


def _summary(state: State, summary: str, problems: list[dict[str, Any]]) -> str:
    must = sum(problem["kind"] == "must" for problem in problems)
    look = sum(problem["kind"] == "look" for problem in problems)
    if state != "returned" or not must + look:
        return summary
    counts = [f"{must} chỗ phải sửa"] * (must > 0) + [f"{look} chỗ cần xem"] * (look > 0)
    return f"Hồ sơ có {' và '.join(counts)}."


def _problems(record: Record, types: dict[str, DocumentType]) -> Iterator[dict[str, Any]]:
    order = list(KINDS)
    components = {component.id: component for component in record.components}
    wrong = [finding for finding in record.findings if (finding.severity, finding.verdict) in KINDS]
    wrong.sort(key=lambda finding: order.index((finding.severity, finding.verdict)))
    # Told last, among the notes: nothing is left to do about what was waived.
    wrong.sort(key=lambda finding: waiver_of(finding, record, types) is not None)
    for number, finding in enumerate(wrong, 1):
        kind, label = KINDS[finding.severity, finding.verdict]
        waiver = waiver_of(finding, record, types)
        if waiver is not None:
            kind, label = "note", f"Đã xem, chấp nhận ({waiver.by}: {mask_text(waiver.reason)})"
        component = components.get(finding.component or "")
        yield {
            "number": number,
            "kind": kind,
            "label": label,
            "word": WORDS[finding.word],
            "rule": finding.rule,
            "component": finding.component,
            "paper": type_title(component, types) if component else None,
            "file": finding.file,
            "sha256": sha256_of(record, finding.component, finding.file),
            "page": finding.page,
            "box": finding.box,
            "reason": mask_text(finding.reason),
            "source": finding.source,
            "beside": list(beside(finding, record, types)),
        }


def _told(file: str, reason: str, problems: list[dict[str, Any]]) -> int | None:
    """The number of the problem that says the very same of this file."""
    return next((p["number"] for p in problems if (p["file"], p["reason"]) == (file, reason)), None)


def _paper(
    component: Component,
    types: dict[str, DocumentType],
    problems: list[dict[str, Any]],
    record: Record,
) -> dict[str, Any]:
    wrong = [p for p in problems if p["kind"] != "note"]
    confirmed = {
        (finding.page, finding.box)
        for finding in record.findings
        if (finding.component, finding.rule, finding.verdict) == (component.id, CONFIRMS, "PASS")
    }
    return {
        "id": component.id,
        "type": component.type,
        "title": type_title(component, types),
        "grade": grade(record.paper_grades.get(component.id)),
        "type_confidence": component.type_confidence,
        "reused_from": component.reused_from.dossier if component.reused_from else None,
        "files": [{"file": source.file, "pages": list(source.pages)} for source in component.sources],
        "fields": [
            _field(field, component, types)
            | {
                "confirmed": (field.page, field.box) in confirmed,
                "problems": [p["number"] for p in wrong if _speaks_of(p, component, field)],
            }
            for field in component.fields
        ],
    }


def _speaks_of(problem: dict[str, Any], component: Component, field: Field) -> bool:
    """Is the field what is wrong, or what that was held against? Which of the two is right nobody knows yet."""
    places = [problem, *problem["beside"]]
    return any((p["component"], p["page"], p["box"]) == (component.id, field.page, field.box) for p in places)


def _field(field: Field, component: Component, types: dict[str, DocumentType]) -> dict[str, Any]:
    specification = types[component.type].fields.get(field.name) if component.type in types else None
    secret = bool(_ID_FIELD.search(field.name)) or bool(specification and specification.kind in PERSONAL)
    value = field.value
    if value is not None:
        value = mask(value) if secret else mask_text(value)
    return {
        "name": field.name,
        "title": specification.title if specification else field.name,
        "value": value,
        "shown": _day(value) if value else None,
        "confidence": floor(field.confidence * 1000) / 1000,  # 0.9996 is not certainty
        "sure": field.value is not None and field.confidence >= SURE,
        "handwritten": field.handwritten,
        "people": list(
            dict.fromkeys(
                w.by.removeprefix(PERSON)
                for w in field.witnesses
                if is_person(w.by) and w.value == field.value
            )
        ),
        "page": field.page,
    }


def _decision(decision: Decision, record: Record, types: dict[str, DocumentType]) -> dict[str, Any]:
    """Who decided what, without the value: it stands among the paper's fields."""
    component = next((c for c in record.components if c.id == decision.component), None)
    known = types.get(component.type) if component else None
    spec = known.fields.get(decision.field) if known and decision.field else None
    return {
        "kind": decision.kind,
        "label": DECISIONS[decision.kind],
        "component": decision.component,
        "paper": type_title(component, types) if component else None,
        "field": decision.field,
        "title": spec.title if spec else None,
        "rule": decision.rule,
        "reused_from": decision.reused_from.dossier if decision.reused_from else None,
        "by": decision.by,
        "reason": mask_text(decision.reason),
        "at": decision.at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M"),
    }


def _day(value: str) -> str:
    """A date as it is written in Vietnam; any other value as it is."""
    found = _ISO_DATE.fullmatch(value)
    return f"{found[3]}/{found[2]}/{found[1]}" if found else value


def _files(record: Record) -> list[dict[str, Any]]:
    """Every file of this version: kept or refused."""
    dropped = [(file.name, file.sha256) for file in record.drop]
    refused = [(item.file, item.sha256) for item in record.refused]
    every = dropped + [file for file in refused if file not in dropped]
    return [
        {"file": name, "sha256": sha256, "end": "refused" if (name, sha256) in refused else "kept"}
        for name, sha256 in every
    ]
