"""The same value in words and in figures: two witnesses of one field, on its own place or beside it."""

from __future__ import annotations

from dataclasses import dataclass

from validators.look import Value
from validators.witnesses import WORDS, Telling, sources, views


@dataclass(frozen=True)
class InWords:
    """words, figures: what each reader saw of either. contradicted: the words say otherwise than two readers saw in
    figures; the figures count as the readers had them, so that no person talks away what stands on the paper.
    """

    words: tuple[Telling, ...]
    figures: tuple[Telling, ...]
    contradicted: bool

    def same(self, value: Telling) -> bool:
        """Do the words say this, and nothing else?"""
        return all(word.same(value) for word in self.words)

    @property
    def sides(self) -> tuple[Telling, ...]:
        """One of the words and one of the figures."""
        return (self.words[0], *self.figures[:1])


def in_words(value: Value) -> InWords | None:
    """How a value is told in words; None if it is not."""
    told = value.readings()
    words = tuple(one for one in told if one.by == WORDS)
    if not words:
        return None
    read = value.field.read.value if value.field.read else value.text
    as_read = Telling(None, read or "", value.kind, value.component, value.field)
    figures = tuple(one for one in told if one.by != WORDS and one.same(as_read))
    alike = len(views(words)) == 1 and words[0].same(as_read)
    return InWords(words, figures, not alike and len(sources(figures)) >= 2)
