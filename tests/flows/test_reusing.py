"""A paper that was checked in an earlier dossier is offered, taken over by a person's word, and kept: real store,
real rules, nothing is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from paper_builder import (
    CHILD_ID,
    MOTHER_ID,
    MOTTO,
    card,
    certificate,
    change_field,
    component,
    form,
    notice,
    witnesses,
)
from returned_dossier import NUMBERS, OFFICE, papers, published, shelves_of, unsure_identifier
from rich.console import Console

import cli.show
from dossier.decisions import ReusedFrom, Wanted
from dossier.drop import Manifest
from dossier.errors import Conflict
from dossier.period import parse_period
from dossier.record import Component, Record
from dossier.settings import Settings
from flows import keeping
from flows.correcting import DecisionRefused, Request, decide, offered, open_points
from flows.dossier_input import DossierInput, InputFile
from flows.office_report import gather
from flows.pipeline import DossierReading, judge
from flows.rechecking import question, recheck
from flows.shelves import Shelves
from storage import originals
from storage.audit import audited
from storage.buckets import INBOX
from storage.inbox.listing import Inbox
from storage.receipts.receipts import receipt_html
from storage.receipts.view import receipt
from storage.s3 import Store
from storage.secret import house_key, person_mark

HOA, AN = "Lê Thị Hoa", "Phạm Văn An"
RECEIVED = datetime(2026, 11, 24, 2, tzinfo=UTC)
STRANGER_ID = "093195009999"
RESIDENCE, BIRTH = "1.004222", "1.001193"
KINSHIP = {"kin-housing": True, "parental-consent": True}
MOVE = {
    "addressed_to": "Công an xã Vị Thủy",
    "full_name": "Lê Minh Khôi",
    "date_of_birth": "2026-10-28",
    "sex": "Nam",
    "personal_id": CHILD_ID,
    "head_of_household": "Trần Thị Ngọc Lan",
    "relationship": "Con",
    "head_personal_id": MOTHER_ID,
    "request": "Đăng ký thường trú",
    "declaration_date": "2026-11-24",
}


@pytest.fixture
def shelves(store: Store, store_settings: Settings, tmp_path: Path) -> Iterator[Shelves]:
    opened = shelves_of(store, store_settings, tmp_path)
    yield opened
    opened.index.close()


def birth_code() -> str:
    return f"{OFFICE}-261120-5{next(NUMBERS):03}"


def new_code() -> str:
    return f"{OFFICE}-261124-5{next(NUMBERS):03}"


def decided_upon(shelves: Shelves, code: str) -> list[dict[str, Any]]:
    """What the audit tells of people's decisions on a dossier."""
    entries = [link.entry for link in audited(shelves.store, OFFICE, code)]
    return [entry for entry in entries if "by" in entry]


def move(number: str = CHILD_ID) -> Component:
    """The child's form for moving in with its mother."""
    text = MOTTO + "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ Mẫu CT01 ban hành kèm theo Thông tư số 53/2025/TT-BCA"
    return component("ct01", "residence-form", MOVE | {"personal_id": number}, text)


def intake(
    shelves: Shelves,
    code: str,
    *components: Component,
    procedure: str = RESIDENCE,
    facts: Mapping[str, bool] = KINSHIP,
    office: str = OFFICE,
) -> Record:
    """What an intake does with these papers: the next version, with what the one before carries on."""
    before = shelves.records.latest(office, code)
    read = tuple(one.model_copy(update={"id": f"c{n}"}) for n, one in enumerate(components, 1))
    dossier = DossierInput(
        code=code,
        office=office,
        manifest=Manifest(
            dossier=code, office=office, procedure=procedure, received_at=RECEIVED, facts=dict(facts)
        ),
        files=tuple(InputFile(s.file, s.sha256, Path(s.file)) for c in read for s in c.sources),
        received_at=RECEIVED,
        procedure_required=True,
    )
    reading = DossierReading(components=read, refused=())
    record = judge(
        dossier,
        reading,
        version=before.version + 1 if before else 1,
        decisions=before.decisions if before else (),
        reused=keeping.reused_of(shelves.store, before) if before else (),
        earlier=shelves.index,
        engines={"tesserocr": "5"},
        started_at=RECEIVED,
    )
    kept = keeping.publish(shelves.records, record, reading)
    shelves.index.upsert(kept)
    return kept


def reuse(text: str, by: str = HOA, reason: str = "đã xem giấy") -> Request:
    wanted = Wanted.parse(text)
    assert wanted is not None
    return Request(kind="reuse", wanted=wanted, by=by, reason=reason)


def told(shelves: Shelves, record: Record, *requests: Request) -> Record:
    return decide(shelves, OFFICE, record.dossier, record.version, requests)


def lacking(record: Record) -> list[tuple[str, str]]:
    """What U01 says of the papers that are not there."""
    return [
        (f.verdict, f.reason) for f in record.findings if f.rule == "U01" and f.verdict in ("FAIL", "UNKNOWN")
    ]


def ids(record: Record) -> list[str]:
    return [component.id for component in record.components]


@pytest.fixture
def birth(shelves: Shelves) -> Record:
    """The child's birth, registered by this office: c3 is its mother's card, c4 the certificate it gave out."""
    record = published(shelves, birth_code(), papers())
    assert record.state == "checked"
    return record


def second_birth(shelves: Shelves, code: str, *more: Component) -> Record:
    """Her second child's birth, by post, for which her card is asked for."""
    own = (form(), notice(), *more)
    return intake(shelves, code, *own, procedure=BIRTH, facts={"by-post": True})


def test_a_result_of_the_office_is_offered_for_the_paper_that_is_lacking(
    shelves: Shelves, birth: Record
) -> None:
    record = intake(shelves, new_code(), move())
    [(verdict, reason)] = lacking(record)
    assert verdict == "UNKNOWN", "a person decides"
    assert f"--reuse kinship={birth.dossier}:c4@1" in reason
    assert "Lê Minh Khôi" in reason
    assert CHILD_ID not in reason
    [offer] = offered(shelves, record)
    assert str(offer.wanted) == f"kinship={birth.dossier}:c4@1"
    [point] = open_points(record, offered(shelves, record))
    assert (point.acts, point.offers) == (("reuse",), (offer,))
    assert open_points(record)[0].acts == ()


def test_what_is_taken_over_counts_as_the_paper_and_is_told_everywhere(
    shelves: Shelves, birth: Record
) -> None:
    first = intake(shelves, new_code(), move())
    second = told(shelves, first, reuse(f"kinship={birth.dossier}:c4"))
    assert (second.version, second.state, lacking(second)) == (2, "checked", [])
    copy = second.components[-1]
    assert (copy.id, copy.role, copy.type) == ("r1", "kinship", "birth-certificate")
    assert copy.reused_from == ReusedFrom(dossier=birth.dossier, version=1, component="c4")
    assert {source.file for source in copy.sources} == {f"{birth.dossier}/certificate.pdf"}
    assert second.drop == first.drop, "its file is none of this dossier's"
    number = copy.field("personal_id")
    assert number is not None
    assert f"record:{birth.dossier}" in {witness.by for witness in number.witnesses}
    assert shelves.records.latest(OFFICE, first.dossier) == Record.model_validate_json(second.to_json())

    [entry] = decided_upon(shelves, first.dossier)
    assert (entry["what"], entry["component"], entry["requirement"], entry["by"]) == (
        "reuse",
        "r1",
        "kinship",
        person_mark(house_key(shelves.settings.data), HOA),
    )
    assert entry["reused_from"] == {"dossier": birth.dossier, "version": 1, "component": "c4"}
    view = receipt(second)
    assert [paper["reused_from"] for paper in view["papers"]] == [None, birth.dossier]
    assert f"Dùng lại từ hồ sơ {birth.dossier}" in receipt_html(second, {})
    assert f"dùng lại từ hồ sơ {birth.dossier}" in shown(second)


def shown(record: Record) -> str:
    """What `sohoa show` prints."""
    text = io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cli.show, "out", Console(file=text, width=200))
        cli.show.show(record)
    return text.getvalue()


def test_the_same_again_changes_nothing(shelves: Shelves, birth: Record) -> None:
    first = intake(shelves, new_code(), move())
    asked = reuse(f"kinship={birth.dossier}:c4@1")
    second = told(shelves, first, asked)
    assert told(shelves, first, asked).to_json() == second.to_json(), "the same again, its answer got lost"
    assert told(shelves, second, asked).version == 2
    assert ids(second) == ["c1", "r1"]
    assert len(decided_upon(shelves, first.dossier)) == 1


def test_a_paper_whose_record_moved_on_is_looked_at_again(shelves: Shelves, birth: Record) -> None:
    first = intake(shelves, new_code(), move())
    newer = published(shelves, birth.dossier, papers(), version=2)
    assert newer.state == "checked"
    with pytest.raises(Conflict, match="reuse-moved-on") as moved:
        told(shelves, first, reuse(f"kinship={birth.dossier}:c4@1"))
    assert birth.dossier in moved.value.advice
    third = published(shelves, birth.dossier, papers(), version=3)
    stale = birth.model_copy(update={"version": third.version + 1})
    shelves.index.upsert(stale)  # an index that says otherwise than the store
    with pytest.raises(Conflict, match="reuse-moved-on"):
        told(shelves, first, reuse(f"kinship={birth.dossier}:c4"))
    assert shelves.records.versions(OFFICE, first.dossier) == [1]


def test_what_is_not_checked_any_more_is_not_offered(shelves: Shelves, birth: Record) -> None:
    published(shelves, birth.dossier, papers(certificate=unsure_identifier()), version=2)
    record = intake(shelves, new_code(), move())
    assert [verdict for verdict, _ in lacking(record)] == ["FAIL"]
    assert offered(shelves, record) == ()
    with pytest.raises(DecisionRefused, match="nothing-to-reuse") as refused:
        told(shelves, record, reuse(f"kinship={birth.dossier}:c4"))
    assert "đã đạt" in refused.value.advice


def test_nothing_is_offered_of_another_person_or_office_or_where_the_number_is_in_doubt(
    shelves: Shelves, birth: Record
) -> None:
    assert birth.state == "checked"
    doubtful = change_field(move(), "personal_id", confidence=0.3)
    for record in (
        intake(shelves, new_code(), move(STRANGER_ID)),
        intake(shelves, new_code(), move(), office="H13.96.32"),
        intake(shelves, new_code(), doubtful),
    ):
        assert [verdict for verdict, _ in lacking(record)] == ["FAIL"]


@pytest.mark.parametrize("asked", ["kinship={}:c2", "kinship={}:c9", "form={}:c4", "nothing={}:c4"])
def test_only_what_is_on_offer_for_the_requirement_is_taken(
    shelves: Shelves, birth: Record, asked: str
) -> None:
    """c2 is a notice that names the mother: no paper of hers, and none that is asked for."""
    record = intake(shelves, new_code(), move())
    with pytest.raises(DecisionRefused, match="nothing-to-reuse"):
        told(shelves, record, reuse(asked.format(birth.dossier)))


def test_name_and_reason_are_wanted(shelves: Shelves, birth: Record) -> None:
    record = intake(shelves, new_code(), move())
    for request, why in (
        (reuse(f"kinship={birth.dossier}:c4", by=" "), "name-missing"),
        (reuse(f"kinship={birth.dossier}:c4", reason=" "), "reason-missing"),
    ):
        with pytest.raises(DecisionRefused, match=why):
            told(shelves, record, request)
    assert shelves.records.versions(OFFICE, record.dossier) == [1]


def test_later_papers_and_decisions_keep_what_was_taken_over(shelves: Shelves, birth: Record) -> None:
    code = new_code()
    first = intake(shelves, code, move())
    told(shelves, first, reuse(f"kinship={birth.dossier}:c4"))
    third = intake(shelves, code, card(), move())
    assert ids(third) == ["c1", "c2", "r1"]
    assert [(one.kind, one.component) for one in third.decisions] == [("reuse", "r1")]
    assert third.state == "checked"
    request = Request(kind="confirm", component="r1", field="full_name", by=AN, reason="đã xem")
    fourth = told(shelves, third, request)
    assert [(one.kind, one.component) for one in fourth.decisions] == [("reuse", "r1"), ("confirm", "r1")]
    fifth = intake(shelves, code, card(), move())
    assert fifth.decisions == fourth.decisions
    assert fifth.components[-1] == fourth.components[-1].model_copy(update={"text": MOTTO + "GIẤY KHAI SINH"})


def test_an_intake_carries_it_from_the_store(shelves: Shelves, birth: Record, tmp_path: Path) -> None:
    code = new_code()
    told(shelves, intake(shelves, code, move()), reuse(f"kinship={birth.dossier}:c4"))
    own = tmp_path / "own"
    own.write_bytes(b"ct01.pdf")  # the builder's hashes are those of the names
    originals.keep(shelves.store, own)
    shelves.store.put(INBOX, f"{OFFICE}/{code}/late.pdf", b"late")
    [drop] = Inbox(shelves.store, quiet_s=0).look(prefix=f"{OFFICE}/{code}/").drops
    kept = keeping.keep(shelves.store, shelves.records, drop, tmp_path)
    assert [(one.id, one.text) for one in kept.reused] == [("r1", MOTTO + "GIẤY KHAI SINH")]
    assert {file.name for file in kept.dossier.files} == {"late.pdf", "ct01.pdf"}


def test_a_paper_handed_in_after_all_takes_the_place_of_the_copy(shelves: Shelves, birth: Record) -> None:
    code = new_code()
    first = second_birth(shelves, code)
    assert f"--reuse identity-by-post={birth.dossier}:c3@1" in lacking(first)[0][1]
    second = told(shelves, first, reuse(f"identity-by-post={birth.dossier}:c3"))
    assert ids(second) == ["c1", "c2", "r1"]
    third = second_birth(shelves, code, card())
    assert (ids(third), third.decisions, lacking(third)) == (["c1", "c2", "c3"], (), [])
    with pytest.raises(DecisionRefused, match="reuse-not-needed"):
        told(shelves, third, reuse(f"identity-by-post={birth.dossier}:c3"))


def test_a_copy_goes_when_the_number_that_it_was_found_by_is_corrected(
    shelves: Shelves, birth: Record
) -> None:
    first = intake(shelves, new_code(), move())
    second = told(shelves, first, reuse(f"kinship={birth.dossier}:c4"))
    assert second.state == "checked"
    right = [
        Request(
            kind="correct", component="c1", field="personal_id", value=STRANGER_ID, by=by, reason="đọc sai"
        )
        for by in (HOA, AN)
    ]
    third = told(shelves, second, *right)
    assert ids(third) == ["c1"]
    assert {one.kind for one in third.decisions} == {"correct"}
    assert [verdict for verdict, _ in lacking(third)] == ["FAIL"]
    assert [e["what"] for e in decided_upon(shelves, first.dossier)].count("correct") == 2


def test_the_recheck_finds_that_a_copy_has_run_out(shelves: Shelves, birth: Record) -> None:
    record = told(shelves, second_birth(shelves, new_code()), reuse(f"identity-by-post={birth.dossier}:c3"))
    recheck(shelves, question(date(2035, 3, 3)), (OFFICE, record.dossier))
    after = shelves.records.latest(OFFICE, record.dossier)
    assert after is not None
    assert ("L01", "r1", "PASS", "FAIL") in {(c.rule, c.component, c.before, c.now) for c in after.changes}
    assert after.components == Record.model_validate_json(record.to_json()).components


def test_people_who_spoke_in_the_earlier_dossier_still_speak(shelves: Shelves) -> None:
    """A number that one reader saw, and two people confirmed there."""
    read = change_field(certificate(), "personal_id", witnesses=witnesses(CHILD_ID, "tesseract"))
    record = published(shelves, birth_code(), papers(certificate=read))
    confirm = Request(kind="confirm", component="c4", field="personal_id", by=HOA, reason="đã so")
    birth = told(shelves, record, confirm, confirm.model_copy(update={"by": AN}))
    assert birth.state == "checked"
    first = intake(shelves, new_code(), move())
    second = told(shelves, first, reuse(f"kinship={birth.dossier}:c4@2"))
    assert second.state == "checked"
    third = told(shelves, second, confirm.model_copy(update={"component": "r1", "by": "Mai Thị Tư"}))
    number = third.components[-1].field("personal_id")
    assert number is not None
    assert [w.by for w in number.witnesses] == [
        "tesseract",
        f"person:{HOA}",
        f"person:{AN}",
        f"record:{birth.dossier}",
        "person:Mai Thị Tư",
    ]
    assert third.state == "checked"


def test_a_copy_is_not_offered_but_what_it_is_a_copy_of(shelves: Shelves, birth: Record) -> None:
    taken = told(shelves, intake(shelves, new_code(), move()), reuse(f"kinship={birth.dossier}:c4"))
    assert taken.state == "checked"
    [offer] = offered(shelves, intake(shelves, new_code(), move()))
    assert offer.wanted.dossier == birth.dossier


def test_of_a_persons_papers_the_newest_is_offered_or_none(shelves: Shelves, birth: Record) -> None:
    assert birth.state == "checked"
    newer = change_field(card(), "issue_date", "2026-05-10")
    registered = change_field(certificate(), "number", "120/2026")
    other = published(shelves, birth_code(), papers(card=newer, certificate=registered))
    assert other.state == "checked"
    record = second_birth(shelves, new_code())
    assert [offer.wanted.dossier for offer in offered(shelves, record)] == [other.dossier]
    doubtful = change_field(registered, "number", confidence=0.4)
    published(shelves, other.dossier, papers(card=newer, certificate=doubtful), version=2)
    assert offered(shelves, record) == (), "the old card is overtaken"


def test_the_report_tells_how_much_was_not_asked_for_again(shelves: Shelves, birth: Record) -> None:
    told(shelves, intake(shelves, new_code(), move()), reuse(f"kinship={birth.dossier}:c4"))
    reused = gather(shelves.store, shelves.index, OFFICE, parse_period("2026-11")).figures.reused
    assert (reused.part, reused.whole) == (1, 3 + 2), (
        "form, notice and card of the birth; form and copy of the move"
    )
