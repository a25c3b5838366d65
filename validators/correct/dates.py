"""Dates: real, in order, the same in words as in figures; and ages that nature allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from dossier.people import people
from dossier.record import Component
from validators.case import Case
from validators.gate import opinions
from validators.look import Value, against, day, on_field, paper, shown, value, values, year_of
from validators.registry import ALWAYS, Outcome, rule
from validators.words import in_words

# Events in the order in which they can happen, by field name; names of one group are not ordered among themselves.
_ORDER = (
    ("date_of_birth",),
    ("death_date",),
    ("registration_date", "declaration_date"),
    ("issue_date",),
)
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)(?!\d)")
YOUNGEST_PARENT, YOUNG_PARENT = 12, 16


@rule(
    "D07",
    word="correct",
    severity="BLOCK",
    object="ngày tháng",
    title="Ngày có thật, không ở tương lai, đúng thứ tự",
    reason="Ngày có trong lịch; không sau hôm nay; sinh ≤ sự kiện ≤ đăng ký ≤ cấp ≤ tiếp nhận.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 2, 6)",
    since=ALWAYS,
)
def dates_are_real(case: Case) -> Iterator[Outcome]:
    yield from _unreal(case)
    for when in values(case, "date", "date-of-birth"):
        then = day(when.text)
        if then is None:
            yield when.says("UNKNOWN", f"{when.where}: không hiểu được ngày. So lại với giấy.")
        elif then > case.today:
            reason = f"{when.where}: ngày {shown(then)} ở tương lai. So lại với giấy, sửa hoặc quét lại."
            yield when.says(against(when), reason)
        elif then > case.received_on and when.component.role != "result":
            reason = (
                f"{when.where}: ngày {shown(then)} sau ngày tiếp nhận {shown(case.received_on)}. "
                "Kiểm tra giấy và ngày tiếp nhận."
            )
            yield when.says(against(when), reason, "WARN")
        else:
            yield when.says("PASS", f"{when.where}: ngày có thật, không ở tương lai.")
    for component in case.components:
        yield from _out_of_order(case, component)


def _unreal(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        known = case.document_types.get(component.type)
        for field in component.fields:
            spec = known.fields.get(field.name) if known else None
            if field.value or spec is None or spec.kind not in ("date", "date-of-birth"):
                continue
            if (found := _FIGURES.search(field.printed)) and not _exists(*map(int, found.groups())):
                reason = (
                    f"“{spec.title}” trên {paper(case, component)} (trang {field.page}): "
                    f"{found[0]} không có trong lịch. So lại với giấy."
                )
                # No value was taken, so nothing wrong is handed on; that the paper says so is not sure.
                yield on_field(component, field, "UNKNOWN", reason)


def _out_of_order(case: Case, component: Component) -> Iterator[Outcome]:
    ranked = [
        (rank, found)
        for rank, names in enumerate(_ORDER)
        for name in names
        if (found := value(case, component, name)) and day(found.text)
    ]
    for (low, earlier), (high, later) in combinations(ranked, 2):
        if low < high and later.text < earlier.text:
            reason = (
                f"{later.where}: ngày {_shown(later)} lại trước “{earlier.spec.title}” {_shown(earlier)}. "
                "So lại cả hai ngày với giấy."
            )
            yield later.says(against(earlier, later), reason, beside=[earlier])


@rule(
    "D08",
    word="correct",
    severity="BLOCK",
    object="ngày sinh",
    title="Ngày ghi bằng chữ trùng ngày ghi bằng số",
    reason="Ngày sinh ghi bằng chữ và bằng số là một ngày.",
    source="Thông tư 04/2020/TT-BTP (biểu mẫu hộ tịch)",
    since=date(2020, 7, 16),
)
def words_say_the_same_date(case: Case) -> Iterator[Outcome]:
    for when in values(case, "date-of-birth"):
        told = in_words(when)
        if told is None:
            continue
        agree, differ = opinions(when.field, when.kind)
        if told.same(when.telling) and not told.contradicted:
            yield when.says("PASS", f"{when.where}: ngày bằng chữ trùng ngày bằng số.")
        elif agree and not differ and not told.contradicted:
            yield when.says("PASS", f"{when.where}: cán bộ đã so ngày bằng chữ với ngày bằng số.")
        else:
            reason = f"{when.where}: ngày bằng chữ khác ngày bằng số. So lại với giấy; giấy sai thì trả lại để sửa."
            yield when.says("FAIL" if told.contradicted else "UNKNOWN", reason, beside=told.sides)


@rule(
    "D09",
    word="correct",
    severity="WARN",
    object="cha, mẹ, con",
    title="Tuổi cha mẹ hợp lý; tên con khác tên mẹ",
    reason=f"Cha, mẹ hơn con ít nhất {YOUNGEST_PARENT} tuổi (dưới {YOUNG_PARENT} cần xác nhận); tên con khác tên mẹ.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 2)",
    since=date(2016, 1, 1),
)
def parents_are_older(case: Case) -> Iterator[Outcome]:
    everyone = people(case.components, case.document_types)
    for child in (person for person in everyone if person.role == "child"):
        born = value(case, child.component, "date_of_birth")
        for parent in everyone:
            if parent.component.id != child.component.id or parent.role not in ("mother", "father"):
                continue
            yield from _age(case, parent.component, f"{parent.role}_birth_year", born)
        name = value(case, child.component, "full_name")
        mother = value(case, child.component, "mother_name")
        if name and mother and name.same(mother):
            reason = f"{name.where}: họ tên con trùng hẳn họ tên mẹ. So lại với giấy."
            yield name.says(against(name, mother), reason, beside=[mother])


def _age(case: Case, component: Component, name: str, born: Value | None) -> Iterator[Outcome]:
    year = value(case, component, name)
    since, then = year_of(year.text if year else None), year_of(born.text if born else None)
    if year is None or born is None or since is None or then is None:
        return
    older = then - since
    if older < YOUNG_PARENT:
        what = "chưa đủ để làm cha mẹ" if older < YOUNGEST_PARENT else f"dưới {YOUNG_PARENT}, cần xác nhận"
        reason = f"{year.where}: hơn con {older} tuổi, {what}. So lại năm sinh trên giấy."
        yield year.says(against(year, born), reason, beside=[born])
    else:
        yield year.says("PASS", f"{year.where}: tuổi hợp lý so với con.")


def _shown(when: Value) -> str:
    found = day(when.text)
    return shown(found) if found else when.text


def _exists(at_day: int, month: int, year: int) -> bool:
    try:
        date(year, month, at_day)
    except ValueError:
        return False
    return True
