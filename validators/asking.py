"""Outside sources by name, and what a rule says where one is not there or does not answer."""

from __future__ import annotations

from dossier.model import Severity
from validators.case import Case
from validators.registry import Outcome

# What an office has to connect, as people there call it.
SOURCES = {
    "population-database": "Cơ sở dữ liệu quốc gia về dân cư",
    "upstream": "hệ thống nhận kết quả",
    "verification-log": "sổ xác minh dữ liệu",
    "shared-catalogues": "sổ theo dõi danh mục dùng chung",
    "agency-certificates": "danh sách chứng thư số của các cơ quan",
    "business-lines": "danh mục ngành kinh tế Việt Nam (VSIC)",
    "archive": "kho lưu trữ",
    "defects": "sổ hồ sơ bị trả lại",
    "index": "sổ hồ sơ đã lưu của cơ quan",
}


def not_connected(source: str, severity: Severity, case: Case) -> Outcome:
    """UNKNOWN at INFO, or at the rule's own severity where this office requires the source."""
    grave: Severity = severity if source in case.required_sources else "INFO"
    name = SOURCES.get(source, source)
    return Outcome("UNKNOWN", f"Chưa kết nối {name} nên chưa đối chiếu được.", severity=grave)


def away(source: str | None) -> Outcome:
    """A source that is connected counts whether it answers or not: UNKNOWN at the rule's own severity."""
    name = SOURCES.get(source or "", "nguồn đối chiếu")
    reason = f"Đã kết nối {name} nhưng nguồn này không trả lời. Thử lại sau hoặc báo quản trị viên."
    return Outcome("UNKNOWN", reason)
