"""Addresses name units that there were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.units import TWO_LEVELS, Parsed, lists
from validators.case import Case
from validators.look import against
from validators.registry import Outcome, rule
from validators.units import Address, addresses

_OF_THE_PAST = frozenset({"place_of_origin", "place_of_birth"})
"""They may name units of long before the first list, on a paper of today."""


@rule(
    "D13",
    word="correct",
    severity="WARN",
    object="địa chỉ",
    title="Đơn vị hành chính trong địa chỉ có thật",
    reason="Cặp tỉnh – xã có trong danh mục đơn vị hành chính hiệu lực vào ngày của giấy.",
    source="Nghị quyết 202/2025/QH15; Quyết định 19/2025/QĐ-TTg",
    since=date(2025, 7, 1),
)
def units_exist(case: Case) -> Iterator[Outcome]:
    for address in addresses(case):
        if address.names_commune:
            yield _judged(address)


def _judged(address: Address) -> Outcome:
    seen, parsed = address.value, address.parsed
    if parsed.complete and address.historic and (address.dated or TWO_LEVELS) >= TWO_LEVELS:
        if address.dated is None or seen.field.name in _OF_THE_PAST:
            return seen.says("PASS", f"{seen.where}: đơn vị có trong danh mục đến 30/6/2025.")
        reason = f"{seen.where}: ghi theo đơn vị trước 1/7/2025 trên giấy lập sau ngày đó. Giữ như in; so lại với giấy."
        return seen.says("UNKNOWN", reason, "INFO")
    if parsed.complete and address.ahead:
        reason = f"{seen.where}: đơn vị chỉ có từ 1/7/2025 mà giấy ghi ngày trước đó. So lại ngày và địa chỉ với giấy."
        return seen.says("UNKNOWN", reason, "INFO")
    if parsed.complete:
        old = " (tên loại cũ)" if parsed.stale else ""
        return seen.says("PASS", f"{seen.where}: đơn vị có trong danh mục{old}.")
    if parsed.candidates:
        names = "; ".join(unit.full for unit in parsed.candidates[:4])
        return seen.says("UNKNOWN", f"{seen.where}: có thể là {names}. So với giấy rồi xác nhận.")
    if _clearly_none(address):
        reason = (
            f"{seen.where}: không có đơn vị này trong tỉnh, thành phố đã ghi, cả trước và sau 1/7/2025. "
            "So với giấy: đọc sai thì sửa, đúng như giấy thì xác nhận."
        )
        return seen.says(against(seen), reason)
    reason = f"{seen.where}: chưa xác định được đơn vị hành chính. Người đối chiếu danh mục."
    return seen.says("UNKNOWN", reason, "INFO")


def _clearly_none(address: Address) -> bool:
    """The paper is of the time of the lists, its province is known, and no unit there has nearly that name.

    Units that were gone before the list to 30 June 2025 are in neither: a paper of then proves nothing.
    """
    parsed = address.parsed
    if address.dated is None or address.dated < TWO_LEVELS or address.value.field.name in _OF_THE_PAST:
        return False
    return parsed.province is not None and not _known(parsed, parsed.province.code, address.historic)


def _known(parsed: Parsed, province: str, historic: bool) -> bool:
    """Whether some unit of the province, of what went into it or of what it went into, has nearly such a name."""
    old, new = lists()
    now = set(old.into.get(province, ())) if historic else {province}
    before = {code for code, into in old.into.items() if now & set(into) and code in old.units}
    everywhere = [unit for code in now for unit in new.communes(code)]
    for code in before:
        everywhere += [*old.communes(code), *old.children[code]]
    names = [
        part.split(" ", 2 if part.casefold().startswith(("thị", "đặc")) else 1)[-1]
        for part in parsed.unmatched
    ]
    return any(new.near(everywhere, name) for name in names)
