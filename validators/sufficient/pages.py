"""Whether every page of a paper was scanned, in its order: told by printed page numbers, and by notes stuck on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date

from dossier.model import Severity
from dossier.reading import Quality
from dossier.record import Component
from dossier.text.vietnamese import fold
from validators.case import Case
from validators.look import blank, flat, on_paper, paper, papers
from validators.registry import Outcome, rule
from validators.weights import weights

_NUMBERED = re.compile(r"\W*(?:trang|page) ?(?:so)?\W*(\d{1,3})(?: ?(?:/|tren|of) ?(\d{1,3}))?\W*")
_OF = re.compile(r"\W*(\d{1,3}) ?/ ?(\d{1,3})\W*")
EDGE = 2  # lines from the head and from the foot of a page among which its number stands
SAME_PAGE = (
    0.7  # share of a noted page's words that its other capture shows too; what the note says is its own
)
FEWEST_WORDS = 12  # below it two pages may share their words by chance


_Numbers = Set[tuple[int | None, int | None]]


@dataclass(frozen=True)
class _Page:
    """quality: of the scan. noted: how surely a note lies on it, 0 if none. number, of: as printed."""

    quality: Quality
    text: str
    noted: float
    number: int | None
    of: int | None


@rule(
    "U05",
    word="sufficient",
    severity="BLOCK",
    object="trang",
    title="Đủ trang, đúng thứ tự; trang có giấy nhớ được quét hai lần",
    reason="Số trang in trên giấy (Trang 2/3) liền nhau và đủ; trang dán giấy nhớ có thêm một ảnh đã gỡ giấy nhớ.",
    source="Thông tư 01/2023/TT-VPCP, điều 8 khoản 2; Thông tư 03/2025/TT-VPCP, điều 5",
    since=date(2023, 5, 25),
    uses=("text",),
)
def pages_are_whole(case: Case) -> Iterator[Outcome]:
    everything = [(component, _pages(component)) for component in papers(case)]
    for component, pages in everything:
        strange = {(p.number, p.of) for other, found in everything if other is not component for p in found}
        yield from _numbered(case, component, [page for page in pages if not page.quality.blank], strange)
        for page in pages:
            if page.noted:
                others = [other for _, found in everything for other in found if other is not page]
                yield _noted(case, component, page, others)


def _numbered(case: Case, component: Component, pages: list[_Page], strange: _Numbers) -> Iterator[Outcome]:
    """strange: numbers and totals on the pages of the other papers."""
    name = paper(case, component)
    told = [page for page in pages if page.number is not None]
    totals = {page.of for page in told if page.of}
    if len(totals) > 1:
        reason = f"{name}: các trang in tổng số trang khác nhau. Xem có lẫn trang của giấy khác không."
        yield on_paper(component, "UNKNOWN", reason, "WARN")
    elif told:
        total = next(iter(totals), None)
        yield _held_against(case, component, pages, total, strange)
    elif len(pages) > 1 and not _card(case, component):
        reason = (
            f"{name}: {len(pages)} trang không in số trang nên chưa tự biết là đủ. Đếm lại theo bản giấy."
        )
        yield on_paper(component, "UNKNOWN", reason, "INFO")


def _held_against(
    case: Case, component: Component, pages: list[_Page], total: int | None, strange: _Numbers
) -> Outcome:
    """The printed numbers against what is there. total: as printed, None if no page says it."""
    name = paper(case, component)
    seen = [page.number for page in pages if page.number is not None]
    # A first page often bears no number: a page without one is taken for that of its place, if it is wanted there.
    numbers = [
        at if page.number is None and at not in seen else page.number for at, page in enumerate(pages, 1)
    ]
    placed = [number for number in numbers if number is not None]
    last = total or max(seen)
    missing = sorted(set(range(1, last + 1)) - set(placed))
    # One page alone is one reading of one number; of two pages that say the same total neither is misread.
    alike = total is not None and all(page.of == total for page in pages)
    sure = alike and len(seen) == len(set(seen)) == len(pages) >= 2 and not _strangers(case)
    severity: Severity | None = None if total else "WARN"
    if missing and all((number, total) in strange for number in missing):
        reason = f"{name}: các trang còn lại có lẽ nằm ở giấy khác trong hồ sơ. Xem lại, quét một giấy vào một tệp."
        return on_paper(component, "UNKNOWN", reason, "WARN")
    if missing:
        lacking = ", ".join(map(str, missing))
        reason = f"{name}: in số trang đến {last} nhưng chưa thấy trang {lacking}. Xem lại, thiếu thì quét bổ sung."
        return on_paper(component, "FAIL" if sure else "UNKNOWN", reason, severity)
    if placed != sorted(placed):
        order = ", ".join(map(str, placed))
        reason = f"{name}: các trang nằm theo thứ tự {order}. Xếp lại đúng thứ tự rồi quét lại tệp này."
        return on_paper(component, "FAIL" if sure else "UNKNOWN", reason, severity)
    return on_paper(component, "PASS", f"{name}: đủ {last} trang, đúng thứ tự.", severity)


def _card(case: Case, component: Component) -> bool:
    known = case.document_types.get(component.type)
    return known is not None and known.size == "ID-1"


def _strangers(case: Case) -> bool:
    """Is there a paper of no known type, or a file that was not read, in which the missing page may lie?"""
    return bool(case.refused) or any(c.type not in case.document_types for c in papers(case))


def _noted(case: Case, component: Component, page: _Page, others: list[_Page]) -> Outcome:
    at = page.quality.page
    where = f"{paper(case, component)}, trang {at}"
    if any(not other.noted and _same_page(page.text, other.text) for other in others):
        return on_paper(component, "PASS", f"{where}: có cả ảnh đã gỡ giấy nhớ.", "WARN", page=at)
    reason = (
        f"{where}: có giấy nhớ che chữ mà chưa thấy ảnh đã gỡ giấy nhớ. Gỡ giấy nhớ rồi quét thêm trang này."
    )
    sure = page.noted >= weights().confidence.doubt and len(_words(page.text)) >= FEWEST_WORDS
    # A coloured box of print may look like a slip of paper: a person may say so, with a reason.
    return on_paper(
        component, "FAIL" if sure and not _strangers(case) else "UNKNOWN", reason, "WARN", page=at
    )


def _same_page(noted: str, bare: str) -> bool:
    words = _words(noted)
    return len(words) >= FEWEST_WORDS and len(words & _words(bare)) / len(words) >= SAME_PAGE


def _words(text: str) -> set[str]:
    return set(flat(text).split())


def _pages(component: Component) -> list[_Page]:
    """The pages with their own text; without any if it cannot be told which text is whose."""
    texts = component.text.split("\f")
    if blank(component) or len(texts) != len(component.quality):
        texts = [""] * len(component.quality)
    bare = Counter(found[2] for text in texts if (found := _edge(_OF, text)))
    return [
        _page(component, quality, text, bare) for quality, text in zip(component.quality, texts, strict=True)
    ]


def _page(component: Component, quality: Quality, text: str, bare: Counter[str]) -> _Page:
    notes = [m.confidence for m in component.marks if m.kind == "note" and m.page == quality.page]
    found = _edge(_NUMBERED, text)
    # Without the word, `2/3` may be anything; not if another page ends with the same total.
    if found is None and (alone := _edge(_OF, text)) and bare[alone[2]] > 1:
        found = alone
    number, of = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    if not 1 <= number <= (of or number):
        number, of = 0, 0
    return _Page(quality, text, max(notes, default=0.0), number or None, of or None)


def _edge(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first line at the head or the foot of a page that the pattern matches whole."""
    lines = [line for line in text.splitlines() if line.strip()]
    matches = (pattern.fullmatch(fold(line)) for line in (*lines[:EDGE], *lines[-EDGE:]))
    return next((found for found in matches if found), None)
