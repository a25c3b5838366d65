"""Rules that need a source outside this office. Until it is connected they say UNKNOWN, never PASS.

Those that have a port stand with their word; here are the ones whose source has none yet.
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
        "L07",
        "live",
        "WARN",
        "địa chỉ",
        "Địa chỉ có mã đơn vị hành chính hiện hành",
        "Giữ địa chỉ như in và thêm mã đơn vị hiện hành sau sáp nhập.",
        "Nghị quyết 202/2025/QH15; CV 4856/BCA-TTDLQG, Phụ lục 3",
        "administrative-units",
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
