"""A dossier in an example, and the case that rules judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from dossier.calendar import VIETNAM
from dossier.catalogue.documents import document_types
from dossier.catalogue.procedures import procedure_on
from dossier.drop import Manifest
from dossier.earlier import Earlier
from dossier.record import DroppedFile, Refused
from validators.case import Case, OfficeCounts
from validators.examples.papers import PaperSpec, Spec, hash_of
from validators.examples.sources import SourcesSpec
from validators.roles import assign_roles


class StoredSpec(Spec):
    """One thing that the office keeps already, and which question it answers."""

    dossier: str = Field(alias="hồ sơ")
    about: Literal["cùng tệp", "cùng số kết quả", "cùng người", "đang mở", "khác tên hoặc ngày sinh"] = Field(
        alias="trùng"
    )
    type: str = Field(default="", alias="loại")
    issue_date: date | None = Field(default=None, alias="ngày cấp")


class Stored:
    """The index of an example: it answers with what the example says is kept."""

    def __init__(self, kept: tuple[StoredSpec, ...]) -> None:
        self._kept = kept

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        return self._about("cùng tệp")

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        return self._about("cùng số kết quả")

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        return self._about("cùng người")

    def reusable(
        self, office: str | None, dossier: str, type: str, fields: Sequence[str], personal_id: str, on: date
    ) -> tuple[Earlier, ...]:
        return ()

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        return tuple(entry.dossier for entry in self._about("đang mở"))

    def same_person_otherwise(
        self, personal_id: str, name_key: str, birth: str | None, dossier: str, before: datetime
    ) -> tuple[Earlier, ...]:
        return self._about("khác tên hoặc ngày sinh")

    def _about(self, question: str) -> tuple[Earlier, ...]:
        return tuple(
            Earlier(entry.dossier, 1, "c1", entry.type, entry.issue_date)
            for entry in self._kept
            if entry.about == question
        )


class RefusedSpec(Spec):
    file: str = Field(alias="tệp")
    code: str = Field(alias="mã")
    reason: str = Field(alias="lý do")


class DuplicateSpec(Spec):
    """Two pages that show the same, each as (file, page)."""

    first: tuple[str, int] = Field(alias="trang")
    second: tuple[str, int] = Field(alias="giống trang")


class DossierSpec(Spec):
    """A whole dossier: what was dropped, what was said of it, what is kept already.

    papers: by id; the file of a paper is `<dossier>_<day of reception>_<id>.pdf` unless the paper names it. dropped:
    further files of which no paper was made. pdf_versions: by file; 1.7 unless told, unknown if empty. manifest:
    further keys of dossier.json, in its own names. disconnected: `index` takes the office's own records away.
    outside: what the outside sources say that are connected.
    """

    title: str = Field(alias="tên")
    dossier: str = Field(alias="mã hồ sơ")
    procedure: str | None = Field(default=None, alias="thủ tục")
    procedure_required: bool = Field(default=False, alias="bắt buộc có thủ tục")
    office: str | None = Field(default=None, alias="cơ quan")
    received_at: datetime | None = Field(default=None, alias="tiếp nhận lúc")
    today: date = Field(alias="hôm nay")
    papers: dict[str, PaperSpec] = Field(alias="giấy")
    manifest: dict[str, Any] = Field(default={}, alias="bản kê")
    dropped: tuple[str, ...] = Field(default=(), alias="tệp khác")
    refused: tuple[RefusedSpec, ...] = Field(default=(), alias="tệp bị từ chối")
    duplicates: tuple[DuplicateSpec, ...] = Field(default=(), alias="trang giống nhau")
    pdf_versions: dict[str, str] = Field(default={}, alias="phiên bản PDF")
    stored: tuple[StoredSpec, ...] = Field(default=(), alias="sổ đã lưu")
    disconnected: tuple[Literal["index"], ...] = Field(default=(), alias="chưa kết nối")
    outside: SourcesSpec = Field(default=SourcesSpec(), alias="nguồn ngoài")
    figures: OfficeCounts | None = Field(default=None, alias="số liệu cơ quan")

    def case(self) -> Case:
        """The case that a rule judges. Raises ValueError where its parts do not fit together."""
        moment = self.received_at or datetime.combine(self.today, datetime.min.time(), VIETNAM)
        received_on = moment.astimezone(VIETNAM).date()
        procedure = procedure_on(self.procedure, received_on) if self.procedure else None
        prefix = f"{self.dossier}_{received_on:%Y%m%d}"
        manifest = self._manifest()
        components = tuple(spec.component(id, prefix) for id, spec in self.papers.items())
        files = {source.file: source.sha256 for paper in components for source in paper.sources}
        files |= {name: hash_of(name) for name in (*self.dropped, *(entry.file for entry in self.refused))}
        return Case(
            dossier=self.dossier,
            office=self.office,
            manifest=manifest,
            procedure=procedure,
            components=assign_roles(components, procedure, manifest, received_on),
            refused=tuple(
                Refused(file=entry.file, sha256=hash_of(entry.file), reason=entry.reason, code=entry.code)
                for entry in self.refused
            ),
            files=tuple(DroppedFile(name=name, sha256=sha256) for name, sha256 in files.items()),
            document_types=document_types(),
            today=self.today,
            received_at=moment,
            received_on=received_on,
            earlier=None if "index" in self.disconnected else Stored(self.stored),
            duplicates=tuple((entry.first, entry.second) for entry in self.duplicates),
            sources=self.outside.ports(),
            procedure_required=self.procedure_required,
            pdf_versions=self._versions(files),
            figures=self.figures,
        )

    def _manifest(self) -> Manifest:
        said = {
            "dossier": self.dossier,
            "procedure": self.procedure,
            "office": self.office,
            "received_at": self.received_at,
        }
        return Manifest.model_validate({**said, **self.manifest})

    def _versions(self, files: dict[str, str]) -> dict[str, str]:
        refused = {entry.file for entry in self.refused}
        return {
            sha256: self.pdf_versions.get(name, "1.7")
            for name, sha256 in files.items()
            if name.lower().endswith(".pdf") and name not in refused
        }
