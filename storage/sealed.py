"""Sealed copies in the store: written once under a name that their content gives, never over another."""

from __future__ import annotations

import hashlib
import re

from dossier.errors import StoreDamaged, StoreError
from dossier.record import Sealed
from storage.buckets import SEALED
from storage.keys import folder
from storage.s3 import Store

MEDIA_TYPE = "application/pdf"


def sealed_key(office: str | None, code: str, component: str, sha256: str) -> str:
    """`<office>/<code>/<component>-<first 16 of the hash>.pdf`; nothing of what the paper says."""
    return f"{folder(office, code)}{re.sub(r'[^A-Za-z0-9_.-]', '_', component)}-{sha256[:16]}.pdf"


def keep_sealed(
    store: Store, office: str | None, code: str, component: str, data: bytes, pages: int
) -> Sealed:
    """Keep the copy; what the record says of it. Doing it again changes nothing. Raises Conflict, StoreError."""
    sha256 = hashlib.sha256(data).hexdigest()
    key = sealed_key(office, code, component, sha256)
    store.put_once(SEALED, key, data, MEDIA_TYPE)
    return Sealed(key=key, sha256=sha256, bytes=len(data), pages=pages)


def sealed_copy(store: Store, sealed: Sealed) -> bytes:
    """The copy that a record names. Raises StoreError if it is not there, or not what the record says."""
    found = store.get(SEALED, sealed.key)
    if found is None:
        raise StoreError("sealed-missing", f"the sealed copy {sealed.sha256[:12]} is not there")
    if hashlib.sha256(found.data).hexdigest() != sealed.sha256:
        raise StoreDamaged(
            "sealed-damaged", f"the sealed copy {sealed.sha256[:12]} is not what the record names"
        )
    return found.data
