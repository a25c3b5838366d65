"""What every dossier's run works with. Made once per intake, handed down."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dossier.settings import Settings
from flows.cache import StoreCache
from ocr.pool import ReadingPool
from ocr.toolbox import Toolbox
from storage.connect import open_store
from storage.inbox import Inbox
from storage.records import Records
from storage.s3 import Store


@dataclass(frozen=True)
class Tools:
    """engines: name -> version, as the reading processes report them."""

    settings: Settings
    store: Store
    inbox: Inbox
    records: Records
    pool: ReadingPool
    cache: StoreCache
    engines: dict[str, str]


@contextmanager
def opened_tools(settings: Settings) -> Iterator[Tools]:
    """Reading processes started, store reached. Raises ConfigurationError or TransientError if that fails."""
    _spare_children_prefect()
    store = open_store(settings)
    with ReadingPool(settings.reading) as pool:
        engines = pool.submit(Toolbox.versions).result()
        yield Tools(
            settings=settings,
            store=store,
            inbox=Inbox(store, settings.intake.quiet_s),
            records=Records(store),
            pool=pool,
            cache=StoreCache(store, engines),
            engines=engines,
        )


def _spare_children_prefect() -> None:
    # Spawned processes import their parent's main module anew. Ours is Prefect's engine: 2 s of processor time
    # and 80 MB for each reading process, which need nothing of it.
    main = sys.modules["__main__"]
    if getattr(main.__spec__, "name", "").startswith("prefect"):
        main.__spec__ = None
        main.__dict__.pop("__file__", None)
