"""The page that `sohoa look` writes: one file, nothing from outside, useful without its script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dossier.model import Box
from dossier.reading import PageReading
from flows.look.facts import Look, Paper, ReadField, Sheet
from flows.look.look import Pictures
from ocr.classify import UNKNOWN, Reasons

WORD_STEPS: Final = (0.95, 0.9, 0.7)
"""Recogniser's confidence from which a word is shown in the first, second, third colour; below it in the fourth."""
TYPES_SHOWN = 4
NAMES_SHOWN = 3
PLACE_DPI = 115.0
"""At which the picture of a place is shown: about the size that it has on paper."""
BARS_SHOWN = 12
BAR, BAR_WIDTH = 18, 190  # pixels: height of a line of a chart, its longest bar

MARKS = {
    "seal": "dấu",
    "stamp": "dấu",
    "signature": "chữ ký",
    "handwriting": "chữ viết tay",
    "photograph": "ảnh",
}
ROLES = {
    "words": "giá trị viết bằng chữ",
    "section": "mở một phần của giấy",
    "stop": "chặn giá trị đứng trước",
    "title": "tiêu đề",
    "unclear": "nhiều phần có nhãn này, chưa rõ của phần nào",
}
STAGES = {
    "render": "dựng ảnh",
    "upright": "xoay, chỉnh thẳng",
    "clean": "làm sạch, tìm dấu",
    "codes": "mã QR, mã vạch",
    "layer": "lớp chữ của tệp",
    "words": "nhận dạng chữ",
    "preview": "ảnh thu nhỏ",
    "labels": "tìm nhãn",
    "load": "nạp máy đọc",
    "inspect": "kiểm tra tệp",
}
_PROOFS = {
    "none": "không nguồn nào cho ra giá trị",
    "code": "từ mã, chữ ký số hoặc lớp chữ của tệp",
    "code+print": "mã và chữ in trùng nhau",
    "words+print": "số và chữ trùng nhau",
    "three": "ba lần đọc trùng nhau",
    "two": "hai máy đọc trùng nhau",
    "again": "một máy đọc hai lần trùng nhau",
    "one": "chỉ một lần đọc",
    "odd": "viết khác lạ",
    "vote:clear": "biểu quyết giữa các lần đọc: rõ",
    "vote:close": "biểu quyết giữa các lần đọc: sát nhau",
    "vote:split": "biểu quyết giữa các lần đọc: chia rẽ",
}
_BEFORE = {"inked ": "dấu hoặc nét bút đè lên", "pen ": "chữ viết tay"}
_AFTER = {"/split": "có nguồn đọc khác", ":high": "máy tự tin", ":low": "máy không chắc"}


def look_html(look: Look, pictures: Pictures) -> str:
    """The page. Its script is the only one that the page's own policy lets run."""
    script = _environment().get_template("look.js.j2").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("look.html.j2")
        .render(
            look=look,
            title=_title([file.name for file in look.files]),
            papers=[_paper(paper, pictures) for paper in look.papers],
            loading=_bars(look.seconds),
            script=script,
            script_digest=digest,
            steps=[f"≥ {_number(step)}" for step in WORD_STEPS] + [f"< {_number(WORD_STEPS[-1])}"],
        )
    )


def told(evidence: str) -> str:
    """The class of evidence in words; empty for a class that has none here."""
    said: list[str] = []
    rest, ends = evidence, list[str]()
    for mark, words in _BEFORE.items():
        if rest.startswith(mark):
            said.append(words)
            rest = rest.removeprefix(mark)
    for mark, words in _AFTER.items():
        if rest.endswith(mark) and rest not in _PROOFS:
            ends.insert(0, words)
            rest = rest.removesuffix(mark)
    return ", ".join([_PROOFS[rest], *ends, *said]) if rest in _PROOFS else ""


def _title(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" và {more} tệp khác" if more > 0 else "")


def _paper(paper: Paper, pictures: Pictures) -> dict[str, Any]:
    fields = [_field(paper, number, one, pictures) for number, one in enumerate(paper.fields)]
    known = paper.type != UNKNOWN
    return {
        "facts": paper,
        "known": known,
        "files": list(dict.fromkeys(sheet.file for sheet in paper.sheets)),
        "fields": fields,
        "passing": sum(one.passes for one in paper.fields),
        "sheets": [_sheet(paper, at, sheet, fields, pictures) for at, sheet in enumerate(paper.sheets)],
        "labels": [
            (f"{paper.id}-l{at}-b", one, ROLES[one.role])
            for at, one in enumerate(paper.labels)
            if one.role != "field"
        ],
        "nearest": [(f"{paper.id}-n{at}-b", one) for at, one in enumerate(paper.missing)],
        "rest": [(f"{paper.id}-r{at}-b", one) for at, one in enumerate(paper.rest)],
        "reasons": [
            (at, _ranked(sheet.reasons, paper.type)) for at, sheet in enumerate(paper.sheets) if sheet.reasons
        ],
        "bars": _bars(paper.seconds),
        "seconds": sum(paper.seconds.values()),
    }


def _ranked(reasons: tuple[Reasons, ...], chosen: str) -> list[Reasons]:
    """The likeliest types, and the one that the paper was read as."""
    telling = [one for one in reasons if one.confidence or one.title_score or one.anchors_found]
    return telling[:TYPES_SHOWN] + [one for one in telling[TYPES_SHOWN:] if one.type == chosen]


def _field(paper: Paper, number: int, one: ReadField, pictures: Pictures) -> dict[str, Any]:
    def place(sheet: int, box: Box) -> tuple[str, int]:
        reading = paper.sheets[sheet].reading
        cut = pictures.places.get((reading.sha256, reading.page, box), b"")
        return _data(cut), round((box[2] - box[0]) * PLACE_DPI / reading.dpi) + 12

    return {
        "facts": one,
        "key": f"{paper.id}-f{number}",
        "told": told(one.evidence),
        "crop": place(one.sheet, one.field.box),
        "sheet": one.sheet + 1,
        "differing": sum(not seen.agrees for seen in one.seen) if one.field.value is not None else 0,
        "seen": [
            (
                seen,
                None if (seen.sheet, seen.box) == (one.sheet, one.field.box) else place(seen.sheet, seen.box),
            )
            for seen in one.seen
        ],
    }


def _sheet(
    paper: Paper, at: int, sheet: Sheet, fields: list[dict[str, Any]], pictures: Pictures
) -> dict[str, Any]:
    reading = sheet.reading
    return {
        "facts": sheet,
        "id": f"{paper.id}-p{at + 1}",
        "fine": all(one.ok is not False for one in sheet.measures),
        "picture": _data(pictures.pages.get((reading.sha256, reading.page), b"")),
        "letter": _letter(reading),
        "words": [
            (
                *_rectangle(word.box),
                next((n for n, step in enumerate(WORD_STEPS) if word.confidence >= step), len(WORD_STEPS)),
                f"{word.text} · độ tin cậy {_number(word.confidence)} · dòng {word.line}",
            )
            for word in reading.words
        ],
        "labels": [
            (_rectangle(one.box), f"{paper.id}-l{number}-b", f"nhãn: {', '.join(one.fields) or one.role}")
            for number, one in enumerate(paper.labels)
            if one.sheet == at
        ],
        "rest": [
            (_rectangle(one.box), f"{paper.id}-r{number}-b", one.text)
            for number, one in enumerate(paper.rest)
            if one.sheet == at
        ],
        "nearest": [
            (_rectangle(one.nearest.box), f"{paper.id}-n{number}-b", f"gần giống nhãn của {one.name}")
            for number, one in enumerate(paper.missing)
            if one.nearest and one.nearest.sheet == at
        ],
        "fields": [
            (_rectangle(field["facts"].field.box), field) for field in fields if field["facts"].sheet == at
        ],
        "marks": [
            (_rectangle(mark.box), f"{MARKS.get(mark.kind, mark.kind)} {_number(mark.confidence)}")
            for mark in reading.marks
        ],
        "codes": [(_rectangle(code.box), code.kind, code.text) for code in reading.codes] + _zones(paper, at),
        "bars": _bars(reading.seconds),
        "seconds": sum(reading.seconds.values()),
    }


def _letter(page: PageReading) -> int:
    """Height in pixels of the page at which names stand on it: legible, and no larger than its own print."""
    heights = [word.box[3] - word.box[1] for word in page.words]
    printed = median(heights) if heights else page.width / 60
    return max(round(min(page.width / 60, max(page.width / 120, 0.9 * printed))), 1)


def _zones(paper: Paper, at: int) -> list[tuple[Any, str, str]]:
    """The machine-readable zone, which is read with the fields and not with the page."""
    seen = [seen for one in paper.fields for seen in one.seen if (seen.by, seen.sheet) == ("mrz", at)]
    boxes = dict.fromkeys(one.box for one in seen)
    return [
        (_rectangle(box), "MRZ", " · ".join(one.printed for one in seen if one.box == box)) for box in boxes
    ]


def _rectangle(box: Box) -> tuple[int, int, int, int]:
    """x, y, width, height in whole pixels of the page."""
    x0, y0, x1, y1 = (round(side) for side in box)
    return x0, y0, max(x1 - x0, 1), max(y1 - y0, 1)


def _bars(seconds: dict[str, float]) -> list[tuple[str, str, int, float]]:
    """Name, name in words, length of the bar in pixels, seconds: the longest first, what is left as one."""
    ranked = sorted(seconds.items(), key=lambda stage: -stage[1])
    shown = ranked[:BARS_SHOWN]
    if len(ranked) > BARS_SHOWN:
        shown.append((f"+{len(ranked) - BARS_SHOWN}", sum(value for _, value in ranked[BARS_SHOWN:])))
    longest = max((value for _, value in shown), default=0.0) or 1.0
    return [
        (name, STAGES.get(name, ""), max(round(BAR_WIDTH * value / longest), 1), value)
        for name, value in shown
    ]


def _data(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else ""


def _number(value: float, places: int = 2) -> str:
    """As written in Vietnam; never rounded up to certainty."""
    if value < 1.0:
        value = min(value, 1.0 - 10.0**-places)
    return f"{value:.{places}f}".replace(".", ",")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    return environment
