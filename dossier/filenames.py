"""Names of files as archives want them: `CODE_YYYYMMDD_DESC.EXT`, ASCII (CV 7197/BKHCN-CĐSQG)."""

from __future__ import annotations

import re
from datetime import date

from dossier.drop import extension
from dossier.text.vietnamese import fold

_STANDARD = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.-]*(?:_[A-Za-z0-9.-]+)*_(\d{8})_[A-Za-z0-9-]+\.[a-z]{3,4}", re.ASCII
)
LONGEST = 40  # characters of the description


def is_standard_name(name: str) -> bool:
    """Has it the form, with a day of the calendar in it?"""
    found = _STANDARD.fullmatch(name)
    if not found:
        return False
    try:
        date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
    except ValueError:
        return False
    return True


def standard_name(code: str, day: date, name: str) -> str:
    """The archive's name for a file of a dossier, its own name as the description. The dropped name is kept beside it.

    `Tờ khai.pdf` -> `H13.96.31-261120-0001_20261120_to-khai.pdf`.
    """
    stem = name.rsplit(".", 1)[0] if "." in name else name
    text = re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")[:LONGEST].strip("-") or "tep"
    suffix = extension(name)
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", fold(code) if not code.isascii() else code)
    return f"{plain}_{day:%Y%m%d}_{text}" + (f".{suffix}" if suffix.isascii() and suffix else "")
