"""Small changes to a paper before it is printed: what stands on it and what the truth says of it change together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samples.bundles import Alter
from samples.paper import Paper


def with_values(fields: dict[str, str], **context: Any) -> Alter:
    """fields: the truth. context: what the template prints; for a part that is a dict, its keys that change."""

    def alter(paper: Paper) -> Paper:
        printed = dict(paper.context)
        for key, value in context.items():
            old = printed[key]
            printed[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
        return replace(paper, context=printed, fields={**paper.fields, **fields})

    return alter


def unfilled(field: str, shown: str, **context: Any) -> Alter:
    """A place that only dots or a dash stand in."""

    def alter(paper: Paper) -> Paper:
        notes = {**paper.notes, "unfilled": f"{paper.notes.get('unfilled', '')} {field}"}
        return replace(with_values({field: shown}, **context)(paper), notes=notes)

    return alter


def unsealed(paper: Paper) -> Paper:
    """Neither sealed nor signed."""
    signer = replace(paper.context["signer"], seal="", scrawl="")
    return replace(paper, context={**paper.context, "signer": signer})
