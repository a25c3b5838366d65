"""`sohoa correct CODE`: what is open in a dossier, and a person's word on it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cli.console import ALL_WELL, NOT_ALL, USAGE, err, out, plain, state_text
from cli.correct_dialogue import ask, point_lines
from cli.person import viewed
from dossier.decisions import Wanted
from dossier.errors import Conflict, TerminalError
from dossier.record import Record
from dossier.settings import load_settings
from dossier.waiving import is_failed_warning, waiver_of
from flows.correcting import Offered, OpenPoint, Request, decide, offered, open_points
from flows.shelves import opened_shelves

_PLACE = re.compile(r"([^.=:]+)\.([^.=:]+)")


def command(
    code: Annotated[str, typer.Argument(help="dossier code")],
    confirm: Annotated[
        list[str] | None, typer.Option(help="c1.full_name: the value is what stands on the paper")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="c1.full_name=VALUE: the paper says VALUE")
    ] = None,
    reuse: Annotated[
        list[str] | None,
        typer.Option(
            help="REQUIREMENT=DOSSIER:c3@2: take paper c3 of that checked dossier, looked at in version 2"
        ),
    ] = None,
    waive: Annotated[
        list[str] | None, typer.Option(help="RULE or RULE:c1: accept what the rule warns of")
    ] = None,
    by: Annotated[str | None, typer.Option(help="full name of the person who decides")] = None,
    reason: Annotated[str | None, typer.Option(help="why, such as 'đã so với bản giấy'")] = None,
    office: Annotated[str | None, typer.Option(help="its office, where two have the same code")] = None,
    version: Annotated[
        int | None, typer.Option(help="the version that was looked at; refused if another counts by now")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="say it as JSON; asks nothing")] = False,
) -> None:
    """What keeps a dossier from being checked, and a person's decisions on it: confirm, correct (--set), reuse, waive.

    Without decisions it shows what is open, and asks point by point on a terminal. An identifier takes two different
    people. A BLOCK that failed cannot be waived.

    Exit: 0 the dossier is checked, 1 it is not yet, 2 usage (also: somebody else was faster), 3 a fault of ours.
    """
    with opened_shelves(load_settings()) as shelves:
        place = shelves.records.office_of(code, office)
        record = shelves.records.latest(place, code)
        assert record is not None  # office_of found its pointer
        viewed(shelves.settings, shelves.store, record, "correct", by)
        requests = _reuses(reuse or [], by or "", reason or "")
        requests += _requests(record, confirm or [], set_ or [], waive or [], by or "", reason or "")
        if not requests and not as_json:
            offers = offered(shelves, record)
            points = open_points(record, offers)
            _show(record, offers)
            if sys.stdin.isatty() and sys.stdout.isatty() and points:
                requests = ask(points, by, reason)
        if requests:
            try:
                record = decide(shelves, place, code, version or record.version, requests)
            except Conflict as conflict:
                err.print(plain(f"sohoa: {conflict.message} [{conflict.code}]"), style="red")
                err.print(plain(conflict.advice))
                raise typer.Exit(USAGE) from None
            if not as_json:
                _show(record, offered(shelves, record))
        if as_json:
            typer.echo(json.dumps(_told(record, offered(shelves, record)), ensure_ascii=False, indent=1))
    raise typer.Exit(ALL_WELL if record.state == "checked" else NOT_ALL)


def _requests(
    record: Record, confirm: list[str], set_: list[str], waive: list[str], by: str, reason: str
) -> list[Request]:
    """What the options ask for. Raises TerminalError where one cannot be understood."""
    found = []
    for text in confirm:
        component, field = _place(text)
        found.append(Request(kind="confirm", component=component, field=field, by=by, reason=reason))
    for text in set_:
        where, equals, value = text.partition("=")
        if not equals:
            raise _usage("--set wants c1.full_name=VALUE", "Viết --set c1.full_name=GIÁ_TRỊ.")
        component, field = _place(where)
        found.append(
            Request(kind="correct", component=component, field=field, value=value, by=by, reason=reason)
        )
    for text in waive:
        rule, colon, component = text.partition(":")
        for at in [component] if colon else _where_it_warns(record, rule):
            found.append(Request(kind="waive", rule=rule, component=at, by=by, reason=reason))
    return found


def _reuses(reuse: list[str], by: str, reason: str) -> list[Request]:
    found = []
    for text in reuse:
        wanted = Wanted.parse(text)
        if wanted is None:
            raise _usage(
                "--reuse wants REQUIREMENT=DOSSIER:COMPONENT",
                "Viết --reuse THÀNH_PHẦN=MÃ_HỒ_SƠ:MÃ_GIẤY như trong `sohoa correct MÃ`.",
            )
        found.append(Request(kind="reuse", wanted=wanted, by=by, reason=reason))
    return found


def _where_it_warns(record: Record, rule: str) -> list[str | None]:
    """The components of which the rule warns; the dossier as a whole if there are none."""
    places = dict.fromkeys(
        finding.component
        for finding in record.findings
        if finding.rule == rule and is_failed_warning(finding) and waiver_of(finding, record) is None
    )
    return list(places) or [None]


def _place(text: str) -> tuple[str, str]:
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        raise _usage(
            "a value is named as c1.full_name",
            "Viết mã giấy, dấu chấm, tên trường, ví dụ c1.full_name (xem `sohoa correct MÃ`).",
        )
    return found[1], found[2]


def _usage(message: str, advice: str) -> TerminalError:
    return TerminalError("usage", message, advice)


def _show(record: Record, offers: Sequence[Offered]) -> None:
    out.print(
        plain(f"{record.dossier}  version {record.version}  office {record.office or '–'}  ")
        + state_text(record.state)
    )
    for point in open_points(record, offers):
        for line in point_lines(point):
            out.print(plain(line))


def _told(record: Record, offers: Sequence[Offered]) -> dict[str, object]:
    points: tuple[OpenPoint, ...] = open_points(record, offers)
    return {
        "dossier": record.dossier,
        "office": record.office,
        "version": record.version,
        "state": record.state,
        "points": [point.model_dump(mode="json") for point in points],
        "decisions": [
            decision.model_dump(mode="json", exclude={"papers", "basis"}) for decision in record.decisions
        ],
    }
