"""What counts on the day: the form's template, the procedure's version, the signer's certificate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from dossier.catalogue.procedures import procedure_versions
from dossier.model import Frozen
from dossier.reading import Signature
from dossier.record import Component
from dossier.text.vietnamese import fold
from validators.case import Case
from validators.look import day, on_paper, paper, shown, value
from validators.registry import ALWAYS, Outcome, rule

_CIRCULAR = re.compile(r"\b(?:thong tu|tt) (?:so )?:? ?(\d{1,3})\s?/\s?(20\d\d)\s?/\s?tt\s?-\s?(btp|bca|btc)")


class Template(Frozen):
    name: str
    since: date
    until: date | None = None


@cache
def templates() -> dict[str, tuple[Template, ...]]:
    entries = yaml.safe_load(Path(__file__).with_name("templates.yaml").read_text(encoding="utf-8"))
    return {type: tuple(map(Template.model_validate, rows)) for type, rows in entries.items()}


@rule(
    "L09",
    word="live",
    severity="BLOCK",
    object="tờ khai",
    title="Mẫu tờ khai đang có hiệu lực",
    reason="Thông tư in trên mẫu có hiệu lực vào ngày ký tờ khai.",
    source="Thông tư 04/2024/TT-BTP; Thông tư 53/2025/TT-BCA",
    since=date(2016, 1, 2),
    uses=("text",),
)
def template_in_force(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*templates()):
        found = _CIRCULAR.search(re.sub(r"\s+", " ", fold(component.text)))
        name = paper(case, component)
        if found is None:
            # Many offices print the form without the circular's name: no fault, and nothing to go by.
            reason = f"{name}: mẫu không in tên thông tư nên không biết là mẫu nào."
            yield on_paper(component, "UNKNOWN", reason, "INFO")
            continue
        circular = f"{int(found[1]):02d}/{found[2]}/TT-{found[3].upper()}"
        known = next((t for t in templates()[component.type] if t.name == circular), None)
        signed = value(case, component, "declaration_date")
        when = (day(signed.text) if signed else None) or case.received_on
        if known is None:
            reason = f"{name}: mẫu theo Thông tư {circular} không có trong danh mục. Xem mẫu in trên giấy."
            yield on_paper(component, "UNKNOWN", reason, "WARN")
        elif when < known.since or (known.until and when > known.until):
            reason = f"{name}: mẫu Thông tư {circular} không còn hiệu lực ngày {shown(when)}. Đề nghị khai mẫu mới."
            sure = signed is None or signed.sure
            yield on_paper(component, "FAIL" if sure else "UNKNOWN", reason)
        else:
            yield on_paper(component, "PASS", f"{name}: mẫu Thông tư {circular} đang hiệu lực.")


@rule(
    "L10",
    word="live",
    severity="BLOCK",
    object="thủ tục",
    title="Thủ tục có phiên bản hiệu lực vào ngày tiếp nhận",
    reason="Danh mục có phiên bản của thủ tục đang hiệu lực vào ngày tiếp nhận.",
    source="Nghị định 118/2025/NĐ-CP; quyết định công bố thủ tục hành chính",
    since=ALWAYS,
)
def procedure_in_force(case: Case) -> Iterator[Outcome]:
    if case.received_on > case.today:
        reason = f"Ngày tiếp nhận {shown(case.received_on)} ở tương lai. Sửa received_at trong dossier.json."
        yield Outcome("FAIL", reason)
        return
    code = case.manifest.procedure
    if case.procedure:
        until = case.procedure.valid_until
        inside = case.procedure.valid_from <= case.received_on and (not until or case.received_on <= until)
        reason = f"Thủ tục {case.procedure.id}, phiên bản {case.procedure.version}"
        if inside:
            yield Outcome("PASS", f"{reason}: hiệu lực vào ngày tiếp nhận.")
        else:
            yield Outcome(
                "FAIL", f"{reason}: không hiệu lực vào ngày tiếp nhận. Kiểm tra ngày và mã thủ tục."
            )
    elif code in procedure_versions():
        reason = f"Thủ tục {code} không có phiên bản hiệu lực ngày {shown(case.received_on)}."
        yield Outcome("FAIL", f"{reason} Kiểm tra ngày tiếp nhận, hoặc báo quản trị viên cập nhật danh mục.")


@rule(
    "L14",
    word="live",
    severity="BLOCK",
    object="chữ ký số",
    title="Chữ ký số nguyên vẹn, chứng thư hiệu lực lúc ký",
    reason="Nội dung ký không đổi, sau đó không thêm gì ngoài chữ ký; lúc ký chứng thư còn hạn và chưa bị thu hồi; "
    "nơi cấp được tin cậy nếu cơ quan đã khai chứng thư gốc; thuật toán còn được chấp nhận.",
    source="Luật Giao dịch điện tử 2023; Nghị định 30/2020/NĐ-CP, Phụ lục I",
    since=date(2020, 3, 5),
)
def signatures_hold(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        for signature in component.signatures:
            yield from _signature(case, component, signature)


def _signature(case: Case, component: Component, signature: Signature) -> Iterator[Outcome]:
    name = paper(case, component)
    signed, start, end = signature.at, signature.valid_from, signature.valid_until
    if not signature.intact:
        reason = f"{name}: nội dung đã bị sửa sau khi ký số. Lấy lại bản gốc có chữ ký số nguyên vẹn."
        yield on_paper(component, "FAIL", reason)
    elif signature.added == "other":
        reason = (
            f"{name}: sau chữ ký số, tệp được thêm nội dung ngoài chữ ký; trang đang thấy có thể khác trang đã ký. "
            "Mở bản đã ký bằng phần mềm ký để so, hoặc lấy lại bản gốc."
        )
        yield on_paper(component, "UNKNOWN", reason)
    elif signature.revocation == "revoked":
        reason = f"{name}: chứng thư số đã bị thu hồi khi ký. Đề nghị cơ quan ban hành ký lại."
        yield on_paper(component, "FAIL", reason)
    elif signed is None or start is None or end is None:
        reason = f"{name}: không rõ lúc ký hoặc hạn chứng thư. Kiểm tra chữ ký số bằng phần mềm ký."
        yield on_paper(component, "UNKNOWN", reason, "WARN")
    elif not start.date() <= signed.date() <= end.date():
        # Programs differ in whether they say their time zone; a day's grace is far below a certificate's life.
        reason = f"{name}: chứng thư số không có hiệu lực lúc ký. Đề nghị cơ quan ban hành ký lại."
        yield on_paper(component, "FAIL", reason)
    else:
        by = "theo dấu thời gian" if signature.timestamped_at else "theo giờ máy người ký"
        reason = f"{name}: chữ ký số nguyên vẹn, chứng thư hiệu lực lúc ký ({by})."
        yield on_paper(component, "PASS", reason)
        if end.date() < case.today and not _time_is_proven(signature):
            reason = (
                f"{name}: chứng thư số đã hết hạn {shown(end.date())}, chữ ký không có dấu thời gian tin cậy: không "
                "còn chứng minh được đã ký khi chứng thư còn hạn. Đối chiếu với cơ quan ban hành nếu dùng lâu dài."
            )
            yield on_paper(component, "UNKNOWN", reason, "WARN")
    if signature.trusted is False and signature.revocation != "revoked":
        yield on_paper(component, "FAIL", f"{name}: {_DISTRUST[signature.trust_reason]}", "WARN")
    if signature.outdated:
        reason = f"{name}: chữ ký số dùng thuật toán cũ (SHA-1). Nguyên vẹn nhưng không còn an toàn để dùng lâu dài."
        yield on_paper(component, "FAIL", reason, "INFO")


_NO_CHAIN = (
    "chứng thư số không thuộc nơi cấp được tin cậy. Kiểm tra người ký; nếu đúng cơ quan, báo quản trị viên thêm "
    "chứng thư gốc và chứng thư trung gian của nơi cấp."
)
_DISTRUST: defaultdict[str | None, str] = defaultdict(
    lambda: _NO_CHAIN,
    {
        "not-valid-then": "một chứng thư trong chuỗi cấp chứng thư số không có hiệu lực lúc ký. Kiểm tra người ký.",
        "chain-broken": "chuỗi cấp chứng thư số bị lỗi hoặc chứng thư dùng sai mục đích. Kiểm tra người ký.",
    },
)


def _time_is_proven(signature: Signature) -> bool:
    return signature.timestamped_at is not None and signature.timestamp_trusted is not False
