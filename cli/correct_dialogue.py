"""The dialogue of `sohoa correct` on a terminal: one open point after the other, in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence

from cli.console import out, plain
from dossier.decisions import PERSON, is_person
from flows.correcting import OpenPoint, Request
from flows.openpoints import Act

KEYS: dict[str, Act] = {"x": "confirm", "s": "correct", "c": "waive", "d": "reuse"}
ACTS: dict[Act, str] = {
    "confirm": "[x] xác nhận đúng như giấy",
    "correct": "[s] sửa",
    "waive": "[c] chấp nhận cảnh báo",
    "reuse": "[d] dùng lại giấy đã lưu",
}
REASON = "đã so với bản giấy"
SEEN = "đã xem giấy ở hồ sơ trước"


def point_lines(point: OpenPoint) -> list[str]:
    """An open point for a person: what, where, what was seen, what may be done."""
    name = f"{point.component}.{point.field}" if point.field else point.component or "hồ sơ"
    what = [name, point.title, point.paper, point.file, f"trang {point.page}" if point.page else None]
    lines = [f"{point.number}. " + " · ".join(part for part in what if part)]
    if point.field:
        pen = " (viết tay)" if point.handwritten else ""
        lines.append(f"   giá trị: {point.value or '–'}{pen}")
        others = [witness for witness in point.candidates if witness.value != point.value]
        if others:
            lines.append("   cũng thấy: " + "; ".join(f"{one.value} ({_who(one.by)})" for one in others))
    if point.people:
        lines.append(f"   đã quyết định: {', '.join(point.people)}")
    for said in point.said:
        extra = f" [chấp nhận được: --waive {said.rule}{_at(point)}]" if said.waivable else ""
        lines.append(f"   {said.rule} {said.severity} {said.verdict}: {said.reason}{extra}")
    if point.people_needed > 1:
        lines.append(f"   cần {point.people_needed} người khác nhau so với giấy")
    for offer in point.offers:
        lines.append(f"   dùng lại được cho {offer.title}: {offer.paper} [--reuse {offer.wanted}]")
    if not point.acts:
        lines.append("   không quyết định thay giấy được: sửa hoặc quét lại giấy rồi nộp lại")
    return lines


def ask(points: Sequence[OpenPoint], by: str | None, reason: str | None) -> list[Request]:
    """Ask for each point in turn. Nothing is decided before all are gone through and the person says yes."""
    name = by or _line("Họ và tên người quyết định (để trống: chỉ xem)")
    if not name:
        return []
    found: list[Request] = []
    for point in points:
        if point.acts:
            out.print()
            for line in point_lines(point):
                out.print(plain(line))
            found += _decided(point, name, reason)
    if not found or _line(f"Ghi {len(found)} quyết định của {name}? [c/K]").lower() not in ("c", "co", "có"):
        return []
    return found


def _decided(point: OpenPoint, by: str, reason: str | None) -> list[Request]:
    keys = {key: act for key, act in KEYS.items() if act in point.acts}
    choice = _line(", ".join(ACTS[act] for act in keys.values()) + ", Enter: để sau").lower()
    act = keys.get(choice)
    if act is None:
        return []
    if act == "reuse":
        return _taken(point, by, reason)
    value = _line("Giá trị trên giấy") if act == "correct" else None
    if act == "correct" and not value:
        return []
    why = reason or (_line("Lý do") if act == "waive" else _line(f"Lý do (Enter: {REASON})") or REASON)
    if not why:
        out.print(plain("Chấp nhận cảnh báo phải có lý do: điểm này để lại."))
        return []
    if act != "waive":
        return [
            Request(kind=act, component=point.component, field=point.field, value=value, by=by, reason=why)
        ]
    rules = dict.fromkeys(said.rule for said in point.said if said.waivable)
    return [Request(kind="waive", rule=rule, component=point.component, by=by, reason=why) for rule in rules]


def _taken(point: OpenPoint, by: str, reason: str | None) -> list[Request]:
    """Each paper on offer in turn: one is taken only where the person says so."""
    found = []
    for offer in point.offers:
        wanted = offer.wanted
        what = f"{offer.paper} ở hồ sơ {wanted.dossier} (giấy {wanted.component}) cho {offer.title}"
        if _line(f"Đã xem và dùng lại {what}? [c/K]").lower() in ("c", "co", "có"):
            why = reason or _line(f"Lý do (Enter: {SEEN})") or SEEN
            found.append(Request(kind="reuse", wanted=wanted, by=by, reason=why))
    return found


def _line(prompt: str) -> str:
    out.print(plain(prompt + ": "), end="")
    try:
        return input().strip()
    except EOFError:
        return ""


def _who(by: str) -> str:
    return by.removeprefix(PERSON) if is_person(by) else by


def _at(point: OpenPoint) -> str:
    return f":{point.component}" if point.component else ""
