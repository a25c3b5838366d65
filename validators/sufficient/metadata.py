"""What a digitised result has to carry as metadata before it can be shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.kinds import is_placeholder
from dossier.metadata import LENGTHS, Element, result_metadata
from dossier.model import Severity, Verdict
from dossier.record import Component
from validators.case import Case
from validators.correct.papers import PAPERS
from validators.look import blank, on_field, on_paper, paper
from validators.registry import Outcome, rule

_TITLES = {
    "DocCode": "mã định danh văn bản",
    "TypeName": "tên loại",
    "CodeNumber": "số",
    "CodeNotation": "ký hiệu",
    "IssuedDate": "ngày ban hành",
    "OrganName": "cơ quan ban hành",
    "Subject": "trích yếu",
}


@rule(
    "U08",
    word="sufficient",
    severity="BLOCK",
    object="kết quả",
    title="Kết quả có đủ 7 siêu dữ liệu bắt buộc",
    reason="Mã định danh, tên loại, số, ký hiệu, ngày ban hành, cơ quan ban hành, trích yếu lấy được từ giấy kết quả.",
    source="CV 7197/BKHCN-CĐSQG (7 trường bắt buộc); Nghị định 30/2020/NĐ-CP, Phụ lục VI",
    since=date(2025, 11, 29),
)
def metadata_is_whole(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        result = component.role == "result"
        if blank(component) or not (result or component.type in PAPERS):
            continue
        # Of papers that are not this dossier's result the metadata serve for searching alone.
        yield _judged(case, component, None if result else "INFO")


def _judged(case: Case, component: Component, severity: Severity | None) -> Outcome:
    name = paper(case, component)
    told = result_metadata(component, name, case.office)
    for element in told:
        if element.value and len(element.value) > LENGTHS[element.name]:
            reason = (
                f"{name}: {_TITLES[element.name]} dài {len(element.value)} ký tự, siêu dữ liệu {element.name} chỉ nhận "
                f"{LENGTHS[element.name]}. So với giấy: đọc lẫn dòng khác thì sửa, đúng thì rút gọn."
            )
            return _at(component, element, "UNKNOWN", reason, severity or "WARN")
    missing = [element for element in told if element.printed and not element.value]
    if not missing:
        return on_paper(component, "PASS", f"{name}: đủ siêu dữ liệu bắt buộc.", severity)
    empty = [element for element in missing if _left_empty(element)]
    titles = ", ".join(_TITLES[element.name] for element in empty or missing)
    if empty:
        reason = f"{name}: chỗ ghi {titles} để trống nên thiếu siêu dữ liệu. Trả lại nơi ban hành để ghi đủ."
        return _at(component, empty[0], "FAIL", reason, severity)
    if {element.name for element in missing} == {"DocCode"} and case.office is None:
        reason = f"{name}: chưa biết mã cơ quan nên chưa đặt được mã định danh văn bản. Ghi “office” vào dossier.json."
        return on_paper(component, "UNKNOWN", reason, "INFO")
    reason = f"{name}: chưa đọc được {titles} nên thiếu siêu dữ liệu. So với giấy rồi ghi giá trị, mờ thì quét lại."
    return _at(component, missing[0], "UNKNOWN", reason, severity)


def _left_empty(element: Element) -> bool:
    """A dash, dots or the like stand in its place: more than a gap in the reading."""
    field = element.field
    return (
        field is not None
        and not field.value
        and bool(field.printed.strip())
        and is_placeholder(field.printed)
    )


def _at(
    component: Component, element: Element, verdict: Verdict, reason: str, severity: Severity | None
) -> Outcome:
    if element.field is None:
        return on_paper(component, verdict, reason, severity)
    return on_field(component, element.field, verdict, reason, severity)
