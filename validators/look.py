"""How rules look at a case: values with their kind, what to call a paper, how to point at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import Kind, kinds
from dossier.model import Severity, Verdict
from dossier.people import Person
from dossier.record import Component, Field
from dossier.text.vietnamese import fold
from validators.case import Case
from validators.registry import Outcome
from validators.weights import weights
from validators.witnesses import Telling, readings

PERSONAL_IDS = ("personal-id",)
NAMES = ("person-name",)


@dataclass(frozen=True)
class Value:
    """A field of a paper that has a value, with all that is known of its kind."""

    case: Case
    component: Component
    field: Field
    spec: FieldSpec
    kind: Kind
    text: str

    @property
    def sure(self) -> bool:
        """May this value carry a contradiction?"""
        return self.field.confidence >= weights().confidence.doubt

    @property
    def where(self) -> str:
        """`“Họ tên” trên Tờ khai đăng ký khai sinh (trang 1)`."""
        return f"“{self.spec.title}” trên {paper(self.case, self.component)} (trang {self.field.page})"

    @property
    def telling(self) -> Telling:
        """The value as one paper's word, to be held against others'."""
        return Telling(None, self.text, self.kind, self.component, self.field)

    def readings(self) -> tuple[Telling, ...]:
        """What each reader and code saw of it."""
        return readings(self.component, self.field, self.kind)

    def says(
        self,
        verdict: Verdict,
        reason: str,
        severity: Severity | None = None,
        *,
        beside: Iterable[Value | Telling] = (),
    ) -> Outcome:
        """A word on this value. beside: those that contradict it."""
        outcome = on_field(self.component, self.field, verdict, reason, severity)
        places = (other.telling.place if isinstance(other, Value) else other.place for other in beside)
        return replace(outcome, against=tuple(dict.fromkeys(places)))

    def same(self, other: Value) -> bool:
        return self.telling.same(other.telling)


def paper(case: Case, component: Component) -> str:
    """What people call this paper."""
    known = case.document_types.get(component.type)
    return known.title if known else "giấy chưa nhận ra loại"


def value(case: Case, component: Component, name: str) -> Value | None:
    """The value of a field; None if it is not there, is empty, or has no known kind."""
    field = component.field(name)
    known = case.document_types.get(component.type)
    spec = known.fields.get(name) if known else None
    kind = kinds().get(spec.kind) if spec else None
    if field is None or not field.value or spec is None or kind is None:
        return None
    return Value(case, component, field, spec, kind, field.value)


def person_value(case: Case, person: Person, attribute: str) -> Value | None:
    """What a paper says of one of its people."""
    field = person.fields.get(attribute)
    return value(case, person.component, field.name) if field else None


def values(case: Case, *of_kinds: str) -> Iterator[Value]:
    """All values of the dossier, of the given kinds only if any are given."""
    for component in case.components:
        for field in component.fields:
            found = value(case, component, field.name)
            if found and (not of_kinds or found.kind.name in of_kinds):
                yield found


def on_field(
    component: Component, field: Field, verdict: Verdict, reason: str, severity: Severity | None = None
) -> Outcome:
    return Outcome(verdict, reason, component.id, field.file, field.page, field.box, severity)


def on_paper(
    component: Component,
    verdict: Verdict,
    reason: str,
    severity: Severity | None = None,
    page: int | None = None,
) -> Outcome:
    source = component.sources[0] if component.sources else None
    first = source.pages[0] if source and source.pages else None
    return Outcome(
        verdict, reason, component.id, source.file if source else None, page or first, None, severity
    )


def day(text: str | None) -> date | None:
    """A date from a field's value (ISO 8601)."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def year_of(text: str | None) -> int | None:
    """The year of a value that is a year or a date."""
    head = (text or "")[:4]
    return int(head) if len(head) == 4 and head.isdecimal() else None


def shown(when: date) -> str:
    return f"{when:%d/%m/%Y}"


def against(*witnesses: Value) -> Verdict:
    """The verdict on a contradiction between values: FAIL if each of them is sure, else UNKNOWN."""
    return "FAIL" if all(witness.sure for witness in witnesses) else "UNKNOWN"


def blank(component: Component) -> bool:
    """A paper of nothing but blank pages."""
    pages = component.quality
    return component.type == "blank" or (bool(pages) and all(page.blank for page in pages))


def papers(case: Case) -> tuple[Component, ...]:
    """Every component but blank sheets."""
    return tuple(component for component in case.components if not blank(component))


def flat(text: str) -> str:
    """Folded text with nothing but letters, digits and single spaces: for finding phrases."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
