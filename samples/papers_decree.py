"""Papers by Decree 30/2020: decisions and other official documents, and papers that are none of ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from samples.ink import BLUE, pen_digits, received_stamp, signature
from samples.paper import Fields, Paper
from samples.people import COMMUNES, day_between, full_name
from samples.sign import ink_colour, official, written_date

_KINDS = {
    "THÔNG BÁO": "TB",
    "KẾ HOẠCH": "KH",
    "BÁO CÁO": "BC",
    "TỜ TRÌNH": "TTr",
    "CHỈ THỊ": "CT",
    "GIẤY MỜI": "GM",
}
_TEXTS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "decree30.yaml").read_text("utf-8")
)
_GOODS = (
    ("Gạo thơm ST25", "kg"),
    ("Nước mắm cá cơm", "chai"),
    ("Sữa bột trẻ em", "hộp"),
    ("Tã giấy size S", "gói"),
    ("Khăn sữa", "cái"),
    ("Dầu gội", "chai"),
)
_CITIES = ("Cần Thơ", "Vĩnh Long", "Đồng Tháp", "An Giang", "Cà Mau", "Lâm Đồng")


def _frame(
    rng: Random, layout: str, abbreviation: str, day: date, pen: bool
) -> tuple[dict[str, Any], Fields]:
    """Letterhead, number, place and day, recipients and signer: what all these papers share."""
    city = rng.choice(_CITIES)
    titles: tuple[str, ...]
    commune = rng.choice(COMMUNES)
    agency = (
        rng.choice(("commune", "commune", "city", "department"))
        if layout != "c"
        else rng.choice(("department", "city", "commune"))
    )
    if agency == "commune":
        city = "Cần Thơ"
        lines, sign, parent = ["ỦY BAN NHÂN DÂN", commune.upper()], "UBND", ""
        place = commune.split(" ", 1)[1] if rng.random() < 0.7 else city
        titles = rng.choice(
            (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ("CHỦ TỊCH",))
        )
    elif agency == "city":
        word = "THÀNH PHỐ" if city == "Cần Thơ" else "TỈNH"
        lines, sign, parent, place = ["ỦY BAN NHÂN DÂN", f"{word} {city.upper()}"], "UBND", "", city
        titles = rng.choice(
            (("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
        )
    else:
        word = "THÀNH PHỐ" if city == "Cần Thơ" else "TỈNH"
        name, sign = rng.choice(
            (("SỞ TƯ PHÁP", "STP"), ("SỞ NỘI VỤ", "SNV"), ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SKHCN"))
        )
        lines, parent, place = [name], f"UBND {word} {city.upper()}", city
        titles = rng.choice((("GIÁM ĐỐC",), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")))
    serial = f"{rng.choice((rng.randrange(1, 10), rng.randrange(10, 100), rng.randrange(100, 3000))):02d}"
    notation = (
        f"{abbreviation}-{sign}" if abbreviation else f"{sign}-{rng.choice(('VP', 'VHXH', 'HCTP', 'KT'))}"
    )
    number = f"{serial}/{notation}"
    colour = rng.choice(BLUE) if rng.random() < 0.7 else "#1c1c20"
    signer_name = full_name(rng, rng.choice(("Nam", "Nam", "Nữ")))
    recipients = [
        ("Như Điều 3" if abbreviation == "QĐ" else _TEXTS["recipients"][0]),
        *rng.sample(_TEXTS["recipients"][1:], rng.randrange(1, 4)),
        "Lưu: VT",
    ]
    stamped = rng.random() < 0.3
    stamp = ""
    if stamped:
        box = received_stamp(
            rng, rng.choice(("TRUNG TÂM PVHCC", "VĂN PHÒNG HĐND&UBND")), str(rng.randrange(20, 990)),
            f"{day.day:02d}/{day.month}", rng.choice(("#b3242e", "#2a3f9d")), rng.choice(BLUE)
        )  # fmt: skip
        # The white space under the number; a letter has its subject there, so below that.
        top = rng.uniform(29, 33) if abbreviation else rng.uniform(39, 44)
        left = rng.uniform(-16, -8)
        stamp = f'<div style="position:absolute;left:{left:.0f}mm;top:{top:.0f}mm">{box}</div>'
    context: dict[str, Any] = {
        "parent": parent,
        "issuer_lines": lines,
        "issuer_rule": rng.randrange(18, 30),
        "number": f"{pen_digits(rng, serial, colour)} /{notation}" if pen else number,
        "place": place,
        "issued": written_date(rng, day, colour if pen else None, month_too=pen and rng.random() < 0.4),
        "received": stamp,
        "recipients": recipients,
        "signer": official(rng, titles, signer_name, " ".join(lines) + " ★", city.upper()),
        "margins": rng.choice(("20mm 17mm 20mm 30mm", "22mm 16mm 20mm 32mm", "18mm 18mm 18mm 28mm")),
        "size": rng.choice((13, 13.5, 14)),
        "leading": rng.choice((1.22, 1.3, 1.36)),
        "more_css": "",
        "vv": "",
        "addressees": [],
        "authority_line": (
            "CHỦ TỊCH " if titles[0] != "TM. ỦY BAN NHÂN DÂN" and agency != "department" else ""
        )
        + " ".join(lines)
        if agency != "department"
        else f"GIÁM ĐỐC {lines[0]}",
        "commune": commune,
    }
    fields = {
        "number": number,
        "issuer": " ".join(lines),
        "place": place,
        "issue_date": day.isoformat(),
        "signer_title": titles[-1],
        "signer_name": signer_name,
        "recipients": "; ".join(recipients),
    }
    if len(titles) > 1:
        fields["signer_authority"] = " ".join(titles[:-1])
    return context, fields


def decision(rng: Random, layout: str, font: str, pen: bool = True) -> Paper:
    day = day_between(rng, date(2025, 7, 10), date(2026, 9, 20))
    context, fields = _frame(rng, layout, "QĐ", day, pen)
    about = rng.choice(_TEXTS["decisions"]).format(commune=context["commune"], n=rng.randrange(1, 5))
    subject = f"Về việc {about}"
    articles = [_TEXTS["articles"][0].format(about=about[0].upper() + about[1:]), *_TEXTS["articles"][1:]]
    grounds = [
        g.format(n=rng.randrange(10, 90))
        for g in _TEXTS["grounds"]
        if g.startswith("Theo") or rng.random() < 0.8
    ]
    context |= {"subject": subject, "articles": articles, "grounds": grounds}
    fields |= {"kind": "QUYẾT ĐỊNH", "subject": subject}
    return Paper("decision", layout, font, context, fields, ("number", "issue_date") if pen else ())


def official_document(rng: Random, layout: str, font: str, pen: bool = True) -> Paper:
    """Layout `a` is the letter without a kind (công văn); the others bear one."""
    day = day_between(rng, date(2025, 7, 10), date(2026, 9, 20))
    kind = (
        ""
        if layout == "a"
        else rng.choice([k for k in _KINDS if layout != "c" or k in ("TỜ TRÌNH", "BÁO CÁO")])
    )
    context, fields = _frame(rng, layout, _KINDS.get(kind, ""), day, pen)
    about = rng.choice(_TEXTS["subjects"])
    subject = (
        f"V/v {about}"
        if layout == "a"
        else f"Về việc {about}"
        if rng.random() < 0.8
        else about[0].upper() + about[1:]
    )
    first, *rest = _TEXTS["paragraphs"]
    addressees = ["Ủy ban nhân dân các xã, phường", "Các phòng chuyên môn trực thuộc"][: rng.randrange(1, 3)]
    context |= {
        "subject": subject,
        "vv": subject if layout == "a" else "",
        "kind": kind,
        "addressees": addressees if layout == "a" or kind == "TỜ TRÌNH" else [],
        "paragraphs": [first, *rng.sample(rest, rng.randrange(2, 5))],
    }
    fields |= {"subject": subject} | ({"kind": kind} if kind else {})
    return Paper("official-document", layout, font, context, fields, ("number", "issue_date") if pen else ())


def other(rng: Random, layout: str, font: str) -> Paper:
    """A shop's invoice (`a`) or a private letter (`b`): nothing that a procedure asks for."""
    day = day_between(rng, date(2026, 8, 1), date(2026, 9, 20))
    goods = []
    total = 0
    for name, unit in rng.sample(_GOODS, 4):
        count, price = rng.randrange(1, 9), rng.randrange(12, 380) * 1000
        total += count * price
        goods.append(
            (name, unit, count, f"{price:,}".replace(",", "."), f"{count * price:,}".replace(",", "."))
        )
    context: dict[str, Any] = {
        "seller": f"CỬA HÀNG TẠP HÓA {rng.choice(('NGỌC LAN', 'THANH TÂM', 'PHÚC LỘC'))}",
        "seller_address": f"Số {rng.randrange(2, 300)}, đường Trần Hưng Đạo, phường Vị Tân, thành phố Cần Thơ",
        "phone": f"0900 000 {rng.randrange(100, 999)}",
        "number": str(rng.randrange(1000, 9999)),
        "day": f"{day:%d/%m/%Y}",
        "buyer": full_name(rng, "Nữ"),
        "goods": goods,
        "total": f"{total:,}".replace(",", "."),
        "scrawl": signature(rng, ink_colour(rng), 34, 16),
        "town": "Cần Thơ",
        "writer": full_name(rng, "Nữ"),
        "paragraphs": _TEXTS["letter"],
    }
    return Paper("other", layout, font, context, {})


def blank() -> Paper:
    return Paper("blank", "a", "Liberation Serif", {}, {})
