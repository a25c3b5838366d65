"""Papers of earlier dossiers: which may stand in for one that is lacking, and taking one over into a record.

The index says what may be taken; that it is so is told by the earlier record itself, at the time of the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dossier.catalogue.vocabulary import vocabulary
from dossier.deciding import DecisionRefused, Request
from dossier.decisions import Decision, ReusedFrom, Wanted
from dossier.errors import Conflict
from dossier.evidence import Evidence
from dossier.model import Frozen
from dossier.record import Component, Record
from dossier.reusing import copied, new_id, settled_reuse
from flows.standing import case_of, standing_of
from storage.evidence import evidence_of_record
from storage.index.index import Index
from storage.records import Records
from storage.s3 import Store
from validators.case import Case
from validators.reuse import Offer, best, offers
from validators.sufficient.requirements import lacks


class Shelf(Protocol):
    """Where records are found."""

    @property
    def store(self) -> Store: ...
    @property
    def records(self) -> Records: ...
    @property
    def index(self) -> Index: ...


class Offered(Frozen):
    """A paper that may be taken where one is lacking. title: of the requirement; paper: what people call it."""

    wanted: Wanted
    title: str
    paper: str


def offered(shelf: Shelf, record: Record) -> tuple[Offered, ...]:
    """What may be taken over into this record, the latest of each person and type."""
    case = _case(shelf, record)
    lacking = [one for one in case.procedure.requirements if lacks(case, one)] if case.procedure else []
    return tuple(
        Offered(wanted=offer.wanted, title=one.title, paper=vocabulary().paper_title(offer.earlier.type))
        for one in lacking
        for offer in best(offers(case, one))
    )


def taken_over(
    shelf: Shelf, record: Record, evidence: Evidence | None, requests: Sequence[Request], at: datetime
) -> tuple[Record, Evidence | None]:
    """The record, not judged yet, with the papers that these requests take over and the decisions on them.

    What was taken over before is not taken again. Raises DecisionRefused where a paper is none to be taken for the
    requirement, Conflict where it is not any more what was looked at.
    """
    for request in requests:
        if request.kind == "reuse":
            record, evidence = _with_one(shelf, record, evidence, request, at)
    return record, evidence


def hold_their_place(decisions: Sequence[Decision], judged: Record) -> None:
    """Raises DecisionRefused if one of these papers was taken over though the dossier has its like."""
    there = {component.id for component in judged.components}
    if any(one.kind == "reuse" and one.component not in there for one in decisions):
        raise DecisionRefused(
            "reuse-not-needed",
            "the dossier has this paper of this person",
            "Hồ sơ đã có giấy loại này của người này nên không cần dùng lại giấy ở hồ sơ khác.",
        )


def _with_one(
    shelf: Shelf, record: Record, evidence: Evidence | None, request: Request, at: datetime
) -> tuple[Record, Evidence | None]:
    wanted = request.wanted
    offer = _offer(_case(shelf, record), wanted) if wanted else None
    if wanted is None or offer is None:
        raise DecisionRefused(
            "nothing-to-reuse",
            "no such paper is there to be taken for this requirement",
            "Không có giấy này để dùng lại cho thành phần đó: giấy phải ở hồ sơ đã đạt của cơ quan, đúng loại, "
            f"đúng số định danh của người có trong hồ sơ, là bản mới nhất và còn hiệu lực. Xem "
            f"`sohoa correct {record.dossier}`.",
        )
    earlier, component = _checked(shelf, record.office, offer.wanted, wanted.version)
    origin = ReusedFrom(dossier=wanted.dossier, version=earlier.version, component=wanted.component)
    if any((one.reused_from, one.requirement) == (origin, wanted.requirement) for one in record.decisions):
        return record, evidence
    copy = copied(earlier, component, new_id(record.components))
    told = evidence_of_record(shelf.store, earlier)
    if evidence is not None:
        text = told.texts.get(component.id, "") if told else ""
        evidence = evidence.model_copy(update={"texts": evidence.texts | {copy.id: text}})
    return record.model_copy(
        update={
            "components": (*record.components, copy),
            "decisions": (*record.decisions, settled_reuse(request, copy, at)),
        }
    ), evidence


def _checked(
    shelf: Shelf, office: str | None, wanted: Wanted, looked_at: int | None
) -> tuple[Record, Component]:
    """The earlier record, and its paper. Raises Conflict if it is not the version on offer and the one looked at."""
    earlier = shelf.records.latest(office, wanted.dossier)
    found = [one for one in earlier.components if one.id == wanted.component] if earlier else []
    if (
        earlier is None
        or not found
        or earlier.state != "checked"
        or earlier.version != wanted.version
        or looked_at not in (None, earlier.version)
    ):
        raise Conflict(
            "reuse-moved-on",
            "the earlier record is not the one that was looked at",
            f"Hồ sơ {wanted.dossier} vừa có bản khác. Xem lại giấy ở đó rồi quyết định lại.",
        )
    return earlier, found[0]


def _offer(case: Case, wanted: Wanted) -> Offer | None:
    """What the index has on offer of this paper, in whatever version."""
    requirements = case.procedure.requirements if case.procedure else ()
    every = (offer for one in requirements if one.id == wanted.requirement for offer in offers(case, one))
    return next(
        (
            offer
            for offer in every
            if (offer.earlier.dossier, offer.earlier.component) == (wanted.dossier, wanted.component)
        ),
        None,
    )


def _case(shelf: Shelf, record: Record) -> Case:
    return case_of(standing_of(record, None), earlier=shelf.index)
