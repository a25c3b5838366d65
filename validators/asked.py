"""How rules look at what a procedure asks for: papers of a requirement, lookups in their place, what may be unread."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.calendar import VIETNAM
from dossier.catalogue.procedures import Procedure, Requirement
from dossier.catalogue.vocabulary import vocabulary
from dossier.drop import Lookup
from dossier.model import Severity
from dossier.record import Component
from validators.case import Case
from validators.look import papers
from validators.roles import EXTRA, result_or_asked, told_type

CERTAIN_TYPE = 0.6
"""From this confidence on the reader's word on a paper's type is taken."""


def type_of(case: Case, component: Component) -> str:
    """The paper's type, as read or, for one that no template reads, as the manifest names it."""
    return told_type(component, case.components, case.manifest)


def title_of(case: Case, component: Component) -> str:
    """What people call the paper, by its own type or the one that the manifest names."""
    known = vocabulary()
    type = type_of(case, component)
    return known.paper_title(type) if known.knows(type) else "giấy chưa nhận ra loại"


def of_type(case: Case, *types: str) -> tuple[Component, ...]:
    """Papers of these types, those included that only the manifest names."""
    return tuple(component for component in papers(case) if type_of(case, component) in types)


def papers_for(case: Case, requirement: Requirement) -> tuple[Component, ...]:
    """The papers that meet a requirement."""
    return tuple(
        c for c in papers(case) if c.role == requirement.id and type_of(case, c) in requirement.types
    )


def may_be_the_result(case: Case, component: Component) -> bool:
    """Is it open whether this paper was handed in or given out?"""
    if case.procedure is None:
        return False
    type = type_of(case, component)
    return result_or_asked(component, type, case.procedure, case.received_on) == "either"


@dataclass(frozen=True)
class Asked:
    """A lookup of the manifest. requirement: None if there is none of that id. fault: Vietnamese, empty if none."""

    lookup: Lookup
    requirement: Requirement | None
    fault: str = ""

    @property
    def answers(self) -> bool:
        """May it stand in the place of a paper?"""
        return not self.fault and self.lookup.answer == "found"


def lookups(case: Case) -> tuple[Asked, ...]:
    """Every lookup of the manifest, with what is wrong with it."""
    requirements = {one.id: one for one in case.procedure.requirements} if case.procedure else {}
    return tuple(
        _asked(case, lookup, requirements.get(lookup.requirement)) for lookup in case.manifest.lookups
    )


def _asked(case: Case, lookup: Lookup, requirement: Requirement | None) -> Asked:
    on = lookup.at.astimezone(VIETNAM).date()
    if lookup.source not in vocabulary().sources:
        return Asked(lookup, requirement, f"nguồn “{lookup.source}” không có trong danh mục")
    if requirement is None:
        return Asked(lookup, None, f"thủ tục không có thành phần “{lookup.requirement}”")
    if lookup.source not in requirement.lookup:
        return Asked(lookup, requirement, "thủ tục không cho thay thành phần này bằng tra cứu nguồn đó")
    if on > case.today:
        return Asked(lookup, requirement, "thời điểm tra cứu ở tương lai")
    if on < case.received_on:
        return Asked(lookup, requirement, "tra cứu trước ngày tiếp nhận hồ sơ nên đã cũ, cần tra cứu lại")
    return Asked(lookup, requirement)


def answered(case: Case, requirement: Requirement) -> Lookup | None:
    """The newest lookup that meets the requirement, if none after it says otherwise."""
    good = [
        one
        for one in lookups(case)
        if one.requirement is not None and one.requirement.id == requirement.id and not one.fault
    ]
    newest = max(good, key=lambda one: one.lookup.at, default=None)
    return newest.lookup if newest and newest.answers else None


def source_title(id: str) -> str:
    known = vocabulary().sources.get(id)
    return known.title if known else id


def perhaps(case: Case, types: tuple[str, ...] = ()) -> str:
    """What in the dossier may yet be the missing paper of these types, in Vietnamese; empty if nothing."""
    unread = [c for c in papers(case) if type_of(case, c) not in vocabulary().types]
    unknown = sum(not vocabulary().knows(type_of(case, c)) for c in unread)
    doubtful = sum(c not in unread and c.type_confidence < CERTAIN_TYPE for c in papers(case))
    known = vocabulary().papers
    # A paper of a kind that no template reads may have been taken for one that is read: then it is a stray one.
    strays = sum(
        c not in unread
        and c.role == EXTRA
        and c.type_confidence >= CERTAIN_TYPE
        and c.type not in _optional(case)
        for c in papers(case)
        if types and all(type in known for type in types)
    )
    parts = [f"có {unknown} giấy chưa nhận ra loại"] if unknown else []
    parts += [f"có {doubtful} giấy chưa chắc loại"] if doubtful else []
    parts += [f"có {strays} giấy thủ tục không yêu cầu"] if strays else []
    parts += [f"có {len(case.refused)} tệp không đọc được"] if case.refused else []
    return ", ".join(parts)


def _optional(case: Case) -> tuple[str, ...]:
    return case.procedure.optional if case.procedure else ()


def version_of(procedure: Procedure) -> str:
    """`(thủ tục 1.001193, phiên bản 2025-11)`: the version that a verdict rests on."""
    return f"(thủ tục {procedure.id}, phiên bản {procedure.version})"


def severity_of(requirement: Requirement) -> Severity | None:
    """The severity of its absence, None for the rule's own."""
    return None if requirement.severity == "BLOCK" else requirement.severity
