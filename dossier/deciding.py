"""From what a person asks to a decision that holds: checked against the field's kind, bound to its page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.decisions import Decision, DecisionKind, Pages, Wanted, person_key
from dossier.errors import TerminalError
from dossier.kinds import Group, Kind, kind
from dossier.model import Frozen
from dossier.record import Component, Field, Record
from dossier.text.vietnamese import clean
from dossier.waiving import basis_of, is_failed_warning

LONGEST_NAME, LONGEST_REASON, LONGEST_VALUE = 80, 500, 2000
_FORMS: dict[Group, str] = {
    "name": "họ và tên đủ, như in trên giấy",
    "date": "ngày có thật, dạng 28/10/2026",
    "id": "số hoặc mã đúng dạng, ví dụ số định danh đủ 12 chữ số",
    "closed": "một giá trị trong danh mục, ví dụ “Nam”, “Nữ”, “Kinh”, “Việt Nam”",
    "number": "một số",
    "text": "chữ như in trên giấy",
}


class DecisionRefused(TerminalError):
    """What was asked cannot be decided so: the advice says why and what to do."""


class Request(Frozen):
    """What a person asks for. value: for `correct`, as typed; a confirmed value is the record's own.

    wanted: for `reuse`.
    """

    kind: DecisionKind
    component: str | None = None
    field: str | None = None
    rule: str | None = None
    value: str | None = None
    wanted: Wanted | None = None
    by: str
    reason: str


def settled_value(
    request: Request, record: Record, types: Mapping[str, DocumentType], at: datetime
) -> Decision:
    """The decision on a value of the record. Raises DecisionRefused."""
    component = _component(request, record)
    known = types.get(component.type)
    spec = known.fields.get(request.field or "") if known else None
    if spec is None or request.field is None:
        raise DecisionRefused(
            "field-unknown",
            f"{component.id} has no such field",
            f"Giấy {component.id} không có trường này. Xem tên trường bằng `sohoa correct {record.dossier}`.",
        )
    field = component.field(request.field)
    return Decision(
        kind=request.kind,
        component=component.id,
        field=request.field,
        value=_confirmed(field, spec) if request.kind == "confirm" else _typed(request.value or "", spec),
        type=component.type,
        papers=(_page_of(field, component),),
        by=name_of(request),
        reason=reason_of(request),
        at=at,
    )


def settled_waiver(
    request: Request, record: Record, types: Mapping[str, DocumentType], at: datetime
) -> Decision | None:
    """The waiver of what a rule warns of in this record; None if it warns of nothing there. Raises DecisionRefused."""
    component = _component(request, record) if request.component else None
    said = [
        finding
        for finding in record.findings
        if (finding.rule, finding.component) == (request.rule, request.component)
        and finding.verdict in ("FAIL", "UNKNOWN")
    ]
    failed = [finding for finding in said if is_failed_warning(finding)]
    if not failed and any(finding.severity == "BLOCK" for finding in said):
        raise DecisionRefused(
            "block-not-waivable",
            f"{request.rule} is a BLOCK: the paper or the reading has to change",
            f"Quy tắc {request.rule} là quy tắc bắt buộc, không bỏ qua được: phải sửa giấy hoặc sửa giá trị đọc sai.",
        )
    name, reason = name_of(request), reason_of(request)
    if not failed:
        return None
    return Decision(
        kind="waive",
        component=request.component,
        rule=request.rule,
        type=component.type if component else None,
        papers=pages_of(component) if component else (),
        basis=tuple(sorted({basis_of(finding, record.components, record.drop, types) for finding in failed})),
        by=name,
        reason=reason,
        at=at,
    )


def carried(decisions: Sequence[Decision], components: Sequence[Component]) -> tuple[Decision, ...]:
    """The decisions that still speak of something here, with the ids that their papers have now."""
    return tuple(found for one in decisions if (found := _carried(one, components)) is not None)


def pages_of(component: Component) -> tuple[Pages, ...]:
    return tuple(
        Pages(file=source.file, sha256=source.sha256, pages=source.pages) for source in component.sources
    )


def _carried(decision: Decision, components: Sequence[Component]) -> Decision | None:
    if decision.component is None:
        return decision  # bound to what it waived by its basis alone
    found = [component for component in components if _speaks_of(decision, component)]
    if not found:
        return None
    names = {one.file for one in decision.papers}
    # The same bytes may have been dropped under two names: each keeps its own.
    best = max(
        found,
        key=lambda one: (names <= {source.file for source in one.sources}, one.id == decision.component),
    )
    return decision.model_copy(update={"component": best.id})


def _speaks_of(decision: Decision, component: Component) -> bool:
    wanted = set(_each(decision.papers))
    if component.type != decision.type or not wanted <= set(_each(pages_of(component))):
        return False
    field = component.field(decision.field) if decision.field else None
    return field is None or wanted == set(_each((_page_of(field, component),)))


def _each(papers: Sequence[Pages]) -> Iterator[tuple[str, int]]:
    return ((one.sha256, page) for one in papers for page in one.pages)


def _page_of(field: Field | None, component: Component) -> Pages:
    """Where a field stands; a field that was not found: the paper's first page."""
    first = component.sources[0]
    if field is None:
        return Pages(file=first.file, sha256=first.sha256, pages=first.pages[:1])
    at = [source for source in component.sources if source.file == field.file]
    here = next((source for source in at if field.page in source.pages), at[0] if at else first)
    return Pages(file=here.file, sha256=here.sha256, pages=(field.page,))


def _component(request: Request, record: Record) -> Component:
    found = next((one for one in record.components if one.id == request.component), None)
    if found is None or not found.sources:
        known = ", ".join(one.id for one in record.components) or "không có giấy nào"
        raise DecisionRefused(
            "component-unknown",
            "the record has no such component",
            f"Hồ sơ không có giấy này. Các giấy: {known}.",
        )
    return found


def _confirmed(field: Field | None, spec: FieldSpec) -> str:
    if field is None or not field.value:
        raise DecisionRefused(
            "nothing-to-confirm",
            "the field has no value",
            f"“{spec.title}” chưa có giá trị nên không xác nhận được. Gõ giá trị từ giấy (sửa).",
        )
    return field.value


def _typed(text: str, spec: FieldSpec) -> str:
    """The value that was typed, as a reading of the same text would be."""
    of = kind(spec.kind)
    value = None if len(text) > LONGEST_VALUE or of.empty(text) else of.parse(_as_printed(clean(text), of))
    if value is None:
        raise DecisionRefused(
            "value-unfit",
            f"the value is none of the kind {of.name}",
            f"“{spec.title}” không nhận giá trị vừa gõ: cần {_FORMS[of.group]}.",
        )
    return value


def _as_printed(text: str, of: Kind) -> str:
    """Programs and careful people write a date as records do: `2026-10-28`."""
    if of.group == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        except ValueError:
            return text
    return text


def name_of(request: Request) -> str:
    """Who decides. Raises DecisionRefused if that is no name."""
    name = clean(request.by)
    if len(person_key(name)) < 2 or len(name) > LONGEST_NAME or not name.isprintable():
        raise DecisionRefused(
            "name-missing",
            "a decision needs the full name of the person who makes it",
            "Ghi họ và tên người quyết định (--by), không quá 80 chữ.",
        )
    return name


def reason_of(request: Request) -> str:
    """Why. Raises DecisionRefused if that is no reason."""
    text = clean(request.reason)
    if not re.search(r"[^\W_]{2}", text) or len(text) > LONGEST_REASON or not text.isprintable():
        raise DecisionRefused(
            "reason-missing",
            "a decision needs a reason",
            "Ghi lý do (--reason), ví dụ “đã so với bản giấy”, không quá 500 chữ.",
        )
    return text
