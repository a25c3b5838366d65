"""A person's word on a returned dossier: what is open, and what becomes of it when it is decided.

This is what the command `sohoa correct` and any page for reviewing stand on; it knows neither of them. A decision
makes the record's next version: the rules look again at what was read, no page is read, the version before stays.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from dossier.catalogue.documents import document_types
from dossier.deciding import DecisionRefused, Request, settled_value, settled_waiver
from dossier.decisions import Decision, person_key
from dossier.errors import Conflict, TerminalError
from dossier.evidence import Evidence
from dossier.record import Record
from dossier.settings import Settings
from flows.cache import StoreCache
from flows.openpoints import OpenPoint, open_points
from flows.process_identity import surely_dead, this_process
from flows.reusing import Offered, hold_their_place, offered, taken_over
from flows.sources import of_office
from flows.standing import judge_again
from storage.audit import note_decisions
from storage.evidence import evidence_of_record
from storage.index.index import Index
from storage.keys import NO_OFFICE
from storage.leases import Lease, Leases
from storage.receipts.receipts import Preview
from storage.records import Records
from storage.s3 import Store
from storage.secret import house_key
from validators.sources import Sources

__all__ = ["DecisionRefused", "Offered", "OpenPoint", "Request", "decide", "offered", "open_points"]


PATIENCE_S, PAUSE_S = 30.0, 0.5
"""How long a person's decision waits for whoever still works on the dossier, and between two looks."""


class Tools(Protocol):
    """What deciding works with: flows.shelves.Shelves, or the tools of an intake."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def records(self) -> Records: ...
    @property
    def index(self) -> Index: ...
    @property
    def sources(self) -> Sources: ...


def decide(
    tools: Tools, office: str | None, code: str, expected_version: int, requests: Sequence[Request]
) -> Record:
    """Make all these decisions on a version of a record; the record that counts then. All of them hold, or none.

    The same requests again change nothing, also when the first time made the next version.
    Raises DecisionRefused (the advice says what is wrong), Conflict if the version is not the newest any more or the
    dossier is being worked on, TerminalError if there is no such record.
    """
    with held(tools, office, code, PATIENCE_S) as lease:
        record = _latest(tools, office, code)
        if record.version == expected_version + 1 and _decided_here(record, tools, requests):
            return _finished(tools, record)
        if record.version != expected_version:
            raise Conflict(
                "record-moved-on",
                f"version {record.version} counts, not {expected_version}",
                f"Hồ sơ {code} đã có bản {record.version}. Xem lại các điểm còn mở rồi quyết định lại.",
            )
        following, evidence = _following(tools, record, requests)
        if following is None:
            return record
        lease.check()
        kept = tools.records.publish(following, kept_pictures(tools, following), evidence)
        if not _same(kept.decisions, following.decisions):
            _finished(tools, kept)  # of one who died between the record and the pointer
            raise Conflict(
                "record-overtaken",
                f"version {kept.version} was decided by others",
                f"Người khác vừa quyết định trên hồ sơ {code}. Xem lại các điểm còn mở rồi quyết định lại.",
            )
        return _finished(tools, kept)


def _following(
    tools: Tools, record: Record, requests: Sequence[Request]
) -> tuple[Record | None, Evidence | None]:
    """The record's next version, None if nothing new is asked; and what its rules looked at, if that is not what those
    of the version before did. Nothing is stored.
    """
    now, evidence = datetime.now(UTC), evidence_of_record(tools.store, record)
    grown, evidence = taken_over(tools, record, evidence, requests, now)
    decisions = grown.decisions + _settled(tools, grown, evidence, requests, now)
    if len(decisions) == len(record.decisions):
        return None, None
    following = _judged(tools, grown, evidence, decisions)
    hold_their_place(decisions[len(record.decisions) :], following)
    return following, evidence if grown is not record else None


def _settled(
    tools: Tools, record: Record, evidence: Evidence | None, requests: Sequence[Request], now: datetime
) -> tuple[Decision, ...]:
    """What is new in these requests, reuse apart. Values first: a warning is waived as it stands with them."""
    types, reuses = document_types(), any(request.kind == "reuse" for request in requests)
    on_values = tuple(
        settled_value(request, record, types, now)
        for request in requests
        if request.kind in ("confirm", "correct")
    )
    decisions = _new(on_values, record.decisions)
    waivers = [request for request in requests if request.kind == "waive"]
    if not waivers:
        return decisions
    seen = _judged(tools, record, evidence, record.decisions + decisions) if decisions or reuses else record
    for request in waivers:
        waiver = settled_waiver(request, seen, types, now)
        if waiver is None and not (seen is not record and settled_waiver(request, record, types, now)):
            raise DecisionRefused(
                "nothing-to-waive",
                f"{request.rule} warns of nothing there",
                f"Quy tắc {request.rule} không có cảnh báo nào ở đó để bỏ qua. Ghi mã quy tắc và mã giấy như trong "
                f"`sohoa correct {record.dossier}`.",
            )
        if waiver is not None:  # None: what was decided on the values has settled it
            decisions += _new((waiver,), record.decisions + decisions)
    return decisions


def _new(decisions: Sequence[Decision], before: Sequence[Decision]) -> tuple[Decision, ...]:
    """Those that the same person has not made already, as their last word and the one that holds."""
    found: list[Decision] = []
    for one in decisions:
        about = [
            other
            for other in (*before, *found)
            if (other.component, other.field, other.rule) == (one.component, one.field, one.rule)
        ]
        if not _known(one, about):
            found.append(one)
    return tuple(found)


def _known(one: Decision, about: Sequence[Decision]) -> bool:
    if one.kind == "waive":
        return any(one.says_as(other) for other in about)
    own = [other.value for other in about if person_key(other.by) == person_key(one.by)]
    return bool(own) and own[-1] == about[-1].value == one.value


def _decided_here(record: Record, tools: Tools, requests: Sequence[Request]) -> bool:
    """Are these requests what made this version out of the one before?"""
    before = tools.records.version(record.office, record.dossier, record.version - 1)
    if before is None or record.decisions == before.decisions or before.drop != record.drop:
        return False
    try:
        asked, _ = _following(tools, before, requests)
    except (DecisionRefused, Conflict):
        return False
    return asked is not None and _same(asked.decisions, record.decisions)


def _same(left: Sequence[Decision], right: Sequence[Decision]) -> bool:
    return len(left) == len(right) and all(a.says_as(b) for a, b in zip(left, right, strict=True))


def _judged(tools: Tools, record: Record, evidence: Evidence | None, decisions: Sequence[Decision]) -> Record:
    return judge_again(
        record,
        evidence,
        decisions,
        earlier=tools.index,
        required_sources=frozenset(tools.settings.required_sources),
        sources=of_office(tools.sources, tools.records, record.office),
    )


def _finished(tools: Tools, record: Record) -> Record:
    """What follows from a published record, done again without harm."""
    before = tools.records.version(record.office, record.dossier, record.version - 1)
    known = before.decisions if before else ()
    own = tuple(one for one in record.decisions if one not in known)
    note_decisions(tools.store, house_key(tools.settings.data), record, own)
    tools.index.upsert(record)
    return record


def kept_pictures(tools: Tools, record: Record) -> dict[tuple[str, int], Preview]:
    """The pictures for the receipt, as far as the readings of the pages are still kept."""
    cache = StoreCache(tools.store, record.made_by.get("engines", {}))
    found = {}
    for component in record.components:
        for source in component.sources:
            for page in source.pages:
                if (kept := cache.page(source.sha256, page)) is not None:
                    found[source.sha256, page] = Preview(kept[1], kept[0].width, kept[0].height)
    return found


def _latest(tools: Tools, office: str | None, code: str) -> Record:
    record = tools.records.latest(office, code)
    if record is None:
        raise TerminalError("dossier-unknown", f"no record of {code}", f"Không có hồ sơ {code} ở đơn vị này.")
    return record


@contextmanager
def held(tools: Tools, office: str | None, code: str, patience_s: float = 0.0) -> Iterator[Lease]:
    """The dossier's lease: neither an intake nor another person works on it meanwhile. Raises Conflict if it is busy.

    patience_s: how long to wait for it: an intake lets go of a dossier some moments after its record is there.
    """
    leases = Leases(tools.store, this_process(), tools.settings.intake.lease_s)
    name = f"{office or NO_OFFICE}/{code}"
    until = time.monotonic() + patience_s
    while (lease := leases.acquire(name)) is None and time.monotonic() < until:
        time.sleep(PAUSE_S)
    if lease is None:
        dead = {held.owner for held in leases.standing() if held.name == name and surely_dead(held.owner)}
        lease = leases.acquire(name, dead) if dead else None
    if lease is None:
        raise Conflict(
            "dossier-busy",
            f"{code} is being worked on",
            f"Hồ sơ {code} đang được xử lý. Đợi một phút rồi thử lại.",
        )
    with lease:
        yield lease
