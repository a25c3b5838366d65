"""Land certificates: the serial of the template, areas in words, parcels as applied for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from validators.case import Case
from validators.look import Value, against, day, paper, shown, value
from validators.registry import Outcome, rule
from validators.words import in_words

CERTIFICATE = "land-certificate"
NEW_TEMPLATE = date(2024, 8, 1)
_PLACE = ("parcel_number", "map_sheet")


@rule(
    "D18",
    word="correct",
    severity="WARN",
    object="giấy chứng nhận quyền sử dụng đất",
    title="Số phát hành đúng mẫu giấy chứng nhận theo ngày cấp",
    reason="Hai chữ và sáu số (mẫu cũ) hoặc tám số (mẫu mới); mẫu mới chỉ có từ 01/08/2024.",
    source="Thông tư 10/2024/TT-BTNMT; Thông tư 23/2014/TT-BTNMT",
    since=NEW_TEMPLATE,
)
def serial_fits_template(case: Case) -> Iterator[Outcome]:
    for certificate in case.of_type(CERTIFICATE):
        serial, issued = value(case, certificate, "serial"), value(case, certificate, "issue_date")
        if serial is None:
            continue
        digits = sum(char.isdecimal() for char in serial.text)
        when = day(issued.text) if issued else None
        if digits not in (6, 8):
            reason = f"{serial.where}: số phát hành phải có hai chữ và sáu hoặc tám số. So lại với giấy."
            yield serial.says(against(serial), reason)
        elif issued is None or when is None:
            reason = (
                f"{serial.where}: chưa đọc được ngày cấp nên chưa biết số có đúng mẫu không. Ghi ngày cấp."
            )
            yield serial.says("UNKNOWN", reason)
        elif digits == 8 and when < NEW_TEMPLATE:
            reason = f"{serial.where}: tám số là mẫu từ 01/08/2024 nhưng giấy cấp ngày {shown(when)}. So lại."
            yield serial.says(against(serial, issued), reason)
        elif digits == 6 and when >= NEW_TEMPLATE:
            # Whether forms of the old template could still be used up for a time was not found in a text seen.
            reason = f"{serial.where}: sáu số là mẫu cũ nhưng giấy cấp từ 01/08/2024. Xem mẫu giấy."
            yield serial.says("UNKNOWN", reason)
        else:
            yield serial.says("PASS", f"{serial.where}: đúng mẫu giấy chứng nhận theo ngày cấp.")


@rule(
    "D19",
    word="correct",
    severity="BLOCK",
    object="giấy chứng nhận quyền sử dụng đất",
    title="Diện tích bằng số trùng bằng chữ; số thửa, tờ bản đồ trùng với đơn",
    reason="Diện tích ghi bằng số và bằng chữ là một; số thửa và số tờ bản đồ trùng với các giấy khác của hồ sơ.",
    source="Thông tư 10/2024/TT-BTNMT (mẫu giấy chứng nhận)",
    since=date(2014, 7, 5),
)
def land_is_told_alike(case: Case) -> Iterator[Outcome]:
    for certificate in case.of_type(CERTIFICATE):
        area = value(case, certificate, "area_m2")
        if area:
            yield from _area(area)
        for name in _PLACE:
            place = value(case, certificate, name)
            if place:
                yield from _as_applied_for(case, place, name)


def _area(area: Value) -> Iterator[Outcome]:
    told = in_words(area)
    if told is None:
        return
    if told.same(area.telling):
        yield area.says("PASS", f"{area.where}: diện tích bằng chữ trùng bằng số.")
    else:
        reason = (
            f"{area.where}: diện tích bằng chữ khác bằng số. So lại với giấy; giấy sai thì trả lại để sửa."
        )
        yield area.says("FAIL" if told.contradicted and area.sure else "UNKNOWN", reason, beside=told.sides)


def _as_applied_for(case: Case, place: Value, name: str) -> Iterator[Outcome]:
    """Held against papers that are no certificate: a dossier may hold those of several parcels."""
    told = [
        other
        for component in case.components
        if component.type != CERTIFICATE and (other := value(case, component, name))
    ]
    if twin := next((other for other in told if place.same(other)), None):
        yield place.says("PASS", f"{place.where}: trùng với {paper(case, twin.component)}.")
    elif told:
        reason = f"{place.where}: khác với {told[0].where}. So hai giấy: giấy nào sai thì trả lại để sửa."
        yield place.says(against(place, *told), reason, beside=told)
