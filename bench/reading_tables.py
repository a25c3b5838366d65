"""The tables of `python -m bench reading`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.table import Table

from bench.corpus import EVERY_GRADE
from bench.figures import running_errors
from bench.goals import READING
from bench.score import OURS, SURE, FieldScore, PaperScore, share
from bench.spent import Spent

_GOALS = {goal.key: goal.target for goal in READING}


def by_type_and_grade(title: str, papers: Sequence[PaperScore], peers: Sequence[str] = ()) -> Table:
    """Fields exact; `<` where a type stands below its grade's goal. CER: of the fields' values."""
    groups: dict[tuple[str, str], list[PaperScore]] = defaultdict(list)
    for paper in papers:
        groups[paper.type, paper.grade].append(paper)
    table = Table(title=title, title_justify="left")
    for column in ("type", "grade", "papers", "type right", "fields", "exact", "", "sure", "CER", *peers):
        table.add_column(column, justify="left" if column in ("type", "grade", "") else "right")
    for (kind, grade), group in sorted(
        groups.items(), key=lambda one: (one[0][0], EVERY_GRADE.index(one[0][1]))
    ):
        fields = [field for paper in group for field in paper.fields]
        exact = share(field.exact for field in fields)
        table.add_row(
            kind,
            grade,
            str(len(group)),
            f"{share(paper.typed for paper in group):.0f}",
            str(len(fields)),
            f"{exact:.1f}" if fields else "-",
            "<" if exact < _GOALS.get(f"exact.{grade}", 0.0) else "",
            f"{share(field.sure for field in fields):.1f}" if fields else "-",
            f"{100.0 * sum(field.cer for field in fields) / len(fields):.1f}" if fields else "-",
            *(
                f"{share(name in field.found_by for field in fields):.1f}" if fields else "-"
                for name in peers
            ),
        )
    return table


def side_by_side(
    papers: Sequence[PaperScore], spent: Mapping[tuple[str, str], Spent], pages: Mapping[str, int]
) -> Table:
    """Every reader on the same papers: values found, errors of running text, speed and cost, by grade.

    A peer's text names no fields: its value is found where it stands anywhere in the text, so the peers are
    judged more mildly than we are.
    """
    table = Table(title="Side by side: the same papers in the same run", title_justify="left")
    for column in ("reader", "grade", "values, %", "CER running text, %", "pages/min", "CPU s/page"):
        table.add_column(column, justify="left" if column in ("reader", "grade") else "right")
    for grade, count in pages.items():
        fields = [field for paper in papers if paper.grade == grade for field in paper.fields]
        for name in dict.fromkeys(name for name, _ in spent):
            cost = spent[name, grade]
            found = share(field.exact if name == OURS else name in field.found_by for field in fields)
            table.add_row(
                f"{name} (exact)" if name == OURS else name,
                grade,
                f"{found:.1f}",
                f"{running_errors(papers, name, grade).rate:.2f}",
                f"{60.0 * count / cost.wall:.1f}",
                f"{cost.cpu / count:.2f}",
            )
        table.add_section()
    return table


def weakest(papers: Sequence[PaperScore], count: int = 10) -> Table:
    names: dict[tuple[str, str], list[FieldScore]] = defaultdict(list)
    for paper in papers:
        for field in paper.fields:
            names[field.type, field.name].append(field)
    weak = sorted(
        (item for item in names.items() if not all(field.exact for field in item[1])),
        key=lambda item: share(field.exact for field in item[1]),
    )
    table = Table(title="The weakest fields", title_justify="left")
    for column in ("type", "field", "exact", "of", "wrong", "missing", f"wrong at {SURE}"):
        table.add_column(column, justify="left" if column in ("type", "field") else "right")
    for (kind, name), found in weak[:count]:
        table.add_row(
            kind,
            name,
            f"{share(field.exact for field in found):.0f} %",
            str(len(found)),
            str(sum(field.wrong for field in found)),
            str(sum(not field.read for field in found)),
            str(sum(field.wrong and field.sure for field in found)),
        )
    return table
