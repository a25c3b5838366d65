"""People change: what the population database knows to have happened since a paper was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.people import Person
from dossier.record import Component
from dossier.sources import Happening, StatusEvent
from validators.case import Case
from validators.correct.population import known_people
from validators.look import Value, against, day, shown, value
from validators.registry import Outcome, rule
from validators.terms import terms

_MADE = ("issue_date", "declaration_date", "registration_date")
_ACTS: dict[Happening, tuple[str, tuple[str, ...], str]] = {
    "marriage": (
        "marriage-certificate",
        ("husband_personal_id", "wife_personal_id"),
        "registration_date",
    ),
    "death": ("death-extract", ("personal_id",), "death_date"),
}
"""The paper that makes it, whom it names, and its day."""
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
    lapses=True,
)
def people_have_not_changed(case: Case) -> Iterator[Outcome]:
    for person, number, known in known_people(case):
        if known is None:
            reason = (
                f"{number.where}: không có trong dữ liệu dân cư nên chưa biết tình trạng. So lại số với giấy."
            )
            yield number.says("UNKNOWN", reason, "INFO")  # D21 says so at its own severity
            continue
        telling = [
            event
            for event in known.events
            if event.on <= case.today and _stale(person, event) and not _told_here(case, number, event)
        ]
        yield _since(case, person, number, telling)


def _stale(person: Person, event: StatusEvent) -> bool:
    kinds = terms().stale.get(event.kind, ())
    return "*/*" in kinds or f"{person.component.type}/{person.role}" in kinds


def _told_here(case: Case, number: Value, event: StatusEvent) -> bool:
    """Is the event the very marriage or death that this dossier is about, by a paper in it?"""
    type, ids, dated = _ACTS.get(event.kind, ("", (), ""))
    return any(
        act.value(dated) == event.on.isoformat() and number.text in {act.value(id) for id in ids}
        for act in case.of_type(type)
    )


def _settled(case: Case) -> date | None:
    """The day of the dossier's last result, None if it has none: what comes after it changes no decision."""
    results = [component for component in case.components if component.role == "result"]
    days = (_made(case, component)[1] for component in results)
    return max((when for when in days if when), default=None)


def _made(case: Case, component: Component) -> tuple[Value | None, date | None]:
    made = next((found for name in _MADE if (found := value(case, component, name))), None)
    return made, day(made.text) if made else None


def _since(case: Case, person: Person, number: Value, events: list[StatusEvent]) -> Outcome:
    made, when = _made(case, person.component)
    later = [event for event in events if when is None or event.on > when]
    if not later:
        return number.says(
            "PASS", f"{number.where}: dữ liệu dân cư không ghi thay đổi nào sau ngày của giấy."
        )
    settled = _settled(case)
    before = [event for event in later if settled is None or event.on <= settled]
    event = (before or later)[-1]
    what = f"{number.where}: theo dữ liệu dân cư người này {_SAID[event.kind]} ngày {shown(event.on)}"
    if made is None or when is None:
        reason = f"{what}, chưa đọc được ngày của giấy. Kiểm tra rồi đề nghị giấy mới."
        return number.says("UNKNOWN", reason, None if before else "INFO")
    if not before:
        reason = f"{what}, sau ngày có kết quả. Không dùng lại giấy này cho hồ sơ khác."
        return number.says(against(number), reason, "INFO")
    return number.says(against(number, made), f"{what}, sau ngày của giấy. Kiểm tra rồi đề nghị giấy mới.")
