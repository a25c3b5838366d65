"""Papers by Decree 30/2020: decisions and other official documents, and papers that are none of ours."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

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
_SUBJECTS = (
    "công bố kết quả rà soát hồ sơ đăng ký hộ tịch trên địa bàn",
    "tăng cường số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
    "kiểm tra công tác chứng thực bản sao điện tử từ bản chính năm 2026",
    "triển khai thực hiện chuyển đổi số tại Trung tâm Phục vụ hành chính công",
    "tổ chức tập huấn nghiệp vụ tiếp nhận hồ sơ một cửa cho công chức cấp xã",
    "phân công nhiệm vụ các thành viên Tổ công tác cải cách hành chính",
    "cập nhật cơ sở dữ liệu hộ tịch điện tử và dữ liệu dân cư",
)
_DECISIONS = (
    "cử công chức phụ trách số hóa hồ sơ tại Bộ phận một cửa",
    "thành lập Tổ kiểm tra dữ liệu hộ tịch {commune}",
    "ban hành Quy chế tiếp nhận và trả kết quả giải quyết thủ tục hành chính",
    "phê duyệt danh mục hồ sơ cần số hóa đợt {n} năm 2026",
    "bổ nhiệm công chức Tư pháp - Hộ tịch {commune}",
    "giao chỉ tiêu số hóa kết quả giải quyết thủ tục hành chính năm 2026",
)
_PARAGRAPHS = (
    "Thực hiện Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông tại Bộ phận Một cửa và Cổng Dịch vụ công quốc gia;",
    "Qua kiểm tra, một số hồ sơ còn thiếu thành phần, bản quét mờ, lệch trang, thông tin giữa các giấy tờ chưa thống nhất; việc cập nhật dữ liệu sau số hóa còn chậm so với thời hạn được giao.",
    "Đề nghị các đơn vị rà soát toàn bộ hồ sơ đã tiếp nhận từ ngày 01 tháng 7 năm 2026, bổ sung thành phần còn thiếu và số hóa lại những trang không đọc được trước ngày 30 tháng 10 năm 2026.",
    "Giao Trung tâm Phục vụ hành chính công theo dõi, đôn đốc, tổng hợp kết quả thực hiện, báo cáo Chủ tịch Ủy ban nhân dân xem xét, chỉ đạo kịp thời.",
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh về Văn phòng Hội đồng nhân dân và Ủy ban nhân dân để được hướng dẫn.",
)
_GROUNDS = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;",
    "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ;",
    "Theo đề nghị của Trưởng phòng Văn hóa - Xã hội tại Tờ trình số {n}/TTr-VHXH.",
)
_ARTICLES = (
    "{about} (kèm theo Quyết định này), gồm các nội dung về tiếp nhận, kiểm tra, số hóa và lưu giữ hồ sơ.",
    "Quyết định này có hiệu lực kể từ ngày ký.",
    "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân, Giám đốc Trung tâm Phục vụ hành chính công và các cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./.",
)
_CITIES = ("Cần Thơ", "Vĩnh Long", "Đồng Tháp", "An Giang", "Cà Mau", "Lâm Đồng")
_RECIPIENTS = (
    "Như trên",
    "Thường trực Đảng ủy",
    "Chủ tịch, các Phó Chủ tịch",
    "Các phòng chuyên môn",
    "Công an xã",
    "Trung tâm PVHCC",
)


def _frame(
    rng: Random, layout: str, abbreviation: str, day: date, pen: bool
) -> tuple[dict[str, Any], Fields]:
    """Letterhead, number, place and day, recipients and signer: what all these papers share."""
    city = rng.choice(_CITIES)
    commune = rng.choice(COMMUNES)
    agency = (
        rng.choice(("commune", "commune", "city", "department"))
        if layout != "c"
        else rng.choice(("department", "city", "commune"))
    )
    if agency == "commune":
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
    serial = str(rng.choice((rng.randrange(1, 10), rng.randrange(10, 100), rng.randrange(100, 3000)))).zfill(
        2
    )
    notation = (
        f"{abbreviation}-{sign}" if abbreviation else f"{sign}-{rng.choice(('VP', 'VHXH', 'HCTP', 'KT'))}"
    )
    number = f"{serial}/{notation}"
    colour = rng.choice(BLUE) if rng.random() < 0.7 else "#1c1c20"
    signer_name = full_name(rng, rng.choice(("Nam", "Nam", "Nữ")))
    recipients = [
        ("Như Điều 3" if abbreviation == "QĐ" else _RECIPIENTS[0]),
        *rng.sample(_RECIPIENTS[1:], rng.randrange(1, 4)),
        "Lưu: VT",
    ]
    stamped = rng.random() < 0.3
    stamp = ""
    if stamped:
        box = received_stamp(
            rng, rng.choice(("TRUNG TÂM PVHCC", "VĂN PHÒNG HĐND&UBND")), str(rng.randrange(20, 990)),
            f"{day.day:02d}/{day.month}", rng.choice(("#b3242e", "#2a3f9d")), rng.choice(BLUE)
        )  # fmt: skip
        stamp = (
            f'<div style="position:absolute;left:-6mm;top:{rng.uniform(34, 42):.0f}mm;z-index:2">{box}</div>'
        )
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
    about = rng.choice(_DECISIONS).format(commune=context["commune"], n=rng.randrange(1, 5))
    subject = f"Về việc {about}"
    articles = [_ARTICLES[0].format(about=about[0].upper() + about[1:]), *_ARTICLES[1:]]
    grounds = [
        g.format(n=rng.randrange(10, 90)) for g in _GROUNDS if g.startswith("Theo") or rng.random() < 0.8
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
    about = rng.choice(_SUBJECTS)
    subject = (
        f"V/v {about}"
        if layout == "a"
        else f"Về việc {about}"
        if rng.random() < 0.8
        else about[0].upper() + about[1:]
    )
    first, *rest = _PARAGRAPHS
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
    for name, unit in rng.sample((("Gạo thơm ST25", "kg"), ("Nước mắm cá cơm", "chai"), ("Sữa bột trẻ em", "hộp"), ("Tã giấy size S", "gói"), ("Khăn sữa", "cái"), ("Dầu gội", "chai")), 4):  # fmt: skip
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
        "paragraphs": (
            "Lâu rồi không có dịp về thăm quê, nghe tin chị vừa sinh cháu nhỏ mà mừng quá. Mùa này ngoài vườn bưởi đã chín, em gửi chị một ít lấy thảo.",
            "Công việc của em vẫn đều, tháng sau em sẽ thu xếp về chơi vài hôm. Chị nhớ giữ gìn sức khỏe và cho em gửi lời thăm hai bác.",
        ),
    }  # fmt: skip
    return Paper("other", layout, font, context, {})


def blank() -> Paper:
    return Paper("blank", "a", "Liberation Serif", {}, {})
