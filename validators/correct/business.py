"""Codes of businesses: tax codes, the code of a household business, its line of business."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.codes import mask, parse_personal_id, tax_code_checks
from dossier.errors import SourceAway
from dossier.record import Component
from validators.asking import away, not_connected
from validators.case import Case
from validators.look import Value, against, day, value, values
from validators.registry import Outcome, rule

PERSONAL_IDS_AS_CODES = date(2025, 7, 1)
_VSIC = re.compile(r"(?<!\d)\d{4}(?!\d)")


@rule(
    "D12",
    word="correct",
    severity="BLOCK",
    object="mã số thuế",
    title="Mã số thuế đúng số kiểm tra, hoặc là số định danh cá nhân",
    reason="Mười hoặc mười ba số với số kiểm tra đúng; hoặc mười hai số của số định danh cá nhân.",
    source="Thông tư 105/2020/TT-BTC, điều 5; Thông tư 86/2024/TT-BTC",
    since=date(2021, 1, 17),
)
def tax_codes_check(case: Case) -> Iterator[Outcome]:
    for code in values(case, "tax-code", "business-number"):
        checked = tax_code_checks(code.text)
        if re.fullmatch(r"[0-9]{12}", code.text):
            yield _personal(code)
        elif checked:
            yield code.says("PASS", f"{code.where}: số kiểm tra đúng.")
        elif code.kind.name == "business-number":
            # Numbers that districts gave to household businesses before were no tax codes.
            if checked is False:
                reason = f"{code.where}: số kiểm tra của mã số thuế không đúng; có thể là mã hộ kinh doanh cũ. So lại."
                yield code.says("UNKNOWN", reason, "WARN")
        else:
            what = "số kiểm tra không đúng" if checked is False else "không có 10, 12 hoặc 13 chữ số"
            yield code.says(against(code), f"{code.where}: {what}. So lại với giấy rồi sửa hoặc trả lại.")


def _personal(code: Value) -> Outcome:
    parts = parse_personal_id(code.text)
    if parts and parts.province:
        return code.says("PASS", f"{code.where}: {mask(code.text)} đúng cấu trúc số định danh cá nhân.")
    if parts and parts.place >= "100":
        reason = f"{code.where}: ba số đầu là mã nước ngoài; đối chiếu với giấy gốc."
        return code.says("UNKNOWN", reason, "WARN")
    reason = (
        f"{code.where}: mười hai số nhưng không phải số định danh (mã tỉnh không có thật). So lại với giấy."
    )
    return code.says(against(code), reason)


@rule(
    "D20",
    word="correct",
    severity="WARN",
    object="hộ kinh doanh",
    title="Mã hộ kinh doanh là số định danh của chủ hộ; ngành chính có mã cấp bốn",
    reason="Giấy cấp từ 01/07/2025: mã hộ trùng số định danh chủ hộ; ngành chính ghi mã bốn số có trong VSIC.",
    source="Nghị định 168/2025/NĐ-CP, điều 91; Thông tư 86/2024/TT-BTC",
    since=PERSONAL_IDS_AS_CODES,
)
def household_business_codes(case: Case) -> Iterator[Outcome]:
    for certificate in case.of_type("business-household-certificate"):
        yield from _code(case, certificate)
        line = value(case, certificate, "business_line")
        if line:
            yield _line(case, line)


def _code(case: Case, certificate: Component) -> Iterator[Outcome]:
    code, owner, issued = (value(case, certificate, n) for n in ("number", "personal_id", "issue_date"))
    when = day(issued.text) if issued else None
    if code is None or (when is not None and when < PERSONAL_IDS_AS_CODES):
        return
    if owner is None or issued is None or when is None:
        reason = f"{code.where}: chưa đọc được ngày cấp hoặc số định danh của chủ hộ để đối chiếu. Xem giấy."
        yield code.says("UNKNOWN", reason)
    elif code.same(owner):
        yield code.says("PASS", f"{code.where}: trùng số định danh của chủ hộ.")
    elif not re.fullmatch(r"[0-9]{12}", code.text):
        # The day may be that of a change; whether a household of before keeps its code then was not found.
        reason = (
            f"{code.where}: mã theo dạng cũ trên giấy cấp từ 01/07/2025. Xem hộ đăng ký lần đầu ngày nào."
        )
        yield code.says("UNKNOWN", reason)
    else:
        reason = f"{code.where}: khác số định danh của chủ hộ dù cấp từ 01/07/2025. So lại hai số với giấy."
        yield code.says(against(code, owner, issued), reason, beside=[owner])


def _line(case: Case, line: Value) -> Outcome:
    """The code beside the line. It is read with the running text, so that what is wrong with it is never sure."""
    printed = _VSIC.findall(line.field.printed)
    if not printed:
        reason = f"{line.where}: chưa đọc được mã ngành bốn số. Xem giấy."
        return line.says("UNKNOWN", reason, "INFO")
    source = case.sources.business_lines
    if source is None:
        absent = not_connected("business-lines", "WARN", case)
        return line.says("UNKNOWN", f"{line.where}: mã {printed[-1]}. {absent.reason}", absent.severity)
    try:
        name = source.name(printed[-1])
    except SourceAway:
        return line.says("UNKNOWN", away("business-lines").reason)
    if name is None:
        reason = f"{line.where}: mã ngành {printed[-1]} không có trong VSIC cấp bốn. So lại mã với giấy."
        return line.says("UNKNOWN", reason)
    return line.says("PASS", f"{line.where}: mã ngành {printed[-1]} có trong VSIC cấp bốn.")
