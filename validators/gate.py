"""The gate of identifiers: which readings have been confirmed by a second witness, and which have not.

Two witnesses are independent if they could have seen different values: another engine, the crop read again from
other pixels (`tesseract@2x`), a QR code, the value in words, another paper, the checked record of the dossier that
a reused paper comes from (`record:<code>`). The MRZ carries check digits of its
own and is enough alone. People count among themselves: two different ones who say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.decisions import is_person, last_words, person_key
from dossier.kinds import Kind, kinds
from dossier.people import people
from dossier.record import Component, Field
from validators.weights import weights
from validators.witnesses import STRONG, on_other_pages, paper_telling, source_of, tells_value


def opinions(field: Field, kind: Kind) -> tuple[frozenset[str], frozenset[str]]:
    """The people who in the end say that the field's value is right, and those who say otherwise."""
    words = last_words((witness.by, witness.value) for witness in field.witnesses)
    agree = frozenset(who for who, said in words.items() if field.value and kind.same(said, field.value))
    return agree, frozenset(words) - agree


def agreeing(field: Field, kind: Kind) -> frozenset[str]:
    """The independent sources that saw the field's value; people are counted by `opinions`."""
    if not field.value:
        return frozenset()
    return frozenset(
        source_of(w.by) for w in field.witnesses if not is_person(w.by) and tells_value(w, field, kind)
    )


def contradicted(field: Field, kind: Kind) -> bool:
    """Does a strong witness say otherwise?"""
    return bool(field.value) and any(
        w.by in STRONG and not tells_value(w, field, kind) for w in field.witnesses
    )


def confirmed(field: Field, kind: Kind, other_papers: frozenset[str] = frozenset()) -> bool:
    """Two agreeing independent witnesses, or the MRZ; and no strong one against it.

    People confirm in pairs: one person beside one reader is not enough, and where one says otherwise only a majority
    of at least two counts.
    """
    if contradicted(field, kind):
        return False
    agree, differ = opinions(field, kind)
    if len(agree) >= 2 and len(agree) > len(differ):
        return True
    sources = agreeing(field, kind) | other_papers
    return not differ and ("mrz" in sources or len(sources) >= 2)


def open_identifiers(
    components: Sequence[Component], document_types: Mapping[str, DocumentType]
) -> Iterator[tuple[Component, Field, FieldSpec]]:
    """Identifier fields whose value may not be handed on yet.

    An identifier without a value is open only if the type cannot do without it; one of which not even the place
    was found is no field, and named by `lacks_identifier`.
    """
    elsewhere = same_on_other_papers(components, document_types)
    gate = weights().confidence.gate
    for component, field, spec in _identifiers(components, document_types):
        kind = kinds().get(spec.kind)
        if not field.value:
            if spec.mandatory:
                yield component, field, spec
            continue
        others = elsewhere.get((component.id, field.name), frozenset())
        if kind is None or field.confidence < gate or not confirmed(field, kind, others):
            yield component, field, spec


def same_on_other_papers(
    components: Sequence[Component], document_types: Mapping[str, DocumentType]
) -> dict[tuple[str, str], frozenset[str]]:
    """For each personal ID (component, field): the other papers on which the same person has the same ID."""
    kind = kinds()["personal-id"]
    seen = [
        telling
        for person in people(components, document_types)
        if person.id is not None and (telling := paper_telling(person.component, person.id, kind))
    ]
    believed = [one for one in seen if one.sure and _read_so(one.field)]
    return {
        (one.component.id, one.field.name): frozenset(
            f"paper:{other.component.id}" for other in on_other_pages(one, believed)
        )
        for one in seen
    }


def _read_so(field: Field) -> bool:
    """Was the value read from its paper, or said by two people: one person is no other paper."""
    said = [w for w in field.witnesses if w.value == field.value]
    return not said or any(not is_person(w.by) for w in said) or len({person_key(w.by) for w in said}) >= 2


def lacks_identifier(components: Sequence[Component], document_types: Mapping[str, DocumentType]) -> bool:
    """Is there a paper on which not even the place of an identifier was found that its type cannot do without?"""
    return any(
        spec.identifier and spec.mandatory and component.field(name) is None
        for component in components
        if (known := document_types.get(component.type)) is not None
        for name, spec in known.fields.items()
    )


def _identifiers(
    components: Sequence[Component], document_types: Mapping[str, DocumentType]
) -> Iterator[tuple[Component, Field, FieldSpec]]:
    for component in components:
        known = document_types.get(component.type)
        for name, spec in (known.fields if known else {}).items():
            field = component.field(name) if spec.identifier else None
            if field is not None:
                yield component, field, spec
