"""Names of files as archives want them: `CODE_YYYYMMDD_DESC.EXT`, ASCII (CV 7197/BKHCN-CĐSQG)."""

from __future__ import annotations

import re
from datetime import date

from dossier.text.vietnamese import fold

_STANDARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*_(\d{8})_[A-Za-z0-9-]+\.[a-z]{3,4}", re.ASCII)
UNNAMED = "tep"
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


def standard_name(code: str, day: date, description: str, suffix: str) -> str:
    """The archive's name for a file of a dossier; the dropped name is kept beside it.

    description: what the paper is, never the dropped name, which may hold a person's name or number.
    `Tờ khai đăng ký khai sinh` -> `H13.96.31-261120-0001_20261120_to-khai-dang-ky-khai-sinh.pdf`.
    """
    text = re.sub(r"[^a-z0-9]+", "-", fold(description)).strip("-")[:LONGEST].strip("-") or UNNAMED
    return f"{code}_{day:%Y%m%d}_{text}.{suffix}"
