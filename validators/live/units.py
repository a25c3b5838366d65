"""Addresses of before July 2025 and their unit of today. The printed address is lawful and never rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossier.catalogue.units import Carried, Method, Unit, carried, place
from validators.case import Case
from validators.registry import Outcome, rule
from validators.units import Address, addresses

_METHODS: dict[Method, str] = {
    "exact": "không đổi",
    "renamed": "đổi tên hoặc loại",
    "merged": "nhập vào đơn vị khác",
}


@rule(
    "L07",
    word="live",
    severity="WARN",
    object="địa chỉ",
    title="Địa chỉ có mã đơn vị hành chính hiện hành",
    reason="Giữ địa chỉ như in và thêm mã đơn vị hiện hành, kèm cách chuyển (không đổi, đổi tên, nhập).",
    source="Nghị quyết 202/2025/QH15; CV 4856/BCA-TTDLQG, Phụ lục 3",
    since=date(2025, 7, 1),
)
def units_of_today(case: Case) -> Iterator[Outcome]:
    for address in addresses(case):
        seen, unit = address.value, address.parsed.commune
        if unit is None:
            if address.names_commune:
                reason = f"{seen.where}: chưa xác định được đơn vị nên chưa có mã hiện hành. Giữ như in."
                yield seen.says("UNKNOWN", reason, "INFO")
            continue
        went = carried(unit, case.today)
        if went.method in _METHODS:
            method: Method = "renamed" if address.parsed.stale and went.method == "exact" else went.method
            reason = (
                f"{seen.where}: giữ như in; mã hiện hành {went.code} "
                f"({place(went.candidates[0], case.today)}), cách chuyển: {_METHODS[method]}."
            )
            yield seen.says("PASS", reason)
        elif went.method == "unknown":
            yield seen.says(
                "UNKNOWN", f"{seen.where}: không có đơn vị kế tiếp trong danh mục. Giữ như in.", "INFO"
            )


@rule(
    "L08",
    word="live",
    severity="WARN",
    object="địa chỉ",
    title="Đơn vị bị chia thì người chọn đơn vị hiện hành",
    reason="Xã, phường cũ chia vào nhiều đơn vị mới: không tự chuyển; người chọn theo thôn, ấp, số nhà.",
    source="Nghị quyết 202/2025/QH15; CV 4856/BCA-TTDLQG, Phụ lục 3",
    since=date(2025, 7, 1),
)
def split_units(case: Case) -> Iterator[Outcome]:
    for address in addresses(case):
        unit = address.parsed.commune
        if unit is not None and address.historic:
            yield _chosen(address, unit, carried(unit, case.today), case.today)


def _chosen(address: Address, unit: Unit, went: Carried, today: date) -> Outcome:
    where = address.value.where
    if went.method != "split":
        return address.value.says("PASS", f"{where}: {unit.kind} cũ không bị chia.")
    choice = "; ".join(f"{one.code} {place(one, today)}" for one in went.candidates)
    reason = (
        f"{where}: {unit.kind} cũ đã chia vào nhiều đơn vị: {choice}. "
        "Giữ như in; người biết địa bàn chọn đơn vị hiện hành."
    )
    return address.value.says("UNKNOWN", reason)
