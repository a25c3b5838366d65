"""A stack of two dossiers, dropped with the office's own keys, ends as two records and a receipt of its own."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image, ImageDraw
from running_stack import OFFICE, RunningStack

from dossier.catalogue.documents import document_types
from dossier.separators import Sheet
from flows.hint import nudge
from ocr.sheetprint import draw_sheet
from storage.buckets import INBOX, RECEIPTS
from storage.connect import open_store
from storage.rights import digitiser

pytestmark = pytest.mark.e2e
ONE, TWO = "H13.96.31-260915-7001", "H13.96.31-260915-7002"
SMALL = (827, 1170)


def sheet(code: str) -> Image.Image:
    return draw_sheet(Sheet(code), document_types()).resize(SMALL).convert("L")


def paper(text: str) -> Image.Image:
    image = Image.new("L", SMALL, "white")
    draw = ImageDraw.Draw(image)
    for at in range(12):
        draw.text((80, 90 + 70 * at), f"{text}, line {at}", fill="black", font_size=26)
    return image


def test_a_stack_becomes_the_records_of_its_dossiers_and_twice_is_once(stack: RunningStack) -> None:
    stream = io.BytesIO()
    pages = [sheet(ONE), paper("first"), sheet(TWO), paper("second"), paper("third")]
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    office = open_store(stack.settings, digitiser(OFFICE))
    for _ in range(2):
        office.put(INBOX, f"{OFFICE}/batch/tập sáng.pdf", stream.getvalue())
        nudge(stack.settings)
        stack.until(lambda: not stack.in_inbox("batch"))
        records = [stack.record(code) for code in (ONE, TWO)]
        assert [record.version for record in records] == [1, 1]
    for record, count in zip(records, (2, 3), strict=True):
        sources = [source for component in record.components for source in component.sources]
        assert sorted(page for source in sources for page in source.pages) == list(range(1, count + 1))
        assert not record.refused
    latest = office.get(RECEIPTS, f"{OFFICE}/batch/latest.json")
    assert latest is not None
    [listed] = json.loads(latest.data)["receipts"]
    assert listed["file"] == "tập sáng.pdf"
    receipt = office.get(RECEIPTS, f"{listed['receipt']}.json")
    assert receipt is not None
    parts = json.loads(receipt.data)["parts"]
    assert [(part["dossier"], part["pages"]) for part in parts] == [(ONE, [1, 2]), (TWO, [3, 4, 5])]
    assert [part["sha256"] for part in parts] == [record.drop[0].sha256 for record in records]
