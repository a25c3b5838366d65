"""The first draft of a document type: always one that the catalogue's own reader takes."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from hypothesis import given
from hypothesis import strategies as st

from dossier.catalogue.documents import DocumentType
from dossier.reading import PageReading, Quality, Word
from flows.look.skeleton import skeleton


def page(lines: Sequence[str]) -> PageReading:
    words = []
    for at, line in enumerate(lines):
        left, top = 160.0, 160.0 + at * 46
        for text in line.split():
            words.append(
                Word(text=text, box=(left, top, left + len(text) * 14, top + 26), confidence=0.9, line=at)
            )
            left += len(text) * 14 + 14
    quality = Quality(
        page=1, dpi=200, skew=0, sharpness=900, contrast=0.6, ink=0.05, coloured_ink=0, black_border=0,
        colour=False, blank=False,
    )  # fmt: skip
    return PageReading(
        sha256="0" * 64,
        page=1,
        width=1654,
        height=2339,
        dpi=200,
        rotation=0,
        words=tuple(words),
        quality=quality,
    )


def drafted(*lines: str) -> DocumentType:
    return DocumentType.model_validate(yaml.safe_load(skeleton([page(lines)])))


def test_heading_labels_and_kinds_are_taken_from_the_paper() -> None:
    found = drafted(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "GIẤY XÁC NHẬN CƯ TRÚ",
        "1. Họ và tên: Lê Thị Hoa",
        "Số định danh cá nhân: 093190001234",
        "Ngày cấp: 02/09/2026",
        "Nơi thường trú: Ấp 7, xã Vĩnh Tường",
        "Dân tộc: Kinh",
        "Ghi chú:",
    )
    assert found.titles == ("GIẤY XÁC NHẬN CƯ TRÚ",)
    assert {spec.labels[0]: spec.kind for spec in found.fields.values()} == {
        "Họ và tên": "person-name",
        "Số định danh cá nhân": "personal-id",
        "Ngày cấp": "date",
        "Nơi thường trú": "address",
        "Dân tộc": "ethnicity",
    }
    assert [name for name, spec in found.fields.items() if spec.identifier] == ["so_dinh_danh_ca"]
    assert "Ghi chú" in found.options["stops"]


def test_a_paper_without_labels_has_none() -> None:
    assert skeleton([page(["Một trang chữ không có nhãn nào"])]) == ""
    assert skeleton([page([])]) == ""


@given(
    st.lists(st.text(max_size=40) | st.from_regex(r"\A[\w \"'{}\[\]&*#|>%@`-]{1,20}: ?.{0,20}\Z"), max_size=8)
)
def test_whatever_stands_on_the_paper_the_draft_is_a_type_or_nothing(lines: list[str]) -> None:
    text = skeleton([page(lines)])
    if text:
        assert DocumentType.model_validate(yaml.safe_load(text)).fields
