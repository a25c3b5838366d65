"""Personal IDs and the cards that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dossier.codes import mask, parse_personal_id
from dossier.kinds.times import UNLIMITED
from dossier.people import people
from validators.cards import computed_expiry, read_mrz
from validators.case import Case
from validators.look import (
    PERSONAL_IDS,
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

CARD = "citizen-id-card"


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
            elif any(witness.by == "mrz" for field in card.fields for witness in field.witnesses):
                reason = "Dòng MRZ mặt sau thẻ: không xác nhận được số định danh. So số trong dòng này với mặt trước."
                yield on_paper(card, "UNKNOWN", reason, "WARN")
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
