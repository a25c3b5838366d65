"""Records made directly, without reading a page: for what is measured over very many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from dossier.calendar import VIETNAM
from dossier.drop import Manifest
from dossier.lapses import months_after
from dossier.record import Component, DroppedFile, Field, Record, Source, Witness
from flows.provenance import made_by
from flows.standing import Standing, case_of, record_of
from storage.buckets import FEED, RECORDS
from storage.chain.chain import chain
from storage.chain.links import EMPTY, Head, spelt
from storage.keys import folder
from storage.outbox import event
from storage.records import POINTER, record_key
from storage.s3 import Store
from validators.engine import judge
from validators.examples.dossier import Stored
from validators.sources import Sources

OFFICE = "H13.96.31"
NIGHT = datetime.now(VIETNAM).date()
"""The night of the recheck: one record in `EVERY` has a paper whose last day was the day before."""
RECEIVED = datetime.combine(NIGHT - timedelta(days=300), time(2), UTC)
EVERY = 50
THREADS = 8


def stored_records(count: int) -> Iterator[Record]:
    """Dossiers of a confirmation of residence and an ID card; the confirmations run out night after night."""
    variants = [_variant(number) for number in range(EVERY)]
    for number in range(count):
        yield variants[number % EVERY].model_copy(
            update={"dossier": f"{OFFICE}-{RECEIVED:%y%m%d}-{number:06d}"}
        )


def put_records(store: Store, records: Iterator[Record]) -> None:
    """Write each record and its pointer, as a publishing that has ended leaves them."""
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(records, 1000)):
            list(threads.map(lambda record: _put(store, record), batch))


def put_feed(store: Store, office: str, records: Iterator[Record]) -> None:
    """Write an office's feed of these records, as announcing each would have left it, many links at once."""
    head = EMPTY
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(records, 1000)):
            links = []
            for record in batch:
                told = event(record, hashlib.sha256(record.to_json().encode()).hexdigest())
                links.append((chain(store, FEED, office).key(head.seq + 1), raw := spelt(office, head, told)))
                head = Head(head.seq + 1, hashlib.sha256(raw).hexdigest())
            list(threads.map(lambda link: store.put(FEED, link[0], link[1], "application/json"), links))


def _put(store: Store, record: Record) -> None:
    raw = record.to_json().encode()
    key = record_key(record.office, record.dossier, record.version)
    pointer = {
        "version": record.version,
        "key": key,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "state": record.state,
    }
    store.put(RECORDS, key, raw, "application/json")
    place = folder(record.office, record.dossier) + POINTER
    store.put(RECORDS, place, (json.dumps(pointer, indent=1) + "\n").encode(), "application/json")


class NoDefects:
    """No dossier was open before."""

    def open_since(self, dossier: str) -> date | None:
        return None


def _variant(number: int) -> Record:
    """A record whose confirmation is good for a year, up to the day before NIGHT and so many days more."""
    issued = months_after(NIGHT, -12) + timedelta(days=number - 1)
    confirmation = {
        "number": f"{100 + number}/XN",
        "full_name": "Trần Thị Ngọc Lan",
        "date_of_birth": "1995-03-02",
        "sex": "Nữ",
        "personal_id": "093195004321",
        "permanent_address": "Ấp 3, xã Vị Thủy, thành phố Cần Thơ",
        "issuer": "Công an xã Vị Thủy",
        "issue_date": issued.isoformat(),
    }
    card = {
        "personal_id": "093195004321",
        "full_name": "TRẦN THỊ NGỌC LAN",
        "date_of_birth": "1995-03-02",
        "sex": "Nữ",
        "nationality": "Việt Nam",
        "issue_date": "2022-05-10",
        "expiry_date": "2035-03-02",
    }
    papers = (_paper("c1", "residence-confirmation", confirmation), _paper("c2", "citizen-id-card", card))
    standing = Standing(
        dossier="x",
        office=OFFICE,
        manifest=Manifest(dossier="x", received_at=RECEIVED),
        components=papers,
        refused=(),
        files=tuple(DroppedFile(name=s.file, sha256=s.sha256) for paper in papers for s in paper.sources),
        received_at=RECEIVED,
    )
    case = case_of(standing, today=RECEIVED.date(), earlier=Stored(()), sources=Sources(defects=NoDefects()))
    times = {"received": RECEIVED, "started": RECEIVED, "made": RECEIVED}
    record = record_of(standing, case, judge(case), version=1, engines={}, times=times)
    return record.model_copy(update={"made_by": made_by({})})


def _paper(id: str, type: str, values: dict[str, str]) -> Component:
    source = Source(file=f"{id}.pdf", sha256=hashlib.sha256(id.encode()).hexdigest(), pages=(1,))
    fields = tuple(
        Field(
            name=name,
            value=value,
            printed=value,
            confidence=0.99,
            file=source.file,
            page=1,
            box=(200.0, 200.0 + 60 * row, 900.0, 240.0 + 60 * row),
            dpi=300,
            witnesses=(Witness(by="tesseract", value=value), Witness(by="aster", value=value)),
        )
        for row, (name, value) in enumerate(values.items())
    )
    return Component(id=id, type=type, type_confidence=0.99, sources=(source,), fields=fields)
