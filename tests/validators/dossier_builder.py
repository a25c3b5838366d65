"""A birth dossier of invented people in which nothing is wrong, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from paper_builder import card, certificate, change_field, form, notice

from dossier.catalogue.documents import DocumentType, FieldSpec, document_types
from dossier.catalogue.procedures import procedure_on
from dossier.drop import Manifest
from dossier.model import Verdict
from dossier.record import Component, DroppedFile, Finding
from validators.case import Case, Earlier
from validators.engine import judge
from validators.registry import rules
from validators.roles import assign_roles

TODAY = date(2026, 11, 24)
RECEIVED = date(2026, 11, 20)
CODE = "H13.96.31-261120-0001"

# Types that rules name and the catalogue does not hold yet.
_ISSUED = {"issue_date": FieldSpec(title="Ngày ban hành", kind="date")}
TYPES = document_types() | {
    id: DocumentType(id=id, title=title, fields=_ISSUED)
    for id, title in (
        ("marital-status-confirmation", "Giấy xác nhận tình trạng hôn nhân"),
        ("residence-confirmation", "Xác nhận thông tin về cư trú"),
    )
}


class Nothing:
    """An index without earlier records."""

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        return ()

    def reusable(
        self, office: str | None, dossier: str, type: str, fields: Sequence[str], personal_id: str, on: date
    ) -> tuple[Earlier, ...]:
        return ()

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        return ()

    def same_person_otherwise(
        self, personal_id: str, name_key: str, birth: str | None, dossier: str, before: datetime
    ) -> tuple[Earlier, ...]:
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

    def same_person_otherwise(
        self, personal_id: str, name_key: str, birth: str | None, dossier: str, before: datetime
    ) -> tuple[Earlier, ...]:
        return (OTHER,)


def case_of(*components: Component, procedure: str | None = "1.001193", **changes: Any) -> Case:
    """A case of these papers. Keyword `manifest` takes changes of the manifest, the rest changes of the case."""
    manifest = {
        "dossier": CODE,
        "procedure": procedure,
        "office": "H13.96.31",
        "received_at": datetime(2026, 11, 20, 2, tzinfo=UTC),
        **changes.pop("manifest", {}),
    }
    told = Manifest(**manifest)
    in_force = procedure_on(procedure, RECEIVED) if procedure else None
    base: dict[str, Any] = {
        "dossier": CODE,
        "office": "H13.96.31",
        "manifest": told,
        "procedure": in_force,
        "components": assign_roles(components, in_force, told, RECEIVED),
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


def change(case: Case, id: str, name: str, value: str | None = None, **changes: Any) -> Case:
    papers = tuple(change_field(c, name, value, **changes) if c.id == id else c for c in case.components)
    return replace(case, components=papers)


def change_paper(case: Case, id: str, **changes: Any) -> Case:
    return replace(
        case, components=tuple(c.model_copy(update=changes) if c.id == id else c for c in case.components)
    )


def findings_of(case: Case, rule: str) -> tuple[Finding, ...]:
    """What one rule says of a case. A rule that broke says UNKNOWN too: here that is no answer."""
    found = judge(case, [r for r in rules() if r.id == rule])
    assert not [f.rule for f in found if "lỗi của phần mềm" in f.reason]
    return found


def says(case: Case, rule: str) -> set[Verdict]:
    """The verdicts of one rule on a case."""
    return {finding.verdict for finding in findings_of(case, rule)}
