"""U18: what must not be digitised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.model import Verdict
from dossier.record import Component
from dossier.text.vietnamese import fold
from validators.asked import title_of, type_of
from validators.case import Case
from validators.facts import fact
from validators.look import on_paper, papers
from validators.registry import Outcome, rule

_MARK = re.compile(r"(?:ĐỘ MẬT ?:? ?)?(?:TUYỆT MẬT|TỐI MẬT|MẬT)")
_LOOKALIKE = re.compile(r"(?:TUYET MAT|TOI MAT)")


@rule(
    "U18",
    word="sufficient",
    severity="BLOCK",
    object="giấy không số hóa",
    title="Không số hóa giấy thuộc diện không sao chụp",
    reason="Không quét giấy mật, ý kiến nội bộ khi thẩm định, giấy của hồ sơ đã nộp trực tuyến.",
    source="Thông tư 03/2025/TT-VPCP, điều 5 khoản 2",
    since=date(2025, 9, 15),
    uses=("text",),
)
def nothing_exempt_is_digitised(case: Case) -> Iterator[Outcome]:
    """Papers that are only shown need not be scanned either, but where they are, they are witnesses: no fault here.

    Pictures in a dossier that was filed online are a fault only if an officer handed them in: people upload
    photographs and scans of their own papers.
    """
    online = fact(case, "filed-online").holds
    for component in papers(case):
        verdict, reason = _judged(case, component)
        if verdict == "PASS" and online and component.role != "result" and _scanned(component):
            yield _of_online(case, component)
        elif verdict == "PASS" and not component.text.strip():
            reason = f"{title_of(case, component)}: không đọc được chữ nào nên chưa tìm được dấu độ mật."
            yield on_paper(component, "UNKNOWN", reason, "INFO")
        else:
            yield on_paper(component, verdict, reason)


def _of_online(case: Case, component: Component) -> Outcome:
    name, by = title_of(case, component), case.manifest.submitted_by
    if by == "officer":
        reason = "hồ sơ đã nộp trực tuyến thì không quét lại giấy của người dân. Dùng tệp điện tử đã nộp."
        return on_paper(component, "FAIL", f"{name}: {reason}")
    if by == "citizen":
        return on_paper(component, "PASS", f"{name}: người dân tự nộp trực tuyến.")
    reason = (
        f"{name}: hồ sơ nộp trực tuyến mà giấy là ảnh, dossier.json không khai ai nộp. Khai “submitted_by”: "
        "người dân tự tải lên thì “citizen”; cơ quan quét lại thì bỏ ảnh này, dùng tệp điện tử đã nộp."
    )
    return on_paper(component, "UNKNOWN", reason, "WARN")


def _judged(case: Case, component: Component) -> tuple[Verdict, str]:
    name = title_of(case, component)
    if type_of(case, component) == "internal-opinion":
        return "FAIL", f"{name}: ý kiến nội bộ khi thẩm định không số hóa. Bỏ giấy này ra."
    secret = _secret(case, component)
    if secret == "FAIL":
        return "FAIL", f"{name}: có dấu độ mật. Không quét giấy mật; xóa bản quét và báo người phụ trách."
    if secret == "UNKNOWN":
        return (
            "UNKNOWN",
            f"{name}: có chữ giống dấu độ mật. Xem giấy: mật thật thì xóa bản quét, báo người phụ trách.",
        )
    return "PASS", f"{name}: không thuộc diện không số hóa."


def _secret(case: Case, component: Component) -> Verdict:
    """A secrecy mark stands alone on its line, in capitals. Cards carry none, but names in capitals."""
    known = case.document_types.get(component.type)
    if known is not None and known.size == "ID-1":
        return "PASS"
    lines = [re.sub(r"[^\w: ]+|_", " ", line).strip() for line in component.text.splitlines()]
    if any(_MARK.fullmatch(line) for line in lines):
        return "FAIL"
    upper = [fold(line).upper() for line in lines if line and line == line.upper()]
    return "UNKNOWN" if any(_LOOKALIKE.fullmatch(line) for line in upper) else "PASS"


def _scanned(component: Component) -> bool:
    """Are its pages pictures? A file with text or a signature of its own was born electronic."""
    pages = component.quality
    return bool(pages) and not component.signatures and all(page.text_layer != "trusted" for page in pages)
