"""What a paper of a type must carry: mandatory values, both faces, signature and seal, the boxes of Decree 30."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.documents import FieldSpec
from dossier.decisions import is_person
from dossier.kinds import is_placeholder
from dossier.model import Severity
from dossier.record import Component, Field
from validators.case import Case
from validators.correct.papers import PAPERS
from validators.look import blank, flat, on_field, on_paper, paper, papers, value
from validators.registry import ALWAYS, Outcome, rule

FORMS = ("birth-registration-form", "residence-form")
SEALED = ("birth-certificate", "birth-notice", "marriage-certificate", "marital-status-confirmation", *PAPERS)
SIGNED = (*SEALED, *FORMS)
NO_COLOUR = (
    0.0003  # share of saturated pixels under which a colour page carries neither a red seal nor blue ink
)


@rule(
    "U06",
    word="sufficient",
    severity="BLOCK",
    object="thẻ căn cước",
    title="Đủ hai mặt của một thẻ",
    reason="Thẻ căn cước đã quét thì có cả mặt trước và mặt sau.",
    source="Luật Căn cước 2023, điều 18; Thông tư 01/2023/TT-VPCP, điều 8",
    since=date(2021, 1, 1),
    uses=("text",),
)
def both_faces(case: Case) -> Iterator[Outcome]:
    cards = case.of_type("citizen-id-card")
    faces = {card.id: _faces(card) for card in cards}
    for card in cards:
        own = set(faces[card.id])
        for other in cards:
            if other.id != card.id and _may_be_one(case, card, other):
                own |= faces[other.id]
        if own == {"front", "back"}:
            yield on_paper(card, "PASS", "Thẻ căn cước có đủ hai mặt.")
        elif not card.text and not own:
            yield on_paper(card, "UNKNOWN", "Chưa phân biệt được hai mặt thẻ căn cước. Xem lại ảnh quét.")
        elif len(card.quality) > 1:  # its sources hold separator sheets too
            reason = "Thẻ căn cước có hai trang nhưng một mặt chưa đọc được. Xem lại, quét lại mặt bị mờ."
            yield on_paper(card, "UNKNOWN", reason)
        else:
            lacking = "mặt sau" if "front" in own else "mặt trước"
            if any(other.type not in case.document_types for other in papers(case)):
                reason = (
                    f"Chưa thấy {lacking} thẻ căn cước; xem trong các giấy chưa nhận ra, thiếu thì quét thêm."
                )
                yield on_paper(card, "UNKNOWN", reason)
            else:
                yield on_paper(
                    card, "FAIL", f"Thẻ căn cước thiếu {lacking}. Quét thêm {lacking} của cùng thẻ."
                )


def _faces(card: Component) -> set[str]:
    text = flat(card.text)
    printed = {
        field.name
        for field in card.fields
        for w in field.witnesses
        if w.by not in ("qr", "mrz", "words") and not is_person(w.by)
    }
    front = ("can cuoc cong dan", "identity card", "full name", "ho va ten", "ho chu dem va ten")
    back = (
        *("dac diem nhan dang", "idvnm", "cuc truong", "cuc canh sat", "ministry of public security"),
        *("noi dang ky khai sinh", "left index finger", "ngon tro trai"),
    )
    found = set()
    if "full_name" in printed or any(mark in text for mark in front):
        found.add("front")
    by_mrz = any(w.by == "mrz" for field in card.fields for w in field.witnesses)
    if by_mrz or "issue_date" in printed or any(mark in text for mark in back):
        found.add("back")
    return found


def _may_be_one(case: Case, left: Component, right: Component) -> bool:
    a, b = value(case, left, "personal_id"), value(case, right, "personal_id")
    return a is None or b is None or a.text == b.text


@rule(
    "U07",
    word="sufficient",
    severity="BLOCK",
    object="giá trị bắt buộc",
    title="Giá trị bắt buộc đã ghi, không phải chữ lấp chỗ trống",
    reason="Trường bắt buộc của loại giấy có giá trị thật, không phải “N/A”, “...”, “/”, “-”, “không”, “0000”.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 1)",
    since=ALWAYS,
)
def mandatory_values(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        if component.type not in FORMS:
            yield from _mandatory(case, component)


@rule(
    "U10",
    word="sufficient",
    severity="BLOCK",
    object="tờ khai",
    title="Tờ khai đã điền đủ ô bắt buộc, ô chọn đã đánh dấu",
    reason="Mọi ô bắt buộc của tờ khai đã ghi; ô chọn (giới tính…) đã đánh dấu: để trống hết không phải là “không”.",
    source="Thông tư 04/2024/TT-BTP (mẫu tờ khai); Nghị định 118/2025/NĐ-CP, điều 17",
    since=date(2024, 6, 6),
)
def form_is_filled_in(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*FORMS):
        yield from _mandatory(case, component)


def _mandatory(case: Case, component: Component) -> Iterator[Outcome]:
    known = case.document_types.get(component.type)
    for name, spec in (known.fields if known else {}).items():
        if spec.mandatory:
            yield _given(case, component, name, spec)


def _given(case: Case, component: Component, name: str, spec: FieldSpec) -> Outcome:
    field = component.field(name)
    severity: Severity | None = None if spec.identifier else "WARN"
    where = f"“{spec.title}” trên {paper(case, component)}"
    if field is None:
        reason = f"{where}: không tìm thấy. Xem giấy: trống thì trả lại để ghi, mờ thì quét lại."
        # Its very place was not found: that is the reader's failure as likely as the paper's, so nothing is alleged
        # where it blocks; a WARN that is not known would keep nothing back.
        return on_paper(component, "UNKNOWN" if severity is None else "FAIL", reason, severity)
    where = f"{where} (trang {field.page})"
    if _empty(field):
        reason = (
            f"{where}: để trống hoặc chỉ có chữ lấp chỗ. Xem giấy: trống thì trả lại để ghi, mờ thì quét lại."
        )
        return on_field(component, field, "FAIL", reason, severity)
    if not field.value:
        reason = f"{where}: có chữ nhưng chưa hiểu được. So với giấy, gõ lại hoặc quét lại."
        return on_field(component, field, "UNKNOWN", reason, severity)
    return on_field(component, field, "PASS", f"{where}: đã ghi.", severity)


def _empty(field: Field) -> bool:
    return is_placeholder(field.value or "") and is_placeholder(field.printed)


@rule(
    "U09",
    word="sufficient",
    severity="WARN",
    object="chữ ký, con dấu",
    title="Có chữ ký và con dấu ở giấy cần có",
    reason="Giấy do cơ quan cấp có chữ ký và dấu (hoặc chữ ký số); tờ khai có chữ ký.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I; Luật Hộ tịch 2014, điều 17",
    since=date(2020, 3, 5),
)
def signature_and_seal(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*SIGNED):
        name = paper(case, component)
        kinds = {mark.kind for mark in component.marks}
        electronic = bool(component.signatures)
        if electronic or kinds & {"signature", "handwriting"}:
            yield on_paper(component, "PASS", f"{name}: có chữ ký.")
        else:
            yield on_paper(component, "UNKNOWN", f"{name}: chưa thấy chữ ký. Xem chỗ ký trên giấy.")
        if component.type in SEALED:
            yield _seal(component, name, electronic or "seal" in kinds)


def _seal(component: Component, name: str, seen: bool) -> Outcome:
    if seen:
        return on_paper(component, "PASS", f"{name}: có dấu.")
    pages = [page for page in component.quality if not page.blank]
    if pages and all(page.colour and page.coloured_ink < NO_COLOUR for page in pages):
        return on_paper(
            component, "FAIL", f"{name}: không có dấu đỏ trên ảnh màu. Xem giấy; thiếu dấu thì trả lại."
        )
    return on_paper(component, "UNKNOWN", f"{name}: chưa thấy dấu (ảnh đen trắng hoặc dấu mờ). Xem giấy.")


# What Decree 30/2020 puts on every paper, by field; an official letter has no printed name of its kind.
_BOXES = ("issuer", "number", "place", "issue_date", "kind", "subject", "signer_name", "recipients")
_MOTTO = "doc lap tu do hanh phuc"


@rule(
    "U15",
    word="sufficient",
    severity="WARN",
    object="quyết định, văn bản hành chính",
    title="Đủ các thành phần thể thức",
    reason="Cơ quan, tiêu ngữ, số, nơi và ngày, tên loại, trích yếu, người ký, nơi nhận đều có.",
    source="Nghị định 30/2020/NĐ-CP, điều 8 và Phụ lục I",
    since=date(2020, 3, 5),
    uses=("text",),
)
def layout_is_whole(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*PAPERS):
        known = case.document_types.get(component.type)
        if known is None or blank(component):
            continue
        missing = [
            spec.title
            for box in _BOXES
            if box != "kind" or component.type == "decision"
            if (spec := known.fields.get(box)) and not _there(component.field(box))
        ]
        name = paper(case, component)
        if component.text and not _has_motto(component.text):
            missing.insert(0, "Quốc hiệu, tiêu ngữ")
        if missing:
            # What was not found may be there and unread: a person tells which.
            reason = (
                f"{name}: chưa thấy {', '.join(missing)}. Xem giấy; thiếu thật thì trả lại cơ quan ban hành."
            )
            yield on_paper(component, "UNKNOWN" if len(missing) < 3 else "FAIL", reason)
        else:
            yield on_paper(component, "PASS", f"{name}: đủ các thành phần thể thức.")


def _there(field: Field | None) -> bool:
    return field is not None and bool(field.value or field.printed.strip())


def _has_motto(text: str) -> bool:
    seen = flat(text)
    return _MOTTO in seen or sum(part in seen for part in ("doc lap", "tu do", "hanh phuc")) >= 2
