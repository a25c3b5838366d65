"""Rows of Delta tables held against the records: what the feed's events should have left there, and what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Final

from storage.feed import Announced, Feed
from storage.publication.compare import THREADS, Difference, Only, alike, announced_of, announced_until
from storage.publication.delta import DeltaLake
from storage.publication.delta_rows import VERSIONS
from storage.publication.events import fetch
from storage.publication.rows import Row, Rows
from storage.s3 import Store

AT_ONCE: Final = 2000
"""Announcements whose rows are compared at once: each look reads the tables' files of one office."""


def differences(store: Store, target: DeltaLake, only: Only | None = None) -> Iterator[Difference]:
    """Where the tables' rows are not what feed and records say. only: these dossiers of an office.

    Raises TransientError if the store is away.
    """
    target.prepare()
    for office, stand in sorted(target.stands().items()):
        if only is not None and office != only[0]:
            continue
        until = stand.cursor.seq
        if only is None:
            told = announced_until(Feed(store), office, until)
            while batch := list(islice(told, AT_ONCE)):
                rows = _planned(store, target, office, batch)
                yield from _compared(target, office, rows, batch[0].seq - 1, batch[-1].seq, None)
        else:
            rows = _planned(store, target, office, _announced(store, target, office, only[1], until))
            yield from _compared(target, office, rows, 0, until, only[1])


def _announced(
    store: Store, target: DeltaLake, office: str, dossiers: Collection[str], until: int
) -> list[Announced]:
    """What was announced of some dossiers: what the audit tells of, and what the target has."""
    told = {each.seq: each for each in announced_of(store, office, dossiers, until)}
    for line in target.stored(VERSIONS.name, office, 0, until):
        if line["dossier"] in dossiers and line["feed_seq"] not in told:
            found = Feed(store).at(office, line["feed_seq"])
            if found is not None:
                told[found.seq] = found
    return list(told.values())


def _planned(store: Store, target: DeltaLake, office: str, batch: Sequence[Announced]) -> Rows:
    with ThreadPoolExecutor(THREADS) as threads:
        return target.planned(office, list(threads.map(partial(fetch, store), batch)))


def _compared(
    target: DeltaLake, office: str, planned: Rows, after: int, until: int, only: Collection[str] | None
) -> Iterator[Difference]:
    for name in target.shapes:
        columns = [column.name for column in target.shapes[name].columns]
        there = target.stored(name, office, after, until)
        if name == VERSIONS.name:
            there = _settled(there)
        theirs, ours = _counted(there, columns), _counted(planned.get(name, ()), columns)
        for dossier in sorted({*theirs, *ours} if only is None else only):
            found, wanted = theirs.get(dossier, Counter()), ours.get(dossier, Counter())
            missing, strange = wanted - found, found - wanted
            if missing or strange:
                yield Difference(name, office, dossier, missing.total(), strange.total())


def _settled(lines: Iterable[Row]) -> list[Row]:
    """Without the notes of what went aside and was handed on later."""
    found = list(lines)
    settled = {line["feed_seq"] for line in found if line["how"] != "aside"}
    return [line for line in found if line["how"] != "aside" or line["feed_seq"] not in settled]


def _counted(lines: Iterable[Row], columns: Sequence[str]) -> dict[str, Counter[tuple[str, ...]]]:
    counted: dict[str, Counter[tuple[str, ...]]] = {}
    for line in lines:
        row = tuple(alike(line.get(column)) for column in columns)
        counted.setdefault(line["dossier"], Counter())[row] += 1
    return counted
