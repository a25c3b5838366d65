"""Faulty dossiers: each has one thing wrong, and the truth says what must be found and how the dossier ends.

A maker is registered by its name; the tests run over every one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Literal

from samples.broken import encrypted, pixel_bomb, plain_text, truncated
from samples.dossier import Dossier, File, Order, as_files, put_through
from samples.good import Kit, birth_matter, file_all, make_kit, scan_all
from samples.paper import SERIF
from samples.papers_birth import birth_certificate, birth_notice, registration_form
from samples.papers_card import citizen_card
from samples.papers_decree import blank, other
from samples.people import GIVEN_FEMALE, GIVEN_MALE, Person
from samples.wording import date_words

Maker = Callable[[Order], Dossier]
Ended = Literal["checked", "returned", "refused"]
"""How a dossier with the fault ends; a fault that is only told (INFO) sends none back."""


@dataclass(frozen=True)
class Fault:
    """reasons: ids of rules that must not pass; for a broken file, the rule that says a file does not open.

    also: BLOCK rules that cannot but fail along with them. person: on paper alone the rules can only say UNKNOWN.
    """

    name: str
    state: Ended
    reasons: tuple[str, ...]
    make: Maker
    also: tuple[str, ...] = ()
    person: bool = False


FAULTS: dict[str, Fault] = {}


def fault(
    name: str,
    state: Ended,
    *reasons: str,
    also: tuple[str, ...] = (),
    person: bool = False,
) -> Callable[[Maker], Maker]:
    def register(make: Maker) -> Maker:
        FAULTS[name] = Fault(name, state, reasons, make, also, person)
        return make

    return register


def faulty_dossier(name: str, order: Order) -> Dossier:
    """Make the dossier with the fault `name`; KeyError if there is none of that name."""
    entry = FAULTS[name]
    dossier = entry.make(order)
    dossier.state, dossier.reasons, dossier.fault = entry.state, entry.reasons, name
    return dossier


def _usual(order: Order) -> Kit:
    return make_kit(order, "usual")


def _filed(order: Order, kit: Kit) -> Dossier:
    return file_all(kit, scan_all(order, kit))


def _other_name(rng: Random, name: str, sex: str) -> str:
    """The same surname and middle name, another given name."""
    *head, given = name.split()
    return " ".join(
        [*head, rng.choice([g for g in (GIVEN_MALE if sex == "Nam" else GIVEN_FEMALE) if g != given])]
    )


@fault("missing-notice", "returned", "U01")
def missing_notice(order: Order) -> Dossier:
    kit = _usual(order)
    del kit.papers["notice"]
    return _filed(order, kit)


@fault("child-name", "returned", "D23")
def child_name(order: Order) -> Dossier:
    """The form names another child than the notice and the certificate."""
    kit = _usual(order)
    child = kit.birth.child
    wrong = replace(kit.birth, child=replace(child, name=_other_name(order.rng, child.name, child.sex)))
    old = kit.papers["form"]
    kit.papers["form"] = registration_form(order.rng, wrong, old.layout, old.font)
    return _filed(order, kit)


@fault("expired-card", "returned", "L01")
def expired_card(order: Order) -> Dossier:
    return _filed(order, make_kit(order, "usual", expired_card=True))


@fault("id-contradicts-sex", "returned", "D02")
def id_contradicts_sex(order: Order) -> Dossier:
    """The applicant's number is that of the other sex, on every paper alike."""
    kit = _usual(order)
    birth = kit.birth
    right = birth.applicant.personal_id
    wrong = right[:3] + str(int(right[3]) ^ 1) + right[4:]
    person: Person = replace(birth.applicant, personal_id=wrong)
    card = replace(birth.card, holder=person, personal_id=wrong)
    side = {"father": person} if birth.relationship == "Cha" else {"mother": person}
    birth = replace(birth, card=card, **side)  # type: ignore[arg-type]
    kit.birth = birth
    looks = {part: (paper.layout, paper.font) for part, paper in kit.papers.items()}
    kit.papers = {
        "form": registration_form(order.rng, birth, *looks["form"]),
        "notice": birth_notice(order.rng, birth, *looks["notice"]),
        "card": citizen_card(order.rng, card, *looks["card"], "faces"),
        "certificate": birth_certificate(order.rng, birth, *looks["certificate"]),
    }
    return _filed(order, kit)


@fault("same-page-twice", "returned", "S02")
def same_page_twice(order: Order) -> Dossier:
    """The notice lay on the glass twice: two pictures of one page in one file."""
    kit = _usual(order)
    scanned = scan_all(order, kit)
    again = put_through(
        order, kit.papers["notice"], replace(scanned["notice"].how, skew=order.rng.gauss(0, 0.3))
    )
    scanned["notice"] = replace(scanned["notice"], pages=scanned["notice"].pages + again.pages)
    return file_all(kit, scanned)


@fault("same-file-twice", "returned", "S01")
def same_file_twice(order: Order) -> Dossier:
    dossier = _filed(order, _usual(order))
    first = dossier.files[0]
    dossier.files.append(replace(first, name="Scan_0001." + first.name.rsplit(".", 1)[1]))
    return dossier


@fault("blank-page", "returned", "S12")
def blank_page(order: Order) -> Dossier:
    """A sheet that was fed with its back up: a file with nothing on it."""
    dossier = _filed(order, _usual(order))
    dossier.files += as_files("Scan_0005", [put_through(order, blank())], "jpg")
    return dossier


@fault("stray-paper", "returned", "S17")
def stray_paper(order: Order) -> Dossier:
    """A shop's invoice got into the stack."""
    dossier = _filed(order, _usual(order))
    dossier.files += as_files("Scan_0005", [put_through(order, other(order.rng, "a", SERIF[0]))], "pdf")
    return dossier


def _broken_notice(order: Order, why: str, harm: Callable[[bytes], bytes]) -> Dossier:
    """The dossier of which the notice's file alone cannot be read."""
    dossier = _filed(order, _usual(order))
    for i, file in enumerate(dossier.files):
        if file.papers[0]["type"] == "birth-notice":
            dossier.files[i] = File(file.name, harm(file.data), broken=why)
    return dossier


@fault("truncated-pdf", "returned", "U16")
def truncated_pdf(order: Order) -> Dossier:
    return _broken_notice(order, "truncated", truncated)


@fault("encrypted-pdf", "returned", "U16", "S14")
def encrypted_pdf(order: Order) -> Dossier:
    return _broken_notice(order, "encrypted", encrypted)


@fault("empty-file", "returned", "U16")
def empty_file(order: Order) -> Dossier:
    return _broken_notice(order, "empty", lambda _: b"")


@fault("wrong-extension", "returned", "U16")
def wrong_extension(order: Order) -> Dossier:
    return _broken_notice(order, "wrong-kind", plain_text)


@fault("pixel-bomb", "returned", "U16")
def pixel_bomb_beside(order: Order) -> Dossier:
    """All is there, and one more file that no machine should unpack."""
    dossier = _filed(order, _usual(order))
    dossier.files.append(File("Scan_0005.png", pixel_bomb(), broken="too-large"))
    return dossier


@fault("words-contradict", "returned", "D08")
def words_contradict(order: Order) -> Dossier:
    """On the certificate the date of birth in words is another day than in figures."""
    kit = _usual(order)
    old, born = kit.papers["certificate"], kit.birth.child.born
    day = born.day + 1 if born.day < 28 else born.day - 1
    kit.papers["certificate"] = birth_certificate(
        order.rng, kit.birth, old.layout, old.font, words=date_words(born.replace(day=day))
    )
    return _filed(order, kit)


@fault("registered-before-birth", "returned", "D07")
def registered_before_birth(order: Order) -> Dossier:
    kit = _usual(order)
    old = kit.papers["certificate"]
    early = replace(kit.birth, registered=kit.birth.child.born - timedelta(days=order.rng.randrange(5, 20)))
    kit.papers["certificate"] = birth_certificate(order.rng, early, old.layout, old.font)
    return _filed(order, kit)


@fault("nothing-readable", "refused", "U16", "S14")
def nothing_readable(order: Order) -> Dossier:
    """Every file is broken in its own way."""
    dossier = _filed(order, _usual(order))
    harms: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
        ("truncated", truncated),
        ("encrypted", encrypted),
        ("empty", lambda _: b""),
        ("wrong-kind", plain_text),
    )
    pdfs = [f for f in dossier.files if f.name.endswith(".pdf")] * 2
    dossier.files = [
        File(f"Scan_{i:04d}.pdf", harm(file.data), broken=why)
        for i, ((why, harm), file) in enumerate(zip(harms, pdfs, strict=False), 1)
    ]
    return dossier


@fault("only-a-bomb", "refused", "U16")
def only_a_bomb(order: Order) -> Dossier:
    kit = _usual(order)
    return Dossier(
        kit.code,
        birth_matter(kit.birth),
        order.grade,
        [File("Scan_0001.png", pixel_bomb(), broken="too-large")],
    )
