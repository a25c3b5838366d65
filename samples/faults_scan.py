"""Faults of scanning and of whole papers: pages, faces, seals, files that hold two papers."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from samples.altering import unfilled, unsealed, with_values
from samples.bundles import card_of, death, filed, font_of
from samples.dossier import Dossier, Order, as_files, put_through
from samples.faults import fault
from samples.good import Kit, file_all, make_kit, scan_all
from samples.paper import SERIF, Paper
from samples.papers_card import citizen_card
from samples.papers_decree import decision, official_document, other
from samples.scan import Scan

_NUMBERS = Markup(
    "@page{@bottom-center{content:'Trang ' counter(page) '/' counter(pages);font-size:10pt}}"
    "p.ind:not(.i){break-after:page}"
)


def _filed(order: Order, kit: Kit) -> Dossier:
    return file_all(kit, scan_all(order, kit))


def _scanned_anew(order: Order, part: str, **how: object) -> Dossier:
    """The usual dossier of which one paper was scanned otherwise than the rest."""
    kit = make_kit(order, "usual")
    scanned = scan_all(order, kit)
    changed: Scan = replace(scanned[part].how, **how)  # type: ignore[arg-type]
    scanned[part] = put_through(order, kit.papers[part], changed)
    return file_all(kit, scanned)


@fault("too-few-dots", "returned", "S11")
def too_few_dots(order: Order) -> Dossier:
    """The notice at 150 dpi, where 200 is the least."""
    return _scanned_anew(order, "notice", dpi=150)


@fault("askew", "returned", "S12")
def askew(order: Order) -> Dossier:
    return _scanned_anew(order, "notice", skew=13.0)


@fault("out-of-focus", "returned", "S12")
def out_of_focus(order: Order) -> Dossier:
    return _scanned_anew(order, "notice", blur=3.4)


@fault("two-papers-in-a-file", "returned", "S16", "S17")
def two_papers_in_a_file(order: Order) -> Dossier:
    """The notice and a shop's invoice, which no procedure asks for, in one file."""
    kit = make_kit(order, "usual")
    scanned = scan_all(order, kit)
    notice = scanned.pop("notice")
    dossier = file_all(kit, scanned)
    stray = put_through(order, other(order.rng, "a", SERIF[0]), notice.how)
    dossier.files += as_files("Giấy chứng sinh và giấy khác", [notice, stray], "pdf")
    return dossier


@fault("one-face", "returned", "U06")
def one_face(order: Order) -> Dossier:
    """The back of the card was not scanned."""
    kit = make_kit(order, "usual")
    kit.papers["card"] = _faces(order, kit)
    scanned = scan_all(order, kit)
    scanned["card"] = replace(scanned["card"], pages=scanned["card"].pages[:1])
    return file_all(kit, scanned)


def _faces(order: Order, kit: Kit) -> Paper:
    """The applicant's card, of 2021 and so with its code on the front, a page a face."""
    card, paper = card_of(order, kit.birth.applicant, kit.birth.received, "cccd-2021")
    return citizen_card(order.rng, card, "a", paper.font, "faces")


@fault("page-missing", "returned", "U05")
def page_missing(order: Order) -> Dossier:
    """A decision of three numbered pages, the second of which was not scanned. It is a stray paper too (S17)."""
    dossier = _filed(order, make_kit(order, "usual"))
    paper = decision(order.rng, "a", font_of(order.rng), pen=False)
    articles = paper.context["articles"][:2]
    paper = with_values({}, more_css=_NUMBERS, articles=articles)(paper)
    paper = replace(paper, notes={**paper.notes, "pages": "3"})
    scanned = put_through(order, paper)
    dossier.files += as_files("Quyết định", [replace(scanned, pages=scanned.pages[::2], which=(1, 3))], "pdf")
    return dossier


@fault("no-seal", "returned", "U09")
def no_seal(order: Order) -> Dossier:
    """The notice has neither seal nor signature, on a scan in colour."""
    kit = make_kit(order, "usual")
    notice = unsealed(kit.papers["notice"])
    kit.papers["notice"] = replace(notice, context={**notice.context, "midwife_scrawl": ""})
    return _filed(order, kit)


@fault("certificate-without-number", "returned", "U07", also=("U08",))
def certificate_without_number(order: Order) -> Dossier:
    """The registrar left dots in the place of the number, which is one of the result's metadata (U08)."""
    kit = make_kit(order, "usual")
    kit.papers["certificate"] = unfilled("number", "........", number="........")(kit.papers["certificate"])
    return _filed(order, kit)


@fault("result-without-day", "returned", "U08")
def result_without_day(order: Order) -> Dossier:
    """The day of registration is left blank on the extract."""
    bundle = death(order)
    bundle.alter("Trích lục khai tử", unfilled("registration_office", ".........", office="........."))
    return filed(bundle)


@fault("handed-in-for-another", "returned", "U11")
def handed_in_for_another(order: Order) -> Dossier:
    """Not the parents but one whom they asked, without an authorisation."""
    kit = make_kit(order, "usual")
    told = "Người được ủy quyền"
    kit.papers["form"] = with_values({"relationship": told}, relationship=told)(kit.papers["form"])
    return _filed(order, kit)


@fault("secret-paper", "returned", "U18")
def secret_paper(order: Order) -> Dossier:
    """A letter that bears MẬT alone on a line. It is a stray paper too (S17)."""
    dossier = _filed(order, make_kit(order, "usual"))
    paper = official_document(order.rng, "b", font_of(order.rng), pen=False)
    first, *rest = paper.context["paragraphs"]
    paper = with_values({}, paragraphs=["MẬT", first, *rest])(paper)
    dossier.files += as_files("Văn bản", [put_through(order, paper)], "pdf")
    return dossier


@fault("letter-of-no-layout", "returned", "U15")
def letter_of_no_layout(order: Order) -> Dossier:
    """A decision without number, subject, recipients and signer. It is a stray paper too (S17)."""
    dossier = _filed(order, make_kit(order, "usual"))
    paper = decision(order.rng, "a", font_of(order.rng), pen=False)
    signer = replace(paper.context["signer"], name="")
    paper = with_values({}, number="", subject="", recipients=[], signer=signer)(paper)
    gone = ("number", "subject", "recipients", "signer_name")
    paper = replace(paper, fields={k: v for k, v in paper.fields.items() if k not in gone})
    dossier.files += as_files("Quyết định", [put_through(order, paper)], "pdf")
    return dossier


@fault("notation-of-another-kind", "returned", "D14")
def notation_of_another_kind(order: Order) -> Dossier:
    """A decision whose number says that it is a notice (TB). It is a stray paper too (S17)."""
    dossier = _filed(order, make_kit(order, "usual"))
    paper = decision(order.rng, "a", font_of(order.rng), pen=False)
    number = paper.fields["number"].replace("QĐ", "TB")
    paper = with_values({"number": number}, number=number)(paper)
    dossier.files += as_files("Quyết định", [put_through(order, paper)], "pdf")
    return dossier


@fault("deputy-alone", "returned", "D15")
def deputy_alone(order: Order) -> Dossier:
    """KT. stands over a title that is no deputy's. It is a stray paper too (S17)."""
    dossier = _filed(order, make_kit(order, "usual"))
    paper = decision(order.rng, "a", font_of(order.rng), pen=False)
    signer = replace(paper.context["signer"], lines=("KT. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"))
    told = {"signer_authority": "KT. CHỦ TỊCH", "signer_title": "CHÁNH VĂN PHÒNG"}
    paper = with_values(told, signer=signer)(paper)
    dossier.files += as_files("Quyết định", [put_through(order, paper)], "pdf")
    return dossier
