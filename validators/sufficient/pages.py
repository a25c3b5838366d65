"""Whether every page of a paper was scanned, in its order: told by printed page numbers, and by notes stuck on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
)
def pages_are_whole(case: Case) -> Iterator[Outcome]:
    everything = [(component, _pages(component)) for component in papers(case)]
    for component, pages in everything:
        yield from _numbered(case, component, [page for page in pages if not page.quality.blank])
        for page in pages:
            if page.noted:
                others = [other for _, found in everything for other in found if other is not page]
                yield _noted(case, component, page, others)


def _numbered(case: Case, component: Component, pages: list[_Page]) -> Iterator[Outcome]:
    name = paper(case, component)
    told = [page for page in pages if page.number is not None]
    totals = {page.of for page in told if page.of}
    if len(totals) > 1:
        reason = f"{name}: các trang in tổng số trang khác nhau. Xem có lẫn trang của giấy khác không."
        yield on_paper(component, "UNKNOWN", reason)
        return
    if not told:
        known = case.document_types.get(component.type)
        if len(pages) > 1 and known and known.size != "ID-1":
            reason = (
                f"{name}: {len(pages)} trang không in số trang nên chưa tự biết là đủ. Đếm lại theo bản giấy."
            )
            yield on_paper(component, "UNKNOWN", reason, "INFO")
        return
    numbers = [page.number for page in told if page.number is not None]
    total = next(iter(totals), max(numbers))
    missing = sorted(set(range(1, total + 1)) - set(numbers))
    # A page without a readable number may be the missing one; one page alone is one reading of one number.
    sure = len(told) == len(pages) >= 2 and len(told) - len(set(numbers)) == 0 and not _strangers(case)
    if missing and len(missing) > len(pages) - len(told):
        pages_told = ", ".join(map(str, missing))
        reason = f"{name}: in “Trang {numbers[-1]}/{total}” nhưng chưa thấy trang {pages_told}. Quét bổ sung trang này."
        yield on_paper(component, "FAIL" if sure and totals else "UNKNOWN", reason)
    elif missing:
        reason = f"{name}: có trang chưa đọc được số trang nên chưa chắc đủ {total} trang. Xem lại các trang."
        yield on_paper(component, "UNKNOWN", reason)
    elif numbers != sorted(numbers):
        order = ", ".join(map(str, numbers))
        reason = f"{name}: các trang nằm theo thứ tự {order}. Xếp lại đúng thứ tự rồi quét lại tệp này."
        yield on_paper(component, "FAIL" if sure else "UNKNOWN", reason)
    else:
        yield on_paper(component, "PASS", f"{name}: đủ {total} trang, đúng thứ tự.")


def _strangers(case: Case) -> bool:
    """Is there a paper of no known type, or a file that was not read, in which the missing page may lie?"""
    return bool(case.refused) or any(c.type not in case.document_types for c in papers(case))


def _noted(case: Case, component: Component, page: _Page, others: list[_Page]) -> Outcome:
    at = page.quality.page
    where = f"{paper(case, component)}, trang {at}"
    if any(not other.noted and _same_page(page.text, other.text) for other in others):
        return on_paper(component, "PASS", f"{where}: có cả ảnh đã gỡ giấy nhớ.", page=at)
    reason = (
        f"{where}: có giấy nhớ che chữ mà chưa thấy ảnh đã gỡ giấy nhớ. Gỡ giấy nhớ rồi quét thêm trang này."
    )
    sure = page.noted >= weights().confidence.doubt and len(_words(page.text)) >= FEWEST_WORDS
    return on_paper(component, "FAIL" if sure and not _strangers(case) else "UNKNOWN", reason, page=at)


def _same_page(noted: str, bare: str) -> bool:
    words = _words(noted)
    return len(words) >= FEWEST_WORDS and len(words & _words(bare)) / len(words) >= SAME_PAGE


def _words(text: str) -> set[str]:
    return set(flat(text).split())


def _pages(component: Component) -> list[_Page]:
    """The pages with their own text; none if it cannot be told which text is whose."""
    texts = component.text.split("\f")
    if blank(component) or len(texts) != len(component.quality):
        texts = [""] * len(component.quality)
    return [_page(component, quality, text) for quality, text in zip(component.quality, texts, strict=True)]


def _page(component: Component, quality: Quality, text: str) -> _Page:
    notes = [m.confidence for m in component.marks if m.kind == "note" and m.page == quality.page]
    lines = [line for line in text.splitlines() if line.strip()]
    for line in (*lines[:EDGE], *lines[-EDGE:]):
        found = _NUMBERED.fullmatch(fold(line)) or _OF.fullmatch(fold(line))
        if found and 1 <= int(found[1]) <= int(found[2] or found[1]):
            return _Page(quality, text, max(notes, default=0.0), int(found[1]), int(found[2] or 0) or None)
    return _Page(quality, text, max(notes, default=0.0), None, None)
