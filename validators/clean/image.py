"""Scans: resolution and colour, straight, sharp, whole, not blank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.model import Severity, Verdict
from dossier.reading import Quality
from dossier.record import Component
from validators.case import Case
from validators.look import on_paper, paper
from validators.registry import Outcome, rule
from validators.weights import weights


@rule(
    "S11",
    word="clean",
    severity="BLOCK",
    object="trang",
    title="Độ phân giải đủ",
    reason="Ít nhất 200 dpi; nên 300 dpi, màu.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I (200 dpi); CV 7197/BKHCN-CĐSQG (300 dpi)",
    since=date(2020, 3, 5),
)
def resolution(case: Case) -> Iterator[Outcome]:
    limits = weights().page
    for component, page in _pages(case):
        where = f"{paper(case, component)}, trang {page.page}"
        if page.dpi <= 0:
            reason = f"{where}: không rõ độ phân giải. Quét lại ở 300 dpi nếu còn giấy."
            yield _on_page(component, page, "UNKNOWN", reason)
        elif page.dpi < limits.dpi_floor:
            reason = f"{where}: {page.dpi:.0f} dpi, dưới mức tối thiểu 200. Quét lại ở 300 dpi, màu."
            yield _on_page(component, page, "FAIL", reason)
        else:
            advice = "" if page.dpi >= limits.dpi_wanted else ": đạt mức tối thiểu; nên quét 300 dpi, màu"
            yield _on_page(component, page, "PASS", f"{where}: {page.dpi:.0f} dpi{advice}.")


@rule(
    "S12",
    word="clean",
    severity="WARN",
    object="trang",
    title="Ảnh thẳng, nét, không viền đen, không trắng",
    reason="Trang không trắng, không nhòe, không mờ mực, không nghiêng quá mức, không viền đen lớn.",
    source="CV 7197/BKHCN-CĐSQG",
    since=date(2020, 3, 5),
)
def image_is_good(case: Case) -> Iterator[Outcome]:
    for component, page in _pages(case):
        where = f"{paper(case, component)}, trang {page.page}" if not page.blank else f"Trang {page.page}"
        faults = _faults(page)
        for severity, fault in faults:
            yield _on_page(component, page, "FAIL", f"{where}: {fault}", severity)
        if not faults:
            yield _on_page(component, page, "PASS", f"{where}: ảnh đạt.")


def _faults(page: Quality) -> list[tuple[Severity | None, str]]:
    limits = weights().page
    if page.blank and page.page % 2 == 0:
        return [("INFO", "mặt sau trắng.")]
    if page.blank:
        # Not the back of a sheet: it may have been fed the wrong way round, and what stands on it is lost.
        reason = "trang trắng. Xem có bị quét ngược mặt không: có thì quét lại, không thì bỏ trang này."
        return [(None, reason)]
    faults: list[tuple[Severity | None, str]] = []
    if page.sharpness < limits.sharpness:
        faults.append((None, "ảnh nhòe. Quét lại trang này."))
    if page.contrast < limits.contrast:
        faults.append((None, "mực quá mờ so với nền. Quét lại với độ tương phản cao hơn."))
    if abs(page.skew) > limits.skew_limit:
        faults.append((None, f"nghiêng {abs(page.skew):.0f}°, dễ mất góc. Quét lại cho thẳng."))
    elif abs(page.skew) > limits.skew_noted:
        faults.append(("INFO", f"nghiêng {abs(page.skew):.0f}°; đã tự chỉnh thẳng."))
    if page.black_border > limits.black_border:
        faults.append(("INFO", "viền đen lớn quanh trang. Lần sau đậy nắp máy quét."))
    return faults


def _pages(case: Case) -> Iterator[tuple[Component, Quality]]:
    for component in case.components:
        for page in component.quality:
            yield component, page


def _on_page(
    component: Component, page: Quality, verdict: Verdict, reason: str, severity: Severity | None = None
) -> Outcome:
    # Pages are numbered within their file; with several files the page's own number tells which.
    source = next((s for s in component.sources if page.page in s.pages), None)
    found = on_paper(component, verdict, reason, severity, page.page)
    return (
        found
        if source is None
        else Outcome(verdict, reason, component.id, source.file, page.page, None, severity)
    )
