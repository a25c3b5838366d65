"""What is kept stays fresh: reused values, delivery, open defects, archive, shared lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dossier.calendar import working_days_between
from dossier.lapses import DEFECT_WORKING_DAYS
from dossier.record import Component
from dossier.sources import Holding, Subject, Verification
from validators.case import Case
from validators.look import Value, against, day, on_paper, paper, shown, value
from validators.registry import Outcome, rule
from validators.terms import terms

_SUBJECTS: dict[Subject, str] = {
    "identity": "nhân thân",
    "residence": "cư trú",
    "marital-status": "tình trạng hôn nhân",
    "other": "giá trị khác",
}
_LONG = 3650  # days: older than this, working days need no counting


@rule(
    "L12",
    word="live",
    severity="WARN",
    object="giá trị dùng lại",
    title="Giá trị dùng lại được xác minh chưa quá hạn",
    reason="Nhân thân xác minh mỗi lần dùng; cư trú 365 ngày; giá trị khác 180 ngày.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 7); số ngày do phần mềm đặt",
    needs="verification-log",
)
def reused_values_are_verified(case: Case) -> Iterator[Outcome]:
    log = case.sources.verification_log
    told = log.of(case.dossier) if log else ()
    for one in told:
        yield _verified(case, one)
    logged = {one.subject for one in told}
    for component in case.components:
        subject = terms().subjects.get(component.type, "other")
        if subject not in logged and _reused(case, component):
            reason = f"{paper(case, component)}: dùng lại từ hồ sơ khác mà sổ xác minh chưa ghi. Xác minh rồi ghi sổ."
            yield on_paper(component, "UNKNOWN", reason)


def _verified(case: Case, one: Verification) -> Outcome:
    limit, age = terms().verified[one.subject], (case.received_on - one.on).days
    what = f"Giá trị dùng lại ({_SUBJECTS[one.subject]}), xác minh ngày {shown(one.on)}"
    if one.on > case.today:
        return Outcome("UNKNOWN", f"{what}: ngày ở tương lai. Sửa sổ xác minh.")
    if age > limit:
        when = (
            f"quá {limit} ngày trước ngày tiếp nhận"
            if limit
            else "trước ngày tiếp nhận, phải làm mỗi lần dùng"
        )
        return Outcome("FAIL", f"{what}: {when}. Xác minh lại với nguồn rồi ghi sổ.")
    return Outcome("PASS", f"{what}: còn trong hạn {limit} ngày.")


def _reused(case: Case, component: Component) -> bool:
    if component.reused_from is not None:
        return True
    return case.earlier is not None and any(
        case.earlier.same_file(source.sha256, case.dossier) for source in component.sources
    )


@rule(
    "L13",
    word="live",
    severity="WARN",
    object="kết quả",
    title="Kết quả đến hệ thống nhận đúng hạn",
    reason="Từ lúc ký đến lúc hệ thống nhận có kết quả không quá một ngày làm việc.",
    source="CV 4856/BCA-TTDLQG; số ngày do phần mềm đặt",
    needs="upstream",
)
def result_arrives_in_time(case: Case) -> Iterator[Outcome]:
    results = [component for component in case.components if component.role == "result"]
    for result in results if case.sources.upstream else ():
        signed = value(case, result, "issue_date") or value(case, result, "registration_date")
        when = day(signed.text) if signed else None
        if signed is None or when is None:
            reason = (
                f"{paper(case, result)}: chưa đọc được ngày ký nên chưa biết đã gửi đúng hạn chưa. Xem giấy."
            )
            yield on_paper(result, "UNKNOWN", reason)
        else:
            assert case.sources.upstream is not None
            yield _arrived(case, signed, when, case.sources.upstream.arrived_on(case.dossier))


def _arrived(case: Case, signed: Value, when: date, arrived: date | None) -> Outcome:
    limit = terms().upstream_working_days
    lag = _working_days(when, arrived or case.today)
    if arrived and arrived < when:
        return signed.says(
            "UNKNOWN", f"{signed.where}: hệ thống nhận có kết quả trước ngày ký. So lại ngày ký."
        )
    if arrived and lag > limit:
        reason = (
            f"{signed.where}: hệ thống nhận có kết quả sau {lag} ngày làm việc (hạn {limit}). Ghi lý do chậm."
        )
        return signed.says(against(signed), reason)
    if arrived:
        return signed.says("PASS", f"{signed.where}: hệ thống nhận có kết quả trong {limit} ngày làm việc.")
    if lag > limit:
        # It is sent only once the dossier is checked: this must not keep it from being so.
        return signed.says(
            "UNKNOWN", f"{signed.where}: quá {limit} ngày làm việc mà hệ thống nhận chưa có kết quả."
        )
    return signed.says("PASS", f"{signed.where}: chưa quá hạn {limit} ngày làm việc để gửi kết quả.")


@rule(
    "L15",
    word="live",
    severity="WARN",
    object="lỗi dữ liệu",
    title="Lỗi dữ liệu của hồ sơ được sửa trong 5, 10, 15 ngày làm việc",
    reason="Từ lần trả lại đầu: xác minh trong 5, sửa trong 10, vụ việc phức tạp trong 15 ngày làm việc.",
    source="CV 4856/BCA-TTDLQG",
    needs="defects",
)
def defects_are_closed_in_time(case: Case) -> Iterator[Outcome]:
    defects = case.sources.defects
    since = defects.open_since(case.dossier) if defects else None
    if since is None:
        return
    verify, correct, complex_ = DEFECT_WORKING_DAYS
    lasted = _working_days(since, case.today)
    what = f"Hồ sơ bị trả lại từ ngày {shown(since)}, đã {lasted} ngày làm việc"
    if lasted <= verify:
        yield Outcome("PASS", f"{what}: trong hạn {verify} ngày xác minh.")
    elif lasted <= correct:
        yield Outcome("PASS", f"{what}: trong hạn {correct} ngày sửa; phải đã xác minh xong với bản gốc.")
    elif lasted <= complex_:
        yield Outcome("UNKNOWN", f"{what}: chỉ vụ việc phức tạp được đến {complex_} ngày. Ghi lý do.")
    else:
        # The version that closes the defect is judged here too: that it comes late must not keep it open for good.
        yield Outcome(
            "FAIL", f"{what}: quá hạn {complex_} ngày. Báo người phụ trách và ghi lý do.", severity="INFO"
        )


@rule(
    "L16",
    word="live",
    severity="INFO",
    object="hồ sơ lưu trữ",
    title="Chưa đến hạn nộp lưu, hạn bảo quản; hàm băm được kiểm tra định kỳ",
    reason="Hạn bảo quản, hạn nộp lưu chưa đến; lần kiểm tra toàn vẹn gần nhất chưa quá một năm.",
    source="QCVN 12:2026/BCA; Thông tư 05/2025/TT-BNV (chu kỳ kiểm tra do phần mềm đặt)",
    needs="archive",
)
def archive_duties_are_done(case: Case) -> Iterator[Outcome]:
    archive = case.sources.archive
    holding = archive.holding(case.dossier) if archive else None
    if holding:
        yield from _duties(case.today, holding)


def _duties(today: date, holding: Holding) -> Iterator[Outcome]:
    for name, due in (("hạn bảo quản", holding.retention_until), ("hạn nộp lưu", holding.transfer_due)):
        if due and due <= today:
            yield Outcome("FAIL", f"Hồ sơ đã đến {name} ngày {shown(due)}. Báo người phụ trách lưu trữ.")
        elif due:
            yield Outcome("PASS", f"Hồ sơ chưa đến {name} ({shown(due)}).")
    if holding.fixity_on is None:
        yield Outcome(
            "UNKNOWN", "Kho lưu trữ chưa ghi lần kiểm tra toàn vẹn nào của hồ sơ. Kiểm tra hàm băm."
        )
    elif today - holding.fixity_on > timedelta(days=terms().fixity_days):
        reason = (
            f"Lần kiểm tra toàn vẹn gần nhất là {shown(holding.fixity_on)}, đã quá hạn. Kiểm tra lại hàm băm."
        )
        yield Outcome("FAIL", reason)
    else:
        yield Outcome("PASS", f"Toàn vẹn được kiểm tra ngày {shown(holding.fixity_on)}.")


@rule(
    "L17",
    word="live",
    severity="WARN",
    object="danh mục",
    title="Danh mục dùng chung được cập nhật trong 30 ngày",
    reason="Danh mục đơn vị, thủ tục, cơ quan không cũ hơn 30 ngày so với nguồn.",
    source="Nghị định 278/2025/NĐ-CP",
    needs="shared-catalogues",
)
def catalogues_are_fresh(case: Case) -> Iterator[Outcome]:
    source = case.sources.shared_catalogues
    states = {state.name: state for state in source.states()} if source else {}
    limit = terms().catalogue_days
    for name, title in terms().catalogues.items():
        state = states.get(name)
        if state is None:
            yield Outcome("UNKNOWN", f"Chưa ghi lần cập nhật của {title}. Báo quản trị viên.")
        elif state.on > case.today:
            yield Outcome("UNKNOWN", f"Ngày cập nhật của {title} ở tương lai. Báo quản trị viên.")
        elif (case.today - state.on).days > limit:
            reason = f"Bản {state.version} của {title} cập nhật {shown(state.on)}, quá {limit} ngày. Báo quản trị viên."
            yield Outcome("FAIL", reason)
        else:
            yield Outcome("PASS", f"Bản {state.version} của {title}: cập nhật {shown(state.on)}.")


def _working_days(start: date, end: date) -> int:
    days = (end - start).days
    return working_days_between(start, end) if abs(days) <= _LONG else days * 5 // 7
