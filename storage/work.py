"""The work bucket: what was read of pages and papers, by content and versions. Derived, expiring, never the truth."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote

from pydantic import ValidationError

from dossier.reading import PageReading
from dossier.record import Component
from storage.buckets import WORK
from storage.s3 import Store

PAGES: Final = "pages"
COMPONENTS: Final = "components"


class Work:
    """The cache of one store for one version of the reading. version: any text that changes when readings would."""

    def __init__(self, store: Store, version: str) -> None:
        self._store = store
        self._version = quote(version, safe="")

    def page(self, sha256: str, page: int) -> tuple[PageReading, bytes] | None:
        """A page's reading and its preview (JPEG), None if it has to be read."""
        start = self._page(sha256, page)
        found = self._store.get(WORK, f"{start}.json")
        preview = self._store.get(WORK, f"{start}.jpg") if found else None
        if found is None or preview is None:
            return None
        try:
            return PageReading.model_validate_json(found.data), preview.data
        except ValidationError:  # of another version of the model: read the page again
            return None

    def keep_page(self, reading: PageReading, preview: bytes) -> None:
        """Keep what was read. The reading is written last: where it is, the preview is too."""
        start = self._page(reading.sha256, reading.page)
        self._store.put(WORK, f"{start}.jpg", preview, "image/jpeg")
        self._store.put(WORK, f"{start}.json", reading.model_dump_json().encode(), "application/json")

    def component(self, key: str) -> Component | None:
        """A paper read before. key: names its content (such as the hash of its pages), safe in an object's key."""
        found = self._store.get(WORK, self._component(key))
        try:
            return Component.model_validate_json(found.data) if found else None
        except ValidationError:
            return None

    def keep_component(self, key: str, component: Component) -> None:
        # The text is left out of records, so the model's own JSON does not carry it.
        data = component.model_dump(mode="json") | {"text": component.text}
        self._store.put(
            WORK, self._component(key), json.dumps(data, ensure_ascii=False).encode(), "application/json"
        )

    def _page(self, sha256: str, page: int) -> str:
        return f"{PAGES}/{sha256}/{self._version}/{page:05d}"

    def _component(self, key: str) -> str:
        return f"{COMPONENTS}/{quote(key, safe='')}/{self._version}.json"
