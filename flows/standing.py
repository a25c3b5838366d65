"""How a dossier stands: its papers, with what people decided of them, held against the rules. One place builds the
Case and the Record: for what was just read, and for a record that is judged again without reading a page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from dossier.calendar import VIETNAM
from dossier.catalogue.documents import document_types
from dossier.catalogue.procedures import procedure_on
from dossier.deciding import carried
from dossier.decisions import Decision
from dossier.drop import Manifest
from dossier.evidence import Evidence, PageKey, with_texts
from dossier.model import State
from dossier.record import Component, DroppedFile, Finding, ProcedureRef, Record, Refused
from dossier.waiving import waived
from flows.provenance import made_by
from validators.case import Case, EarlierRecords
from validators.decided import decided
from validators.engine import judge
from validators.grades import dossier_grade, paper_grades
from validators.registry import Rule, rules
from validators.reuse import kept_copies
from validators.roles import assign_roles
from validators.sources import Sources
from validators.verdict import scores, state, verdicts

NONE_CONNECTED = Sources()


@dataclass(frozen=True)
class Standing:
    """All that one version of a dossier is judged by. decisions: those that speak of its papers, in order."""

    dossier: str
    office: str | None
    manifest: Manifest
    components: tuple[Component, ...]
    refused: tuple[Refused, ...]
    files: tuple[DroppedFile, ...]
    received_at: datetime
    duplicates: tuple[tuple[PageKey, PageKey], ...] = ()
    pdf_versions: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    procedure_required: bool = False


def standing_of(
    record: Record,
    evidence: Evidence | None,
    decisions: Sequence[Decision] | None = None,
    *,
    procedure_required: bool = True,
) -> Standing:
    """What a record says, as it can be judged again. decisions: the record's own unless given."""
    given = record.decisions if decisions is None else tuple(decisions)
    components = with_texts(record.components, evidence) if evidence else record.components
    return Standing(
        dossier=record.dossier,
        office=record.office,
        manifest=Manifest.model_validate(record.manifest),
        components=components,
        refused=record.refused,
        files=record.drop,
        received_at=record.times["received"],
        duplicates=evidence.duplicates if evidence else (),
        pdf_versions=evidence.pdf_versions if evidence else {},
        decisions=given,
        procedure_required=procedure_required,
    )


def case_of(
    standing: Standing,
    *,
    earlier: EarlierRecords | None = None,
    required_sources: frozenset[str] = frozenset(),
    sources: Sources = NONE_CONNECTED,
    today: date | None = None,
) -> Case:
    """The case that rules look at: each paper with its role and with what people decided of it."""
    received_on = standing.received_at.astimezone(VIETNAM).date()
    code = standing.manifest.procedure
    procedure = procedure_on(code, received_on) if code else None
    types = document_types()

    def assigned(components: Sequence[Component]) -> tuple[Component, ...]:
        return assign_roles(components, procedure, standing.manifest, received_on)

    # First the decisions: the date of a paper tells whether it was handed in or given out.
    papers = assigned(decided(standing.components, standing.decisions, types))
    return Case(
        dossier=standing.dossier,
        office=standing.office,
        manifest=standing.manifest,
        procedure=procedure,
        components=papers if len(stay := kept_copies(papers, types)) == len(papers) else assigned(stay),
        refused=standing.refused,
        files=standing.files,
        document_types=types,
        today=today or datetime.now(VIETNAM).date(),
        received_at=standing.received_at,
        received_on=received_on,
        earlier=earlier,
        duplicates=standing.duplicates,
        pdf_versions=standing.pdf_versions,
        required_sources=required_sources,
        sources=sources,
        procedure_required=standing.procedure_required,
    )


def record_of(
    standing: Standing,
    case: Case,
    findings: tuple[Finding, ...],
    *,
    version: int,
    engines: Mapping[str, str],
    times: Mapping[str, datetime],
    evidence: str | None = None,
) -> Record:
    """The record of this version. Pure but for what made_by tells of the program."""
    here = {None, *(component.id for component in case.components)}
    accepted = waived(standing.decisions, findings, case.components, case.files, case.document_types)
    manifest: dict[str, Any] = standing.manifest.model_dump(mode="json", exclude_defaults=True)
    procedure = standing.manifest.procedure
    now = state(findings, case.components, case.refused, case.document_types, accepted)
    return Record(
        schema=Record.model_fields["schema_"].default,
        dossier=standing.dossier,
        version=version,
        procedure=ProcedureRef(id=procedure, version=case.procedure.version if case.procedure else None)
        if procedure
        else None,
        office=standing.office,
        state=now,
        components=case.components,
        refused=standing.refused,
        findings=findings,
        verdicts=verdicts(findings, anything_read=bool(case.components)),
        scores=scores(findings),
        grade=dossier_grade(findings, case.components, case.document_types, accepted),
        paper_grades=paper_grades(findings, case.components, case.document_types, accepted),
        made_by=made_by(dict(engines)),
        times=_times(times, now),
        drop=standing.files,
        manifest=manifest,
        decisions=tuple(one for one in standing.decisions if one.component in here),
        evidence=evidence,
    )


def _times(times: Mapping[str, datetime], state: State) -> dict[str, datetime]:
    """With `open_since`: when the first of the versions in a row that are not checked was made."""
    if state == "checked":
        return {name: at for name, at in times.items() if name != "open_since"}
    return {"open_since": times["made"], **times}


def judge_again(
    record: Record,
    evidence: Evidence | None,
    decisions: Sequence[Decision] | None = None,
    *,
    only: Collection[str] | None = None,
    earlier: EarlierRecords | None = None,
    required_sources: frozenset[str] = frozenset(),
    sources: Sources = NONE_CONNECTED,
    now: datetime | None = None,
    today: date | None = None,
) -> Record:
    """The next version of a record, judged again over what was read for it. No page is read, nothing is stored.

    decisions: all that hold from now on; the record's own unless given. only: ids of the rules to hold; what the
    others said stays. today: the day of judging in Vietnam. evidence None: rules that look at it keep their word too.
    """
    at = now or datetime.now(UTC)
    standing = standing_of(record, evidence, decisions)
    standing = replace(standing, decisions=carried(standing.decisions, standing.components))
    case = case_of(
        standing,
        earlier=earlier,
        required_sources=required_sources,
        sources=sources,
        today=today or at.astimezone(VIETNAM).date(),
    )
    book = [rule for rule in rules() if (only is None or rule.id in only) and (evidence or not rule.uses)]
    return record_of(
        standing,
        case,
        _merged(record.findings, judge(case, book), book),
        version=record.version + 1,
        engines=record.made_by.get("engines", {}),
        times=record.times | {"started": at, "made": datetime.now(UTC) if now is None else now},
        evidence=record.evidence,
    )


def _merged(before: Sequence[Finding], now: Sequence[Finding], book: Sequence[Rule]) -> tuple[Finding, ...]:
    """What the rules of the book say now, and what the others said before, in the order of the rules."""
    asked = {rule.id for rule in book}
    kept = [finding for finding in before if finding.rule not in asked]
    return tuple(sorted([*now, *kept], key=lambda finding: finding.rule))
