"""Scans: resolution and colour, straight, sharp, whole, not blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dossier.model import Severity, Verdict
from dossier.reading import Quality
from dossier.record import Component
from validators.case import Case
from validators.look import paper
from validators.registry import Outcome, rule
from validators.weights import weights

_COLOURED = MappingProxyType({"seal": "con dấu", "photograph": "ảnh chân dung", "signature": "chữ ký"})
"""Kinds of marks (dossier/marks.py) for which CV 7197 asks for colour."""
FAINT = 0.0005  # share of ink of a page with a few words


@rule(
    "S11",
    word="clean",
    severity="BLOCK",
    object="trang",
    title="Độ phân giải đủ",
    reason="Ít nhất 200 dpi; nên 300 dpi; màu khi có dấu, ảnh, chữ ký.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I (200 dpi); CV 7197/BKHCN-CĐSQG (300 dpi)",
    since=date(2020, 3, 5),
)
def resolution(case: Case) -> Iterator[Outcome]:
    limits = weights().page
    for scan in _pages(case):
        page = scan.quality
        where = f"{paper(case, scan.component)}, trang {page.page}"
        if page.dpi <= 0:
            reason = f"{where}: không rõ độ phân giải. Quét lại ở 300 dpi nếu còn giấy."
            yield scan.says("UNKNOWN", reason)
        elif page.dpi < limits.dpi_floor:
            reason = f"{where}: {page.dpi:.0f} dpi, dưới mức tối thiểu 200. Quét lại ở 300 dpi, màu."
            yield scan.says("FAIL", reason)
        else:
            advice = "" if page.dpi >= limits.dpi_wanted else ": đạt mức tối thiểu; nên quét 300 dpi, màu"
            yield scan.says("PASS", f"{where}: {page.dpi:.0f} dpi{advice}.")
        if not page.colour and (seen := scan.marked()):
            reason = f"{where}: có {seen} nhưng ảnh không màu. Nên quét lại ở chế độ màu."
            yield scan.says("FAIL", reason, "INFO")


@rule(
    "S12",
    word="clean",
    severity="WARN",
    object="trang",
    title="Ảnh thẳng, nét, trọn trang, không lóa, không trắng",
    reason="Trang không trắng, không nhòe, không mờ mực, không nghiêng quá mức, không bị cắt mép, không lóa sáng,"
    " không viền đen lớn.",
    source="CV 7197/BKHCN-CĐSQG",
    since=date(2020, 3, 5),
)
def image_is_good(case: Case) -> Iterator[Outcome]:
    for scan in _pages(case):
        page = scan.quality
        where = f"Trang {page.page}" if page.blank else f"{paper(case, scan.component)}, trang {page.page}"
        faults = _faults(page)
        for severity, fault in faults:
            yield scan.says("FAIL", f"{where}: {fault}", severity)
        unmeasured = [] if page.blank else [name for name, value in _later(page) if value is None]
        if unmeasured:
            reason = f"{where}: không đo được {' và '.join(unmeasured)}. Xem ảnh trang này bằng mắt."
            yield scan.says("UNKNOWN", reason)
        if not faults and not unmeasured:
            yield scan.says("PASS", f"{where}: ảnh đạt.")


def _later(page: Quality) -> tuple[tuple[str, float | None], ...]:
    """Numbers that cannot be measured on every page, with what people call them."""
    return ("phần bị cắt ở mép", page.cut_edges), ("vết lóa sáng", page.glare)


def _faults(page: Quality) -> list[tuple[Severity | None, str]]:
    limits = weights().page
    if page.blank and page.page % 2 == 0:
        return [("INFO", "mặt sau trắng.")]
    if page.blank:
        # Not the back of a sheet: it may have been fed the wrong way round, and what stands on it is lost.
        reason = "trang trắng. Xem có bị quét ngược mặt không: có thì quét lại, không thì bỏ trang này."
        return [(None, reason)]
    faults: list[tuple[Severity | None, str]] = []
    if page.sharpness / max(page.ink, FAINT) < limits.sharpness:
        faults.append((None, "ảnh nhòe. Quét lại trang này."))
    if page.contrast < limits.contrast:
        faults.append((None, "mực quá mờ so với nền. Quét lại với độ tương phản cao hơn."))
    if abs(page.skew) > limits.skew_limit:
        faults.append((None, f"nghiêng {abs(page.skew):.0f}°, dễ mất góc. Quét lại cho thẳng."))
    elif abs(page.skew) > limits.skew_noted:
        faults.append(("INFO", f"nghiêng {abs(page.skew):.0f}°; đã tự chỉnh thẳng."))
    if page.cut_edges is not None and page.cut_edges > limits.cut_edges:
        reason = (
            "chữ hoặc khung chạm mép ảnh, có thể mất phần ngoài. Đặt giấy ngay ngắn, quét lại trọn trang."
        )
        faults.append((None, reason))
    if page.glare is not None and page.glare > limits.glare:
        share = f"{100 * page.glare:.0f} % trang"
        # A white card in a scanner looks alike: it is told, and does not send a dossier back.
        faults.append(("INFO", f"lóa sáng trên {share}, chữ ở đó có thể mất. Xem lại, cần thì chụp lại."))
    if page.black_border > limits.black_border:
        faults.append(("INFO", "viền đen lớn quanh trang. Lần sau đậy nắp máy quét."))
    return faults


@dataclass(frozen=True)
class _Page:
    """One page of a paper and the file that it lies in; a card's two faces may be page 1 of two files."""

    component: Component
    quality: Quality
    file: str | None

    def marked(self) -> str:
        """What on this page should be seen in colour, in words; empty if there is nothing."""
        kinds = {mark.kind for mark in self.component.marks if mark.page == self.quality.page}
        return ", ".join(name for kind, name in _COLOURED.items() if kind in kinds)

    def says(self, verdict: Verdict, reason: str, severity: Severity | None = None) -> Outcome:
        page = self.quality.page
        return Outcome(verdict, reason, self.component.id, self.file, page, None, severity)


def _pages(case: Case) -> Iterator[_Page]:
    for component in case.components:
        files = [source.file for source in component.sources for _ in source.pages]
        for at, quality in enumerate(component.quality):
            yield _Page(component, quality, files[at] if at < len(files) else None)
