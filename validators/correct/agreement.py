"""Papers that speak of the same person agree; readings are agreed upon before they are believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from dossier.codes import mask, parse_personal_id
from dossier.kinds import is_placeholder
from dossier.kinds.people import PERSONAL
from dossier.people import people
from dossier.record import Component, Place
from dossier.text.vietnamese import tone_key
from validators.case import Case
from validators.gate import contradicted, open_identifiers, opinions
from validators.look import Value, against, on_field, paper, person_value, values
from validators.persons import same_people
from validators.registry import ALWAYS, Outcome, rule
from validators.reuse import confirmed_earlier
from validators.weights import weights
from validators.witnesses import disagreements, on_other_pages, views

FORMER_ID_LENGTH = 9
_TELLING = ("name", "text", "date")
"""Groups of kinds whose values are the same hardly by chance; a sex or a year is."""
_COMPARED = (("name",), ("birth", "year"), ("sex",), ("id",), ("ethnicity",), ("nationality",))
"""The facts of a person, each with the attributes that tell it: a year tells of a birth too, less exactly."""


@rule(
    "D23",
    word="correct",
    severity="WARN",
    object="người",
    title="Một người có cùng thông tin trên mọi giấy",
    reason="Họ tên, ngày sinh, giới tính, số định danh của một người giống nhau trên các giấy của hồ sơ.",
    source="Luật Hộ tịch 2014, điều 12; CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 6)",
    since=date(2016, 1, 1),
)
def papers_agree(case: Case) -> Iterator[Outcome]:
    kept = [c for c in case.components if case.procedure is None or c.role != "extra"]
    for group in same_people(case, people(kept, case.document_types)):
        for attributes in _COMPARED:
            told = [found for one in group for what in attributes if (found := person_value(case, one, what))]
            # The nine digits of a former card are another number of the same person.
            yield from _held_together(case, [one for one in told if not _former_number(one)])
    yield from _as_recorded(case, kept)


def _former_number(value: Value) -> bool:
    return value.kind.name in PERSONAL and len(value.text) == FORMER_ID_LENGTH


def _held_together(case: Case, told: list[Value]) -> Iterator[Outcome]:
    """One word on each value that is not the one the others are held against."""
    by_telling = {one.telling: one for one in told}
    if len({one.component.id for one in told}) < 2:
        return
    most = by_telling[views(tuple(by_telling))[0].best]
    odd = dict(disagreements(tuple(by_telling)))
    for telling, one in by_telling.items():
        if telling in odd:
            other = by_telling[odd[telling]]
            reason = (
                f"{one.where}: khác với {other.where}. So hai giấy: giấy nào sai thì trả lại để sửa; "
                "đọc sai thì sửa giá trị."
            )
            yield one.says(against(one, other), reason, beside=[other])
        elif one.component.id != most.component.id:
            yield one.says("PASS", f"{one.where}: trùng với {paper(case, most.component)}.")


def _as_recorded(case: Case, kept: list[Component]) -> Iterator[Outcome]:
    """What records that were checked before this dossier came say of the same personal ID."""
    if case.earlier is None:
        return
    asked: set[tuple[str, str, str | None]] = set()
    for person in people(kept, case.document_types):
        number, name, birth = (person_value(case, person, what) for what in ("id", "name", "birth"))
        if number is None or name is None or parse_personal_id(number.text) is None:
            continue
        said = (number.text, tone_key(name.text), birth.text if birth else None)
        if said in asked:
            continue
        asked.add(said)
        for other in case.earlier.same_person_otherwise(*said, case.dossier, case.received_at)[:1]:
            reason = (
                f"{name.where}: họ tên hoặc ngày sinh đi với số {mask(number.text)} khác hồ sơ {other.dossier} đã "
                "kiểm tra trước đây. So lại với giấy và hồ sơ đó; đã cải chính hợp pháp thì xác nhận kèm lý do."
            )
            beside = [one for one in (number, birth) if one]
            outcome = name.says(against(name, *beside), reason, beside=beside)
            recorded = Place(by=f"record:{other.dossier}")
            yield replace(outcome, against=(recorded, *outcome.against))


@rule(
    "D24",
    word="correct",
    severity="WARN",
    object="giá trị đọc được",
    title="Giá trị được nguồn thứ hai xác nhận",
    reason="Mã, số định danh: hai nguồn độc lập trùng nhau hoặc MRZ; giá trị khác: đủ tin cậy hoặc trùng giấy khác.",
    source="CV 7197/BKHCN-CĐSQG (OCR đúng từ 98 % ký tự); CV 4856/BCA-TTDLQG (trường định danh đúng 100 %)",
    since=ALWAYS,
)
def readings_are_confirmed(case: Case) -> Iterator[Outcome]:
    unconfirmed = {
        (component.id, field.name)
        for component, field, _ in open_identifiers(case.components, case.document_types)
    }
    everything = tuple(values(case))
    for seen in everything:
        if (seen.component.id, seen.field.name) in unconfirmed:
            yield seen.says("UNKNOWN", _unconfirmed(seen), "BLOCK")
        elif seen.spec.identifier:
            yield seen.says("PASS", f"{seen.where}: hai nguồn độc lập cho cùng giá trị.", "BLOCK")
        elif seen.field.confidence >= weights().confidence.gate:
            how = "cán bộ đã so với giấy" if opinions(seen.field, seen.kind)[0] else "đọc đủ tin cậy"
            yield seen.says("PASS", f"{seen.where}: {how}.")
        elif confirmed_earlier(seen.field, seen.kind):
            yield seen.says("PASS", f"{seen.where}: hồ sơ trước đã kiểm tra.")
        elif twin := _on_another_paper(seen, everything):
            yield seen.says("PASS", f"{seen.where}: trùng với {paper(case, twin.component)}.")
        else:
            pen = " (chữ viết tay)" if seen.field.handwritten else ""
            yield seen.says("FAIL", f"{seen.where}: đọc chưa chắc{pen}. So với giấy rồi xác nhận hoặc sửa.")
    yield from _not_understood(case)


def _unconfirmed(seen: Value) -> str:
    if contradicted(seen.field, seen.kind):
        return (
            f"{seen.where}: mã QR hoặc dòng MRZ cho giá trị khác. So lại với giấy; đọc sai mã thì quét lại."
        )
    agree, differ = opinions(seen.field, seen.kind)
    if differ:
        return f"{seen.where}: các cán bộ ghi khác nhau. Cùng so lại với giấy rồi xác nhận một giá trị."
    if agree:
        return f"{seen.where}: mới có một cán bộ xác nhận. Cần thêm một người khác so với giấy rồi xác nhận."
    return (
        f"{seen.where}: chưa có hai nguồn độc lập xác nhận. Mở trang {seen.field.page}, so với giấy rồi "
        "xác nhận hoặc sửa."
    )


def _on_another_paper(seen: Value, everything: Iterable[Value]) -> Value | None:
    """The same value on other pages: two readings of other pixels are the same hardly by chance."""
    limits = weights().confidence
    if seen.field.confidence < limits.likely or seen.field.handwritten or seen.kind.group not in _TELLING:
        return None
    enough = limits.doubt if seen.sure else limits.gate
    able = {
        other.telling: other
        for other in everything
        if other.kind.name == seen.kind.name
        and other.field.confidence >= enough
        and not other.field.handwritten
    }
    twins = on_other_pages(seen.telling, able)
    return able[twins[0]] if twins else None


def _not_understood(case: Case) -> Iterator[Outcome]:
    """Something stands on the paper, but no value could be taken from it."""
    for component in case.components:
        known = case.document_types.get(component.type)
        for field in component.fields:
            spec = known.fields.get(field.name) if known else None
            if spec is None or field.value or is_placeholder(field.printed):
                continue
            where = f"“{spec.title}” trên {paper(case, component)} (trang {field.page})"
            reason = f"{where}: có chữ nhưng chưa hiểu được. Gõ lại từ giấy."
            yield on_field(component, field, "UNKNOWN", reason, "BLOCK" if spec.identifier else None)
