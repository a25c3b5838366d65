"""People change: what the population database knows to have happened since a paper was made."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.people import Person
from dossier.sources import StatusEvent
from validators.case import Case
from validators.correct.population import known_people
from validators.look import Value, against, day, shown, value
from validators.registry import Outcome, rule
from validators.terms import terms

_MADE = ("issue_date", "declaration_date", "registration_date")
_SAID = {
    "death": "đã được khai tử",
    "marriage": "đã kết hôn",
    "divorce": "đã ly hôn",
    "moved": "đã chuyển nơi cư trú",
    "new-id": "đã được cấp số định danh khác",
}


@rule(
    "L11",
    word="live",
    severity="BLOCK",
    object="người",
    title="Tình trạng của người không đổi từ lần kiểm tra trước",
    reason="Không có khai tử, kết hôn, cấp lại số định danh hay chuyển cư trú chưa cập nhật.",
    source="Nghị quyết 66.7/2025/NQ-CP",
    needs="population-database",
)
def people_have_not_changed(case: Case) -> Iterator[Outcome]:
    for person, number, known in known_people(case):
        if known is None:
            reason = (
                f"{number.where}: không có trong dữ liệu dân cư nên chưa biết tình trạng. So lại số với giấy."
            )
            yield number.says("UNKNOWN", reason, "INFO")  # D21 says so at its own severity
            continue
        telling = [event for event in known.events if event.on <= case.today and _stale(person, event)]
        yield _since(case, person, number, telling)


def _stale(person: Person, event: StatusEvent) -> bool:
    kinds = terms().stale.get(event.kind, ())
    return "*/*" in kinds or f"{person.component.type}/{person.role}" in kinds


def _since(case: Case, person: Person, number: Value, events: list[StatusEvent]) -> Outcome:
    made = next((found for name in _MADE if (found := value(case, person.component, name))), None)
    when = day(made.text) if made else None
    later = [event for event in events if when is None or event.on > when]
    if not later:
        return number.says(
            "PASS", f"{number.where}: dữ liệu dân cư không ghi thay đổi nào sau ngày của giấy."
        )
    event = later[-1]
    reason = (
        f"{number.where}: theo dữ liệu dân cư người này {_SAID[event.kind]} ngày {shown(event.on)}, sau ngày của giấy. "
        "Kiểm tra rồi đề nghị giấy mới."
    )
    if made is None or when is None:
        return number.says("UNKNOWN", reason.replace("sau ngày của giấy", "chưa đọc được ngày của giấy"))
    return number.says(against(number, made), reason)
