"""Papers that speak of the same person agree; readings are agreed upon before they are believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from dossier.kinds import is_placeholder
from validators.case import Case
from validators.gate import contradicted, of_other_pages, open_identifiers, opinions
from validators.look import Value, against, on_field, paper, person_value, values
from validators.people import Person, people
from validators.registry import ALWAYS, Outcome, rule
from validators.reuse import confirmed_earlier
from validators.weights import weights

_TELLING = ("name", "text", "date")
"""Groups of kinds whose values are the same hardly by chance; a sex or a year is."""
_COMPARED = ("name", "birth", "year", "sex", "id", "ethnicity", "nationality")


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
    everyone = people(kept, case.document_types)
    for left, right in combinations(everyone, 2):
        if left.component.id != right.component.id and _same_person(case, left, right):
            for attribute in _COMPARED:
                yield from _compared(case, left, right, attribute)


def _same_person(case: Case, left: Person, right: Person) -> bool:
    """The same role of the procedure; or the holder of a card, told by number or by name."""
    if left.role == right.role:
        return left.role != "holder"
    if "holder" not in (left.role, right.role) or "child" in (left.role, right.role):
        return False
    for attribute in ("id", "name"):
        a, b = person_value(case, left, attribute), person_value(case, right, attribute)
        if a and b and a.same(b):
            return True
    return False


def _compared(case: Case, left: Person, right: Person, attribute: str) -> Iterator[Outcome]:
    a, b = person_value(case, left, attribute), person_value(case, right, attribute)
    if attribute == "year":
        a, b = a or person_value(case, left, "birth"), b or person_value(case, right, "birth")
        if a and b and a.text[:4] == b.text[:4]:
            yield b.says("PASS", f"{b.where}: trùng năm với {paper(case, a.component)}.")
            return
        if a and b and a.kind.name == b.kind.name == "date-of-birth":
            return  # compared whole as `birth`
    if a is None or b is None:
        return
    if a.same(b):
        yield b.says("PASS", f"{b.where}: trùng với {paper(case, a.component)}.")
        return
    reason = f"{b.where}: khác với {a.where}. So hai giấy: giấy nào sai thì trả lại để sửa; đọc sai thì sửa giá trị."
    yield b.says(against(a, b), reason)


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
    return next(
        (
            other
            for other in everything
            if other.kind.name == seen.kind.name
            and other.field.confidence >= enough
            and not other.field.handwritten
            and other.same(seen)
            and of_other_pages(seen.component, other.component)
        ),
        None,
    )


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
