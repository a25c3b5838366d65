"""Page and paper readings kept in the work bucket, so that a run that died reads nothing twice."""

from __future__ import annotations

import hashlib
import json

from dossier.record import Component
from ocr.grouping import Draft
from storage.s3 import Store
from storage.work import Work


class StoreCache:
    """The ReadingCache over the work bucket. Keys hold contents and the versions of what read them.

    engines: name -> version, as the reading processes report them: the engines that the settings chose, and the
    version of the reading itself (code, models, catalogue; ocr.version).
    """

    def __init__(self, store: Store, engines: dict[str, str]) -> None:
        self._work = Work(store, _digest(engines))
        self.page = self._work.page
        self.keep_page = self._work.keep_page

    def component(self, draft: Draft) -> Component | None:
        return self._work.component(_key(draft))

    def keep_component(self, draft: Draft, component: Component) -> None:
        self._work.keep_component(_key(draft), component)


def _key(draft: Draft) -> str:
    return _digest(repr(draft))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
