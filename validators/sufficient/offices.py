"""What is asked of an office over a time, not of one dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from validators.case import Case
from validators.look import shown
from validators.registry import Outcome, rule


@rule(
    "U17",
    word="sufficient",
    severity="INFO",
    object="cơ quan",
    title="Mọi hồ sơ trong kỳ đã số hóa",
    reason="Tỷ lệ hồ sơ đã số hóa và tỷ lệ thành phần được dùng lại của cơ quan trong kỳ báo cáo.",
    source="Nghị định 278/2025/NĐ-CP; Nghị định 118/2025/NĐ-CP, điều 22",
    since=date(2025, 10, 22),
)
def office_digitises_everything(case: Case) -> Iterator[Outcome]:
    figures = case.figures
    if figures is None:
        reason = "Tỷ lệ số hóa tính cho cơ quan theo kỳ, không tính trên một hồ sơ. Xem lệnh sohoa report."
        yield Outcome("NOT_APPLICABLE", reason)
        return
    period = f"Từ {shown(figures.first)} đến {shown(figures.last)}"
    if figures.dossiers <= 0:
        yield Outcome("UNKNOWN", f"{period}: chưa có hồ sơ nào đã giải quyết nên chưa tính được tỷ lệ.")
        return
    told = (
        f"{period}: số hóa {figures.digitised}/{figures.dossiers} hồ sơ ({_share(figures.digitised, figures.dossiers)})"
        f", dùng lại {figures.reused}/{figures.components} thành phần ({_share(figures.reused, figures.components)})."
    )
    if figures.digitised >= figures.dossiers:
        yield Outcome("PASS", told)
    else:
        yield Outcome("FAIL", f"{told} Số hóa nốt các hồ sơ còn thiếu.")


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "chưa có"
