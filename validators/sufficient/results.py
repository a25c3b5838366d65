"""U14: a dossier that is closed has its result, digitised under its code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from validators.asked import of_type, perhaps, type_of, version_of
from validators.case import Case
from validators.facts import fact
from validators.look import on_paper, papers
from validators.registry import Outcome, rule


@rule(
    "U14",
    word="sufficient",
    severity="BLOCK",
    object="kết quả",
    title="Hồ sơ đã xong có kết quả số hóa",
    reason="Hồ sơ đã giải quyết xong thì kết quả đã số hóa và nằm trong hồ sơ cùng mã.",
    source="Nghị định 118/2025/NĐ-CP, điều 22",
    since=date(2025, 7, 1),
)
def closed_dossier_has_its_result(case: Case) -> Iterator[Outcome]:
    procedure = case.procedure
    if procedure is None or not procedure.results:
        return
    version = version_of(procedure)
    given = [c for c in papers(case) if c.role == "result" and type_of(case, c) in procedure.results]
    for component in given:
        yield on_paper(component, "PASS", f"Kết quả đã số hóa, gắn với mã hồ sơ này {version}.")
    if given or not fact(case, "closed").holds:
        return
    if of_type(case, *procedure.results):
        reason = "Hồ sơ đã xong; có giấy cùng loại với kết quả nhưng là giấy cũ hoặc chưa rõ. Xem giấy, quét kết quả"
        yield Outcome("UNKNOWN", f"{reason} {version}.")
    elif unread := perhaps(case, procedure.results):
        reason = f"Hồ sơ đã xong nhưng chưa thấy kết quả; {unread}. Xem các giấy đó, thiếu thì quét kết quả"
        yield Outcome("UNKNOWN", f"{reason} {version}.")
    else:
        yield Outcome("FAIL", f"Hồ sơ đã xong nhưng chưa có kết quả. Quét kết quả vào hồ sơ này {version}.")
