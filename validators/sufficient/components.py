"""What papers a procedure asks for, and whether every file that came was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from dossier.catalogue.procedures import Requirement
from validators.case import Case
from validators.look import against, flat, papers, value
from validators.registry import ALWAYS, Outcome, rule
from validators.roles import applies

CERTAIN_TYPE = 0.6
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
    "U01",
    word="sufficient",
    severity="BLOCK",
    object="hồ sơ",
    title="Đủ thành phần theo thủ tục",
    reason="Mỗi thành phần mà phiên bản thủ tục đang hiệu lực yêu cầu đều có trong hồ sơ.",
    source="Nghị định 118/2025/NĐ-CP, điều 17; thành phần hồ sơ trong quyết định công bố thủ tục",
    since=ALWAYS,  # the versions of procedures carry the days
)
def components_are_present(case: Case) -> Iterator[Outcome]:
    if case.procedure is None:
        if case.procedure_required:
            reason = "Chưa xác định được thủ tục (mã và ngày tiếp nhận) nên chưa biết hồ sơ cần giấy gì."
            yield Outcome("FAIL", f"{reason} Bổ sung mã thủ tục trong dossier.json.")
        return
    for requirement in case.procedure.requirements:
        yield _requirement(case, requirement)


def _requirement(case: Case, requirement: Requirement) -> Outcome:
    found = [c for c in papers(case) if c.type in requirement.types]
    title = requirement.title
    if not applies(requirement, case.manifest.facts):
        fact = requirement.when
        silent = fact is not None and fact not in case.manifest.facts
        why = f"dossier.json không khai “{fact}” nên coi là không" if silent else "không thuộc trường hợp này"
        return Outcome("NOT_APPLICABLE", f"{title}: {why}.")
    missing = set(requirement.types) - {c.type for c in found} if requirement.mode == "ALL_OF" else set()
    if found and not missing:
        if max(c.type_confidence for c in found) < CERTAIN_TYPE:
            return Outcome(
                "UNKNOWN", f"{title}: có giấy giống loại này nhưng chưa chắc. Xem giấy rồi xác nhận loại."
            )
        return Outcome("PASS", f"{title}: đã có trong hồ sơ.", component=found[0].id)
    if requirement.presented:
        return Outcome("NOT_APPLICABLE", f"{title}: giấy chỉ xuất trình, không bắt buộc quét.")
    if unread := _perhaps(case):
        return Outcome("UNKNOWN", f"Chưa thấy {title}; {unread}. Xem các giấy đó, thiếu thì quét bổ sung.")
    return Outcome("FAIL", f"Thiếu {title}. Quét giấy này rồi nộp thêm vào hồ sơ.")


def _perhaps(case: Case) -> str:
    """What in the dossier may yet be the missing paper."""
    unknown = sum(c.type not in case.document_types for c in papers(case))
    parts = [f"có {unknown} giấy chưa nhận ra loại"] if unknown else []
    parts += [f"có {len(case.refused)} tệp không đọc được"] if case.refused else []
    return ", ".join(parts)


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
    count = Counter(component.role for component in papers(case))
    for requirement in case.procedure.requirements:
        if not applies(requirement, case.manifest.facts) or not count[requirement.id]:
            continue
        enough = count[requirement.id] >= requirement.originals
        reason = f"{requirement.title}: có {count[requirement.id]}, cần {requirement.originals} bản."
        yield Outcome("PASS" if enough else "FAIL", reason if enough else f"{reason} Quét thêm cho đủ.")


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
    if any(component.type == "authorisation" for component in case.components):
        yield Outcome("PASS", "Hồ sơ có văn bản ủy quyền.")
        return
    if case.manifest.facts.get("delegated"):
        reason = "Đã khai nộp theo ủy quyền nhưng chưa thấy văn bản ủy quyền. Quét bổ sung văn bản này."
        yield Outcome("UNKNOWN" if _perhaps(case) else "FAIL", reason)
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
    read = {source.file for component in case.components for source in component.sources}
    read_bytes = {source.sha256 for component in case.components for source in component.sources}
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
