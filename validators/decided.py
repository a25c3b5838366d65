"""What people decided, put to the fields of the papers: one more witness each, and as sure as that makes the value.

Computed anew from what the readers saw and all decisions each time, so that it does not matter in how many versions
they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.decisions import Decision, is_person, last_words, person_key, witness_name
from dossier.kinds import Kind, kind
from dossier.record import AsRead, Component, Field, Witness
from validators.gate import contradicted, opinions
from validators.weights import weights

NO_PLACE = (0.0, 0.0, 0.0, 0.0)
"""The box of a field that no reader found and a person typed in."""
UNKNOWN_DPI = 300.0


def decided(
    components: Sequence[Component], decisions: Sequence[Decision], types: Mapping[str, DocumentType]
) -> tuple[Component, ...]:
    """The papers with every decision on their values. What was read stays among the witnesses and as `read`."""
    return tuple(
        _decided(component, [one for one in decisions if one.component == component.id], types)
        for component in components
    )


def _decided(
    component: Component, decisions: Sequence[Decision], types: Mapping[str, DocumentType]
) -> Component:
    known = types.get(component.type)
    by_field: dict[str, list[Decision]] = {}
    for one in decisions:
        if one.field and known and one.field in known.fields:
            by_field.setdefault(one.field, []).append(one)
    if known is None or not by_field:
        return component
    fields = [
        _field(field, known.fields[field.name], by_field.pop(field.name)) if field.name in by_field else field
        for field in component.fields
    ]
    fields += [_field(_unfound(component, name), known.fields[name], said) for name, said in by_field.items()]
    return component.model_copy(update={"fields": tuple(fields)})


def _field(field: Field, spec: FieldSpec, decisions: Sequence[Decision]) -> Field:
    read = field.read or AsRead(value=field.value, confidence=field.confidence)
    # Whoever decides here is heard anew; others spoke where a reused paper comes from.
    anew = {person_key(one.by) for one in decisions}
    seen = [w for w in field.witnesses if not (is_person(w.by) and person_key(w.by) in anew)]
    for one in decisions:
        word = Witness(by=witness_name(one.by), value=one.value or "")
        said = last_words((witness.by, witness.value) for witness in seen)
        if last_words([(word.by, word.value)]).items() - said.items():  # not what they said before
            seen.append(word)
    told = field.model_copy(
        update={"value": decisions[-1].value, "witnesses": tuple(seen), "read": read, "confidence": 0.0}
    )
    return told.model_copy(update={"confidence": _confidence(told, read, spec, kind(spec.kind))})


def _confidence(field: Field, read: AsRead, spec: FieldSpec, of: Kind) -> float:
    """How sure people make a value. Alone against a code or a colleague, nobody lifts it over the gate; nor does one
    person an identifier.
    """
    levels, gate = weights().person, weights().confidence.gate
    below = round(gate - 0.001, 4)
    readers = read.confidence if read.value and field.value and of.same(read.value, field.value) else 0.0
    agree, differ = opinions(field, of)
    if contradicted(field, of) or (differ and len(agree) <= max(1, len(differ))):
        return min(max(readers, levels.disputed), below)
    if len(agree) >= 2:
        return max(readers, levels.two)
    return max(readers, levels.one) if not spec.identifier else min(max(readers, levels.one), below)


def _unfound(component: Component, name: str) -> Field:
    """The place of a value that no reader found: the paper's first page."""
    source = component.sources[0]
    page = source.pages[0] if source.pages else 1
    dpi = next((q.dpi for q in component.quality if q.page == page and q.dpi), UNKNOWN_DPI)
    return Field(name=name, value=None, confidence=0.0, file=source.file, page=page, box=NO_PLACE, dpi=dpi)
