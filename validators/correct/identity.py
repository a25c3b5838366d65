"""Personal IDs and the cards that carry them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher

from dossier.codes import mask, parse_personal_id
from dossier.kinds.times import UNLIMITED
from dossier.people import people
from dossier.text.vietnamese import fold
from validators.cards import computed_expiry, read_mrz
from validators.case import Case
from validators.gate import opinions
from validators.look import (
    PERSONAL_IDS,
    Value,
    against,
    day,
    on_paper,
    person_value,
    shown,
    value,
    values,
    year_of,
)
from validators.registry import Outcome, rule
from validators.witnesses import STRONG, Telling, sources, views

CARD = "citizen-id-card"
ALIKE, ANOTHER = 0.8, 0.6  # likeness of two names: one name with a slip or two; certainly two names
_NAMED: Mapping[str | None, str] = {"qr": "mã QR", "mrz": "dòng MRZ"}


@rule(
    "D01",
    word="correct",
    severity="BLOCK",
    object="số định danh cá nhân",
    title="Số định danh có 12 chữ số và mã nơi đăng ký khai sinh có thật",
    reason="Mười hai chữ số; ba số đầu thuộc danh mục 63 tỉnh (hoặc mã nước).",
    source="Luật Căn cước 2023, điều 12; Thông tư 07/2016/TT-BCA",
    since=date(2016, 3, 15),
)
def personal_id_structure(case: Case) -> Iterator[Outcome]:
    for number in values(case, *PERSONAL_IDS):
        parts = parse_personal_id(number.text)
        shown_id = mask(number.text)
        if parts and parts.province:
            yield number.says("PASS", f"{number.where}: số {shown_id} đúng cấu trúc.")
        elif parts and parts.place >= "100":
            reason = f"{number.where}: ba số đầu của {shown_id} là mã nước ngoài; đối chiếu với giấy gốc."
            yield number.says("UNKNOWN", reason)
        else:
            what = "mã tỉnh không có trong danh mục" if parts else "không đủ 12 chữ số"
            reason = f"{number.where}: số {shown_id} sai ({what}). So lại với giấy; quét lại hoặc sửa số."
            yield number.says(against(number), reason)


@rule(
    "D02",
    word="correct",
    severity="WARN",
    object="người",
    title="Số định danh phù hợp giới tính và năm sinh",
    reason="Số thứ tư (thế kỷ, giới tính) và hai số tiếp theo (năm sinh) phù hợp với giấy.",
    source="Nghị định 137/2015/NĐ-CP, điều 13; Nghị định 70/2024/NĐ-CP, điều 11",
    since=date(2016, 1, 1),
)
def personal_id_fits_person(case: Case) -> Iterator[Outcome]:
    for person in people(case.components, case.document_types):
        number = person_value(case, person, "id")
        parts = parse_personal_id(number.text) if number else None
        if number is None or parts is None:
            continue
        sex = person_value(case, person, "sex")
        born = person_value(case, person, "birth") or person_value(case, person, "year")
        if sex is None and born is None:
            continue
        wrong = []
        if sex and sex.text in ("Nam", "Nữ") and sex.text != parts.sex:
            wrong.append((sex, "giới tính"))
        if born and (year_of(born.text) or parts.birth_year) != parts.birth_year:
            wrong.append((born, "năm sinh"))
        if not wrong:
            yield number.says("PASS", f"{number.where}: phù hợp giới tính, năm sinh ghi trên giấy.")
            continue
        names = " và ".join(name for _, name in wrong)
        reason = (
            f"{number.where}: số {mask(number.text)} không phù hợp {names} ghi trên cùng giấy. So lại với giấy; "
            "nếu đã cải chính hợp pháp thì xác nhận kèm lý do."
        )
        sides = [other for other, _ in wrong]
        yield number.says(against(number, *sides), reason, beside=sides)


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
    if len(codes) == 2 or not otherwise:
        return number.says("PASS", f"{number.where}: các nguồn trên thẻ cho cùng một số.")
    if len(sources(otherwise)) >= 2 and len(views(otherwise)) == 1:
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
    "D04",
    word="correct",
    severity="BLOCK",
    object="thẻ căn cước",
    title="Các số kiểm tra của dòng MRZ đúng",
    reason="Số kiểm tra của MRZ (số thẻ, ngày sinh, hạn, số định danh) đúng; 9 số cuối định danh là số thẻ.",
    source="ICAO 9303-5 (TD1)",
    since=date(2021, 1, 1),
    uses=("text",),
)
def mrz_check_digits(case: Case) -> Iterator[Outcome]:
    for card in case.of_type(CARD):
        mrz = read_mrz(card.text)
        number = value(case, card, "personal_id")
        if mrz is None:
            if number and any(w.by == "mrz" and w.value == number.text for w in number.field.witnesses):
                yield number.says("PASS", f"{number.where}: được dòng MRZ xác nhận bằng số kiểm tra.")
            continue
        if mrz.valid:
            yield on_paper(card, "PASS", "Dòng MRZ mặt sau thẻ: mọi số kiểm tra đúng.")
        elif mrz.only_composite_wrong:
            reason = "Dòng MRZ mặt sau thẻ: riêng số kiểm tra chung sai. So lại dòng này với thẻ; nếu mờ thì quét lại."
            yield on_paper(card, "UNKNOWN", reason, "WARN")
        elif (
            number
            and number.sure
            and mrz.personal_id == number.text
            and mrz.document_number != number.text[3:]
        ):
            # The ID was read right, yet the number beside it is not its end: not a slip of the reader alone.
            reason = "Dòng MRZ mặt sau thẻ: số thẻ không phải 9 số cuối của số định danh. Kiểm tra lại thẻ."
            yield on_paper(card, "FAIL", reason)
        else:
            reason = "Dòng MRZ mặt sau thẻ: số kiểm tra không khớp, có thể do ảnh mờ. Quét lại mặt sau thẻ."
            yield on_paper(card, "UNKNOWN", reason, "WARN")


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
    if _another_name(whole[0].text, [one.text for one in others]):
        reason = f"{name.where}: tên in khác hẳn tên trong {what}. Kiểm tra hai mặt có cùng một thẻ không."
        return name.says("FAIL", reason, beside=sides)
    reason = f"{name.where}: tên in đọc chưa rõ, chưa khớp từng chữ với tên trong {what}."
    return name.says("UNKNOWN", reason, beside=sides)


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, fold(left), fold(right)).ratio()


def _another_name(name: str, others: list[str]) -> bool:
    """None of the others is like it, or a part of it."""
    words = set(fold(name).split())
    return all(_likeness(name, other) < ANOTHER and not set(fold(other).split()) <= words for other in others)


@rule(
    "D06",
    word="correct",
    severity="WARN",
    object="thẻ căn cước",
    title="Ngày hết hạn đúng mốc 14, 25, 40, 60 tuổi",
    reason="Hạn thẻ là sinh nhật 14, 25, 40 hoặc 60 tuổi tính từ ngày cấp; từ 58 tuổi thì không thời hạn.",
    source="Luật Căn cước 2023, điều 21 và 24",
    since=date(2021, 1, 1),
)
def card_expiry_follows_age(case: Case) -> Iterator[Outcome]:
    for card in case.of_type(CARD):
        expiry, born, issued = (value(case, card, n) for n in ("expiry_date", "date_of_birth", "issue_date"))
        birth, issue = day(born.text if born else None), day(issued.text if issued else None)
        if (
            expiry is None
            or born is None
            or issued is None
            or birth is None
            or issue is None
            or issue < birth
        ):
            continue
        expected = computed_expiry(birth, issue)
        if expected is None:
            right, should = expiry.text == UNLIMITED, "không thời hạn"
        else:
            printed = day(expiry.text)
            # A birthday on 29 February is kept on the day before or after.
            right = printed is not None and abs(printed - expected) <= timedelta(days=1)
            should = shown(expected)
        if right:
            yield expiry.says("PASS", f"{expiry.where}: đúng mốc tuổi theo luật.")
        else:
            reason = (
                f"{expiry.where}: không phải mốc tuổi theo luật (tính ra {should}). So lại các ngày trên thẻ."
            )
            yield expiry.says(against(expiry, born, issued), reason, beside=[born, issued])
