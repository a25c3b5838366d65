"""Licences and papers that hold for a term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.kinds.times import UNLIMITED
from dossier.lapses import months_after
from dossier.record import Component
from validators.asked import of_type, title_of, type_of
from validators.case import Case
from validators.live.papers import run_out, still_good
from validators.look import Value, against, day, on_paper, paper, shown, value
from validators.registry import Outcome, rule
from validators.terms import PaperTerm, licence_terms, terms, years_after

_PRINTED_TERMS = ("expiry_date", "valid_until")


@rule(
    "L02",
    word="live",
    severity="BLOCK",
    object="giấy phép lái xe",
    title="Giấy phép lái xe còn hạn vào ngày tiếp nhận",
    reason="Hạn in trên giấy phép không trước ngày tiếp nhận; không đọc được hạn thì tính theo hạng (cảnh báo).",
    source="Luật Trật tự, an toàn giao thông đường bộ 2024, điều 57 khoản 5",
    since=date(2025, 1, 1),
    lapses=True,
)
def licence_in_force(case: Case) -> Iterator[Outcome]:
    for licence in case.of_type("driving-licence"):
        yield _licence(case, licence)


def _licence(case: Case, licence: Component) -> Outcome:
    expiry = value(case, licence, "expiry_date")
    if expiry and expiry.text == UNLIMITED:
        return expiry.says("PASS", "Giấy phép lái xe không thời hạn.")
    until = day(expiry.text) if expiry else None
    if expiry and until:
        return _until(case, expiry, until)
    classes, issued = value(case, licence, "licence_class"), value(case, licence, "issue_date")
    when = day(issued.text) if issued else None
    known = licence_terms(classes.text, when) if classes and when else None
    if classes is None or issued is None or when is None or known is None:
        reason = "Chưa đọc được hạn của giấy phép lái xe. Xem giấy phép, quét lại nếu mờ."
        return on_paper(licence, "UNKNOWN", reason, "WARN")
    running = [years_after(when, years) for years in known if years is not None]
    if not running:
        return classes.says("PASS", f"{classes.where}: hạng không thời hạn.")
    if max(running) < case.received_on:  # every class with a term has run out
        reason = f"Hạn giấy phép lái xe tính theo hạng là {shown(max(running))}: đã hết hạn. Xem giấy phép."
        return issued.says(against(issued, classes), reason, "WARN")
    if min(running) < case.received_on:
        reason = f"{classes.where}: có hạng đã hết hạn tính theo ngày cấp. Xem hạng mà thủ tục cần."
        return classes.says("UNKNOWN", reason, "WARN")
    return issued.says("PASS", "Hạn giấy phép lái xe tính theo hạng: còn hạn.", "WARN")


def _until(case: Case, expiry: Value, until: date) -> Outcome:
    if until >= case.received_on:
        return still_good(case, expiry, until)
    return run_out(f"{expiry.where}: hết hạn {shown(until)}, trước ngày tiếp nhận", expiry)


@rule(
    "L05",
    word="live",
    severity="BLOCK",
    object="giấy khám sức khỏe, phiếu lý lịch tư pháp, hợp đồng",
    title="Giấy còn trong thời hạn mà thủ tục cho phép",
    reason="Hạn in trên giấy, hoặc thời hạn mà thủ tục đặt ra tính từ ngày cấp, không trước ngày tiếp nhận.",
    source="Quyết định công bố thủ tục hành chính (thời hạn theo từng thủ tục)",
    lapses=True,
)
def paper_within_term(case: Case) -> Iterator[Outcome]:
    for component in of_type(case, *terms().dated):
        printed = next((v for name in _PRINTED_TERMS if (v := value(case, component, name))), None)
        until = day(printed.text) if printed else None
        term = _term(case, component)
        if printed and until:
            yield _until(case, printed, until)
        elif term and component.type not in case.document_types:
            # Named by the manifest alone: no template reads its day, so that no correction could tell it either.
            reason = f"{title_of(case, component)}: máy không đọc được ngày cấp loại giấy này. Xem giấy: thủ tục chỉ "
            yield on_paper(
                component, "UNKNOWN", f"{reason}nhận giấy cấp chưa quá {term.months} tháng.", "WARN"
            )
        elif term:
            yield _within(case, component, term)


def _term(case: Case, component: Component) -> PaperTerm | None:
    asked, type = case.manifest.procedure, type_of(case, component)
    return next((t for t in terms().papers if t.procedure == asked and t.type == type), None)


def _within(case: Case, component: Component, term: PaperTerm) -> Outcome:
    issued = value(case, component, "issue_date")
    when = day(issued.text) if issued else None
    if issued is None or when is None:
        reason = f"{paper(case, component)}: chưa đọc được ngày cấp. Xem giấy rồi ghi ngày cấp."
        return on_paper(component, "UNKNOWN", reason, None if term.sure else "WARN")
    until = months_after(when, term.months)
    if case.received_on <= until:
        return still_good(case, issued, until)
    what = f"{issued.where}: quá {term.months} tháng, hết ngày {shown(until)}"
    if not term.sure:  # the term was not found in a text that was seen: it may send nobody home
        return issued.says("UNKNOWN", f"{what}. Thời hạn này cần đối chiếu với thủ tục.", "WARN")
    return run_out(what, issued)
