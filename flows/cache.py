"""Page and paper readings kept in the work bucket, so that a run that died reads nothing twice."""

from __future__ import annotations

import hashlib
import json

from dossier.record import Component
from flows.provenance import made_by
from ocr.grouping import Draft
from storage.s3 import Store
from storage.work import Work


class StoreCache:
    """The pipeline's ReadingCache over the work bucket. Keys hold contents and the versions of what read them.

    A page depends on the engines and the program; a paper on the catalogue too.
    """

    def __init__(self, store: Store, engines: dict[str, str]) -> None:
        made = made_by(engines)
        self._pages = Work(store, _digest(made["program"], engines))
        self._papers = Work(store, _digest(made["program"], engines, made["catalogue"]))
        self.page = self._pages.page
        self.keep_page = self._pages.keep_page

    def component(self, draft: Draft) -> Component | None:
        return self._papers.component(_key(draft))

    def keep_component(self, draft: Draft, component: Component) -> None:
        self._papers.keep_component(_key(draft), component)


def _key(draft: Draft) -> str:
    return _digest(repr(draft))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
