"""The papers of a birth dossier of invented people in which nothing is wrong, and ways to spoil one of them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from dossier.reading import Mark, Quality, Signature
from dossier.record import Component, Field, Source, Witness

BOX = (100.0, 100.0, 400.0, 140.0)
MOTHER_ID, CHILD_ID = "093195004321", "092226007654"

MRZ = "IDVNM1950043211093195004321<<1\n9503021F3503029VNM<<<<<<<<<<<2\nTRAN<<THI<NGOC<LAN<<<<<<<<<<<<"

FORM = {
    "addressed_to": "Ủy ban nhân dân xã Vị Thủy",
    "applicant_name": "Trần Thị Ngọc Lan",
    "applicant_personal_id": MOTHER_ID,
    "relationship": "Mẹ",
    "full_name": "Lê Minh Khôi",
    "date_of_birth": "2026-10-28",
    "sex": "Nam",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "place_of_birth": "Bệnh viện Đa khoa thành phố Vị Thanh",
    "mother_name": "Trần Thị Ngọc Lan",
    "father_name": "Lê Quốc Thịnh",
    "declaration_date": "2026-11-20",
}
NOTICE = {
    "number": "01327.GCS.93010.26",
    "mother_name": "Trần Thị Ngọc Lan",
    "mother_birth_year": "1995",
    "mother_personal_id": MOTHER_ID,
    "date_of_birth": "2026-10-28",
    "sex": "Nam",
    "place_of_birth": "Bệnh viện Đa khoa thành phố Vị Thanh",
    "full_name": "Lê Minh Khôi",
    "issuer": "Bệnh viện Đa khoa thành phố Vị Thanh",
    "issue_date": "2026-10-30",
}
CARD = {
    "personal_id": MOTHER_ID,
    "full_name": "TRẦN THỊ NGỌC LAN",
    "date_of_birth": "1995-03-02",
    "sex": "Nữ",
    "nationality": "Việt Nam",
    "issue_date": "2022-05-10",
    "expiry_date": "2035-03-02",
}
CERTIFICATE = {
    "number": "119/2026",
    "full_name": "Lê Minh Khôi",
    "date_of_birth": "2026-10-28",
    "sex": "Nam",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "place_of_birth": "Bệnh viện Đa khoa thành phố Vị Thanh",
    "personal_id": CHILD_ID,
    "mother_name": "Trần Thị Ngọc Lan",
    "mother_birth_year": "1995",
    "father_name": "Lê Quốc Thịnh",
    "father_birth_year": "1993",
    "registration_office": "Ủy ban nhân dân xã Vị Thủy",
    "registration_date": "2026-11-21",
}
DECISION = {
    "number": "12/QĐ-UBND",
    "kind": "QUYẾT ĐỊNH",
    "issuer": "Ủy ban nhân dân xã Vị Thủy",
    "place": "Vị Thủy",
    "issue_date": "2026-11-02",
    "subject": "Về việc phân công nhiệm vụ",
    "signer_authority": "KT. CHỦ TỊCH",
    "signer_title": "PHÓ CHỦ TỊCH",
    "signer_name": "Phạm Hữu Tài",
    "recipients": "Như Điều 3; Lưu: VT.",
}
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


def witnesses(value: str, *by: str) -> tuple[Witness, ...]:
    return tuple(Witness(by=name, value=value) for name in by)


def field(name: str, value: str | None, file: str, **changes: Any) -> Field:
    base: dict[str, Any] = {
        "name": name,
        "value": value,
        "printed": value or "",
        "confidence": 0.99 if value else 0.0,
        "file": file,
        "page": 1,
        "box": BOX,
        "dpi": 300.0,
        "witnesses": witnesses(value, "tesseract", "aster") if value else (),
    }
    return Field(**{**base, **changes})


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def quality(page: int = 1, **changes: Any) -> Quality:
    good: dict[str, Any] = {
        "dpi": 300.0,
        "skew": 0.3,
        "sharpness": 900.0,
        "contrast": 0.8,
        "ink": 0.05,
        "coloured_ink": 0.01,
        "black_border": 0.0,
        "colour": True,
        "blank": False,
        "cut_edges": 0.0,
        "glare": 0.0,
    }
    return Quality(page=page, **{**good, **changes})


def component(id: str, type: str, values: dict[str, str], text: str = "", **changes: Any) -> Component:
    file = f"{id}.pdf"
    base: dict[str, Any] = {
        "id": id,
        "type": type,
        "type_confidence": 0.97,
        "sources": (Source(file=file, sha256=sha(file), pages=(1,)),),
        "fields": tuple(field(name, value, file) for name, value in values.items()),
        "marks": tuple(Mark(kind=k, page=1, box=BOX, confidence=0.9) for k in ("seal", "signature")),
        "quality": (quality(),),
        "text": text,
    }
    return Component(**{**base, **changes})


def form() -> Component:
    return component(
        "form", "birth-registration-form", FORM, MOTTO + "(Ban hành kèm theo Thông tư số 04/2024/TT-BTP)"
    )


def notice() -> Component:
    return component("notice", "birth-notice", NOTICE, MOTTO + "GIẤY CHỨNG SINH")


def card() -> Component:
    made = component("card", "citizen-id-card", CARD, "CĂN CƯỚC CÔNG DÂN\nĐặc điểm nhân dạng\n" + MRZ)
    seen = {
        "personal_id": witnesses(MOTHER_ID, "tesseract", "qr", "mrz"),
        "full_name": (
            *witnesses("TRẦN THỊ NGỌC LAN", "tesseract"),
            *witnesses("Trần Thị Ngọc Lan", "qr"),
            *witnesses("TRAN THI NGOC LAN", "mrz"),
        ),
    }
    fields = tuple(f.model_copy(update={"witnesses": seen.get(f.name, f.witnesses)}) for f in made.fields)
    return made.model_copy(update={"fields": fields})


def certificate() -> Component:
    made = component("certificate", "birth-certificate", CERTIFICATE, MOTTO + "GIẤY KHAI SINH")
    return change_field(
        made, "date_of_birth", witnesses=witnesses("2026-10-28", "tesseract", "aster", "words")
    )


def decision() -> Component:
    return component("decision", "decision", DECISION, MOTTO)


def signature(**changes: Any) -> Signature:
    base: dict[str, Any] = {
        "signer": "Ủy ban nhân dân xã Vị Thủy",
        "organisation": "",
        "signed_at": datetime(2026, 11, 21, 3, tzinfo=UTC),
        "intact": True,
        "trusted": None,
        "algorithm": "sha256_rsa",
        "outdated": False,
        "valid_from": datetime(2024, 1, 1, tzinfo=UTC),
        "valid_until": datetime(2028, 1, 1, tzinfo=UTC),
        "covers_whole_file": True,
    }
    return Signature(**{**base, **changes})


def change_field(paper: Component, name: str, value: str | None = None, **changes: Any) -> Component:
    """The paper with one field changed; a new value is seen by two readers unless told otherwise."""
    if value is not None:
        changes = {
            "value": value,
            "printed": value,
            "witnesses": witnesses(value, "tesseract", "aster"),
            **changes,
        }
    if paper.field(name) is None:
        added = field(name, changes.get("value"), paper.sources[0].file).model_copy(update=changes)
        return paper.model_copy(update={"fields": (*paper.fields, added)})
    fields = tuple(f.model_copy(update=changes) if f.name == name else f for f in paper.fields)
    return paper.model_copy(update={"fields": fields})


def without_field(paper: Component, name: str) -> Component:
    return paper.model_copy(update={"fields": tuple(f for f in paper.fields if f.name != name)})


def with_field(paper: Component, other: Field) -> Component:
    """The paper with this field in the place of the one of its name."""
    return paper.model_copy(update={"fields": (*without_field(paper, other.name).fields, other)})
