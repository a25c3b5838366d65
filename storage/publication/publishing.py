"""The run of publication to one target: from its place in each office's feed to the end, batch by batch.

The target's transaction makes it exactly once; this only brings the events in order, with their records, and goes on
where a run before it stopped. What cannot be handed on goes aside at the target, and the rest go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

from dossier.errors import TransientError
from storage.feed import Announced, Feed
from storage.publication.events import fetch
from storage.publication.targets import Cursor, CursorMoved, FeedDiverged, Handed, HandedOver, Receipt, Target
from storage.s3 import Store

THREADS = 8
"""Waiting for the store; records come back in the order of the feed."""

Progress = Callable[[str, int, Handed], None]
"""Hears after each batch: office, number in its feed, what was handed on in this run so far."""


def unheard(*_: object) -> None:
    """Neither audit nor progress."""


class Publisher:
    """Hands on to one target. receipt: hears of each batch that is safe at the target, and of what came in later."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        target: Target,
        receipt: Receipt = unheard,
        progress: Progress = unheard,
    ) -> None:
        self._store, self._feed, self._target = store, feed, target
        self._receipt, self._progress = receipt, progress
        self._done = Handed()

    def publish(self) -> Handed:
        """Hand on all there is now. Raises TransientError if store or target went away: the next run goes on.

        Raises FeedDiverged in the end if an office's feed is not the one the target followed; the others were handed
        on.
        """
        self._target.prepare()
        for late in self._target.resume():
            self._tell_late(late)
        diverged: list[FeedDiverged] = []
        for office in self._offices():
            try:
                self._office(office)
            except FeedDiverged as error:
                diverged.append(error)
        if diverged:
            raise diverged[0]
        return self._done

    def retry_aside(self) -> Handed:
        """Try once more what went aside; what became of it."""
        self._target.prepare()
        for office, waiting in groupby(self._target.asides(), key=lambda aside: aside.office):
            for aside in waiting:
                announced = self._feed.at(office, aside.seq)
                if announced is not None:
                    self._tell_late(self._target.again(office, [fetch(self._store, announced)]))
        return self._done

    def _offices(self) -> list[str]:
        """Those that the target takes: that have a feed, or had one when the target followed it."""
        wanted = self._target.settings.offices
        found = {*self._feed.offices(), *self._target.stands()}
        return sorted(office for office in found if wanted is None or office in wanted)

    def _office(self, office: str) -> None:
        cursor = self._tell_rest(office, self._target.cursor(office))
        with ThreadPoolExecutor(THREADS) as threads:
            while batch := self._following(office, cursor):
                deliveries = list(threads.map(partial(fetch, self._store), batch))
                try:
                    handed = self._target.hand(office, cursor, deliveries)
                except CursorMoved:
                    now = self._target.cursor(office)
                    if now.seq <= cursor.seq:
                        raise TransientError("cursor-stuck", "the target's cursor does not move") from None
                    cursor = now
                    continue
                self._done += handed.figures
                self._tell(office, batch, handed)
                last = batch[-1]
                cursor = Cursor(last.seq, last.sha256, last.seq)
                self._progress(office, last.seq, self._done)

    def _following(self, office: str, cursor: Cursor) -> list[Announced]:
        """The next batch. Raises FeedDiverged if it does not follow on what the target took last."""
        batch = self._feed.after(office, cursor.seq, self._target.settings.batch)
        if batch:
            links = [cursor.sha256, *(announced.sha256 for announced in batch)]
            if any(announced.previous != link for announced, link in zip(batch, links, strict=False)):
                raise self._diverged(office, cursor)
        elif cursor.seq:
            last = self._feed.at(office, cursor.seq)
            if last is None or last.sha256 != cursor.sha256:
                raise self._diverged(office, cursor)
        return batch

    def _diverged(self, office: str, cursor: Cursor) -> FeedDiverged:
        return FeedDiverged(
            "feed-diverged",
            f"{self._target.name}: the feed of {office} is not the one that was followed to number {cursor.seq}: "
            "store or target was restored or swapped; nothing was handed on",
            "Kho hoặc cơ sở dữ liệu nhận đã được khôi phục từ bản khác. Xem docs/downstream.md trước khi chạy lại.",
        )

    def _tell_rest(self, office: str, cursor: Cursor) -> Cursor:
        """Tell the audit of what was committed by a run that died before it could."""
        while cursor.told < cursor.seq:
            limit = min(self._target.settings.batch, cursor.seq - cursor.told)
            batch = self._feed.after(office, cursor.told, limit)
            if not batch:
                break  # the feed is not the one that was followed; the next look says so
            deliveries = [fetch(self._store, announced) for announced in batch]
            self._tell(office, batch, self._target.became(office, deliveries))
            cursor = Cursor(cursor.seq, cursor.sha256, batch[-1].seq)
        return cursor

    def _tell(self, office: str, batch: Sequence[Announced], handed: Handed) -> None:
        first, last = batch[0].seq, batch[-1].seq
        self._receipt(HandedOver(self._target.name, office, first, last, handed.taken, handed.left))
        self._target.told(office, last)

    def _tell_late(self, handed: Handed) -> None:
        """Tell what came in, or went aside, after its batch was told. Not told again if this run dies just now."""
        self._done += handed.figures
        for one in handed.taken:
            self._receipt(HandedOver(self._target.name, one.office, one.seq, one.seq, (one,), (), later=True))
        for one in handed.left:
            self._receipt(HandedOver(self._target.name, one.office, one.seq, one.seq, (), (one,), later=True))
