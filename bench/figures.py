"""From scored papers to the figures that the goals of reading name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench.goals import Figure
from bench.reliability import Stated, expected_error
from bench.running import Errors
from bench.score import OURS, FieldScore, PaperScore

Figures = dict[str, Figure]

PERSONAL_ID = "personal-id"


def exact_figures(papers: Sequence[PaperScore]) -> Figures:
    """Fields, and among them personal IDs, exact by grade; types right over all grades."""
    found = {"type": _share(paper.typed for paper in papers)}
    for grade in dict.fromkeys(paper.grade for paper in papers):
        fields = [field for paper in papers if paper.grade == grade for field in paper.fields]
        found[f"exact.{grade}"] = _share(field.exact for field in fields)
        found[f"id.{grade}"] = _share(field.exact for field in fields if field.kind == PERSONAL_ID)
    return found


def confidence_figures(papers: Sequence[PaperScore]) -> Figures:
    fields = [field for paper in papers for field in paper.fields]
    sure = [field for field in fields if field.sure]
    wrong = sum(field.wrong for field in sure)
    return {
        "wrong-when-sure": Figure(100.0 * wrong / len(sure) if sure else float("nan"), len(sure), wrong),
        "sure.office": _share(field.sure for field in fields if field.grade == "office"),
        "ece": Figure(expected_error(stated(fields)), sum(field.read for field in fields)),
    }


def running_figures(papers: Sequence[PaperScore]) -> Figures:
    return {
        f"cer.{grade}": Figure(errors.rate, errors.letters)
        for grade in dict.fromkeys(paper.grade for paper in papers)
        for errors in [running_errors(papers, OURS, grade)]
    }


MEASURES: tuple[Callable[[Sequence[PaperScore]], Figures], ...] = (
    exact_figures,
    confidence_figures,
    running_figures,
)
"""Each gives figures for some goals; a goal that no measure has a figure for is printed as not measured."""


def figures_of(papers: Sequence[PaperScore]) -> Figures:
    """What all measures make of these papers."""
    return {key: figure for measure in MEASURES for key, figure in measure(papers).items()}


def running_errors(papers: Iterable[PaperScore], by: str, grade: str) -> Errors:
    """Errors of one reader in the running text of a grade."""
    return sum((paper.running.get(by, Errors()) for paper in papers if paper.grade == grade), Errors())


def stated(fields: Iterable[FieldScore]) -> list[Stated]:
    """The values that were read, with their confidence; what was not read states none."""
    return [Stated(field.confidence, field.exact) for field in fields if field.read]


def _share(flags: Iterable[bool]) -> Figure:
    found = list(flags)
    right = sum(found)
    return Figure(100.0 * right / len(found) if found else float("nan"), len(found), right)
