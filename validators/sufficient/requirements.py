"""U01: what the version of the procedure in force asks for is there, as a paper or as the answer of a database."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.catalogue.procedures import Procedure, Requirement
from dossier.catalogue.vocabulary import vocabulary
from validators.asked import (
    CERTAIN_TYPE,
    answered,
    may_be_the_result,
    papers_for,
    perhaps,
    severity_of,
    source_title,
    type_of,
    version_of,
)
from validators.case import Case
from validators.facts import applies, fact
from validators.look import shown
from validators.registry import ALWAYS, Outcome, rule
from validators.reuse import Offer, best, offers


@rule(
    "U01",
    word="sufficient",
    severity="BLOCK",
    object="hồ sơ",
    title="Đủ thành phần theo thủ tục",
    reason="Mỗi thành phần mà phiên bản thủ tục đang hiệu lực yêu cầu đều có trong hồ sơ, hoặc đã tra cứu được.",
    source="Nghị định 118/2025/NĐ-CP, điều 17; thành phần hồ sơ trong quyết định công bố thủ tục",
    since=ALWAYS,  # the versions of procedures carry the days
)
def components_are_present(case: Case) -> Iterator[Outcome]:
    if case.procedure is None:
        if case.procedure_required:
            reason = "Chưa xác định được thủ tục (mã và ngày tiếp nhận) nên chưa biết hồ sơ cần giấy gì."
            yield Outcome("FAIL", f"{reason} Bổ sung mã thủ tục trong dossier.json.")
        return
    if not case.procedure.requirements:
        sources = ", ".join(map(source_title, case.procedure.data_from))
        reason = f"Thủ tục không yêu cầu giấy tờ; dữ liệu lấy từ {sources or 'cơ sở dữ liệu'}"
        yield Outcome("NOT_APPLICABLE", f"{reason} {version_of(case.procedure)}.")
    yield from _facts_are_known(case)
    yield from _case_is_told(case, case.procedure)
    for requirement in case.procedure.requirements:
        outcome, severity = _requirement(case, requirement), severity_of(requirement)
        reason = f"{outcome.reason} {version_of(case.procedure)}"
        yield Outcome(outcome.verdict, reason, outcome.component, severity=severity)


def _facts_are_known(case: Case) -> Iterator[Outcome]:
    """A misspelt fact would set a paper aside in silence."""
    for name in sorted(case.manifest.facts.keys() - vocabulary().facts.keys()):
        reason = f"dossier.json khai điều kiện “{name[:64]}” không có trong danh mục. Sửa lại tên điều kiện."
        yield Outcome("FAIL", reason, severity="WARN")


def _case_is_told(case: Case, procedure: Procedure) -> Iterator[Outcome]:
    if not procedure.cases or any(fact(case, one).holds for one in procedure.cases):
        return
    known = vocabulary().facts
    titles = "; ".join(f"{one} ({known[one].title})" for one in procedure.cases if one in known)
    reason = f"Chưa khai hồ sơ thuộc trường hợp nào nên chưa biết cần giấy gì: {titles}. Khai ở facts của dossier.json"
    yield Outcome("UNKNOWN", f"{reason} {version_of(procedure)}.")


def _requirement(case: Case, requirement: Requirement) -> Outcome:
    title = requirement.title
    needed = applies(case, requirement)
    if needed.holds is False:
        return Outcome("NOT_APPLICABLE", f"{title}: {needed.why}.")
    if requirement.held_by:
        return Outcome("NOT_APPLICABLE", f"{title}: xem ở quy tắc {requirement.held_by}.")
    if (there := _there(case, requirement)) is not None:
        return there
    if lookup := answered(case, requirement):
        return Outcome("PASS", f"{title}: đã tra cứu được ở {source_title(lookup.source)}, không cần giấy.")
    if needed.holds is None:
        return Outcome("UNKNOWN", f"{title}: {needed.why}. Khai ở facts của dossier.json.")
    if requirement.presented:
        return Outcome("NOT_APPLICABLE", f"{title}: giấy chỉ xuất trình, không bắt buộc quét.")
    sources = " hoặc ".join(map(source_title, requirement.lookup))
    instead = f" Có thể tra cứu thay ở {sources} rồi khai ở lookups." if sources else ""
    if not requirement.types:
        return Outcome("UNKNOWN", f"{title}: chưa có kết quả tra cứu.{instead}")
    offer = "".join(map(_offered, best(offers(case, requirement))))
    if unread := perhaps(case, requirement.types):
        reason = f"Chưa thấy {title}; {unread}. Xem các giấy đó, thiếu thì quét bổ sung."
        return Outcome("UNKNOWN", f"{reason}{offer}{instead}")
    if not offer:
        return Outcome("FAIL", f"Thiếu {title}. Quét giấy này rồi nộp thêm vào hồ sơ.{instead}")
    reason = f"Thiếu {title}.{offer} Không dùng lại thì quét giấy này rồi nộp thêm vào hồ sơ.{instead}"
    # What only warns of its absence has to be waived: an UNKNOWN there would stop nothing.
    return Outcome("FAIL" if severity_of(requirement) else "UNKNOWN", reason)


def lacks(case: Case, requirement: Requirement) -> bool:
    """Has a paper of it to be handed in yet, as far as is known?"""
    return (
        applies(case, requirement).holds is True
        and not requirement.held_by
        and not requirement.presented
        and _there(case, requirement) is None
        and answered(case, requirement) is None
    )


def _offered(offer: Offer) -> str:
    """What may be taken instead, whose it is, and how."""
    earlier, name = offer.earlier, offer.person.name
    of = f" của {name.value}" if name is not None and name.value else ""
    issued = f", ngày {shown(earlier.issue_date)}" if earlier.issue_date else ""
    return (
        f" Đã có {vocabulary().paper_title(earlier.type)}{of} ở hồ sơ {earlier.dossier} (giấy {earlier.component}"
        f"{issued}), còn hiệu lực: xem rồi dùng lại bằng lệnh sohoa correct --reuse {offer.wanted}."
    )


def _there(case: Case, requirement: Requirement) -> Outcome | None:
    """What the papers of a requirement say; None where one is missing."""
    found = papers_for(case, requirement)
    kinds = {type_of(case, component) for component in found}
    if not found or (requirement.mode == "ALL_OF" and set(requirement.types) - kinds):
        return None
    title = requirement.title
    best = [
        max(c.type_confidence if c.type == kind else 1.0 for c in found if type_of(case, c) == kind)
        for kind in kinds
    ]
    if (min if requirement.mode == "ALL_OF" else max)(best) < CERTAIN_TYPE:
        reason = f"{title}: có giấy giống loại này nhưng chưa chắc. Xem giấy rồi xác nhận loại."
        return Outcome("UNKNOWN", reason)
    if all(may_be_the_result(case, component) for component in found):
        reason = (
            f"{title}: có giấy loại này nhưng chưa rõ ngày cấp, có thể là kết quả. Xem ngày cấp trên giấy."
        )
        return Outcome("UNKNOWN", reason, found[0].id)
    return Outcome("PASS", f"{title}: đã có trong hồ sơ.", found[0].id)
