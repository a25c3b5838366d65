"""Files: nothing twice, nothing locked, one paper a file, no strays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from dossier.record import Component
from validators.asked import title_of, type_of
from validators.case import Case
from validators.look import against, on_paper, paper, papers, value
from validators.registry import Outcome, rule

# Codes of refusals (dossier.errors) that are about what a PDF hides, not about damage.
_HIDDEN = ("encrypt", "password", "javascript", "embedded", "script", "active")


@rule(
    "S01",
    word="clean",
    severity="WARN",
    object="tệp",
    title="Không có tệp trùng hoàn toàn",
    reason="Hai tệp trong hồ sơ không cùng mã băm; tệp đã có ở hồ sơ khác thì nêu để dùng lại.",
    source="QCVN 12:2026/BCA; CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 3)",
    since=date(2020, 3, 5),
)
def no_equal_files(case: Case) -> Iterator[Outcome]:
    names: dict[str, list[str]] = defaultdict(list)
    for file in case.files:
        names[file.sha256].append(file.name)
    for sha256, same in names.items():
        for name in sorted(same)[1:]:
            yield Outcome(
                "FAIL", "Tệp này trùng hoàn toàn với một tệp khác trong hồ sơ. Bỏ bớt một tệp.", file=name
            )
        if len(same) > 1:
            continue
        kept = case.earlier.same_file(sha256, case.dossier) if case.earlier else ()
        reason = "Không trùng tệp nào trong hồ sơ."
        if kept:
            reason += (
                f" Tệp này đã số hóa ở hồ sơ {kept[0].dossier}. Lần sau không phải quét lại: giấy còn hiệu lực thì dùng"
                " lại bằng lệnh sohoa correct --reuse."
            )
        yield Outcome("PASS", reason, file=same[0])


@rule(
    "S02",
    word="clean",
    severity="WARN",
    object="trang",
    title="Không quét một trang hai lần",
    reason="Không có hai trang gần như giống hệt nhau.",
    source="Thông tư 01/2023/TT-VPCP, điều 8; CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 3)",
    since=date(2023, 5, 25),
    uses=("duplicates",),
)
def no_page_twice(case: Case) -> Iterator[Outcome]:
    told = False
    for (other, first), (file, page) in case.duplicates:
        if _noted(case, other, first) != _noted(case, file, page):
            continue  # with and without the note that is stuck on it: rule U05 asks for both
        told = True
        reason = (
            f"Trang {page} giống hệt trang {first} đã quét. Bỏ trang thừa, hoặc quét đúng trang còn thiếu."
        )
        yield Outcome("FAIL", reason, _at(case, file, page), file, page)
    if not told and case.components:
        yield Outcome("PASS", "Không có trang nào bị quét hai lần.")


def _noted(case: Case, file: str, page: int) -> bool:
    """Does a slip of paper hide a part of this page?"""
    return any(
        mark.kind == "note" and mark.page == page
        for component in case.components
        if any(source.file == file and page in source.pages for source in component.sources)
        for mark in component.marks
    )


def _at(case: Case, file: str, page: int) -> str | None:
    return next(
        (c.id for c in case.components for s in c.sources if s.file == file and page in s.pages),
        None,
    )


@rule(
    "S03",
    word="clean",
    severity="BLOCK",
    object="kết quả, hồ sơ",
    title="Kết quả không trùng số; không có hồ sơ khác đang mở",
    reason="Một cơ quan không cấp hai kết quả cùng loại, cùng số; một người không có hai hồ sơ cùng thủ tục đang mở.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 3)",
    since=date(2020, 3, 5),
)
def results_are_unique(case: Case) -> Iterator[Outcome]:
    # A copy has the number of the paper that it copies.
    copies = case.procedure is not None and case.procedure.result_is == "copy"
    results = [] if copies else [c for c in case.components if c.role == "result"]
    seen: dict[tuple[str, str], Component] = {}
    for result in results:
        number = value(case, result, "number")
        if number is None:
            continue
        issuer = value(case, result, "registration_office") or value(case, result, "issuer")
        twin = seen.setdefault((result.type, number.text), result)
        if twin is not result and not _same_content(twin, result):
            reason = f"{number.where}: hai kết quả trong hồ sơ cùng số nhưng khác nội dung. Kiểm tra lại số."
            yield number.says(against(number), reason)
        elif case.earlier is None:
            yield number.says("UNKNOWN", "Chưa kết nối sổ hồ sơ đã lưu nên chưa đối chiếu trùng số.", "INFO")
        elif issuer and (
            others := case.earlier.same_result(result.type, issuer.text, number.text, case.dossier)
        ):
            reason = f"{number.where}: trùng số với kết quả ở hồ sơ {others[0].dossier}. Kiểm tra lại số."
            yield number.says(against(number, issuer), reason)
        else:
            yield number.says("PASS", f"{number.where}: không trùng với kết quả nào đã lưu.")
    yield from _other_dossiers(case)


def _other_dossiers(case: Case) -> Iterator[Outcome]:
    if case.procedure is None or case.earlier is None:
        return
    for form in case.components:
        number = value(case, form, "applicant_personal_id")
        if number is None or not number.sure:
            continue
        if others := case.earlier.open_dossiers(case.procedure.id, number.text, case.dossier):
            # Twins make two honest dossiers of one applicant: a person tells.
            reason = f"Người nộp còn hồ sơ {others[0]} cùng thủ tục chưa xong. Xem có phải một việc nộp hai lần không."
            yield number.says("FAIL", reason, "WARN")
        else:
            yield number.says("PASS", "Người nộp không có hồ sơ cùng thủ tục đang mở.", "WARN")


def _same_content(left: Component, right: Component) -> bool:
    return all(
        other is None or other.value is None or field.value is None or other.value == field.value
        for field in left.fields
        for other in [right.field(field.name)]
    )


@rule(
    "S14",
    word="clean",
    severity="BLOCK",
    object="tệp PDF",
    title="PDF không khóa mật khẩu, không nhúng mã chạy",
    reason="Tệp không có mật khẩu; không bị bước tiếp nhận từ chối vì nội dung nhúng.",
    source="QCVN 12:2026/BCA",
    since=date(2020, 3, 5),
)
def nothing_hidden(case: Case) -> Iterator[Outcome]:
    bad = {entry.file for entry in case.refused if any(sign in entry.code for sign in _HIDDEN)}
    refused = {entry.file for entry in case.refused}
    for name in sorted(bad):
        reason = "Tệp bị khóa mật khẩu hoặc chứa mã nhúng. Bỏ khóa, xuất lại PDF thường hoặc quét lại."
        yield Outcome("FAIL", reason, file=name)
    for file in case.files:
        if file.name.lower().endswith(".pdf") and file.name not in refused:
            yield Outcome("PASS", "Tệp mở được không cần mật khẩu.", file=file.name)


@rule(
    "S16",
    word="clean",
    severity="WARN",
    object="tệp",
    title="Mỗi tệp một giấy",
    reason="Một tệp chứa một giấy; tệp gộp được tách, phần không nhận ra thì người xem.",
    source="CV 7197/BKHCN-CĐSQG; Thông tư 01/2023/TT-VPCP, điều 8",
    since=date(2023, 5, 25),
)
def one_paper_a_file(case: Case) -> Iterator[Outcome]:
    inside: dict[str, list[Component]] = defaultdict(list)
    for component in papers(case):
        for name in {source.file for source in component.sources}:
            inside[name].append(component)
    for name, found in sorted(inside.items()):
        if len(found) == 1:
            yield Outcome("PASS", "Tệp chứa một giấy.", found[0].id, name)
            continue
        titles = ", ".join(sorted({paper(case, component) for component in found}))
        if all(component.type in case.document_types for component in found):
            # Told apart by the reader: nothing is lost, the office should only know better next time.
            reason = f"Tệp gộp {len(found)} giấy ({titles}); đã tự tách. Lần sau quét mỗi giấy một tệp."
            yield Outcome("FAIL", reason, file=name, severity="INFO")
        else:
            reason = (
                f"Tệp gộp {len(found)} giấy ({titles}), có giấy chưa nhận ra. Xem chỗ tách, hoặc quét riêng."
            )
            yield Outcome("FAIL", reason, file=name)


@rule(
    "S17",
    word="clean",
    severity="WARN",
    object="giấy",
    title="Không có giấy lạc",
    reason="Mọi giấy đều được thủ tục yêu cầu, cho phép, hoặc là kết quả; giấy chưa nhận ra thì người xem.",
    source="Nghị định 118/2025/NĐ-CP, điều 17; CV 4856/BCA-TTDLQG, Phụ lục 3",
    since=date(2018, 6, 21),
)
def no_strays(case: Case) -> Iterator[Outcome]:
    for component in papers(case):
        name = title_of(case, component)
        if type_of(case, component) not in _known(case) and component.role == "extra":
            reason = "Giấy chưa nhận ra loại. Xem: đúng giấy của hồ sơ thì xác nhận, giấy lạc thì bỏ ra."
            yield on_paper(component, "FAIL", reason)
        elif case.procedure is None:
            continue
        elif component.role != "extra" or type_of(case, component) in case.procedure.optional:
            yield on_paper(component, "PASS", f"{name}: thuộc hồ sơ.")
        else:
            reason = (
                f"{name}: thủ tục không yêu cầu giấy này. Xem có phải giấy của hồ sơ khác; thừa thì bỏ ra."
            )
            yield on_paper(component, "FAIL", reason)


def _known(case: Case) -> set[str]:
    """Types that may be here: those that are read, and those that the procedure welcomes by name."""
    return {*case.document_types, *(case.procedure.optional if case.procedure else ())}
