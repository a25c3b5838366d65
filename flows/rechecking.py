"""Whether records still live: the live rules held again over what is stored, no page read, nothing else touched.

A verdict that changed makes the record's next version; a record on which nothing changed is only marked as looked
at, in the index. So a run that was killed is gone on with by starting it again: what was done is not due any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Literal

from dossier.calendar import VIETNAM
from dossier.errors import Conflict, SohoaError, StoreError
from dossier.lapses import due_on
from dossier.record import Change, Finding, Record
from flows.correcting import Tools, held, kept_pictures
from flows.provenance import made_by
from flows.sources import of_office
from flows.standing import judge_again
from storage.index.due import Due, due, every, looked_at, overtaken, seen
from storage.index.rows import basis
from storage.keys import NO_OFFICE
from validators.registry import rules

AT_ONCE = 32
"""Records in memory."""
THREADS = 8
"""Waiting for the store; the rules themselves take one core."""

LATEST_INDEXED = timedelta(days=1)
"""How long after it was made a record may come into the index, clocks that differ allowed for."""

Told = Callable[["Rechecked"], None]


@dataclass(frozen=True)
class Rechecked:
    """looked: records judged again. changed: of them, with a new version. busy: left to whoever works on them."""

    looked: int = 0
    changed: int = 0
    busy: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Question:
    """What a recheck asks. rules: ids of those to hold. complete: they are all the live rules there are."""

    today: date
    rules: frozenset[str]
    complete: bool


def question(today: date | None = None, rule: str | None = None) -> Question:
    """All live rules, or one of them, on a day in Vietnam (by default today's)."""
    live = frozenset(known.id for known in rules() if known.word == "live")
    asked = live & {rule} if rule else live
    return Question(today or datetime.now(VIETNAM).date(), asked, complete=asked == live)


def recheck(
    tools: Tools, asked: Question, only: tuple[str | None, str] | None = None, told: Told = lambda _: None
) -> Rechecked:
    """Look at all records that are due, at those of one dossier (office, code), or, for one rule, at every one.

    Goes on past records that fail. told hears how far it is.
    """
    began = (datetime.now(UTC) - LATEST_INDEXED).isoformat()
    if only is not None:
        office, code = only[0] or NO_OFFICE, only[1]
        return _all(tools, asked, every(tools.index, (office, code)), Rechecked(), told)
    if not asked.complete:
        return _all(tools, asked, every(tools.index), Rechecked(), told)
    now = basis(made_by({}))
    done = _all(tools, asked, due(tools.index, asked.today, now), Rechecked(), told)
    done = _all(tools, asked, overtaken(tools.index), done, told)
    if not (done.failed or done.busy):
        seen(tools.index, began)
    return done


def summary(done: Rechecked) -> str:
    return (
        f"{done.looked} records looked at, {done.changed} with a new version, "
        f"{done.busy} left to whoever works on them, {done.failed} failed"
    )


def again(tools: Tools, record: Record, asked: Question) -> Record | None:
    """The record's next version as these rules judge it now; None where none of them says otherwise than before."""
    judged = judge_again(
        record,
        None,
        only=asked.rules,
        earlier=tools.index,
        required_sources=frozenset(tools.settings.required_sources),
        sources=of_office(tools.sources, tools.records, record.office),
        today=asked.today,
    )
    changes = changed(record.findings, judged.findings, asked.rules)
    if not changes:
        return None
    # Papers, fields and what people decided are those of the version before, whatever the catalogue says by now.
    return judged.model_copy(
        update={"components": record.components, "procedure": record.procedure, "changes": changes}
    )


def changed(before: Iterable[Finding], now: Iterable[Finding], rules: Collection[str]) -> tuple[Change, ...]:
    """Where these rules say otherwise: another verdict, or another severity, on the same paper and place."""
    old, new = (_said(findings, rules) for findings in (before, now))
    return tuple(
        Change(
            rule=place[0],
            component=place[1],
            before=was.verdict if was else None,
            now=is_.verdict if is_ else None,
            reason=is_.reason if is_ else "",
        )
        for place in sorted(old.keys() | new.keys(), key=repr)
        for was, is_ in [(old.get(place), new.get(place))]
        if _weight(was) != _weight(is_)
    )


def _weight(finding: Finding | None) -> tuple[str, str]:
    """What a verdict means for the dossier: that all is well and that there is nothing to judge are one."""
    if finding is None or finding.verdict in ("PASS", "NOT_APPLICABLE"):
        return "", ""
    return finding.verdict, finding.severity


def _said(findings: Iterable[Finding], rules: Collection[str]) -> dict[tuple[object, ...], Finding]:
    """What was said, by rule and place; of several findings on one place each has its number."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        if finding.rule in rules:
            place = (finding.rule, finding.component, finding.file, finding.page, finding.box)
            number = 0
            while (*place, number) in found:
                number += 1
            found[(*place, number)] = finding
    return found


def _all(tools: Tools, asked: Question, waiting: Iterator[Due], done: Rechecked, told: Told) -> Rechecked:
    now = basis(made_by({}))
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(waiting, AT_ONCE)):
            ends = list(threads.map(partial(_one, tools, asked), batch))
            if asked.complete:
                looked_at(tools.index, [(end.due, end.next_due) for end in ends if end.kind == "same"], now)
            kinds = [end.kind for end in ends]
            done = Rechecked(
                looked=done.looked + len(ends),
                changed=done.changed + kinds.count("changed"),
                busy=done.busy + kinds.count("busy"),
                failed=done.failed + kinds.count("failed"),
            )
            told(done)
    return done


@dataclass(frozen=True)
class _End:
    """How one look ended. next_due: when time alone may change something next."""

    kind: Literal["same", "changed", "busy", "failed"]
    due: Due
    next_due: date | None = None


def _one(tools: Tools, asked: Question, one: Due) -> _End:
    office = None if one.office == NO_OFFICE else one.office
    try:
        record = _latest(tools, office, one.code)
        following = again(tools, record, asked)
        if following is None:
            if record.version != one.version:
                tools.index.upsert(record)  # its run died between pointer and index
            return _End("same", replace(one, version=record.version), due_on(record, asked.today))
        with held(tools, office, one.code) as lease:
            if _latest(tools, office, one.code).version != record.version:
                return _End("busy", one)
            lease.check()
            kept = tools.records.publish(following, kept_pictures(tools, following))
            tools.index.upsert(kept)
        return _End("changed", one)
    except Conflict:
        return _End("busy", one)
    except SohoaError as error:
        tools.index.note_error(office, one.code, error.code, error.message)
        return _End("failed", one)


def _latest(tools: Tools, office: str | None, code: str) -> Record:
    record = tools.records.latest(office, code)
    if record is None:
        raise StoreError("record-missing", "the index names a record that the store does not have")
    return record
