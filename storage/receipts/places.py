"""Places and grades as a receipt and `sohoa show` tell them, in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dossier.catalogue.documents import DocumentType
from dossier.model import Band
from dossier.record import Component, Finding, Grade, Place, Record

BANDS: dict[Band, str] = {"green": "xanh", "yellow": "vàng", "red": "đỏ", "none": "chưa có"}
_WITNESSES = {"qr": "mã QR", "mrz": "dòng MRZ", "words": "phần ghi bằng chữ"}
_RECORD = "record:"


def beside(finding: Finding, record: Record, types: Mapping[str, DocumentType]) -> Iterator[dict[str, Any]]:
    """The places of what a finding's value was held against. title: the witness and the paper, for people."""
    components = {component.id: component for component in record.components}
    for place in finding.against:
        component = components.get(place.component or "")
        yield {
            "component": place.component,
            "paper": type_title(component, types) if component else None,
            "title": place_title(place, component, types),
            "by": place.by,
            "file": place.file,
            "sha256": sha256_of(record, place.component, place.file),
            "page": place.page,
            "box": place.box,
        }


def place_title(place: Place, component: Component | None, types: Mapping[str, DocumentType]) -> str:
    """`Giấy chứng sinh: “Họ tên”`, `Thẻ căn cước: mã QR`, `hồ sơ … đã kiểm tra`."""
    if place.by and place.by.startswith(_RECORD):
        return f"hồ sơ {place.by.removeprefix(_RECORD)} đã kiểm tra"
    if component is None:
        return "giấy khác"
    if place.by:
        return f"{type_title(component, types)}: {_WITNESSES.get(place.by.partition('@')[0], 'chữ in')}"
    known = types.get(component.type)
    field = next((f for f in component.fields if (f.page, f.box) == (place.page, place.box)), None)
    spec = known.fields.get(field.name) if known and field else None
    return f"{type_title(component, types)}: “{spec.title}”" if spec else type_title(component, types)


def type_title(component: Component, types: Mapping[str, DocumentType]) -> str:
    known = types.get(component.type)
    return known.title if known else "Giấy tờ chưa nhận ra loại"


def sha256_of(record: Record, component: str | None, file: str | None) -> str | None:
    """Which bytes a file named in a finding is: its component's source of that name, else the drop's."""
    for known in record.components:
        if known.id == component:
            for source in known.sources:
                if file in (None, source.file):
                    return source.sha256
    return next((dropped.sha256 for dropped in record.drop if dropped.name == file), None)


def grade(given: Grade | None) -> dict[str, Any] | None:
    """score 0..1, band, and both in words: `92,5 % (xanh)`. None for a record that was made before grades."""
    if given is None:
        return None
    text = BANDS[given.band]
    if given.score is not None:
        text = f"{100 * given.score:.1f} % ({text})".replace(".", ",", 1)
    return {"score": given.score, "band": given.band, "text": text}
