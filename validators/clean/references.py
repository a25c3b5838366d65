"""Codes that point at a catalogue: is there something where they point?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.procedures import procedure_versions
from dossier.drop import is_office
from validators.case import Case
from validators.registry import Outcome, rule


@rule(
    "S19",
    word="clean",
    severity="BLOCK",
    object="mã tham chiếu",
    title="Mọi mã tham chiếu có trong danh mục",
    reason="Mã thủ tục, loại giấy đã kê, mã cơ quan đều dẫn tới một mục của danh mục.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 5); Quyết định 20/2020/QĐ-TTg",
    since=date(2020, 7, 22),
)
def references_resolve(case: Case) -> Iterator[Outcome]:
    code = case.manifest.procedure
    if code in procedure_versions():
        yield Outcome("PASS", f"Mã thủ tục {code} có trong danh mục.")
    elif code is not None:
        reason = (
            f"Mã thủ tục “{code}” không có trong danh mục. Sửa trong dossier.json hoặc báo quản trị viên."
        )
        yield Outcome("FAIL", reason)
    yield from _listed_types(case)
    if case.office is not None:
        yield _office(case.office)


def _listed_types(case: Case) -> Iterator[Outcome]:
    """Types that dossier.json gives to its files: of the catalogue, or such as a procedure asks for."""
    known = set(case.document_types) | {
        type
        for versions in procedure_versions().values()
        for version in versions
        for type in (
            *version.results,
            *version.optional,
            *(type for requirement in version.requirements for type in requirement.types),
        )
    }
    for listed in case.manifest.files:
        if listed.type is None:
            continue
        if listed.type in known:
            yield Outcome("PASS", f"Loại giấy “{listed.type}” có trong danh mục.", file=listed.name)
        else:
            reason = (
                f"Loại giấy “{listed.type}” kê trong dossier.json không có trong danh mục. Sửa lại loại giấy."
            )
            yield Outcome("FAIL", reason, file=listed.name)


def _office(code: str) -> Outcome:
    if not is_office(code):
        reason = f"Mã cơ quan “{code}” sai mẫu (đúng: H13.96.31). Sửa “office” trong dossier.json."
        return Outcome("FAIL", reason)
    reason = f"Mã cơ quan {code} đúng mẫu; chưa có danh mục cơ quan nên chưa tra được."
    return Outcome("UNKNOWN", reason, severity="INFO")
