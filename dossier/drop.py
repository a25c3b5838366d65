"""The inbox contract: what a digitiser may drop, and what `dossier.json` may say."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from dossier.calendar import VIETNAM
from dossier.errors import ManifestError
from dossier.model import Frozen, Sha256

EXTENSIONS = ("pdf", "tif", "tiff", "jpg", "jpeg", "png")
MANIFEST = "dossier.json"
READY = "_ready"
MANIFEST_BYTES = 2**20
RECEIVED_BETWEEN = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

OFFICE = re.compile(r"^[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,5})*$")  # QĐ 20/2020/QĐ-TTg
DOSSIER_CODE = re.compile(
    r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"
)  # what a key may carry; rule D16 holds the form


def of_our_time(moment: datetime) -> datetime:
    """A time without a zone is the office's own. Years that no calendar reckons with are refused (ValueError)."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    if not RECEIVED_BETWEEN[0] <= aware <= RECEIVED_BETWEEN[1]:
        raise ValueError("not between 2000 and 2100")
    return aware


class ManifestFile(Frozen):
    name: str
    sha256: Sha256 | None = None
    type: str | None = None

    @field_validator("name")
    @classmethod
    def _nfc(cls, name: str) -> str:
        return unicodedata.normalize("NFC", name)


NAME = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
"""Of requirements, sources and facts, as the catalogue writes them."""
LOOKUPS = 64


class Lookup(Frozen):
    """A database was asked instead of the person (NQ 66.7/2025/NQ-CP): for which requirement, where, when, the answer.

    found: what the requirement asks for is there. differs: it is there and says otherwise than the papers. What the
    database said stays in it: no personal data here.
    """

    requirement: str = Field(pattern=NAME, max_length=64)
    source: str = Field(pattern=NAME, max_length=64)
    at: datetime
    answer: Literal["found", "none", "differs"]

    @field_validator("at")
    @classmethod
    def _of_our_time(cls, moment: datetime) -> datetime:
        return of_our_time(moment)


class Manifest(Frozen):
    """`dossier.json`. All but `dossier` may be left out; without `files`, all that is there belongs to it.

    A second original of the same form is told by its `type`: a document type of the catalogue.
    `facts` answers the conditions (WHEN) of the procedure that no paper tells, such as `delegated`.
    `lookups` says which databases were asked instead of the person.
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
    lookups: tuple[Lookup, ...] = Field(default=(), max_length=LOOKUPS)

    @field_validator("received_at")
    @classmethod
    def _of_our_time(cls, moment: datetime | None) -> datetime | None:
        return None if moment is None else of_our_time(moment)

    @classmethod
    def parse(cls, text: str | bytes) -> Manifest:
        """Read `dossier.json`. Raises ManifestError naming each wrong key."""
        if len(text) > MANIFEST_BYTES:
            raise ManifestError(
                "manifest-too-large", "dossier.json is too large", "Tệp dossier.json quá lớn."
            )
        if isinstance(text, bytes):
            text = text.removeprefix(b"\xef\xbb\xbf")  # Notepad's
        try:
            manifest = cls.model_validate_json(text)
            json.loads(text, object_pairs_hook=_told_once)
        except _ToldTwice as error:
            raise ManifestError(
                "manifest-invalid",
                "dossier.json says the same key twice",
                f"Tệp dossier.json ghi khóa {error.key[:80]} hai lần. Sửa lại rồi nộp lại tệp này.",
            ) from None
        except ValidationError as error:
            wrong = [(e["loc"], e["type"]) for e in error.errors()[:5]]
            places = "; ".join(f"{'.'.join(map(str, loc))[:80] or 'JSON'} ({kind})" for loc, kind in wrong)
            known = "; ".join(f"{_place(loc)} ({kind})" for loc, kind in wrong)
            raise ManifestError(
                "manifest-invalid",
                f"dossier.json is not valid: {known}",
                f"Tệp dossier.json sai ở: {places}. Sửa lại rồi nộp lại tệp này.",
            ) from None
        return manifest


def is_office(text: str) -> bool:
    """Whether it is an office code, from the first to the last character."""
    return OFFICE.fullmatch(text) is not None


def is_dossier_code(text: str) -> bool:
    """Whether a key can carry it as a dossier's code, from the first to the last character."""
    return DOSSIER_CODE.fullmatch(text) is not None


def extension(name: str) -> str:
    """The lower-case extension without its dot, empty if none."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


class _ToldTwice(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _told_once(pairs: list[tuple[str, object]]) -> None:
    """JSON lets a key come twice, and readers differ in which one counts: here it is a fault."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _ToldTwice(key)
        seen.add(key)


def _place(parts: tuple[int | str, ...]) -> str:
    """Where in the manifest. Keys that are not ours are what somebody wrote: they stay out of messages."""
    ours = Manifest.model_fields.keys() | ManifestFile.model_fields.keys() | Lookup.model_fields.keys()
    said = [str(part) if isinstance(part, int) or part in ours else "?" for part in parts]
    return ".".join(said) or "JSON"
