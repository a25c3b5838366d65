"""Marriages and deaths: of age on the day, in order of time, not contradicted by later acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.errors import SourceAway
from dossier.kinds.people import PERSONAL
from dossier.people import people
from dossier.record import Component
from dossier.text.dates import parse_date
from dossier.text.vietnamese import fold
from validators.asking import away
from validators.cards import birthday
from validators.case import Case
from validators.look import Value, against, day, on_paper, paper, person_value, shown, value
from validators.registry import Outcome, rule

LAW_OF_2014 = date(2015, 1, 1)
_OF_AGE = (("husband", 20, "chồng"), ("wife", 18, "vợ"))
_NOTICE = re.compile(r"giay bao tu[^\n]*(?:\n[^\n]*)?")
_SIGNED = ("declaration_date", "issue_date", "registration_date")


@rule(
    "D10",
    word="correct",
    severity="BLOCK",
    object="giấy chứng nhận kết hôn",
    title="Chồng đủ 20 tuổi, vợ đủ 18 tuổi vào ngày đăng ký",
    reason="Tuổi tính đến ngày đăng ký kết hôn; áp dụng cho việc đăng ký từ 01/01/2015.",
    source="Luật Hôn nhân và gia đình 2014, điều 8",
    since=LAW_OF_2014,
)
def spouses_are_of_age(case: Case) -> Iterator[Outcome]:
    for certificate in case.of_type("marriage-certificate"):
        registered = value(case, certificate, "registration_date")
        when = day(registered.text) if registered else None
        if registered is None or when is None:
            reason = (
                f"{paper(case, certificate)}: chưa đọc được ngày đăng ký nên chưa tính được tuổi. Xem giấy."
            )
            yield on_paper(certificate, "UNKNOWN", reason, "WARN")
        elif when >= LAW_OF_2014:
            for who, age, name in _OF_AGE:
                yield _of_age(case, certificate, registered, when, (who, age, name))


def _of_age(
    case: Case, certificate: Component, registered: Value, when: date, spouse: tuple[str, int, str]
) -> Outcome:
    who, age, name = spouse
    born = value(case, certificate, f"{who}_date_of_birth")
    birth = day(born.text) if born else None
    if born is None or birth is None:
        reason = f"{paper(case, certificate)}: chưa đọc được ngày sinh của {name} nên chưa tính được tuổi. Xem giấy."
        return on_paper(certificate, "UNKNOWN", reason, "WARN")
    if birth.year + age > date.max.year or birthday(birth, age) > when:
        reason = f"{born.where}: {name} chưa đủ {age} tuổi vào ngày đăng ký {shown(when)}. So lại hai ngày với giấy."
        return born.says(against(born, registered), reason)
    return born.says("PASS", f"{born.where}: đủ {age} tuổi vào ngày đăng ký.")


@rule(
    "D11",
    word="correct",
    severity="BLOCK",
    object="việc khai tử",
    title="Ngày chết ≤ ngày báo tử ≤ ngày đăng ký; không có giấy nào người chết ký sau đó",
    reason="Các ngày đúng thứ tự; giấy khác của hồ sơ và dữ liệu dân cư không nói người đó còn sống sau ngày chết.",
    source="Luật Hộ tịch 2014, điều 32-34",
    since=date(2016, 1, 1),
)
def death_is_told_in_order(case: Case) -> Iterator[Outcome]:
    for extract in case.of_type("death-extract"):
        died, registered = value(case, extract, "death_date"), value(case, extract, "registration_date")
        on = day(died.text) if died else None
        if died is None or on is None:
            reason = f"{paper(case, extract)}: chưa đọc được ngày chết. Xem giấy rồi ghi ngày chết."
            yield on_paper(extract, "UNKNOWN", reason)
            continue
        yield _registered(died, on, registered)
        yield from _notice(extract, died, on, day(registered.text) if registered else None)
        yield from _acts_after(case, extract, died, on)
        yield from _in_database(case, extract, died, on)


def _registered(died: Value, on: date, registered: Value | None) -> Outcome:
    when = day(registered.text) if registered else None
    if registered is None or when is None:
        return died.says("UNKNOWN", f"{died.where}: chưa đọc được ngày đăng ký khai tử. Xem giấy.", "WARN")
    if when < on:
        reason = (
            f"{registered.where}: ngày đăng ký {shown(when)} trước ngày chết {shown(on)}. So lại với giấy."
        )
        return registered.says(against(died, registered), reason)
    return registered.says("PASS", f"{registered.where}: không trước ngày chết.")


def _notice(extract: Component, died: Value, on: date, registered: date | None) -> Iterator[Outcome]:
    """The notice of death is told in running text, of which no reading is sure: it may only cast doubt."""
    told = _NOTICE.search(fold(extract.text))
    when = parse_date(told[0]) if told else None
    if when and (when < on or (registered is not None and when > registered)):
        reason = (
            f"{died.where}: Giấy báo tử cấp ngày {shown(when)}, không nằm giữa ngày chết và ngày đăng ký. "
            "So lại các ngày với giấy."
        )
        yield died.says("UNKNOWN", reason, "WARN")


def _acts_after(case: Case, extract: Component, died: Value, on: date) -> Iterator[Outcome]:
    """A paper that the same person declared or got after the day of death; extracts of the death are always later."""
    dead = value(case, extract, "personal_id")
    if dead is None:
        return
    for person in people(case.components, case.document_types):
        number = person_value(case, person, "id")
        if number is None or person.component.type == extract.type or not number.same(dead):
            continue
        if person.role not in ("holder", "applicant", "husband", "wife") or number.kind.name not in PERSONAL:
            continue
        signed = next((v for name in _SIGNED if (v := value(case, person.component, name))), None)
        when = day(signed.text) if signed else None
        if signed and when and when > on:
            reason = f"{signed.where}: ngày {shown(when)} sau ngày chết {shown(on)} của chính người đó. So hai giấy."
            yield signed.says(against(died, dead, number, signed), reason)


def _in_database(case: Case, extract: Component, died: Value, on: date) -> Iterator[Outcome]:
    dead, database = value(case, extract, "personal_id"), case.sources.population_database
    if dead is None or database is None or dead.kind.name not in PERSONAL:
        return
    try:
        known = database.person(dead.text)
    except SourceAway:
        yield away("population-database")
        return
    told = next((event.on for event in known.events if event.kind == "death"), None) if known else None
    if told is None:
        reason = f"{died.where}: dữ liệu dân cư chưa ghi nhận việc khai tử. Cập nhật sau khi đăng ký."
        yield died.says("UNKNOWN", reason, "INFO")
    elif told != on:
        reason = f"{died.where}: dữ liệu dân cư ghi ngày chết {shown(told)}. So lại với giấy và nguồn."
        yield died.says(against(died, dead), reason)
    else:
        yield died.says("PASS", f"{died.where}: trùng với dữ liệu dân cư.")
