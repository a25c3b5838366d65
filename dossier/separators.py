"""What the code on a separator sheet says: which dossier begins behind it, and which paper.

    SOHOA1|D|<dossier>|<component type or empty>|<check>     a dossier, or one paper of it
    SOHOA1|N||<component type or empty>|<check>              the next paper of whatever dossier it lies in

Separator sheets decide whose papers those behind them are: what does not hold to the letter is damaged, never guessed.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dossier.codes import parse_dossier_code
from dossier.drop import is_dossier_code
from dossier.errors import ConfigurationError

VERSION = "SOHOA1"
_OURS = re.compile(r"\s*SOHOA\d+\b")
_TYPE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_TYPE = 60


@dataclass(frozen=True)
class Sheet:
    """dossier: its code, None on a sheet for any dossier. component: a document type, None if it is not said."""

    dossier: str | None = None
    component: str | None = None

    @property
    def one_paper(self) -> bool:
        """Whether all that lies behind it, up to the next sheet, is one paper."""
        return self.component is not None or self.dossier is None


@dataclass(frozen=True)
class Damaged:
    """A sheet whose code does not hold: its check is wrong, it is of an unknown version, or two codes differ."""


def payload(sheet: Sheet) -> str:
    """The text of the sheet's codes. Raises ConfigurationError (dossier-code-invalid, component-invalid)."""
    if sheet.dossier is not None and not _is_code(sheet.dossier):
        raise ConfigurationError(
            "dossier-code-invalid",
            "not a dossier code: <agency>-<yymmdd>-<serial>, such as H13.96.31-260915-0001",
            f"Mã hồ sơ “{sheet.dossier}” không đúng dạng <mã đơn vị>-<năm tháng ngày>-<số>. Sửa mã rồi in lại.",
        )
    if sheet.component is not None and not _is_type(sheet.component):
        raise ConfigurationError("component-invalid", f"not a component type: {sheet.component}")
    kind = "N" if sheet.dossier is None else "D"
    text = f"{VERSION}|{kind}|{sheet.dossier or ''}|{sheet.component or ''}"
    return f"{text}|{_check(text)}"


def parse_sheet(text: str) -> Sheet | Damaged | None:
    """What one code says; None if it is none of ours."""
    if not _OURS.match(text):
        return None
    parts = text.split("|")
    if len(parts) != 5:
        return Damaged()
    _, _, dossier, component, _ = parts
    sheet = Sheet(dossier or None, component or None)
    try:
        return sheet if payload(sheet) == text else Damaged()
    except ConfigurationError:
        return Damaged()


def sheet_of(texts: Iterable[str]) -> Sheet | Damaged | None:
    """What the codes of one page say together. One that holds speaks for a damaged twin; two that differ for none."""
    said = {found for text in texts if (found := parse_sheet(text)) is not None}
    sheets = [found for found in said if isinstance(found, Sheet)]
    if len(sheets) == 1:
        return sheets[0]
    return Damaged() if said else None


def _is_code(text: str) -> bool:
    parsed = parse_dossier_code(text)
    return is_dossier_code(text) and parsed is not None and parsed.day is not None


def _is_type(text: str) -> bool:
    return len(text) <= _LONGEST_TYPE and _TYPE.fullmatch(text) is not None


def _check(text: str) -> str:
    """CRC-16 (CCITT), four hex digits: QR and Code 128 have checks of their own, this one is against other writers."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"
