"""Rules that need a source outside this office. Until it is connected they say UNKNOWN, never PASS.

Connecting one means giving its rule a check over the source's answer and naming the source in `Case.sources`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.model import Severity, Word4
from validators.case import Case
from validators.registry import Outcome, rule


def _no_answer(case: Case) -> Iterator[Outcome]:  # noqa: ARG001  (the shape of a check)
    yield Outcome(
        "UNKNOWN", "Nguồn đã kết nối nhưng chưa có bước đối chiếu với nguồn này. Báo quản trị viên."
    )


_WAITING: tuple[tuple[str, Word4, Severity, str, str, str, str, str], ...] = (
    (
        "D21",
        "correct",
        "BLOCK",
        "người",
        "Họ tên, ngày sinh, số định danh khớp dữ liệu dân cư",
        "Ba giá trị trùng với trả lời của Cơ sở dữ liệu quốc gia về dân cư.",
        "Nghị quyết 66.7/2025/NQ-CP",
        "population-database",
    ),
    (
        "L11",
        "live",
        "BLOCK",
        "người",
        "Tình trạng của người không đổi từ lần kiểm tra trước",
        "Không có khai tử, kết hôn, cấp lại số định danh hay chuyển cư trú chưa cập nhật.",
        "Nghị quyết 66.7/2025/NQ-CP",
        "population-database",
    ),
    (
        "L12",
        "live",
        "WARN",
        "giá trị dùng lại",
        "Giá trị dùng lại được xác minh chưa quá hạn",
        "Nhân thân xác minh mỗi lần dùng; cư trú 365 ngày; giá trị khác 180 ngày.",
        "CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 7)",
        "verification-log",
    ),
    (
        "L13",
        "live",
        "WARN",
        "kết quả",
        "Kết quả đến hệ thống nhận đúng hạn",
        "Từ lúc ký đến lúc hệ thống nhận có kết quả không quá một ngày làm việc.",
        "CV 4856/BCA-TTDLQG",
        "upstream",
    ),
    (
        "L17",
        "live",
        "WARN",
        "danh mục",
        "Danh mục dùng chung được cập nhật trong 30 ngày",
        "Danh mục đơn vị, thủ tục, cơ quan không cũ hơn 30 ngày so với nguồn.",
        "Nghị định 278/2025/NĐ-CP",
        "shared-catalogues",
    ),
)

for _id, _word, _severity, _object, _title, _reason, _source, _needs in _WAITING:
    rule(
        _id,
        word=_word,
        severity=_severity,
        object=_object,
        title=_title,
        reason=_reason,
        source=_source,
        since=date(2025, 7, 1),
        needs=_needs,
    )(_no_answer)
