"""A birth dossier of invented people in which nothing is wrong, and ways to spoil it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dossier.catalogue.documents import DocumentType, FieldSpec, document_types
from dossier.catalogue.procedures import procedure_on
from dossier.drop import Manifest
from dossier.model import Verdict
from dossier.reading import Mark, Quality, Signature
from dossier.record import Component, DroppedFile, Field, Finding, Source, Witness
from validators.case import Case, Earlier
from validators.engine import judge
from validators.registry import rules
from validators.roles import assign_roles

TODAY = date(2026, 11, 24)
RECEIVED = date(2026, 11, 20)
CODE = "H13.96.31-261120-0001"
BOX = (100.0, 100.0, 400.0, 140.0)
MOTHER_ID, CHILD_ID = "093195004321", "092226007654"

MRZ = "IDVNM1950043211093195004321<<1\n9503021F3503029VNM<<<<<<<<<<<2\nTRAN<<THI<NGOC<LAN<<<<<<<<<<<<"

_SPEC = {
    "number": FieldSpec(title="Số, ký hiệu", kind="document-number"),
    "kind": FieldSpec(title="Tên loại", kind="text"),
    "issuer": FieldSpec(title="Cơ quan ban hành", kind="office"),
    "place": FieldSpec(title="Nơi ban hành", kind="text"),
    "issue_date": FieldSpec(title="Ngày ban hành", kind="date"),
    "subject": FieldSpec(title="Trích yếu", kind="text"),
    "signer_authority": FieldSpec(title="Quyền hạn", kind="text"),
    "signer_title": FieldSpec(title="Chức vụ", kind="position"),
    "signer_name": FieldSpec(title="Người ký", kind="person-name"),
    "recipients": FieldSpec(title="Nơi nhận", kind="text"),
}
TYPES = {
    **document_types(),
    "decision": DocumentType(id="decision", title="Quyết định", fields=_SPEC),
    "marital-status-confirmation": DocumentType(
        id="marital-status-confirmation",
        title="Giấy xác nhận tình trạng hôn nhân",
        fields={"issue_date": _SPEC["issue_date"]},
    ),
    "residence-confirmation": DocumentType(
        id="residence-confirmation",
        title="Xác nhận thông tin về cư trú",
        fields={"issue_date": _SPEC["issue_date"]},
    ),
}

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


def case_of(*components: Component, procedure: str | None = "1.001193", **changes: Any) -> Case:
    """A case of these papers. Keyword `manifest` takes changes of the manifest, the rest changes of the case."""
    manifest = {
        "dossier": CODE,
        "procedure": procedure,
        "office": "H13.96.31",
        "received_at": datetime(2026, 11, 20, 2, tzinfo=UTC),
        **changes.pop("manifest", {}),
    }
    in_force = procedure_on(procedure, RECEIVED) if procedure else None
    base: dict[str, Any] = {
        "dossier": CODE,
        "office": "H13.96.31",
        "manifest": Manifest(**manifest),
        "procedure": in_force,
        "components": assign_roles(components, in_force),
        "refused": (),
        "files": tuple(
            {
                s.file: DroppedFile(name=s.file, sha256=s.sha256) for c in components for s in c.sources
            }.values()
        ),
        "document_types": TYPES,
        "today": TODAY,
        "received_at": datetime(2026, 11, 20, 2, tzinfo=UTC),
        "received_on": RECEIVED,
        "earlier": Nothing(),
        "procedure_required": True,
    }
    return Case(**{**base, **changes})


def good_case(**changes: Any) -> Case:
    return case_of(form(), notice(), card(), certificate(), **changes)


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


def change(case: Case, id: str, name: str, value: str | None = None, **changes: Any) -> Case:
    papers = tuple(change_field(c, name, value, **changes) if c.id == id else c for c in case.components)
    return replace(case, components=papers)


def change_paper(case: Case, id: str, **changes: Any) -> Case:
    return replace(
        case, components=tuple(c.model_copy(update=changes) if c.id == id else c for c in case.components)
    )


def findings_of(case: Case, rule: str) -> tuple[Finding, ...]:
    return judge(case, [r for r in rules() if r.id == rule])


def says(case: Case, rule: str) -> set[Verdict]:
    """The verdicts of one rule on a case."""
    return {finding.verdict for finding in findings_of(case, rule)}


class Nothing:
    """An index without earlier records."""

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        return ()


OTHER = Earlier("H13.96.31-260101-0009", 1, "c1", "birth-certificate", date(2026, 11, 23))


class Everything(Nothing):
    """An index that has seen it all."""

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        return (OTHER,)

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        return (OTHER,)

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        return (OTHER,)

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        return (OTHER.dossier,)
