"""A target's state as one object in our store, written over by conditional put: of two writers one is told so."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import ValidationError

from dossier.errors import Conflict, StoreError
from dossier.model import Frozen
from storage.buckets import HANDOVERS
from storage.s3 import Store

T = TypeVar("T", bound=Frozen)


class KeptState(Generic[T]):
    """One object in the bucket `handovers`. code, what: how the error is called if it cannot be read."""

    def __init__(self, store: Store, key: str, kind: type[T], code: str, what: str) -> None:
        self._store, self._key, self._kind = store, key, kind
        self._code, self._what = code, what
        self._etag: str | None = None

    def load(self) -> T | None:
        """As it stands. Raises StoreError if what lies there cannot be read: nothing is done again by a guess."""
        found = self._store.get(HANDOVERS, self._key)
        self._etag = found.etag if found else None
        if found is None:
            return None
        try:
            return self._kind.model_validate_json(found.data)
        except ValidationError:
            raise StoreError(self._code, f"{self._what} cannot be read") from None

    def save(self, state: T) -> None:
        """Write what follows from the state that was loaded. Raises Conflict if another wrote meanwhile."""
        data = state.model_dump_json(by_alias=True, indent=1).encode()
        try:
            if self._etag is None:
                self._etag = self._store.put_if_absent(HANDOVERS, self._key, data)
            else:
                self._etag = self._store.put_if_match(HANDOVERS, self._key, data, self._etag)
        except Conflict:
            # The put may have been ours, repeated after its answer got lost.
            found = self._store.get(HANDOVERS, self._key)
            if found is None or found.data != data:
                raise
            self._etag = found.etag
