"""Codes of the dossier itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.procedures import procedure_versions
from dossier.codes import PROCEDURE, parse_dossier_code
from validators.case import Case
from validators.look import shown
from validators.registry import Outcome, rule

# Provinces that became part of another on 1 July 2025 keep their code on dossiers of before (NQ 202/2025/QH15).
_SUCCESSOR = {"H30": "H13"}  # Hậu Giang -> Cần Thơ


@rule(
    "D16",
    word="correct",
    severity="BLOCK",
    object="hồ sơ",
    title="Mã thủ tục, mã hồ sơ, mã cơ quan đúng và khớp nhau",
    reason="Mã thủ tục có trong danh mục; mã hồ sơ đúng mẫu, khớp cơ quan và ngày tiếp nhận.",
    source="Thông tư 01/2018/TT-VPCP, điều 19; Thông tư 04/2025/TT-VPCP, điều 23",
    since=date(2018, 11, 23),
)
def codes_resolve(case: Case) -> Iterator[Outcome]:
    yield from _procedure(case)
    yield from _dossier(case)


def _procedure(case: Case) -> Iterator[Outcome]:
    code = case.manifest.procedure
    if code is None:
        if case.procedure_required:
            reason = "Hồ sơ chưa ghi mã thủ tục. Thêm “procedure” vào dossier.json rồi nộp lại tệp này."
            yield Outcome("FAIL", reason)
    elif not PROCEDURE.match(code):
        yield Outcome("FAIL", f"Mã thủ tục “{code}” sai mẫu (đúng: 1.001193). Sửa trong dossier.json.")
    elif code not in procedure_versions():
        yield Outcome(
            "FAIL", f"Mã thủ tục {code} không có trong danh mục. Kiểm tra lại mã hoặc báo quản trị viên."
        )
    else:
        yield Outcome("PASS", f"Mã thủ tục {code} có trong danh mục.")


def _dossier(case: Case) -> Iterator[Outcome]:
    code = parse_dossier_code(case.dossier)
    if code is None:
        if case.procedure_required:
            reason = f"Mã hồ sơ “{case.dossier}” sai mẫu (đúng: H13.96.31-251124-0001). Nộp lại với mã đúng."
            yield Outcome("FAIL", reason)
        return
    if code.day is None:
        yield Outcome("FAIL", "Phần ngày trong mã hồ sơ không có trong lịch. Kiểm tra lại mã hồ sơ.")
    elif case.manifest.received_at is None:
        reason = "Chưa khai ngày tiếp nhận (received_at) nên chưa đối chiếu được với ngày trong mã hồ sơ."
        yield Outcome("UNKNOWN", reason, severity="INFO")
    elif code.day != case.received_on:
        reason = (
            f"Ngày trong mã hồ sơ ({shown(code.day)}) khác ngày tiếp nhận ({shown(case.received_on)}). "
            "Kiểm tra mã hồ sơ và received_at."
        )
        yield Outcome("FAIL", reason)
    else:
        yield Outcome("PASS", "Ngày trong mã hồ sơ trùng ngày tiếp nhận.")
    if case.office is None:
        return
    if _same_agency(code.agency, case.office):
        yield Outcome("PASS", "Cơ quan trong mã hồ sơ trùng cơ quan tiếp nhận.")
    else:
        reason = (
            f"Mã hồ sơ thuộc cơ quan {code.agency}, nơi tiếp nhận là {case.office}. Kiểm tra lại nơi nộp."
        )
        yield Outcome("FAIL", reason)


def _same_agency(left: str, right: str) -> bool:
    """One is the other or stands above it. Across a merger of provinces only the province can be compared."""
    a, b = left.split("."), right.split(".")
    if a[0] != b[0]:
        return _SUCCESSOR.get(a[0]) == b[0] or _SUCCESSOR.get(b[0]) == a[0]
    return all(x == y for x, y in zip(a, b, strict=False))
