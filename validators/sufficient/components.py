"""Whether as many papers came as the procedure asks for, who may hand them in, and whether every file was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.procedures import Requirement
from dossier.record import Component
from validators.asked import of_type, papers_for, perhaps, severity_of, type_of, version_of
from validators.case import Case
from validators.facts import applies, fact
from validators.look import against, flat, value
from validators.registry import ALWAYS, Outcome, rule

# Close kin may register without an authorisation (Thông tư 04/2020/TT-BTP, art 2; Luật Hộ tịch 2014, art 15).
_KIN = {
    *(
        "cha",
        "me",
        "bo",
        "ba",
        "ma",
        "cha de",
        "me de",
        "bo de",
        "cha ruot",
        "me ruot",
        "cha me",
        "vo",
        "chong",
    ),
    *(
        "ong",
        "ong noi",
        "ong ngoai",
        "ba noi",
        "ba ngoai",
        "anh",
        "chi",
        "em",
        "anh ruot",
        "chi ruot",
        "em ruot",
    ),
    *("co", "di", "chu", "bac", "cau", "mo", "thim", "duong", "co ruot", "di ruot", "chu ruot", "bac ruot"),
    *("cau ruot", "nguoi than thich", "con", "con de", "con ruot", "ban than", "nguoi giam ho", "giam ho"),
}


@rule(
    "U04",
    word="sufficient",
    severity="BLOCK",
    object="hồ sơ",
    title="Đủ số bản và số tệp đã kê khai",
    reason="Mọi tệp kê trong dossier.json đã đến, đúng nội dung; số bản của mỗi thành phần đủ như quy định.",
    source="Thông tư 01/2023/TT-VPCP, điều 8 khoản 2",
    since=date(2023, 5, 25),
)
def counts_agree(case: Case) -> Iterator[Outcome]:
    here = {file.name: file.sha256 for file in case.files}
    for listed in case.manifest.files:
        if listed.name not in here:
            yield Outcome(
                "FAIL", "Tệp kê trong dossier.json chưa đến. Nộp bổ sung tệp này.", file=listed.name
            )
        elif listed.sha256 and listed.sha256 != here[listed.name]:
            reason = "Tệp đến khác nội dung đã kê (mã băm khác). Nộp lại đúng tệp hoặc sửa dossier.json."
            yield Outcome("FAIL", reason, file=listed.name)
        else:
            yield Outcome("PASS", "Tệp đã kê đã đến, đúng nội dung.", file=listed.name)
    if case.procedure is None:
        return
    for requirement in case.procedure.requirements:
        found = papers_for(case, requirement)
        if found and not requirement.presented and applies(case, requirement).holds is not False:
            yield _count(case, requirement, found)
            if requirement.certified:
                yield from _certified(case, requirement, found)


def _count(case: Case, requirement: Requirement, found: tuple[Component, ...]) -> Outcome:
    """ONE_OF: all its papers together; ALL_OF: those of each type."""
    kinds = [type_of(case, component) for component in found]
    each = [len(kinds)] if requirement.mode == "ONE_OF" else [kinds.count(t) for t in requirement.types]
    assert case.procedure is not None
    reason = (
        f"{requirement.title}: có {min(each)}, cần {requirement.wanted} bản {version_of(case.procedure)}."
    )
    severity = severity_of(requirement)
    if min(each) >= requirement.wanted:
        return Outcome("PASS", reason, severity=severity)
    if unread := perhaps(case, requirement.types):
        return Outcome("UNKNOWN", f"{reason} Trong hồ sơ {unread}: xem các giấy đó.", severity=severity)
    return Outcome("FAIL", f"{reason} Quét thêm cho đủ.", severity=severity)


_CERTIFIED = ("chung thuc", "cong chung", "sao y", "sao duc")


def _certified(case: Case, requirement: Requirement, found: tuple[Component, ...]) -> Iterator[Outcome]:
    """A certificate of the copy is a stamp or a page of its own: where its words are not seen, a person looks."""
    if any(fact(case, one).holds for one in requirement.certified_unless):
        return
    for component in found:
        seen = flat(component.text)
        if any(word in seen for word in _CERTIFIED):
            yield Outcome("PASS", f"{requirement.title}: có lời chứng thực.", component.id, severity="WARN")
        else:
            reason = f"{requirement.title}: phải có công chứng hoặc chứng thực, chưa thấy trên ảnh. Xem giấy."
            yield Outcome("UNKNOWN", reason, component.id, severity="WARN")


@rule(
    "U11",
    word="sufficient",
    severity="BLOCK",
    object="người nộp",
    title="Có ủy quyền khi người nộp không phải người thân thích",
    reason="Người đi đăng ký là cha, mẹ hoặc người thân thích; nếu không thì có văn bản ủy quyền.",
    source="Luật Hộ tịch 2014, điều 15; Thông tư 04/2020/TT-BTP, điều 2",
    since=date(2020, 7, 16),
)
def submitter_may_submit(case: Case) -> Iterator[Outcome]:
    if of_type(case, "authorisation"):
        yield Outcome("PASS", "Hồ sơ có văn bản ủy quyền.")
        return
    if case.manifest.facts.get("delegated"):
        reason = "Đã khai nộp theo ủy quyền nhưng chưa thấy văn bản ủy quyền. Quét bổ sung văn bản này."
        yield Outcome("UNKNOWN" if perhaps(case, ("authorisation",)) else "FAIL", reason)
        return
    for form in case.of_type("birth-registration-form"):
        relation = value(case, form, "relationship")
        if relation is None:
            yield Outcome(
                "UNKNOWN",
                "Chưa đọc được quan hệ của người đi đăng ký với trẻ. Xem tờ khai: nếu không phải người thân thích "
                "thì cần văn bản ủy quyền.",
                component=form.id,
                severity="WARN",
            )
        elif flat(relation.text) in _KIN or _starts_as_kin(flat(relation.text)):
            yield relation.says("PASS", f"{relation.where}: là người thân thích, không cần ủy quyền.")
        elif any(word in flat(relation.text).split() for word in ("uy", "quyen", "thay", "ho")):
            reason = f"{relation.where}: không phải người thân thích. Cần văn bản ủy quyền, quét bổ sung."
            yield relation.says(against(relation), reason)
        else:
            reason = f"{relation.where}: chưa rõ có phải người thân thích không. Xem tờ khai rồi xác nhận."
            yield relation.says("UNKNOWN", reason, "WARN")


def _starts_as_kin(relation: str) -> bool:
    return any(relation.startswith(f"{kin} ") for kin in ("cha", "me", "bo", "ong", "ba", "anh", "chi", "em"))


@rule(
    "U16",
    word="sufficient",
    severity="BLOCK",
    object="tệp",
    title="Mọi tệp mở được và có trang",
    reason="Tệp không hỏng, không cụt, không khóa; mọi trang đã được đọc.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I; Thông tư 01/2023/TT-VPCP, điều 8",
    since=ALWAYS,
)
def files_open(case: Case) -> Iterator[Outcome]:
    own = [source for one in case.components if one.reused_from is None for source in one.sources]
    read, read_bytes = {source.file for source in own}, {source.sha256 for source in own}
    refused = {entry.file for entry in case.refused}
    for entry in case.refused:
        yield Outcome("FAIL", entry.reason or "Tệp không đọc được. Quét lại rồi nộp lại.", file=entry.file)
    for file in case.files:
        if file.name in refused:
            continue
        if file.name in read or file.sha256 in read_bytes:
            yield Outcome("PASS", "Tệp mở được, mọi trang đã đọc.", file=file.name)
        else:
            yield Outcome(
                "FAIL", "Tệp chưa có trang nào được đọc. Mở thử, quét lại rồi nộp lại.", file=file.name
            )
