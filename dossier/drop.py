"""The inbox contract: what a digitiser may drop, and what `dossier.json` may say."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from dossier.errors import ManifestError
from dossier.model import Frozen, Sha256

EXTENSIONS = ("pdf", "tif", "tiff", "jpg", "jpeg", "png")
MANIFEST = "dossier.json"
READY = "_ready"

OFFICE = re.compile(r"^[A-Z]\d{2}(?:\.[0-9A-Z]{1,5})*$")  # QĐ 20/2020/QĐ-TTg
DOSSIER_CODE = re.compile(
    r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"
)  # what a key may carry; rule D16 holds the form


class ManifestFile(Frozen):
    name: str
    sha256: Sha256 | None = None
    type: str | None = None

    @field_validator("name")
    @classmethod
    def _nfc(cls, name: str) -> str:
        return unicodedata.normalize("NFC", name)


class Manifest(Frozen):
    """`dossier.json`. All but `dossier` may be left out; without `files`, all that is there belongs to it.

    A second original of the same form is told by its `type`: a document type of the catalogue.
    `facts` answers the conditions (WHEN) of the procedure that no paper tells, such as `delegated`.
    """

    dossier: str = Field(pattern=DOSSIER_CODE.pattern)
    procedure: str | None = None
    office: str | None = Field(default=None, pattern=OFFICE.pattern)
    received_at: datetime | None = None
    submitted_by: Literal["citizen", "officer"] | None = None
    applicant: str | dict[str, str] | None = None
    files: tuple[ManifestFile, ...] = ()
    replaces: tuple[str, ...] = ()
    facts: dict[str, bool] = Field(default_factory=dict)

    @classmethod
    def parse(cls, text: str | bytes) -> Manifest:
        """Read `dossier.json`. Raises ManifestError naming each wrong key."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            places = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'JSON'} ({e['type']})" for e in error.errors()[:5]
            )
            raise ManifestError(
                "manifest-invalid",
                f"dossier.json is not valid: {places}",
                f"Tệp dossier.json sai ở: {places}. Sửa lại rồi nộp lại tệp này.",
            ) from None


def extension(name: str) -> str:
    """The lower-case extension without its dot, empty if none."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""
