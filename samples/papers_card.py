"""The personal ID card, both faces: on an A4 sheet as a copier leaves them, or one face a picture."""

from __future__ import annotations

import math
from random import Random
from typing import Any, Literal

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from samples.card import Card, mrz, qr_payload
from samples.ink import BLUE, RED, round_seal, signature, svg
from samples.paper import Paper
from samples.people import full_name
from samples.wording import slashed

Sheet = Literal["a4", "a4-pages", "faces"]
"""a4: both faces on one page; a4-pages: a page for each; faces: each face cropped, its own page."""

HAIR = {
    "Nam": "M16 34C14 18 22 14 30 14S46 18 44 34C43 26 40 24 36 24 30 26 22 24 19 26 17 28 17 31 16 34Z",
    "Nữ": "M14 52C10 20 20 12 30 12S50 20 46 52C44 44 44 34 42 27 36 27 26 25 20 25 17 33 16 44 14 52Z",
}
COATS = ("#33465e", "#5b3a3a", "#4a5a4a", "#e8e8ec", "#20242c")


def qr_svg(payload: str, size: float) -> str:
    """QR code of `size` millimetres, its quiet zone included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(payload.encode())
    code.make(fit=True)
    rows = code.get_matrix()
    n = len(rows)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{size}mm" viewBox="0 0 {n} {n}">'
        f'<rect width="{n}" height="{n}" fill="#fff"/><path d="{path}" fill="#111"/></svg>'
    )


def _guilloche(rng: Random, colour: str) -> str:
    """The fine waves of a card's ground."""
    lines = []
    for k in range(26):
        phase, swing = rng.uniform(0, 1.2) + k * 0.22, rng.uniform(2.0, 5.5)
        points = " ".join(
            f"{x:.1f},{k * 2.3 - 2 + swing * math.sin(x / 9 + phase):.2f}" for x in range(0, 88, 2)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width=".16"/>')
    return svg(85.6, 54, "".join(lines))


def _fingers(rng: Random) -> str:
    """Two fingerprints, as rings that no finger bears."""
    rings = "".join(
        f'<ellipse cx="{9 + rng.uniform(-0.3, 0.3):.2f}" cy="{cy + r * 0.3:.2f}" rx="{r * 0.8:.2f}" ry="{r:.2f}"'
        ' fill="none" stroke="#555" stroke-width=".22" stroke-dasharray="2 .3"/>'
        for cy in (7, 21)
        for r in (1, 1.8, 2.6, 3.4, 4.2, 5)
    )
    return svg(18, 29, rings)


def sheet_pages(rng: Random, sheet: Sheet) -> tuple[str, list[dict[str, Any]]]:
    """CSS page size, and the pages with the faces that lie on each: millimetres from the corner, degrees."""
    turn = rng.uniform(-1.2, 1.2)
    if sheet == "a4":
        x = rng.uniform(45, 70)
        faces = [
            {"side": "front", "x": x, "y": rng.uniform(35, 55), "turn": turn},
            {
                "side": "back",
                "x": x + rng.uniform(-4, 4),
                "y": rng.uniform(110, 130),
                "turn": rng.uniform(-1.2, 1.2),
            },
        ]
        return "A4", [{"sheet": "width:210mm;height:297mm", "faces": faces}]
    if sheet == "a4-pages":
        return "A4", [
            {
                "sheet": "width:210mm;height:297mm",
                "faces": [
                    {
                        "side": s,
                        "x": rng.uniform(40, 90),
                        "y": rng.uniform(30, 90),
                        "turn": rng.uniform(-1.5, 1.5),
                    }
                ],
            }
            for s in ("front", "back")
        ]
    margin = rng.uniform(1.5, 4)
    width, height = 85.6 + 2 * margin, 54 + 2 * margin
    return f"{width:.2f}mm {height:.2f}mm", [
        {
            "sheet": f"width:{width:.2f}mm;height:{height:.2f}mm",
            "faces": [{"side": s, "x": margin, "y": margin, "turn": rng.uniform(-0.6, 0.6)}],
        }
        for s in ("front", "back")
    ]


def citizen_card(rng: Random, card: Card, layout: str, font: str, sheet: Sheet = "a4") -> Paper:
    """Layout `a` is the CCCD of 2021, `b` the card of 2024, `c` both with other places (held back)."""
    old = card.kind == "cccd-2021"
    person = card.holder
    page, pages = sheet_pages(rng, sheet)
    name = person.name.upper()
    residence = person.old_residence if old else person.residence
    head, _, tail = residence.partition(", ")
    if head.startswith("Số"):
        second, _, tail = tail.partition(", ")
        head = f"{head}, {second}"
    expires = slashed(card.expires) if card.expires else "Không thời hạn"
    payload = qr_payload(card)
    context: dict[str, Any] = {
        "page": page,
        "pages": pages,
        "old": old,
        "ground": "linear-gradient(100deg,#e3efe9,#f3ecd9 45%,#dcebf0)"
        if old
        else "linear-gradient(100deg,#e2eef4,#f4efe2 50%,#e6eedd)",
        "guilloche": _guilloche(rng, "#b9d2c8" if old else "#b6cbdc"),
        "id_colour": "#b01f2e" if rng.random() < 0.7 else "#1a1a1a",
        "title_colour": "#c02130",
        "photo": {"hair": HAIR[person.sex], "coat": rng.choice(COATS)},
        "qr": lambda size: qr_svg(payload, size),
        "id": card.personal_id,
        "name": name,
        "born": slashed(person.born),
        "sex": card.sex,
        "origin": person.origin,
        "residence": residence,
        "residence_head": head,
        "residence_tail": tail,
        "birthplace": person.birthplace,
        "expires": expires,
        "issued": slashed(card.issued),
        "marks": rng.choice(
            ("Nốt ruồi C:1cm trên sau mép trái", "Sẹo chấm C:2cm dưới trước đuôi mày phải", "Không có")
        ),
        "director": full_name(rng, "Nam"),
        "scrawl": signature(rng, BLUE[0], 28, 12),
        "seal": round_seal(rng, "CỤC CẢNH SÁT QLHC VỀ TTXH", "BỘ CÔNG AN", RED[0], 17),
        "finger": _fingers(rng),
        "mrz": "\n".join(mrz(card)),
    }
    fields = {
        "personal_id": card.personal_id,
        "full_name": name,
        "date_of_birth": person.born.isoformat(),
        "sex": card.sex,
        "nationality": "Việt Nam",
        "place_of_residence": residence,
        "issue_date": card.issued.isoformat(),
    }
    if card.expires:
        fields["expiry_date"] = card.expires.isoformat()
    if old:
        fields["place_of_origin"] = person.origin
    else:
        fields["place_of_birth"] = person.birthplace
    return Paper(
        "citizen-id-card",
        layout,
        font,
        context,
        fields,
        notes={"qr": payload, "mrz": context["mrz"], "card": card.kind},
    )
