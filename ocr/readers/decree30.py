"""Field readers for papers by Decree 30/2020: letterhead, kind, subject, number, date, signer, recipients.

Each finds its place by the structure that the decree prescribes, never by coordinates, and reports what the
page's words, the second reader, a second look and the electronic signatures say. Layout: ocr.readers.letterhead,
heading and signer; what a pen may have written: ocr.readers.penline and ocr.pen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta, timezone
from typing import TypeVar

from dossier.catalogue.documents import FieldSpec
from dossier.text.vietnamese import clean, same_text
from ocr.engines.base import Grey
from ocr.readers.base import Candidate, View, reader
from ocr.readers.corner import is_authority, name_candidates
from ocr.readers.heading import Heading, heading, is_capitals, kind_of_notation, known_kind
from ocr.readers.letterhead import Letterhead, agency_case, issuing_agency, letterhead
from ocr.readers.sealink import grown, without_faint
from ocr.readers.segments import Segment, apart, tidy, without_colour, without_red
from ocr.readers.signer import SignerBlock, signer_block
from ocr.readers.witnesses import Block, read_block
from ocr.rows import union

HANOI = timezone(timedelta(hours=7))
SIGNED_WITHIN = timedelta(days=2)
"""How long after its date a paper is usually signed electronically; never before."""
_ON_CAPITALS = 0.5
LETTER = "CÔNG VĂN"

_Found = TypeVar("_Found")


def head_of(view: View) -> tuple[int, Letterhead] | None:
    """The first page with a letterhead, and that letterhead."""
    if "decree30.head" not in view.memo:
        pages = enumerate(page.reading for page in view.pages)
        view.memo["decree30.head"] = next(((i, h) for i, page in pages if (h := letterhead(page))), None)
    return view.memo["decree30.head"]  # type: ignore[return-value]


def grey_of(view: View, page: int) -> Grey:
    """The page without its red ink, blue pen strokes kept; decoded once."""
    key = f"decree30.grey.{page}"
    if key not in view.memo:
        view.memo[key] = without_red(view.pages[page].image())
    return view.memo[key]  # type: ignore[return-value]


def print_of(view: View, page: int) -> Grey:
    """The page without any coloured ink: for what is printed in black."""
    key = f"decree30.print.{page}"
    if key not in view.memo:
        view.memo[key] = without_colour(view.pages[page].image())
    return view.memo[key]  # type: ignore[return-value]


def kinds_of(view: View) -> dict[str, str]:
    """Abbreviation -> kind of paper, from the type's YAML (Decree 30/2020, annex III, part I)."""
    table: dict[str, str] = view.document.options.get("kinds", {})
    return table


def heading_of(view: View) -> Heading | None:
    head = head_of(view)
    if head is None:
        return None
    if "decree30.heading" not in view.memo:
        names = list(dict.fromkeys(kinds_of(view).values()))
        page = view.pages[head[0]].reading
        view.memo["decree30.heading"] = heading(page, head[1], names, print_of(view, head[0]))
    return view.memo["decree30.heading"]  # type: ignore[return-value]


def signer_of(view: View) -> SignerBlock | None:
    if "decree30.signer" not in view.memo:
        view.memo["decree30.signer"] = signer_block(view)
    return view.memo["decree30.signer"]  # type: ignore[return-value]


def _block(view: View, key: str, page: int, lines: list[Segment], grey: Grey, aside: float = 0.12) -> Block:
    key = f"decree30.block.{key}"
    if key not in view.memo:
        view.memo[key] = read_block(view, page, lines, grey, aside)
    return view.memo[key]  # type: ignore[return-value]


@reader("paper-kind")
def paper_kind(view: View, _name: str, _spec: FieldSpec) -> list[Candidate]:
    """The heading (`QUYẾT ĐỊNH`), and the kind that the number's notation names. A letter has no heading."""
    head, found = head_of(view), heading_of(view)
    if head is None or found is None:
        return []
    page, letter = head
    out: list[Candidate] = []
    names = list(dict.fromkeys(kinds_of(view).values()))
    if found.kind is not None:
        for one in _block(view, "kind", page, [found.kind], print_of(view, page)).candidates():
            value = known_kind(one.printed, names)
            out.append(Candidate(one.printed, value, page, one.box, one.by, one.confidence))
    elif found.subject:
        box = union(line.box for line in found.subject)
        confidence = found.subject[0].confidence
        out.append(Candidate("", LETTER, page, box, "tesseract", confidence))
    if letter.number is not None and out:
        value = kind_of_notation(letter.number.text, kinds_of(view))
        if (
            value is None
            and found.kind is None
            and re.search(r"/\s*[A-ZĐ]{3,}\S*-\s*[A-ZĐ]{2,}", letter.number.text)
        ):
            value = LETTER
        if value:
            box, confidence = letter.number.box, letter.number.confidence
            out.append(Candidate(letter.number.text, value, page, box, "notation", confidence))
    return out


@reader("paper-subject")
def paper_subject(view: View, _name: str, _spec: FieldSpec) -> list[Candidate]:
    """The whole block under the kind, lines joined by spaces."""
    head, found = head_of(view), heading_of(view)
    if head is None or found is None or not found.subject:
        return []
    page = print_of(view, head[0])
    clear = without_faint(page, view.pages[head[0]].reading)
    lines = apart([_whole(clear, line, found.kind) for line in found.subject])
    return _block(view, "subject", head[0], lines, page).candidates()


def _whole(clear: Grey, line: Segment, kind: Segment | None) -> Segment:
    """The line with the first word that a stamp may have hidden; under a kind it stays in the kind's middle."""
    whole = grown(clear, line)
    if kind is not None and abs(whole.centre - kind.centre) > abs(line.centre - kind.centre) + line.height:
        return line
    return whole


@reader("issuing-agency")
def issuing_agency_reader(view: View, _name: str, _spec: FieldSpec) -> list[Candidate]:
    """The agency in the left column's last lines, and the signatures whose certificate bears the same name."""
    head = head_of(view)
    if head is None or not head[1].issuer:
        return []
    page, letter = head
    block = _block(view, "issuer", page, list(letter.issuer), print_of(view, page))
    box = union(line.box for line in letter.issuer)
    out = []
    for by, lines in block.texts.items():
        printed = tidy(" ".join(lines))
        value = tidy(issuing_agency([tidy(line) for line in lines])) or None
        out.append(Candidate(printed, value and agency_case(value), page, box, by, block.confidences[by]))
    return out + _signed_alike(view, out)


def _signed_alike(view: View, seen: list[Candidate]) -> list[Candidate]:
    """Certificates that name what somebody read here. Other signers (a publisher, a clerk) say nothing of it."""
    for signature in view.signatures:
        for one in seen:
            if signature.vouches and one.value and same_text(signature.signer, one.value):
                return [Candidate(signature.signer, signature.signer, one.page, one.box, "signature", 1.0)]
    return []


@reader("signer-block")
def signer(view: View, _name: str, spec: FieldSpec) -> list[Candidate]:
    """Option `part`: authority (TM., KT., TL., TUQ. lines), title (the last line of the block) or name."""
    found = signer_of(view)
    if found is None or not found.titles:
        return []
    part = spec.options.get("part", "name")
    if part == "name":
        if found.name is None:
            return []
        names = name_candidates(view, found.page, found.name, found.grey)
        return names + _signed_alike(view, names)
    titles = list(found.titles)
    own = [] if is_authority(titles[-1]) else titles[-1:]  # not read: the line above is none
    lines = own if part == "title" else titles[: len(titles) - len(own)]
    if not lines:
        return []
    block = _block(view, f"signer.{part}", found.page, lines, found.grey, 1.2)
    seen = [
        _less_sure(one) if one.by == "aster" else one for one in block.rewritten(capitals_line).candidates()
    ]
    # Where print may be hidden, readers agree on the half that is left: one opinion is all there is.
    return [replace(one, loose=True) for one in seen[:1]] if found.obscured else seen


def _less_sure(one: Candidate) -> Candidate:
    """The second reader takes marks on capitals for one another (`PHỎ` for `PHÓ`) without knowing it."""
    return replace(one, confidence=one.confidence * _ON_CAPITALS)


def capitals_line(line: str) -> str:
    """A line in capitals without specks at its ends, `KT,CHỦ TỊCH` as it is printed: `KT. CHỦ TỊCH`.

    Second readers take the small dot for anything.
    """
    if is_capitals(line):
        line = re.sub(r"^(?:[^\W\d_]\W+)?", lambda speck: "" if speck[0].islower() else speck[0], line)
        line = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", line)
    return re.sub(r"^\W*(TM|KT|TL|TUQ|Q)(?:\s?[.,:;]\s*|\s+)(?=[^\W\d_]{2})", r"\1. ", line)


@reader("recipients")
def recipients(view: View, _name: str, _spec: FieldSpec) -> list[Candidate]:
    """The entries under `Nơi nhận`, without their dashes, joined by `; `."""
    found = signer_of(view)
    if found is None or not found.recipients:
        return []
    entries: list[str] = []
    for line in found.recipients:
        text = clean(line.text)
        entry = re.sub(r"^[-–—_*+~\s]+", "", text).strip()
        if entries and entry == text and not re.search(r"[;.]$", entries[-1]):
            entries[-1] = f"{entries[-1]} {entry}"
        else:
            entries.append(entry)
    value = "; ".join(tidy(entry) for entry in entries if tidy(entry))
    confidence = min(line.confidence for line in found.recipients)
    box = union(line.box for line in found.recipients)
    by = "text-layer" if view.pages[found.page].reading.text_layer == "trusted" else "tesseract"
    return [Candidate(value, value or None, found.page, box, by, confidence)]


def signed_near(view: View, issued: date) -> bool:
    """Did somebody sign within two days from that date on? A signature is never older than the paper's date."""
    for signature in view.signatures:
        if signature.vouches and signature.signed_at is not None:
            day = signature.signed_at.astimezone(HANOI).date()
            if timedelta(0) <= day - issued <= SIGNED_WITHIN:
                return True
    return False
