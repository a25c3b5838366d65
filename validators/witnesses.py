"""Who tells what of one fact, and whether they agree.

The same fact is told in several places: by readers, the QR code, the MRZ and the words of one value (`readings`), and
by the values of several papers (`papers_telling`). Here, and nowhere else, they are held against one another, each
kind by its own equality: names whatever the case and the place of the tone mark, addresses through the lists of units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dossier.decisions import is_person
from dossier.kinds import Kind
from dossier.record import Component, Field, Place, Witness
from dossier.text.vietnamese import fold
from validators.weights import weights

STRONG = ("qr", "mrz")
"""Codes with redundancy of their own: when they disagree with the value, no number of readings outvotes them."""
WORDS = "words"
# Names under which one and the same recogniser may appear; what follows `@` tells other pixels apart.
_SAME_ENGINE = {"pytesseract": "tesseract", "tesserocr": "tesseract"}


@dataclass(frozen=True, eq=False)
class Telling:
    """One witness's word on a fact. by: as in the record; None: the value of a paper, after all that was seen of it.

    Two of the same words are two: they are compared by `same`.
    """

    by: str | None
    text: str
    kind: Kind
    component: Component
    field: Field

    @property
    def sure(self) -> bool:
        """May it carry a contradiction?"""
        return self.field.confidence >= weights().confidence.doubt

    @property
    def coarse(self) -> bool:
        """It tells less than others do, so that it may fit two that contradict each other: a name without marks, a
        year beside dates.
        """
        return _unmarked(self.by, self.kind) or self.kind.name == "year"

    @property
    def place(self) -> Place:
        """Where it stands: the witness's own place, else that of the field."""
        seen = next((w for w in self.field.witnesses if (w.by, w.value) == (self.by, self.text)), None)
        if seen and seen.box:
            return Place(
                component=self.component.id, file=seen.file, page=seen.page, box=seen.box, by=self.by
            )
        at = self.field
        return Place(component=self.component.id, file=at.file, page=at.page, box=at.box, by=self.by)

    def same(self, other: Telling) -> bool:
        """As exactly as both tell it. Symmetric; transitive among those that are not coarse, but for addresses, of
        which one may be known by one list of units and by another.
        """
        if "year" in (self.kind.name, other.kind.name):
            return self.text[:4] == other.text[:4]
        if _unmarked(self.by, self.kind) or _unmarked(other.by, other.kind):
            return fold(self.text) == fold(other.text)
        return self.kind.same(self.text, other.text) or other.kind.same(other.text, self.text)


@dataclass(frozen=True)
class View:
    """One of the values told, and all who tell it, the surest first."""

    tellings: tuple[Telling, ...]

    @property
    def best(self) -> Telling:
        return self.tellings[0]


def source_of(by: str) -> str:
    """The independent source behind a witness's name."""
    engine, at, pixels = by.partition("@")
    return _SAME_ENGINE.get(engine, engine) + at + pixels


def readings(component: Component, field: Field, kind: Kind) -> tuple[Telling, ...]:
    """What each source saw of a field, people left out: they count among themselves (validators.gate.opinions)."""
    found: dict[tuple[str, str], Telling] = {}
    for seen in field.witnesses:
        if not is_person(seen.by):
            found.setdefault(
                (source_of(seen.by), seen.value), Telling(seen.by, seen.value, kind, component, field)
            )
    return tuple(found.values())


def tells_value(seen: Witness, field: Field, kind: Kind) -> bool:
    """Does this witness tell the field's value?"""
    if _unmarked(seen.by, kind):
        return fold(seen.value) == fold(field.value or "")
    return kind.same(seen.value, field.value or "")


def paper_telling(component: Component, field: Field, kind: Kind | None) -> Telling | None:
    """The value of a paper; None if it has none, or none of a known kind."""
    return Telling(None, field.value, kind, component, field) if field.value and kind else None


def sources(tellings: Iterable[Telling]) -> frozenset[str]:
    """The independent sources of these readings."""
    return frozenset(source_of(telling.by) for telling in tellings if telling.by)


def views(tellings: Sequence[Telling]) -> tuple[View, ...]:
    """The different values told; first the one that most sure witnesses tell. The order of the tellings is no matter.

    A coarse telling stands in each view that it fits, and makes one of its own only where it fits none.
    """
    ranked = sorted(tellings, key=_rank)
    found: dict[frozenset[int], View] = {}
    for telling in ranked:  # those that are not coarse come first
        if telling.coarse and any(telling is one for view in found.values() for one in view.tellings):
            continue
        alike = [(at, other) for at, other in enumerate(ranked) if other.same(telling)]
        found.setdefault(frozenset(at for at, _ in alike), View(tuple(other for _, other in alike)))
    return tuple(sorted(found.values(), key=_weight))


def disagreements(tellings: Sequence[Telling]) -> tuple[tuple[Telling, Telling], ...]:
    """Each telling that says otherwise than the most do, with the surest of those: (the odd one, the other)."""
    told = views(tellings)
    if len(told) < 2:
        return ()
    most = told[0]
    odd = {id(one): one for view in told[1:] for one in view.tellings if not one.same(most.best)}
    return tuple((one, most.best) for one in odd.values())


def on_other_pages(telling: Telling, tellings: Iterable[Telling]) -> tuple[Telling, ...]:
    """The papers' tellings that say the same of the same kind from other pixels: they could have said otherwise."""
    return tuple(
        other
        for other in tellings
        if other.kind.name == telling.kind.name
        and other.same(telling)
        and of_other_pages(telling.component, other.component)
    )


def of_other_pages(left: Component, right: Component) -> bool:
    """The same page twice is the same pixels: its second reading could not have seen another value."""
    return not _pages(left) & _pages(right)


def _pages(component: Component) -> set[tuple[str, int]]:
    return {(source.sha256, page) for source in component.sources for page in source.pages}


def _unmarked(by: str | None, kind: Kind) -> bool:
    """The MRZ writes names without marks."""
    return by is not None and by.partition("@")[0] == "mrz" and kind.group == "name"


def _rank(telling: Telling) -> tuple[bool, float, str, str, str, str]:
    at = telling.field
    return (telling.coarse, -at.confidence, telling.component.id, at.name, telling.by or "", telling.text)


def _weight(view: View) -> tuple[int, int, tuple[bool, float, str, str, str, str]]:
    sure = sum(telling.sure for telling in view.tellings)
    return (-sure, -len(view.tellings), _rank(view.best))
