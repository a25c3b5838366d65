"""What the population database says of the people on the papers."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.codes import mask, parse_personal_id
from dossier.people import Person, people
from dossier.sources import KnownPerson
from validators.case import Case
from validators.look import Value, against, day, person_value, year_of
from validators.registry import Outcome, rule


def known_people(case: Case) -> Iterator[tuple[Person, Value, KnownPerson | None]]:
    """Everyone with a personal ID of twelve digits on a paper that counts, and what the database says of it."""
    database = case.sources.population_database
    if database is None:
        return
    kept = [c for c in case.components if case.procedure is None or c.role != "extra"]
    for person in people(kept, case.document_types):
        number = person_value(case, person, "id")
        if number and parse_personal_id(number.text):
            yield person, number, database.person(number.text)


@rule(
    "D21",
    word="correct",
    severity="BLOCK",
    object="người",
    title="Họ tên, ngày sinh, số định danh khớp dữ liệu dân cư",
    reason="Ba giá trị trùng với trả lời của Cơ sở dữ liệu quốc gia về dân cư.",
    source="Nghị quyết 66.7/2025/NQ-CP",
    needs="population-database",
)
def people_are_as_known(case: Case) -> Iterator[Outcome]:
    for person, number, known in known_people(case):
        if known is None:
            reason = (
                f"{number.where}: số {mask(number.text)} không có trong dữ liệu dân cư. So lại số với giấy."
            )
            # A newborn may not be there yet, and a right number could never be corrected: that returns no dossier.
            yield number.says("UNKNOWN", reason, "WARN" if _newborn(case, number) else None)
        else:
            yield _as_known(case, person, number, known)


def _newborn(case: Case, number: Value) -> bool:
    """Whether the number is of somebody born in the year of reception or the one before."""
    parts = parse_personal_id(number.text)
    return parts is not None and case.received_on.year - parts.birth_year in (0, 1)


def _as_known(case: Case, person: Person, number: Value, known: KnownPerson) -> Outcome:
    name = person_value(case, person, "name")
    born = person_value(case, person, "birth") or person_value(case, person, "year")
    if name is None:
        reason = f"{number.where}: chưa đọc được họ tên đi cùng số này để đối chiếu dữ liệu dân cư. Xem giấy."
        return number.says("UNKNOWN", reason)
    wrong = [] if name.kind.same(name.text, known.full_name) else [(name, "họ tên")]
    if born and not _born_as_known(born, known):
        wrong.append((born, "ngày sinh" if born.kind.name == "date-of-birth" else "năm sinh"))
    if not wrong:
        return number.says("PASS", f"{number.where}: số, họ tên và ngày sinh trên giấy khớp dữ liệu dân cư.")
    what = " và ".join(word for _, word in wrong)
    reason = (
        f"{wrong[0][0].where}: {what} khác dữ liệu dân cư của số {mask(number.text)}. So lại với giấy; giấy đúng thì "
        "đề nghị cơ quan công an cập nhật dữ liệu, giấy sai thì trả lại để sửa."
    )
    return wrong[0][0].says(against(number, *(one for one, _ in wrong)), reason)


def _born_as_known(born: Value, known: KnownPerson) -> bool:
    """As exactly as both tell it; what the source does not know contradicts nothing."""
    when = day(born.text)
    if when and known.date_of_birth:
        return when == known.date_of_birth
    year = known.date_of_birth.year if known.date_of_birth else known.birth_year
    return year is None or year_of(born.text) in (None, year)
