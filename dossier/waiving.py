"""Which warnings a person has waived: exactly what was seen and accepted, and nothing that came after.

A rule may say the same words of other values later (a corrected field, a paper dropped anew). A waiver therefore
keeps a digest of each finding with the values that it speaks of, and falls when one of them has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from dossier.catalogue.documents import DocumentType, FieldSpec, document_types
from dossier.decisions import Decision
from dossier.record import Component, DroppedFile, Field, Finding, Record


def is_failed_warning(finding: Finding) -> bool:
    """The only findings that can be waived."""
    return finding.severity == "WARN" and finding.verdict == "FAIL"


def basis_of(
    finding: Finding,
    components: Sequence[Component],
    files: Sequence[DroppedFile],
    types: Mapping[str, DocumentType],
) -> str:
    """The digest of a finding with all that it speaks of. Ids of components are not in it: they may be renumbered."""
    values = sorted(
        (component.type, field.name, field.value or "")
        for component, field in _spoken_of(finding, components, types)
    )
    bytes_ = sorted(file.sha256 for file in files if file.name == finding.file)
    told = [finding.rule, finding.reason, finding.page, bytes_, values]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]


def waiver_of(
    finding: Finding, record: Record, types: Mapping[str, DocumentType] | None = None
) -> Decision | None:
    """The newest decision that waives this finding of the record, None if it stands."""
    known = types if types is not None else document_types()
    return _waiver(finding, record.decisions, record.components, record.drop, known)


def waived(
    decisions: Sequence[Decision],
    findings: Sequence[Finding],
    components: Sequence[Component],
    files: Sequence[DroppedFile],
    types: Mapping[str, DocumentType],
) -> frozenset[tuple[str, str | None]]:
    """(rule, component) of which every failed warning was waived."""
    failed = [finding for finding in findings if is_failed_warning(finding)]
    standing = {
        (finding.rule, finding.component)
        for finding in failed
        if _waiver(finding, decisions, components, files, types) is None
    }
    return frozenset((finding.rule, finding.component) for finding in failed) - standing


def fields_of(
    finding: Finding, component: Component, types: Mapping[str, DocumentType]
) -> tuple[tuple[str, FieldSpec], ...]:
    """The fields of this component that a finding speaks of: those at its place, else those that it names."""
    known = types.get(component.type)
    if known is None:
        return ()
    named = tuple((name, spec) for name, spec in known.fields.items() if _names(finding, spec, known))
    if finding.box is None or finding.component != component.id:
        return named
    here = {
        field.name
        for field in component.fields
        if (field.file, field.page, field.box) == (finding.file, finding.page, finding.box)
    }
    at_place = tuple((name, spec) for name, spec in known.fields.items() if name in here)
    return tuple(one for one in at_place if one in named) or at_place or named


def _waiver(
    finding: Finding,
    decisions: Sequence[Decision],
    components: Sequence[Component],
    files: Sequence[DroppedFile],
    types: Mapping[str, DocumentType],
) -> Decision | None:
    if not is_failed_warning(finding):
        return None
    place = (finding.rule, finding.component)
    ours = [one for one in decisions if one.kind == "waive" and (one.rule, one.component) == place]
    if not ours:
        return None
    basis = basis_of(finding, components, files, types)
    return next((one for one in reversed(ours) if basis in one.basis), None)


def _spoken_of(
    finding: Finding, components: Sequence[Component], types: Mapping[str, DocumentType]
) -> Iterator[tuple[Component, Field]]:
    for component in components:
        known = types.get(component.type)
        for field in component.fields:
            spec = known.fields.get(field.name) if known else None
            here = finding.component == component.id and (
                finding.box is None or (field.page, field.box) == (finding.page, finding.box)
            )
            here = here or any(
                (place.component, place.page, place.box) == (component.id, field.page, field.box)
                for place in finding.against
            )
            if here or (known is not None and spec is not None and _names(finding, spec, known)):
                yield component, field


def _names(finding: Finding, spec: FieldSpec, known: DocumentType) -> bool:
    """As rules name a place: `“Họ tên” trên Tờ khai đăng ký khai sinh`."""
    return f"“{spec.title}” trên {known.title}" in finding.reason
