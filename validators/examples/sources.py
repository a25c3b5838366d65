"""What outside sources answer in an example (`nguồn ngoài`), with Vietnamese keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field

from dossier.errors import SourceAway
from dossier.sources import (
    AgencyCertificate,
    CatalogueState,
    Happening,
    Holding,
    KnownPerson,
    StatusEvent,
    Subject,
    Verification,
)
from validators.examples.papers import Spec, hash_of
from validators.sources import Sources

_HAPPENED: Mapping[str, Happening] = {
    "khai tử": "death",
    "kết hôn": "marriage",
    "ly hôn": "divorce",
    "chuyển nơi cư trú": "moved",
    "cấp số khác": "new-id",
}
_ABOUT: Mapping[str, Subject] = {
    "nhân thân": "identity",
    "cư trú": "residence",
    "tình trạng hôn nhân": "marital-status",
    "giá trị khác": "other",
}

Answer = TypeVar("Answer")
Away = Literal["không trả lời"]
"""In the place of an answer: the source is connected and cannot be reached."""
_NOTHING = BeforeValidator(lambda given: None if given == "" else given)
Day = Annotated[date | Away | None, _NOTHING]


def _worded(words: Mapping[str, str]) -> BeforeValidator:
    def english(given: object) -> object:
        if given not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return words[str(given)]

    return BeforeValidator(english)


class EventSpec(Spec):
    kind: Annotated[Happening, _worded(_HAPPENED)] = Field(alias="việc")
    on: date = Field(alias="ngày")


class KnownSpec(Spec):
    """A person as the population database knows them. birth_year: where it knows the year alone."""

    full_name: str = Field(alias="họ tên")
    date_of_birth: date | None = Field(default=None, alias="ngày sinh")
    birth_year: int | None = Field(default=None, alias="năm sinh")
    events: tuple[EventSpec, ...] = Field(default=(), alias="sự kiện")


class VerificationSpec(Spec):
    subject: Annotated[Subject, _worded(_ABOUT)] = Field(alias="về")
    on: date = Field(alias="ngày")
    by: str = Field(default="tra cứu", alias="nguồn")


class CatalogueSpec(Spec):
    version: str = Field(alias="bản")
    on: date = Field(alias="ngày")


class CertificateSpec(Spec):
    agency: str = Field(alias="cơ quan")
    revoked_on: date | None = Field(default=None, alias="thu hồi từ")


class HoldingSpec(Spec):
    retention_until: date | None = Field(default=None, alias="hạn bảo quản")
    transfer_due: date | None = Field(default=None, alias="hạn nộp lưu")
    fixity_on: date | None = Field(default=None, alias="kiểm tra toàn vẹn")


class SourcesSpec(Spec):
    """The sources of an example, and every port in one. One that is left out is not connected; one that is empty is
    connected and knows nothing of the matter; `không trả lời`: connected, and away.

    people: by personal ID. catalogues: by name. certificates: by the name that a signature of the example gives its
    own. lines: names of lines of business by code. arrived, returned: days in Vietnam.
    """

    people: dict[str, KnownSpec] | Away | None = Field(default=None, alias="dữ liệu dân cư")
    verified: tuple[VerificationSpec, ...] | Away | None = Field(default=None, alias="sổ xác minh")
    arrived: Day = Field(default=None, alias="hệ thống nhận có kết quả ngày")
    catalogues: dict[str, CatalogueSpec] | Away | None = Field(default=None, alias="danh mục dùng chung")
    certificates: dict[str, CertificateSpec] | Away | None = Field(default=None, alias="chứng thư cơ quan")
    lines: dict[str, str] | Away | None = Field(default=None, alias="ngành kinh doanh")
    archived: Annotated[HoldingSpec | Away | None, _NOTHING] = Field(default=None, alias="kho lưu trữ")
    returned: Day = Field(default=None, alias="bị trả lại từ ngày")

    def ports(self) -> Sources:
        """The ports of those sources that the example speaks of."""

        def told(name: str) -> SourcesSpec | None:
            return self if name in self.model_fields_set else None

        return Sources(
            population_database=told("people"),
            verification_log=told("verified"),
            upstream=told("arrived"),
            shared_catalogues=told("catalogues"),
            agency_certificates=told("certificates"),
            business_lines=told("lines"),
            archive=told("archived"),
            defects=told("returned"),
        )

    def person(self, personal_id: str) -> KnownPerson | None:
        known = (_answer(self.people) or {}).get(personal_id)
        if known is None:
            return None
        events = tuple(StatusEvent(event.kind, event.on) for event in known.events)
        return KnownPerson(known.full_name, known.birth_year, known.date_of_birth, events)

    def of(self, dossier: str) -> tuple[Verification, ...]:
        return tuple(Verification(one.subject, one.on, one.by) for one in _answer(self.verified) or ())

    def arrived_on(self, dossier: str) -> date | None:
        return _answer(self.arrived)

    def states(self) -> tuple[CatalogueState, ...]:
        told = _answer(self.catalogues) or {}
        return tuple(CatalogueState(name, one.version, one.on) for name, one in told.items())

    def holder(self, certificate: str) -> AgencyCertificate | None:
        told = {hash_of(name): one for name, one in (_answer(self.certificates) or {}).items()}
        found = told.get(certificate)
        return AgencyCertificate(found.agency, found.revoked_on) if found else None

    def name(self, code: str) -> str | None:
        return (_answer(self.lines) or {}).get(code)

    def holding(self, dossier: str) -> Holding | None:
        told = _answer(self.archived)
        return Holding(told.retention_until, told.transfer_due, told.fixity_on) if told else None

    def open_since(self, dossier: str) -> date | None:
        return _answer(self.returned)


def _answer(told: Answer | Away | None) -> Answer | None:
    """What the source says. Raises SourceAway where the example says that it is away."""
    if isinstance(told, str):
        raise SourceAway("source-away", "no answer")
    return told
