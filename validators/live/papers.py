"""Papers that run out, are replaced, or come late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dossier.kinds.times import UNLIMITED
from dossier.lapses import months_after
from dossier.record import Component
from validators.cards import computed_expiry
from validators.case import Case
from validators.look import Value, against, day, on_paper, paper, shown, value
from validators.registry import Outcome, rule

LATE_AFTER = timedelta(days=60)
DEATH_LATE_AFTER = timedelta(days=15)


@rule(
    "L01",
    word="live",
    severity="BLOCK",
    object="thẻ căn cước",
    title="Thẻ căn cước còn hạn vào ngày tiếp nhận",
    reason="Ngày hết hạn (in trên thẻ hoặc tính theo mốc tuổi) không trước ngày tiếp nhận; không nhận CMND 9 số.",
    source="Luật Căn cước 2023, điều 21 và 46",
    since=date(2021, 1, 1),
    lapses=True,
)
def card_in_force(case: Case) -> Iterator[Outcome]:
    for card in case.of_type("citizen-id-card"):
        number = value(case, card, "personal_id")
        if number and len(number.text) == 9 and case.received_on > date(2024, 12, 31):
            reason = f"{number.where}: Giấy chứng minh nhân dân 9 số không còn giá trị từ 01/01/2025"
            yield run_out(reason, number, "số", "thẻ căn cước")
            continue
        yield _card(case, card)


def _card(case: Case, card: Component) -> Outcome:
    expiry = value(case, card, "expiry_date")
    if expiry and expiry.text == UNLIMITED:
        return expiry.says("PASS", "Thẻ căn cước không thời hạn.")
    until = day(expiry.text) if expiry else None
    if expiry and until:
        if until >= case.received_on:
            return still_good(case, expiry, until)
        return run_out(f"{expiry.where}: thẻ hết hạn {shown(until)}, trước ngày tiếp nhận", expiry)
    born, issued = value(case, card, "date_of_birth"), value(case, card, "issue_date")
    birth, issue = day(born.text if born else None), day(issued.text if issued else None)
    if born is None or issued is None or birth is None or issue is None or issue < birth:
        return on_paper(
            card, "UNKNOWN", "Chưa đọc được hạn của thẻ căn cước. Xem thẻ, quét lại mặt có ngày hết hạn."
        )
    computed = computed_expiry(birth, issue)
    if computed is None or computed >= case.received_on:
        return issued.says("PASS", "Hạn thẻ tính theo mốc tuổi: còn hạn.")
    reason = f"Hạn thẻ tính theo mốc tuổi là {shown(computed)}: đã hết hạn. Xem thẻ, đề nghị giấy tờ còn hạn."
    return issued.says(against(issued, born), reason)


@rule(
    "L03",
    word="live",
    severity="BLOCK",
    object="giấy xác nhận tình trạng hôn nhân",
    title="Giấy xác nhận tình trạng hôn nhân cấp chưa quá 6 tháng",
    reason="Ngày tiếp nhận không quá 6 tháng từ ngày cấp.",
    source="Nghị định 123/2015/NĐ-CP, điều 23",
    since=date(2016, 1, 1),
    lapses=True,
)
def marital_status_is_recent(case: Case) -> Iterator[Outcome]:
    """The one that is handed back for a new one (Decree 123/2015, art 22) may have run out: that is why it is."""
    yield from _recent(case, "marital-status-confirmation", 6, but="earlier-confirmation")


@rule(
    "L04",
    word="live",
    severity="BLOCK",
    object="xác nhận thông tin về cư trú (CT07)",
    title="Xác nhận cư trú cấp chưa quá 1 năm",
    reason="Ngày tiếp nhận không quá 1 năm từ ngày cấp.",
    source="Thông tư 55/2021/TT-BCA, điều 17 (sửa bởi Thông tư 66/2023/TT-BCA)",
    since=date(2024, 1, 1),
    lapses=True,
)
def residence_is_recent(case: Case) -> Iterator[Outcome]:
    yield from _recent(case, "residence-confirmation", 12)


def _recent(case: Case, type: str, months: int, but: str = "") -> Iterator[Outcome]:
    """but: the requirement whose paper may be an old one."""
    for component in case.of_type(type):
        if but and component.role == but:
            reason = f"{paper(case, component)}: nộp lại bản cũ để cấp lại, không xét thời hạn."
            yield on_paper(component, "NOT_APPLICABLE", reason)
            continue
        name = paper(case, component)
        issued = value(case, component, "issue_date")
        when = day(issued.text) if issued else None
        if issued is None or when is None:
            yield on_paper(
                component, "UNKNOWN", f"{name}: chưa đọc được ngày cấp. Xem giấy rồi ghi ngày cấp."
            )
            continue
        until = months_after(when, months)
        if case.received_on <= until:
            yield still_good(case, issued, until)
        else:
            yield run_out(
                f"{issued.where}: giấy chỉ có giá trị {months} tháng, đã hết {shown(until)}", issued
            )


@rule(
    "L06",
    word="live",
    severity="BLOCK",
    object="kết quả",
    title="Kết quả chưa bị thay bằng bản cấp sau",
    reason="Sổ hồ sơ đã lưu không có kết quả cùng loại của cùng người cấp sau giấy này.",
    source="Luật Hộ tịch 2014, điều 12; Nghị định 118/2025/NĐ-CP, điều 22",
    since=date(2016, 1, 1),
    needs="index",
)
def result_is_the_latest(case: Case) -> Iterator[Outcome]:
    for result in case.components:
        if case.earlier is None or result.role != "result":
            continue
        owner = value(case, result, "personal_id")
        issued = value(case, result, "issue_date") or value(case, result, "registration_date")
        when = day(issued.text) if issued else None
        if owner is None or issued is None or when is None:
            reason = "Chưa đọc được số định danh hoặc ngày cấp của kết quả nên chưa tra được bản cấp sau."
            yield on_paper(result, "UNKNOWN", reason, "INFO")
            continue
        others = case.earlier.same_matter(result.type, owner.text, case.dossier)
        newer = [other for other in others if other.issue_date and other.issue_date > when]
        if newer:
            reason = f"{issued.where}: đã có bản cấp sau ở hồ sơ {newer[0].dossier}. Dùng bản mới nhất."
            yield issued.says(against(owner, issued), reason)
        else:
            yield issued.says("PASS", "Không có bản cấp sau trong sổ hồ sơ đã lưu.")


@rule(
    "L18",
    word="live",
    severity="INFO",
    object="việc đăng ký",
    title="Đăng ký khai sinh trong 60 ngày, khai tử trong 15 ngày",
    reason="Quá hạn vẫn đăng ký được nhưng phải ghi là đăng ký quá hạn.",
    source="Luật Hộ tịch 2014, điều 15 và 33",
    since=date(2016, 1, 1),
)
def registered_in_time(case: Case) -> Iterator[Outcome]:
    for form in case.of_type("birth-registration-form"):
        born = value(case, form, "date_of_birth")
        when = day(born.text) if born else None
        if born is None or when is None:
            yield on_paper(form, "UNKNOWN", "Chưa đọc được ngày sinh nên chưa biết có quá hạn 60 ngày không.")
        elif case.received_on - when > LATE_AFTER:
            days = (case.received_on - when).days
            reason = f"{born.where}: nộp sau khi sinh {days} ngày, quá 60 ngày. Vẫn hợp lệ; ghi là đăng ký quá hạn."
            yield born.says(against(born), reason)
        else:
            yield born.says("PASS", f"{born.where}: nộp trong 60 ngày.")
    for extract in case.of_type("death-extract"):
        yield _death_in_time(case, extract)


def run_out(what: str, seen: Value, read: str = "ngày", wanted: str = "giấy tờ còn hạn") -> Outcome:
    """Of a paper that had run out on the day of reception; who handed it in is not sent home on a doubtful reading."""
    verdict = against(seen)
    unsure = f"Đọc chưa chắc: so {read} với giấy, đọc sai thì sửa"
    do = f"Đề nghị {wanted}" if verdict == "FAIL" else unsure
    return seen.says(verdict, f"{what}. {do}.")


def still_good(case: Case, seen: Value, until: date) -> Outcome:
    """Of a paper that was good on the day of reception: whether it still is on the day of judging."""
    if case.today <= until:
        return seen.says("PASS", f"{seen.where}: còn giá trị đến {shown(until)}.")
    reason = f"{seen.where}: có giá trị lúc tiếp nhận, đã hết {shown(until)}. Không dùng lại cho hồ sơ khác."
    return seen.says(against(seen), reason, "INFO")


def _death_in_time(case: Case, extract: Component) -> Outcome:
    died, registered = value(case, extract, "death_date"), value(case, extract, "registration_date")
    on, when = day(died.text if died else None), day(registered.text if registered else None)
    if died is None or registered is None or on is None or when is None:
        reason = "Chưa đọc được ngày chết hoặc ngày đăng ký nên chưa biết khai tử có quá hạn 15 ngày không."
        return on_paper(extract, "UNKNOWN", reason)
    if when - on > DEATH_LATE_AFTER:
        days = (when - on).days
        reason = (
            f"{registered.where}: sau ngày chết {days} ngày, quá 15 ngày. Vẫn hợp lệ; ghi là đăng ký quá hạn."
        )
        return registered.says(against(died, registered), reason)
    return registered.says("PASS", f"{registered.where}: khai tử trong 15 ngày.")
