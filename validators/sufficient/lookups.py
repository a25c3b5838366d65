"""Lookups in the place of papers (NQ 66.7/2025/NQ-CP): recorded whole, and no paper asked for beside their answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from validators.asked import Asked, answered, lookups, papers_for, source_title, version_of
from validators.case import Case
from validators.look import day, on_paper, shown, value
from validators.registry import Outcome, rule

SOURCE = "Nghị quyết 66.7/2025/NQ-CP"
SINCE = date(2025, 11, 15)


@rule(
    "U02",
    word="sufficient",
    severity="WARN",
    object="kết quả tra cứu",
    title="Kết quả tra cứu thay giấy ghi đủ và còn mới",
    reason="Có nguồn được phép, thời điểm từ ngày tiếp nhận trở đi và câu trả lời; khác với giấy thì người xem.",
    source=SOURCE,
    since=SINCE,
)
def lookups_are_whole(case: Case) -> Iterator[Outcome]:
    if case.procedure is None:
        return
    for one in lookups(case):
        yield _said(one, version_of(case.procedure))


def _said(one: Asked, version: str) -> Outcome:
    title = one.requirement.title if one.requirement else one.lookup.requirement
    where = f"Tra cứu “{title}” ở {source_title(one.lookup.source)}"
    if one.fault:
        return Outcome(
            "FAIL", f"{where}: {one.fault}. Sửa lookups trong dossier.json hoặc tra cứu lại {version}."
        )
    if one.lookup.answer == "differs":
        return Outcome("FAIL", f"{where}: khác với giấy tờ. Xem lại giấy, đề nghị sửa dữ liệu gốc {version}.")
    if one.lookup.answer == "none":
        return Outcome("PASS", f"{where}: không có kết quả, cần giấy {version}.")
    return Outcome("PASS", f"{where}: có kết quả, thay được giấy {version}.")


@rule(
    "U03",
    word="sufficient",
    severity="WARN",
    object="thành phần hồ sơ",
    title="Không đòi giấy mà tra cứu đã trả lời",
    reason="Thành phần đã tra cứu được thì không yêu cầu người dân nộp giấy.",
    source=SOURCE,
    since=SINCE,
)
def nothing_is_asked_for_twice(case: Case) -> Iterator[Outcome]:
    """Told only where the paper was issued after the reception: an older one may have come unasked."""
    for requirement in case.procedure.requirements if case.procedure else ():
        lookup = answered(case, requirement)
        for paper in papers_for(case, requirement) if lookup and not requirement.presented else ():
            issued = value(case, paper, "issue_date")
            when = day(issued.text) if issued and issued.sure else None
            if when is not None and when > case.received_on:
                reason = (
                    f"{requirement.title}: đã tra cứu được mà giấy lại cấp ngày {shown(when)}, sau tiếp nhận."
                )
                yield on_paper(paper, "FAIL", f"{reason} Không yêu cầu người dân nộp giấy này.")
            else:
                reason = f"{requirement.title}: tra cứu đã có kết quả; giấy này không cần, có thể người dân tự nộp."
                yield on_paper(paper, "UNKNOWN", reason, "INFO")
