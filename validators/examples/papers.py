"""What a paper in an example says, and the component that it stands for. Keys are Vietnamese, for civil servants."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dossier.model import Confidence
from dossier.reading import Mark, Quality, Signature
from dossier.record import Component, Source, Witness
from dossier.record import Field as PaperField

BOX = (100.0, 100.0, 400.0, 140.0)
READERS = ("tesseract", "aster")
"""Who has seen a value of which the example says nothing else: two independent readers."""
SURE, SURE_TYPE, SEEN = 0.99, 0.97, 0.9
DPI = 300.0
_GOOD_PAGE: dict[str, Any] = {
    "dpi": DPI,
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
_GOOD_SIGNATURE: dict[str, Any] = {
    "signer": "Ủy ban nhân dân xã Vị Thủy",
    "organisation": "",
    "signed_at": datetime(2026, 11, 20, 3, tzinfo=UTC),
    "intact": True,
    "trusted": None,
    "algorithm": "sha256_rsa",
    "outdated": False,
    "valid_from": datetime(2024, 1, 1, tzinfo=UTC),
    "valid_until": datetime(2028, 1, 1, tzinfo=UTC),
    "covers_whole_file": True,
}


class Spec(BaseModel):
    """A part of an example file. Every scalar of the file is text; a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _keyed(key: str) -> BeforeValidator:
    """`ngày` stands for `{<key>: ngày}`."""
    return BeforeValidator(lambda given: {key: given} if isinstance(given, str) else given)


def _unknown(given: object) -> object:
    """An empty text stands for a value that is not known."""
    if isinstance(given, dict):
        return {key: None if value == "" else value for key, value in given.items()}
    return given


Differing = Annotated[dict[str, Any], BeforeValidator(_unknown)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class FieldSpec(Spec):
    """One value. Without `nguồn`, two readers have seen it."""

    value: str = Field(default="", alias="giá trị")
    printed: str | None = Field(default=None, alias="in là")
    confidence: Confidence | None = Field(default=None, alias="tin cậy")
    seen_by: dict[str, str] | None = Field(default=None, alias="nguồn")
    handwritten: bool = Field(default=False, alias="viết tay")
    page: int = Field(default=1, alias="trang")

    def field(self, name: str, file: str) -> PaperField:
        seen = self.seen_by if self.seen_by is not None else dict.fromkeys(READERS, self.value)
        return PaperField(
            name=name,
            value=self.value or None,
            printed=self.value if self.printed is None else self.printed,
            confidence=self.confidence if self.confidence is not None else SURE if self.value else 0.0,
            file=file,
            page=self.page,
            box=BOX,
            dpi=DPI,
            witnesses=tuple(Witness(by=by, value=value) for by, value in seen.items()) if self.value else (),
            handwritten=self.handwritten,
        )


class MarkSpec(Spec):
    kind: str = Field(alias="loại")
    page: int = Field(default=1, alias="trang")
    confidence: Confidence = Field(default=SEEN, alias="tin cậy")

    def mark(self) -> Mark:
        return Mark(kind=self.kind, page=self.page, box=BOX, confidence=self.confidence)


Value = Annotated[FieldSpec, _keyed("giá trị")]
SeenMark = Annotated[MarkSpec, _keyed("loại")]


class PaperSpec(Spec):
    """One paper: its type, what is printed on it, its values, marks, scans and electronic signatures.

    text: one entry a page. scans: what differs from a good scan, one entry a page, in the names of dossier.reading's
    Quality; signatures: what differs from a good one, in those of Signature. bytes_of: the file whose very bytes this
    one has.
    """

    type: str = Field(alias="loại")
    type_confidence: Confidence = Field(default=SURE_TYPE, alias="chắc về loại")
    file: str | None = Field(default=None, alias="tệp")
    bytes_of: str | None = Field(default=None, alias="cùng nội dung với tệp")
    text: Texts = Field(default=(), alias="chữ")
    fields: dict[str, Value] = Field(default={}, alias="trường")
    marks: tuple[SeenMark, ...] = Field(default=(), alias="dấu vết")
    scans: tuple[Differing, ...] = Field(default=({},), alias="trang")
    signatures: tuple[Differing, ...] = Field(default=(), alias="chữ ký số")

    def component(self, id: str, prefix: str) -> Component:
        """The paper as read. prefix: of its file's name, if the example gives none."""
        file = self.file or f"{prefix}_{id}.pdf"
        pages = tuple(
            Quality.model_validate({"page": number, **_GOOD_PAGE, **differs})
            for number, differs in enumerate(self.scans, 1)
        )
        return Component(
            id=id,
            type=self.type,
            type_confidence=self.type_confidence,
            sources=(
                Source(
                    file=file,
                    sha256=hash_of(self.bytes_of or file),
                    pages=tuple(page.page for page in pages) or (1,),
                ),
            ),
            fields=tuple(spec.field(name, file) for name, spec in self.fields.items()),
            marks=tuple(spec.mark() for spec in self.marks),
            quality=pages,
            signatures=tuple(
                Signature.model_validate({**_GOOD_SIGNATURE, **_certified(differs)})
                for differs in self.signatures
            ),
            text="\n\f".join(self.text),
        )


def _certified(signature: dict[str, Any]) -> dict[str, Any]:
    """An example names the certificate of a signature; a reading carries its hash."""
    name = signature.get("certificate")
    return {**signature, "certificate": hash_of(name)} if isinstance(name, str) else signature


def hash_of(file: str) -> str:
    """The hash of the bytes that a file of this name is imagined to have."""
    return hashlib.sha256(file.encode()).hexdigest()
