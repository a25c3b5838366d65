"""What keeps a record from being checked, as a person works through it: value by value, paper by paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from dossier.catalogue.documents import DocumentType, FieldSpec, document_types
from dossier.decisions import PERSON, is_person, person_key
from dossier.kinds import kind
from dossier.model import Box, Frozen, Severity, Verdict
from dossier.record import Component, Field, Finding, Record, Witness
from dossier.waiving import fields_of, is_failed_warning, waiver_of
from flows.reusing import Offered
from validators.gate import contradicted, open_identifiers, opinions

Act = Literal["confirm", "correct", "waive", "reuse"]
LACKING = "U01"  # the rule that says which papers are lacking
UNCONFIRMED = "Chưa có hai nguồn độc lập xác nhận giá trị này. So với giấy rồi xác nhận hoặc sửa."


class Said(Frozen):
    """What one rule says of a point. waivable: a WARN that failed."""

    rule: str
    verdict: Verdict
    severity: Severity
    reason: str
    waivable: bool


class OpenPoint(Frozen):
    """One thing for a person to look at, and what may be done with it.

    component, paper: id and Vietnamese name of the paper, None for the dossier as a whole. field, title: of the value
    in question, None if it is not about one. value: what stands in the record; candidates: all that witnesses saw,
    the value first. people: who has decided on it. people_needed: how many different people have yet to agree before
    the value is confirmed (0: nothing is gained by that). acts: what decide() takes; none: the paper has to change.
    offers: papers of earlier dossiers that may be taken for those that are lacking.
    """

    number: int
    component: str | None
    paper: str | None
    field: str | None
    title: str | None
    file: str | None
    page: int | None
    box: Box | None
    value: str | None
    candidates: tuple[Witness, ...]
    handwritten: bool
    people: tuple[str, ...]
    people_needed: int
    said: tuple[Said, ...]
    acts: tuple[Act, ...]
    offers: tuple[Offered, ...] = ()


def open_points(record: Record, offers: Sequence[Offered] = ()) -> tuple[OpenPoint, ...]:
    """Everything that keeps the record from being checked, in the order of its papers; empty if it is checked.

    offers: what flows.reusing has on offer for it.
    """
    if record.state == "checked":
        return ()
    points = [_with_offers(point, offers) for point in _points(record, document_types())]
    return tuple(point.model_copy(update={"number": n}) for n, point in enumerate(points, 1))


def _with_offers(point: OpenPoint, offers: Sequence[Offered]) -> OpenPoint:
    if not offers or not any(said.rule == LACKING for said in point.said):
        return point
    return point.model_copy(update={"acts": (*point.acts, "reuse"), "offers": tuple(offers)})


def is_open(finding: Finding, record: Record) -> bool:
    """A BLOCK that failed or is unknown, a WARN that failed and was not waived."""
    if finding.severity == "BLOCK":
        return finding.verdict in ("FAIL", "UNKNOWN")
    return is_failed_warning(finding) and waiver_of(finding, record) is None


def _points(record: Record, types: Mapping[str, DocumentType]) -> Iterator[OpenPoint]:
    unsaid = [finding for finding in record.findings if is_open(finding, record)]
    gated = {(c.id, f.name): (f, spec) for c, f, spec in open_identifiers(record.components, types)}
    for component in record.components:
        ours = [finding for finding in unsaid if finding.component == component.id]
        by_field: dict[str, tuple[FieldSpec, list[Finding]]] = {}
        papers: dict[str, list[Finding]] = {}
        for finding in ours:
            about = fields_of(finding, component, types)
            for name, spec in about:
                by_field.setdefault(name, (spec, []))[1].append(finding)
            if not about:
                papers.setdefault(finding.rule, []).append(finding)
        for (id, name), (_, spec) in gated.items():
            if id == component.id:
                by_field.setdefault(name, (spec, []))
        for name, (spec, said) in by_field.items():
            yield _on_field(component, name, spec, said, types)
        for said in papers.values():
            yield _on_paper(component, said, types)
    yield from _elsewhere(record, [finding for finding in unsaid if finding.component is None])


def _on_field(
    component: Component,
    name: str,
    spec: FieldSpec,
    said: Sequence[Finding],
    types: Mapping[str, DocumentType],
) -> OpenPoint:
    field = component.field(name)
    acts: list[Act] = ["confirm", "correct"] if field is not None and field.value else ["correct"]
    if any(is_failed_warning(finding) for finding in said):
        acts.append("waive")
    told = tuple(map(_said, said)) or (
        Said(rule="D24", verdict="UNKNOWN", severity="BLOCK", reason=UNCONFIRMED, waivable=False),
    )
    first = said[0] if said else None
    return OpenPoint(
        number=0,
        component=component.id,
        paper=types[component.type].title,
        field=name,
        title=spec.title,
        file=field.file if field else first.file if first else None,
        page=field.page if field else first.page if first else None,
        box=field.box if field else None,
        value=field.value if field else None,
        candidates=_candidates(field),
        handwritten=bool(field and field.handwritten),
        people=_people(field),
        people_needed=_needed(field, spec),
        said=told,
        acts=tuple(acts),
    )


def _on_paper(
    component: Component | None, said: Sequence[Finding], types: Mapping[str, DocumentType]
) -> OpenPoint:
    known = types.get(component.type) if component else None
    return OpenPoint(
        number=0,
        component=component.id if component else None,
        paper=known.title if known else "Giấy tờ chưa nhận ra loại" if component else None,
        field=None,
        title=None,
        file=said[0].file,
        page=said[0].page,
        box=said[0].box,
        value=None,
        candidates=(),
        handwritten=False,
        people=(),
        people_needed=0,
        said=tuple(map(_said, said)),
        acts=("waive",) if any(is_failed_warning(finding) for finding in said) else (),
    )


def _elsewhere(record: Record, said: Sequence[Finding]) -> Iterator[OpenPoint]:
    """What is said of the dossier or of a file, and files that could not be taken."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in said:
        by_rule.setdefault(finding.rule, []).append(finding)
    for findings in by_rule.values():
        yield _on_paper(None, findings, {})
    told = {finding.file for finding in said}
    for refused in record.refused:
        if refused.file not in told:
            said_so = Said(
                rule="U16", verdict="FAIL", severity="BLOCK", reason=refused.reason, waivable=False
            )
            point = OpenPoint(
                **dict.fromkeys(("component", "paper", "field", "title", "page", "box", "value")),
                number=0,
                file=refused.file,
                candidates=(),
                handwritten=False,
                people=(),
                people_needed=0,
                said=(said_so,),
                acts=(),
            )
            yield point


def _said(finding: Finding) -> Said:
    return Said(
        rule=finding.rule,
        verdict=finding.verdict,
        severity=finding.severity,
        reason=finding.reason,
        waivable=is_failed_warning(finding),
    )


def _candidates(field: Field | None) -> tuple[Witness, ...]:
    """What was seen, one witness for each value, the field's own first."""
    if field is None:
        return ()
    found: dict[str, Witness] = {}
    for witness in field.witnesses:
        found.setdefault(witness.value, witness)
    return tuple(sorted(found.values(), key=lambda witness: witness.value != field.value))


def _people(field: Field | None) -> tuple[str, ...]:
    seen = {
        person_key(w.by): w.by.removeprefix(PERSON)
        for w in (field.witnesses if field else ())
        if is_person(w.by)
    }
    return tuple(seen.values())


def _needed(field: Field | None, spec: FieldSpec) -> int:
    if field is None or not field.value:
        return 2 if spec.identifier else 1
    of = kind(spec.kind)
    if contradicted(field, of):
        return 0
    agree, differ = opinions(field, of)
    wanted = max(2, len(differ) + 1) if spec.identifier or differ else 1
    return max(0, wanted - len(agree))
