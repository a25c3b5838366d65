"""Special cases: minors, and papers from abroad."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.kinds.closed import country
from validators.asked import of_type, papers_for, perhaps, version_of
from validators.case import Case
from validators.facts import applies, fact
from validators.look import flat, papers, values
from validators.registry import Outcome, rule


@rule(
    "U12",
    word="sufficient",
    severity="BLOCK",
    object="người chưa thành niên",
    title="Người chưa thành niên có cha, mẹ hoặc người giám hộ đồng ý",
    reason="Đăng ký cư trú cho người dưới 18 tuổi thì có ý kiến đồng ý trên tờ khai hoặc bằng văn bản riêng.",
    source="Luật Cư trú 2020; thành phần hồ sơ của thủ tục 1.004194",
    since=date(2021, 7, 1),
)
def minors_have_consent(case: Case) -> Iterator[Outcome]:
    """The consent is mostly written in a box of the form, which is not read: then a person looks and says so."""
    if case.procedure is None:
        return
    for requirement in case.procedure.requirements:
        if requirement.held_by != "U12":
            continue
        needed, stated = applies(case, requirement), fact(case, "parental-consent")
        version = version_of(case.procedure)
        if needed.holds is False:
            yield Outcome("NOT_APPLICABLE", f"{requirement.title}: {needed.why} {version}.")
        elif papers_for(case, requirement) or stated.holds:
            yield Outcome("PASS", f"{requirement.title}: đã có {version}.")
        elif needed.holds is None:
            yield Outcome(
                "UNKNOWN", f"{requirement.title}: {needed.why}. Xem ngày sinh trên tờ khai {version}."
            )
        elif stated.said and not perhaps(case, requirement.types):
            reason = f"{requirement.title}: dossier.json khai là chưa có. Bổ sung ý kiến đồng ý {version}."
            yield Outcome("FAIL", reason)
        else:
            reason = (
                f"{requirement.title}: người kê khai dưới 18 tuổi. Xem ô ý kiến trên tờ khai; có thì khai"
            )
            yield Outcome("UNKNOWN", f"{reason} “parental-consent” ở facts của dossier.json {version}.")


_LEGALISED = ("hop phap hoa lanh su", "chung nhan lanh su", "consular legalization", "consular legalisation")
_TRANSLATED = ("ban dich", "nguoi dich", "dich chinh xac")


@rule(
    "U13",
    word="sufficient",
    severity="BLOCK",
    object="giấy tờ nước ngoài",
    title="Giấy tờ nước ngoài đã hợp pháp hóa lãnh sự và dịch có chứng thực",
    reason="Giấy do cơ quan nước ngoài cấp có hợp pháp hóa lãnh sự (trừ khi được miễn) và bản dịch có chứng thực.",
    source="Nghị định 23/2015/NĐ-CP, điều 20",
    since=date(2015, 4, 10),
    uses=("text",),
)
def foreign_papers_are_legalised(case: Case) -> Iterator[Outcome]:
    if not fact(case, "foreign-paper").holds and not of_type(case, "foreign-paper"):
        foreign = [v for v in values(case, "nationality") if v.sure and country(v.text) != "Việt Nam"]
        for found in foreign[:1]:
            reason = f"{found.where}: người nước ngoài. Nếu có giấy do nước ngoài cấp thì khai “foreign-paper” ở facts."
            yield found.says("UNKNOWN", reason, "WARN")
        return
    text = flat(" ".join(component.text for component in papers(case)))
    if fact(case, "legalisation-exempt").holds:
        yield Outcome("PASS", "Giấy nước ngoài được khai là miễn hợp pháp hóa lãnh sự.")
    else:
        yield _seen(case, text, _LEGALISED, "legalised", "hợp pháp hóa lãnh sự")
    if of_type(case, "certified-translation"):
        yield Outcome("PASS", "Có bản dịch có chứng thực.")
    else:
        yield _seen(case, text, _TRANSLATED, "translated", "bản dịch có chứng thực")


def _seen(case: Case, text: str, words: tuple[str, ...], asked: str, what: str) -> Outcome:
    """A stamp or a sticker may be there and unread: what is not seen a person looks for, and says in the manifest."""
    if any(word in text for word in words):
        return Outcome("PASS", f"Thấy {what} trên giấy nước ngoài.")
    stated = fact(case, asked)
    if stated.holds:
        return Outcome("PASS", f"Người xem giấy khai đã có {what}.")
    if stated.said:
        return Outcome(
            "FAIL", f"Giấy nước ngoài được khai là chưa có {what}. Đề nghị người nộp bổ sung, hoặc khai miễn."
        )
    return Outcome(
        "UNKNOWN",
        f"Có giấy nước ngoài nhưng chưa đọc thấy {what}. Xem giấy: có thì khai “{asked}” ở facts của dossier.json; "
        "thiếu thì đề nghị bổ sung.",
    )
