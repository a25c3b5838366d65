"""What one card tells twice: in print, in its QR code, in its MRZ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher

from dossier.text.vietnamese import fold
from validators.case import Case
from validators.correct.identity import CARD
from validators.gate import opinions
from validators.look import Value, value
from validators.registry import Outcome, rule
from validators.witnesses import STRONG, Telling, sources, views

ALIKE, ANOTHER = 0.8, 0.6  # likeness of two names: one name with a slip or two; certainly two names
_NAMED: Mapping[str | None, str] = {"qr": "mã QR", "mrz": "dòng MRZ"}


@rule(
    "D03",
    word="correct",
    severity="BLOCK",
    object="thẻ căn cước",
    title="Số trên mã QR, dòng MRZ và số in là một",
    reason="Các số đọc từ mã QR, dòng MRZ và chữ in của một thẻ phải trùng nhau.",
    source="Luật Căn cước 2023, điều 18; ICAO 9303-5",
    since=date(2021, 1, 1),
)
def card_numbers_agree(case: Case) -> Iterator[Outcome]:
    for card in case.of_type(CARD):
        number = value(case, card, "personal_id")
        told = number.readings() if number else ()
        codes = [one for one in told if one.by in STRONG]
        if number and codes and len(told) > 1:
            yield _card_number(number, codes, [one for one in told if one.by not in STRONG])


def _card_number(number: Value, codes: Sequence[Telling], printed: Sequence[Telling]) -> Outcome:
    if len(views(codes)) > 1:
        reason = (
            f"{number.where}: mã QR và dòng MRZ cho hai số khác nhau. Có thể hai mặt của hai thẻ: "
            "kiểm tra rồi quét lại đúng hai mặt của một thẻ."
        )
        return number.says("FAIL", reason, beside=codes)
    code = codes[0]
    otherwise = [one for one in printed if not one.same(code)]
    alike = len(sources(otherwise)) >= 2 and len(views(otherwise)) == 1 and len(otherwise) == len(printed)
    if not otherwise or (len(codes) == 2 and not alike):
        return number.says("PASS", f"{number.where}: các nguồn trên thẻ cho cùng một số.")
    if alike and len(codes) == 2:
        # Two codes outvote a misread print; that two readers misread it alike is for a person to see.
        reason = f"{number.where}: số in đọc hai lần đều khác số trong mã QR và dòng MRZ. So lại với thẻ."
        return number.says("UNKNOWN", reason, beside=[code, otherwise[0]])
    if alike:
        reason = (
            f"{number.where}: số in khác số trong {_NAMED[code.by]}. Kiểm tra thẻ rồi quét lại đúng hai mặt của "
            "một thẻ."
        )
        return number.says("FAIL", reason, beside=[code, otherwise[0]])
    if len(otherwise) < len(printed):
        return number.says("PASS", f"{number.where}: số trong {_NAMED[code.by]} trùng với số in.")
    if code.same(number.telling) and len(opinions(number.field, number.kind)[0]) >= 2:
        return number.says("PASS", f"{number.where}: hai cán bộ đã so số in với số trong {_NAMED[code.by]}.")
    reason = f"{number.where}: số in đọc chưa rõ, khác số trong {_NAMED[code.by]}. So lại với thẻ."
    return number.says("UNKNOWN", reason, beside=[code, otherwise[0]])


@rule(
    "D05",
    word="correct",
    severity="WARN",
    object="thẻ căn cước",
    title="Họ tên trên mã QR, dòng MRZ và chữ in là một",
    reason="Tên trong mã QR trùng tên in; tên MRZ là tên in bỏ dấu.",
    source="Luật Căn cước 2023, điều 18; ICAO 9303-5",
    since=date(2021, 1, 1),
)
def card_names_agree(case: Case) -> Iterator[Outcome]:
    for card in case.of_type(CARD):
        name = value(case, card, "full_name")
        told = name.readings() if name else ()
        codes = {one.by: one for one in told if one.by in STRONG}
        whole = [*(one for one in told if one.by == "qr"), *(one for one in told if one.by not in STRONG)]
        if name and codes and whole and len(told) > 1:
            yield _card_name(name, codes.get("qr"), codes.get("mrz"), whole)


def _card_name(name: Value, qr: Telling | None, mrz: Telling | None, whole: Sequence[Telling]) -> Outcome:
    """whole: the names with their marks, the QR code's first."""
    printed = [one for one in whole if one is not qr]
    right = not qr or not printed or any(qr.same(one) for one in printed)
    # The MRZ's name has no check digit, so a letter of it is easily misread.
    near = mrz is None or max(_likeness(mrz.text, one.text) for one in whole) >= ALIKE
    if right and near:
        return name.says("PASS", f"{name.where}: tên in, tên trong mã QR và MRZ là một.")
    others = [*whole[1:], *([mrz] if mrz else [])]
    code = qr if qr and not right else mrz or qr
    sides = [*([code] if code else []), *printed[:1]]
    what = _NAMED[code.by] if code else "mã"
    if _another_name(whole[0].text, [one.text for one in others]) or _two_cards(whole, printed, qr, mrz):
        reason = f"{name.where}: tên in khác hẳn tên trong {what}. Kiểm tra hai mặt có cùng một thẻ không."
        return name.says("FAIL", reason, beside=sides)
    reason = f"{name.where}: tên in đọc chưa rõ, chưa khớp từng chữ với tên trong {what}."
    return name.says("UNKNOWN", reason, beside=sides)


def _two_cards(
    whole: Sequence[Telling], printed: Sequence[Telling], qr: Telling | None, mrz: Telling | None
) -> bool:
    """The MRZ is like no other name; or print that was read twice alike is like no code."""
    if mrz and len(whole) >= 2 and _another_name(mrz.text, [one.text for one in whole]):
        return True
    twice = len(sources(printed)) >= 2 and len(views(printed)) == 1
    return twice and _another_name(printed[0].text, [code.text for code in (qr, mrz) if code])


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, fold(left), fold(right)).ratio()


def _another_name(name: str, others: list[str]) -> bool:
    """None of the others is like it, or a part of it, or it a part of them."""
    words = set(fold(name).split())
    return all(
        _likeness(name, other) < ANOTHER and not (told <= words or words <= told)
        for other in others
        for told in [set(fold(other).split())]
    )
