"""`sohoa show` tells both places of a disagreement, and the grades."""

from __future__ import annotations

from datetime import UTC, datetime

from cli.console import out
from cli.show import show
from dossier.record import Component, Field, Finding, Grade, Place, Record, Source

MADE = datetime(2026, 11, 20, 2, tzinfo=UTC)
SHA = "a" * 64


def paper(id: str, type: str) -> Component:
    field = Field(
        name="full_name",
        value="Lê Minh Khôi",
        confidence=0.99,
        file=f"{id}.pdf",
        page=1,
        box=(1, 2, 3, 4),
        dpi=300,
    )
    source = Source(file=f"{id}.pdf", sha256=SHA, pages=(1,))
    return Component(id=id, type=type, type_confidence=1, sources=(source,), fields=(field,))


def test_show_tells_both_places_of_a_disagreement_and_the_grades() -> None:
    finding = Finding(
        rule="D23", word="correct", verdict="FAIL", severity="WARN", component="c1", file="c1.pdf", page=1,
        box=(10, 20, 30, 40), reason="khác nhau", source="s",
        against=(Place(component="c2", file="c2.pdf", page=1, box=(1, 2, 3, 4)),),
    )  # fmt: skip
    record = Record(
        dossier="A-1", version=1, procedure=None, office=None, state="returned",
        components=(paper("c1", "birth-registration-form"), paper("c2", "birth-notice")), refused=(),
        findings=(finding,),
        verdicts={"correct": "FAIL", "sufficient": "PASS", "clean": "PASS", "live": "PASS"},
        scores={}, made_by={}, times={"made": MADE, "received": MADE}, drop=(),
        grade=Grade(score=0.81, band="yellow"), paper_grades={"c2": Grade(score=0.5, band="red")},
    )  # fmt: skip
    with out.capture() as said:
        show(record)
    text = said.get()
    assert "(c1.pdf, trang 1, ô 10, 20, 30, 40): khác nhau" in text
    assert "đối chiếu với Giấy chứng sinh: “Dự định đặt tên con”" in text
    assert "(c2.pdf, trang 1, ô 1, 2, 3, 4)" in text
    assert "81,0 % (vàng)" in text
    assert "50,0 % (đỏ)" in text
