"""What every dossier's run works with. Made once per intake, handed down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from dossier.settings import Settings
from flows.cache import StoreCache
from flows.sealing import Sign
from flows.sources import connected
from ocr.pool import ReadingPool
from ocr.toolbox import Toolbox
from storage.connect import current_index, open_store
from storage.inbox.listing import Inbox
from storage.index.index import Index
from storage.records import Records
from storage.s3 import Store
from storage.signing.sealer import open_sealer
from validators.sources import Sources


@dataclass(frozen=True)
class Tools:
    """engines: name -> version, as the reading processes report them. sources: the outside ones that are connected.

    turn: held from judging to indexing, so that of two dossiers with the same papers one sees the other.
    sign: signs sealed copies; None: they are kept unsigned.
    """

    settings: Settings
    store: Store
    inbox: Inbox
    records: Records
    index: Index
    pool: ReadingPool
    cache: StoreCache
    engines: dict[str, str]
    sources: Sources
    turn: asyncio.Lock
    sign: Sign | None = None


@contextmanager
def opened_tools(settings: Settings) -> Iterator[Tools]:
    """Reading processes started, store reached. Raises ConfigurationError or TransientError if that fails."""
    sources = connected(settings)
    store = open_store(settings)
    sealer = open_sealer(settings.sealing)
    with closing(current_index(settings, store)) as index, ReadingPool(settings.reading) as pool:
        engines = pool.submit(Toolbox.versions).result()
        yield Tools(
            settings=settings,
            store=store,
            inbox=Inbox(store, settings.intake.quiet_s),
            records=Records(store),
            index=index,
            pool=pool,
            cache=StoreCache(store, engines),
            engines=engines,
            sources=sources,
            turn=asyncio.Lock(),
            sign=sealer.sign if sealer else None,
        )
