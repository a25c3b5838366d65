"""The gate of identifiers: which readings have been confirmed by a second witness, and which have not.

Two witnesses are independent if they could have seen different values: another engine, the crop read again from
other pixels (`tesseract@2x`), a QR code, the value in words, another paper. The MRZ carries check digits of its
own and is enough alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dossier.catalogue.documents import DocumentType, FieldSpec
from dossier.kinds import Kind, kinds
from dossier.record import Component, Field
from dossier.text.vietnamese import fold
from validators.people import people
from validators.weights import weights

# Names under which one and the same recogniser may appear; what follows `@` tells other pixels apart.
_SAME_ENGINE = {"pytesseract": "tesseract", "tesserocr": "tesseract"}
# Codes with redundancy of their own: when they disagree with the value, no number of readings outvotes them.
_STRONG = ("qr", "mrz")


def source_of(by: str) -> str:
    """The independent source behind a witness's name."""
    engine, at, pixels = by.partition("@")
    return _SAME_ENGINE.get(engine, engine) + at + pixels


def _says_so(by: str, seen: str, field: Field, kind: Kind) -> bool:
    if by == "mrz" and kind.group == "name":  # the MRZ carries no marks
        return fold(seen) == fold(field.value or "")
    return kind.same(seen, field.value or "")


def agreeing(field: Field, kind: Kind) -> frozenset[str]:
    """The independent sources that saw the field's value."""
    if not field.value:
        return frozenset()
    return frozenset(source_of(w.by) for w in field.witnesses if _says_so(w.by, w.value, field, kind))


def contradicted(field: Field, kind: Kind) -> bool:
    """Does a strong witness say otherwise?"""
    return bool(field.value) and any(
        w.by in _STRONG and not _says_so(w.by, w.value, field, kind) for w in field.witnesses
    )


def confirmed(field: Field, kind: Kind, other_papers: frozenset[str] = frozenset()) -> bool:
    """Two agreeing independent witnesses, or the MRZ; and no strong one against it."""
    sources = agreeing(field, kind) | other_papers
    return not contradicted(field, kind) and ("mrz" in sources or len(sources) >= 2)


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
    seen = [
        (person.component, person.id)
        for person in people(components, document_types)
        if person.id is not None and person.id.value
    ]
    return {
        (component.id, field.name): frozenset(
            f"paper:{other.id}"
            for other, twin in seen
            if other.id != component.id
            and of_other_pages(component, other)
            and twin.value == field.value
            and twin.confidence >= weights().confidence.doubt
        )
        for component, field in seen
    }


def lacks_identifier(components: Sequence[Component], document_types: Mapping[str, DocumentType]) -> bool:
    """Is there a paper on which not even the place of an identifier was found that its type cannot do without?"""
    return any(
        spec.identifier and spec.mandatory and component.field(name) is None
        for component in components
        if (known := document_types.get(component.type)) is not None
        for name, spec in known.fields.items()
    )


def of_other_pages(left: Component, right: Component) -> bool:
    """The same page twice is the same pixels: its second reading could not have seen another value."""
    return not _pages(left) & _pages(right)


def _pages(component: Component) -> set[tuple[str, int]]:
    return {(source.sha256, page) for source in component.sources for page in source.pages}


def _identifiers(
    components: Sequence[Component], document_types: Mapping[str, DocumentType]
) -> Iterator[tuple[Component, Field, FieldSpec]]:
    for component in components:
        known = document_types.get(component.type)
        for name, spec in (known.fields if known else {}).items():
            field = component.field(name) if spec.identifier else None
            if field is not None:
                yield component, field, spec
