"""The latest receipts of an office's stacks or registers: a list under a name that its staff know.

Staff may read their receipts and list nothing. A receipt lies under the hash of its file, since a name
that people chose must not last in a key; this list says which file, by its name, has which receipt.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from dossier.calendar import VIETNAM
from storage.buckets import RECEIPTS
from storage.keys import folder
from storage.pages import page_template
from storage.s3 import Store

LATEST: Final = "latest"
LISTED: Final = 200


def tell_latest(
    store: Store, office: str, kind: str, *, name: str, dropped_at: datetime, state: str, key: str
) -> None:
    """Put a receipt at the head of the list. kind: the folder, as in the inbox. key: without `.html` and `.json`.

    Whoever calls holds the office's lease: nobody else writes the list meanwhile. Doing it again changes nothing.
    """
    place = f"{folder(office, kind)}{LATEST}"
    found = store.get(RECEIPTS, f"{place}.json")
    before: list[dict[str, Any]] = json.loads(found.data)["receipts"] if found else []
    entry = {"file": name, "dropped_at": dropped_at.isoformat(), "state": state, "receipt": key}
    receipts = sorted(
        [entry, *(one for one in before if one["receipt"] != key)], key=lambda one: one["dropped_at"]
    )
    receipts = receipts[: -LISTED - 1 : -1]
    data = json.dumps({"receipts": receipts}, ensure_ascii=False, indent=1) + "\n"
    store.put(RECEIPTS, f"{place}.json", data.encode(), "application/json")
    rows = [one | {"at": _at(one)} for one in receipts]
    page = page_template("latest.html.j2").render(office=office, receipts=rows)
    store.put(RECEIPTS, f"{place}.html", page.encode(), "text/html; charset=utf-8")


def _at(receipt: dict[str, Any]) -> str:
    return f"{datetime.fromisoformat(receipt['dropped_at']).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
