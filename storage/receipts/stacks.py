"""The receipt of a stack: which of its pages went to which dossier, and which to none and why.

It is also the record of where the parts come from: it names the stack and every part by their hashes.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from dossier.calendar import VIETNAM
from dossier.model import Frozen, Sha256
from dossier.record import Refused
from storage.buckets import RECEIPTS
from storage.inbox.objects import BATCH
from storage.keys import folder
from storage.pages import page_template
from storage.receipts.latest import tell_latest
from storage.s3 import Store

SCHEMA: Final = "sohoa/stack-receipt/1"


class StackPart(Frozen):
    """Pages (from 1) of the stack that were dropped into a dossier, as a file of that name and hash."""

    dossier: str
    pages: tuple[int, ...]
    file: str
    sha256: Sha256


class StackReceipt(Frozen):
    """stack: its name as dropped. sha256: of its bytes, under which they are kept. pages: how many, 0 if unread."""

    office: str
    stack: str
    sha256: Sha256
    pages: int
    dropped_at: datetime
    parts: tuple[StackPart, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def state(self) -> str:
        """`split` when every page went to a dossier, `returned` when some did, `refused` when none did."""
        if not self.parts:
            return "refused"
        return "returned" if self.refused else "split"


def give_stack_receipt(store: Store, receipt: StackReceipt) -> None:
    """Put the receipt under the stack's hash, and at the head of the office's list. Again changes nothing."""
    said = {"schema": SCHEMA, "state": receipt.state} | receipt.model_dump(mode="json")
    data = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    page = _page(receipt).encode()
    key = f"{folder(receipt.office, BATCH)}{receipt.sha256}"
    store.put(RECEIPTS, f"{key}.html", page, "text/html; charset=utf-8")
    store.put(RECEIPTS, f"{key}.json", data, "application/json")
    tell_latest(
        store,
        receipt.office,
        BATCH,
        name=receipt.stack,
        dropped_at=receipt.dropped_at,
        state=receipt.state,
        key=key,
    )


def _page(receipt: StackReceipt) -> str:
    view: dict[str, Any] = {
        "receipt": receipt,
        "state": {"split": "checked"}.get(receipt.state, receipt.state),
        "dropped": f"{receipt.dropped_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
    }
    return page_template("stack.html.j2").render(view)
