"""Values in the form in which they are kept and compared; as printed they stay."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from dossier.kinds import is_placeholder
from dossier.text.vietnamese import clean, tone_key
from validators.case import Case
from validators.look import NAMES, Value, against, day, values
from validators.registry import ALWAYS, Outcome, rule


@rule(
    "S07",
    word="clean",
    severity="INFO",
    object="họ tên, địa chỉ",
    title="Chỗ đặt dấu thanh không làm hai tên khác nhau",
    reason="Hoà và Hòa, Thuỷ và Thủy là một: so bằng khóa, không bao giờ viết lại tên người, tên đất.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 4)",
    since=ALWAYS,
)
def tones_are_placed_two_ways(case: Case) -> Iterator[Outcome]:
    groups: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for seen in values(case, *NAMES, "address"):
        groups[(seen.kind.name, tone_key(seen.text))].append(seen)
    for alike in groups.values():
        first = alike[0]
        for other in alike[1:]:
            if other.component.id != first.component.id and _spelling(other) != _spelling(first):
                reason = f"{other.where} và {first.where} chỉ khác chỗ đặt dấu thanh: coi là một, giữ nguyên như in."
                yield other.says("PASS", reason)
                break


def _spelling(seen: Value) -> str:
    return " ".join(re.findall(r"[^\W_]+", clean(seen.text).casefold()))


def _is_phone(text: str) -> bool:
    return re.fullmatch(r"0[35789]\d{8}|02\d{9}", text, re.ASCII) is not None


def _is_email(text: str) -> bool:
    return re.fullmatch(r"[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", text, re.ASCII) is not None


def _is_digits(text: str) -> bool:
    return re.fullmatch(r"\d{9}|\d{12}", text, re.ASCII) is not None


def _is_day(text: str) -> bool:
    return text == "unlimited" or (
        re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and day(text) is not None
    )


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "phone": (_is_phone, "số điện thoại gồm 10 số di động hoặc 11 số máy bàn bắt đầu bằng 02"),
    "email": (_is_email, "thư điện tử dạng ten@mien.vn"),
    **dict.fromkeys(
        ("personal-id", "identity-number", "old-id"), (_is_digits, "số liền, không dấu cách, dấu chấm")
    ),
    **dict.fromkeys(("date", "date-of-birth", "expiry-date"), (_is_day, "ngày lưu dạng năm-tháng-ngày")),
}


@rule(
    "S10",
    word="clean",
    severity="WARN",
    object="số điện thoại, thư điện tử, số giấy tờ, ngày",
    title="Giá trị lưu đúng dạng chuẩn",
    reason="Điện thoại 0[35789] + 8 số hoặc 02 + 9 số; thư điện tử; số định danh liền nhau; ngày ISO 8601.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 4)",
    since=date(2018, 11, 19),
)
def values_have_their_form(case: Case) -> Iterator[Outcome]:
    for seen in values(case, *_FORMS):
        fits, form = _FORMS[seen.kind.name]
        if fits(seen.text):
            yield seen.says("PASS", f"{seen.where}: đúng dạng.")
        else:
            yield seen.says(against(seen), f"{seen.where}: sai dạng (đúng: {form}). So với giấy rồi sửa.")
    yield from _unread_phones(case)


def _unread_phones(case: Case) -> Iterator[Outcome]:
    """Something stands in the place of a phone number and is none."""
    for component in case.components:
        known = case.document_types.get(component.type)
        for field in component.fields:
            spec = known.fields.get(field.name) if known else None
            if (
                spec is None
                or spec.kind not in ("phone", "email")
                or field.value
                or is_placeholder(field.printed)
            ):
                continue
            reason = (
                f"“{spec.title}” (trang {field.page}): có chữ nhưng không đúng dạng. So với giấy rồi sửa."
            )
            yield Outcome("UNKNOWN", reason, component.id, field.file, field.page, field.box, "INFO")
