"""People: one number, one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from dossier.codes import mask
from dossier.people import people
from dossier.text.vietnamese import fold
from validators.case import Case
from validators.look import Value, against, paper, person_value
from validators.registry import Outcome, rule

ID_LENGTH = 12  # the nine digits of the former card are another number of the same person
ALIKE = 0.8  # likeness of one name and a misreading of it


@dataclass(frozen=True)
class _Seen:
    """What one paper says of one person."""

    id: Value
    name: Value | None
    birth: Value | None


@rule(
    "S04",
    word="clean",
    severity="BLOCK",
    object="người",
    title="Một số định danh một người, một người một số định danh",
    reason="Trong hồ sơ, một số định danh không đi với hai họ tên; cùng họ tên, ngày sinh không có hai số định danh.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 3); Luật Căn cước 2023, điều 12",
    since=date(2016, 1, 1),
)
def one_number_one_person(case: Case) -> Iterator[Outcome]:
    everyone = list(_seen(case))
    clashing: set[str] = set()
    for left, right in combinations(everyone, 2):
        if outcome := _clash(case, left, right):
            clashing |= {left.id.text, right.id.text}
            yield outcome
    told: set[str] = set()
    for one in everyone:
        if one.id.text not in clashing | told:
            told.add(one.id.text)
            yield one.id.says("PASS", f"{one.id.where}: số {mask(one.id.text)} đi với một họ tên.")


def _seen(case: Case) -> Iterator[_Seen]:
    for person in people(case.components, case.document_types):
        number = person_value(case, person, "id")
        if number and len(number.text) == ID_LENGTH:
            name, birth = (person_value(case, person, what) for what in ("name", "birth"))
            yield _Seen(number, name, birth)


def _clash(case: Case, left: _Seen, right: _Seen) -> Outcome | None:
    if left.name is None or right.name is None:
        return None
    other = paper(case, left.id.component)
    if left.id.text == right.id.text:
        return _two_names(left, right, left.name, right.name, other)
    same = left.birth and right.birth and left.birth.text == right.birth.text and left.name.same(right.name)
    if not same or left.birth is None or right.birth is None:
        return None
    reason = (
        f"{right.id.where}: cùng họ tên, ngày sinh với {other} nhưng khác số định danh. "
        "So lại hai số với giấy; giấy sai thì trả lại để sửa."
    )
    sides = (left.id, right.id, left.name, right.name, left.birth, right.birth)
    return right.id.says(against(*sides), reason, beside=[left.id])


def _two_names(left: _Seen, right: _Seen, a: Value, b: Value, other: str) -> Outcome | None:
    if fold(a.text) == fold(b.text):
        return None  # marks alone differ: rule D23 speaks of it
    reason = (
        f"{b.where}: cùng số định danh {mask(right.id.text)} với {other} nhưng khác họ tên. "
        "So lại số và họ tên trên hai giấy; giấy sai thì trả lại để sửa."
    )
    if _slip(a.text, b.text):
        return b.says("UNKNOWN", reason, "WARN", beside=[a])
    return b.says(against(left.id, right.id, a, b), reason, beside=[a])


def _slip(left: str, right: str) -> bool:
    """One name is the other with a letter misread or a part left out."""
    a, b = set(fold(left).split()), set(fold(right).split())
    return a <= b or b <= a or SequenceMatcher(None, fold(left), fold(right)).ratio() >= ALIKE
