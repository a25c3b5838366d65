"""Registers that an office dropped: the rows of each, immutable, and a receipt of what was not understood."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from dossier.calendar import VIETNAM
from dossier.errors import StoreDamaged
from dossier.model import Frozen, Sha256
from dossier.register import Problem, RegisterRow
from storage.buckets import RECEIPTS, REGISTERS
from storage.inbox.objects import REGISTER
from storage.keys import folder
from storage.pages import page_template
from storage.receipts.latest import tell_latest
from storage.s3 import Store

SCHEMA: Final = "sohoa/register/1"


class KeptRegister(Frozen):
    """One register as dropped. sha256: of its bytes, among the originals. Times are UTC."""

    office: str
    file: str
    sha256: Sha256
    dropped_at: datetime
    rows: tuple[RegisterRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: str = ""
    """Why none of it could be taken, in Vietnamese; empty if it was."""


def keep_register(store: Store, register: KeptRegister) -> None:
    """Write the rows and the receipt. Doing it again changes nothing."""
    said = (
        json.dumps({"schema": SCHEMA} | register.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    )
    if not register.refused:
        store.put(REGISTERS, _key(register), said.encode(), "application/json")
    key = f"{folder(register.office, REGISTER)}{register.sha256}"
    summary = register.model_dump(mode="json", exclude={"rows"}) | {"rows": len(register.rows)}
    data = (json.dumps({"schema": SCHEMA} | summary, ensure_ascii=False, indent=1) + "\n").encode()
    store.put(RECEIPTS, f"{key}.html", _page(register).encode(), "text/html; charset=utf-8")
    store.put(RECEIPTS, f"{key}.json", data, "application/json")
    tell_latest(
        store,
        register.office,
        REGISTER,
        name=register.file,
        dropped_at=register.dropped_at,
        state="refused" if register.refused else "returned" if register.problems else "taken",
        key=key,
    )


def register_rows(store: Store, office: str) -> dict[str, RegisterRow]:
    """All dossiers that the office's registers name, by code. Of two registers the one dropped later counts."""
    rows: dict[str, RegisterRow] = {}
    for key in sorted(entry.key for entry in store.list(REGISTERS, f"{office}/")):
        found = store.get(REGISTERS, key)
        if found is None:
            continue
        try:
            said: dict[str, Any] = json.loads(found.data)
            said.pop("schema", None)
            kept = KeptRegister.model_validate(said)
        except (ValueError, ValidationError):
            raise StoreDamaged("register-damaged", "a kept register does not fit its schema") from None
        rows.update((row.dossier, row) for row in kept.rows)
    return rows


def _key(register: KeptRegister) -> str:
    """Sorts as the registers came."""
    return f"{register.office}/{register.dropped_at:%Y%m%dT%H%M%S}-{register.sha256[:12]}.json"


def _page(register: KeptRegister) -> str:
    state = "refused" if register.refused else "returned" if register.problems else "checked"
    dropped = f"{register.dropped_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    return page_template("register.html.j2").render(register=register, state=state, dropped=dropped)
