"""From what the witnesses saw to one field: agreement of independent witnesses, and how sure that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import Kind, kind
from dossier.record import Field, Witness
from dossier.text.vietnamese import fold
from ocr.calibration import confidence
from ocr.readers.base import Candidate, View, odd
from ocr.voting import OUTCOMES, voted

# How much a witness is believed when witnesses differ: codes carry their own error correction, and no number of
# looks at the print outweighs them.
_TRUST = {
    "mrz": 6.0,
    "qr": 6.0,
    "text-layer": 2.0,
    "signature": 2.0,
    "words": 1.5,
    "aster": 0.9,
    "tesseract": 1.0,
}
_MACHINE = frozenset({"qr", "mrz", "signature", "text-layer"})
_ODD = 0.5  # what is left of the belief in a misspelt value
_REACH = 4.0  # heights beside a value in which ink may have swallowed the value's other words
_SURE = 0.9  # a recogniser's own confidence from which a line is rarely wrong

_SAME_PLACE = 0.5  # of the area that two readings cover together: less is another place

FIRST, SINGLE, PEN_CEILING = "tesseract", "one", 0.9


def judge(name: str, spec: FieldSpec, candidates: Sequence[Candidate], view: View) -> Field | None:
    """The field that the candidates make, or None if there are none. Pure.

    The value is that of the most believed group of agreeing witnesses; what others saw stays as witnesses.
    """
    if not candidates:
        return None
    wanted = kind(spec.kind)
    best = _winner(wanted, candidates)
    shown = best or max(candidates, key=lambda one: (bool(one.printed), one.confidence))
    page = view.pages[shown.page]
    seen = evidence(candidates, spec, view)
    sure = confidence(wanted.group, seen) if best else 0.0
    pen = any(one.handwritten for one in candidates)
    if pen:
        # Drawn strokes, on which confidence is fitted, flatter: readers alone never make a pen's value sure.
        agreeing = {one.by for one in _agreeing(wanted, candidates, best)}
        sure = min(sure, PEN_CEILING if len(agreeing) > 1 else PEN_CEILING - 0.4)
    return Field(
        name=name,
        value=_value(wanted, candidates, best),
        printed=shown.printed,
        confidence=round(sure, 4),
        file=page.file,
        page=page.reading.page,
        box=shown.box,
        dpi=page.reading.dpi,
        witnesses=_witnesses(candidates, shown, view),
        handwritten=pen,
    )


def evidence(candidates: Sequence[Candidate], spec: FieldSpec, view: View | None = None) -> str:
    """What kind of proof the witnesses give: the class by which confidence is calibrated.

    `none`, or the winners' names in short: `code` (QR, MRZ, signature or text layer), `code+print`, each with
    `/split` if another code says otherwise; `words+print`, `three` or `two` looks of more than one recogniser,
    `again` for looks of the same, `one`, each with `:high` or `:low` for the recognisers' own confidence and `/split`
    when another witness saw another value; the outcome of a vote (ocr/voting.py); or `odd`, spelt as no paper
    spells it. `pen ` stands before it for handwriting, and `inked ` before all where a seal or strokes lie over the
    value or beside it on its line. `loose ` stands before where the value may begin or end elsewhere.
    """
    wanted = kind(spec.kind)
    best = _winner(wanted, candidates)
    if best is None:
        return "none"
    pen = "pen " if any(one.handwritten for one in candidates) else ""
    if view is not None and _inked(best, view):
        pen = f"inked {pen}"
    if any(one.loose for one in candidates):
        pen = f"loose {pen}"
    agreeing = _agreeing(wanted, candidates, best)
    by = {one.by for one in agreeing} - ({"mrz"} if wanted.group == "name" else set())
    if not by & _MACHINE and _odd(wanted, best):
        return f"{pen}odd"
    if best.by in OUTCOMES:
        return f"{pen}{best.by}"
    print_ = by - _MACHINE - {"words"}
    against = [one for one in candidates if one.value is not None and not _agree(wanted, one, best)]
    if by & _MACHINE:
        split = "/split" if _contradicts_code(wanted, against) else ""
        return f"{pen}code{'+print' if print_ or len(by & _MACHINE) > 1 else ''}{split}"
    proof = ("words+print" if print_ else SINGLE) if "words" in by else _looks(print_)
    own = max((one.confidence for one in agreeing if one.by in print_), default=1.0)
    return f"{pen}{proof}:{'high' if own >= _SURE else 'low'}{'/split' if against else ''}"


def _contradicts_code(wanted: Kind, against: Sequence[Candidate]) -> bool:
    """Another code, or two recognisers that read the same: one recogniser's slip says nothing against a code."""
    return any(
        (one.by in _MACHINE and not (one.by == "mrz" and wanted.group == "name"))
        or _looks({other.by for other in against if _agree(wanted, one, other)}) in ("two", "three")
        for one in against
    )


def _odd(wanted: Kind, one: Candidate) -> bool:
    return one.by not in _MACHINE and one.value is not None and odd(wanted, one.value)


def _looks(by: Set[str]) -> str:
    if len(by) < 2:
        return SINGLE
    if len({name.partition("@")[0] for name in by}) < 2:
        return "again"
    return "two" if len(by) == 2 else "three"


def _inked(one: Candidate, view: View) -> bool:
    x0, y0, x1, y1 = one.box
    reach = _REACH * (y1 - y0)
    return any(
        mark.box[0] < x1 + reach and x0 - reach < mark.box[2] and mark.box[1] < y1 and y0 < mark.box[3]
        for mark in view.pages[one.page].reading.marks
        if mark.kind in ("seal", "signature", "handwriting")
    )


def _agree(wanted: Kind, one: Candidate, other: Candidate) -> bool:
    if one.value is None or other.value is None:
        return False
    if "mrz" in (one.by, other.by) and wanted.group == "name":
        return fold(one.value) == fold(other.value)  # the zone has no marks
    return wanted.same(one.value, other.value)


def _agreeing(wanted: Kind, candidates: Sequence[Candidate], best: Candidate | None) -> list[Candidate]:
    return [one for one in candidates if best is not None and _agree(wanted, one, best)]


def _winner(wanted: Kind, candidates: Sequence[Candidate]) -> Candidate | None:
    """The best candidate of the group that is believed most; the zone's name without marks is never shown."""
    able = [
        one
        for one in candidates
        if one.value is not None and not (one.by == "mrz" and wanted.group == "name")
    ]
    if not able:
        return None

    def belief(one: Candidate) -> float:
        witnesses = {other.by: other for other in candidates if _agree(wanted, one, other)}
        if wanted.group == "name":
            witnesses.pop("mrz", None)  # it has no marks: it speaks for every marking alike
        told = sum(_TRUST.get(by, 0.8) * (0.5 + other.confidence / 2) for by, other in witnesses.items())
        return told * (_ODD if _odd(wanted, one) else 1.0)

    top = max(belief(one) for one in able)
    group = [one for one in able if belief(one) > top - 1e-9]
    agreeing = {one.by for one in candidates if _agree(wanted, one, group[0])}
    dissent = any(one.value is None or not _agree(wanted, one, group[0]) for one in candidates)
    if dissent and not agreeing & (_MACHINE | {"words"}):
        vote = voted(wanted, candidates, _TRUST)
        if vote and not (_odd(wanted, vote) and not _odd(wanted, group[0])):
            return vote
    # Within the group the print is shown, where it stands on the paper; codes say it without its place.
    # Of readings that differ in a comma, the one that most saw.
    spelt = Counter(one.printed for one in group)
    return max(
        group,
        key=lambda one: (
            one.by.partition("@")[0] not in ("qr", "mrz", "words"),
            spelt[one.printed],
            one.by == FIRST,
            one.confidence,
        ),
    )


def _value(wanted: Kind, candidates: Sequence[Candidate], best: Candidate | None) -> str | None:
    """The winner's value; an address as its QR code has it, since print breaks it over lines without its commas."""
    if best is None:
        return None
    coded = [
        one for one in _agreeing(wanted, candidates, best) if one.by == "qr" and wanted.name == "address"
    ]
    return (coded[0] if coded else best).value


def _witnesses(candidates: Sequence[Candidate], shown: Candidate, view: View) -> tuple[Witness, ...]:
    found: dict[tuple[str, str], Witness] = {}
    for one in candidates:
        if one.value is not None and (one.by, one.value) not in found:
            seen = Witness(by=one.by, value=one.value)
            found[one.by, one.value] = (
                seen if _in_place(one, shown) else seen.model_copy(update=_place(one, view))
            )
    return tuple(found.values())


def _in_place(one: Candidate, shown: Candidate) -> bool:
    """Does it stand where the value shown stands, give or take the margins of a reading?"""
    if one.page != shown.page:
        return False
    shared = _area((*map(max, one.box[:2], shown.box[:2]), *map(min, one.box[2:], shown.box[2:])))
    return shared >= _SAME_PLACE * (_area(one.box) + _area(shown.box) - shared) or one.box == shown.box


def _area(box: Sequence[float]) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _place(one: Candidate, view: View) -> dict[str, object]:
    page = view.pages[one.page]
    return {"file": page.file, "page": page.reading.page, "box": one.box}
