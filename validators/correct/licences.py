"""Driving licences: the term that the law gives to their classes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dossier.kinds.times import UNLIMITED
from validators.case import Case
from validators.look import Value, against, day, on_paper, paper, shown, value
from validators.registry import Outcome, rule
from validators.terms import licence_terms, years_after

_GRACE = timedelta(days=1)


@rule(
    "D17",
    word="correct",
    severity="WARN",
    object="giấy phép lái xe",
    title="Hạn giấy phép lái xe đúng thời hạn của hạng",
    reason="Hạn bằng ngày cấp cộng thời hạn của hạng; hạng A1, A, B1 không thời hạn.",
    source="Luật Trật tự, an toàn giao thông đường bộ 2024, điều 57 khoản 5",
    since=date(2025, 1, 1),
)
def licence_term_fits_class(case: Case) -> Iterator[Outcome]:
    for licence in case.of_type("driving-licence"):
        classes, issued, expiry = (
            value(case, licence, name) for name in ("licence_class", "issue_date", "expiry_date")
        )
        when = day(issued.text) if issued else None
        known = licence_terms(classes.text, when) if classes and when else None
        if not (classes and issued and expiry and when):
            found = {"hạng": classes, "ngày cấp": when, "hạn": expiry}
            unread = ", ".join(name for name, seen in found.items() if not seen)
            reason = f"{paper(case, licence)}: chưa đọc được {unread} nên chưa tính được hạn. Xem giấy phép."
            yield on_paper(licence, "UNKNOWN", reason)
        elif known:
            yield _fits(classes, issued, expiry, when, known)


def _fits(classes: Value, issued: Value, expiry: Value, when: date, known: tuple[int | None, ...]) -> Outcome:
    expected = [years_after(when, years) for years in known if years is not None]
    printed = day(expiry.text)
    if expiry.text == UNLIMITED:
        right, longest = None in known, None
    elif printed is None:
        return expiry.says("UNKNOWN", f"{expiry.where}: không hiểu được hạn. So lại với giấy phép.")
    else:
        right = any(abs(printed - end) <= _GRACE for end in expected)
        longest = max(expected, default=None)
    if right:
        return expiry.says("PASS", f"{expiry.where}: đúng thời hạn của hạng {classes.text}.")
    if printed and longest and printed < longest:
        # One that was issued anew for a lost one keeps the term of the first.
        reason = f"{expiry.where}: sớm hơn thời hạn của hạng {classes.text}. Có thể là giấy phép cấp lại; xem giấy."
        return expiry.says("UNKNOWN", reason)
    should = " hoặc ".join(shown(end) for end in expected) or "không thời hạn"
    reason = f"{expiry.where}: không đúng thời hạn của hạng {classes.text} (tính ra {should}). So lại với giấy phép."
    return expiry.says(against(expiry, issued, classes), reason)
