"""Papers that no template of the catalogue reads, as declarations of civil status: dossier.json names them."""

from __future__ import annotations

from datetime import date
from random import Random

from samples.paper import Paper
from samples.people import Person
from samples.sign import private, written_date
from samples.story import CITY, COMMUNE
from samples.wording import slashed

TITLES = {
    "marriage-registration-form": "TỜ KHAI ĐĂNG KÝ KẾT HÔN",
    "death-registration-form": "TỜ KHAI ĐĂNG KÝ KHAI TỬ",
    "marital-status-form": "TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
    "business-household-form": "GIẤY ĐỀ NGHỊ ĐĂNG KÝ HỘ KINH DOANH",
    "licence-exchange-form": "ĐƠN ĐỀ NGHỊ ĐỔI GIẤY PHÉP LÁI XE",
    "lease-contract": "HỢP ĐỒNG THUÊ NHÀ Ở",
}


def plain_form(rng: Random, kind: str, who: Person, on: date, font: str, more: tuple[str, ...] = ()) -> Paper:
    """kind: one of TITLES. more: further lines, `label: value`."""
    rows = [
        ("Họ, chữ đệm, tên người yêu cầu", who.name),
        ("Ngày, tháng, năm sinh", slashed(who.born)),
        ("Giấy tờ tùy thân", f"Căn cước số {who.personal_id}"),
        ("Nơi cư trú", who.residence),
        *(tuple(line.split(": ", 1)) for line in more),
    ]
    context = {
        "title": TITLES[kind],
        "addressed_to": f"Ủy ban nhân dân {COMMUNE}, {CITY}",
        "rows": rows,
        "declared": f"{COMMUNE[0].upper()}{COMMUNE[1:]}, {written_date(rng, on, None)}",
        "signer": private(rng, "Người yêu cầu", who.name, "(Ký, ghi rõ họ tên)"),
    }
    return Paper("other", "f", font, context, {})
