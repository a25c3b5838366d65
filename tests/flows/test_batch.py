"""A stack in the inbox becomes drops of its dossiers; nothing of it is lost, and twice is once. Real store."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from dossier.catalogue.documents import document_types
from dossier.separators import Sheet
from dossier.settings import ReadingSettings, Settings
from flows.batch import split_stack
from flows.cache import StoreCache
from flows.tools import Tools
from ocr.pool import ReadingPool
from ocr.sheetprint import draw_sheet
from storage.buckets import INBOX, ORIGINALS, RECEIPTS
from storage.inbox.listing import Inbox
from storage.inbox.objects import Drop
from storage.index.index import open_index
from storage.leases import Leases
from storage.records import Records
from storage.refused import refusals
from storage.s3 import Store
from validators.sources import Sources

OFFICE = "H30.1"  # another than that of the tests which look at the whole of an office's inbox
SMALL = (827, 1170)


@pytest.fixture(scope="module")
def tools(store: Store, store_settings: Settings) -> Iterator[Tools]:
    reading = ReadingSettings(processes=1, second_reader=False)
    with ReadingPool(reading) as pool:
        yield Tools(
            settings=store_settings,
            store=store,
            inbox=Inbox(store, quiet_s=0),
            records=Records(store),
            index=open_index(store_settings),
            pool=pool,
            cache=StoreCache(store, {}),
            engines={},
            sources=Sources(),
            turn=asyncio.Lock(),
        )


@pytest.fixture
def codes() -> tuple[str, str]:
    """Two dossiers that no other test knows."""
    serial = uuid.uuid4().int % 10**8
    return f"H30.1-260915-{serial:08d}1", f"H30.1-260915-{serial:08d}2"


def sheet(code: str) -> Image.Image:
    return draw_sheet(Sheet(code), document_types()).resize(SMALL).convert("L")


def paper(text: str) -> Image.Image:
    image = Image.new("L", SMALL, "white")
    draw = ImageDraw.Draw(image)
    for at in range(12):
        draw.text((80, 90 + 70 * at), f"{text}, line {at}", fill="black", font_size=26)
    return image


def stack_of(*pages: Image.Image, kind: str = "PDF") -> bytes:
    stream = io.BytesIO()
    how: dict[str, Any] = (
        {"resolution": 100} if kind == "PDF" else {"compression": "tiff_lzw", "dpi": (100, 100)}
    )
    pages[0].save(stream, kind, save_all=True, append_images=pages[1:], **how)
    return stream.getvalue()


def drops(tools: Tools, code: str) -> tuple[Drop, ...]:
    return tools.inbox.look(prefix=f"{OFFICE}/{code}/").drops


def split(tools: Tools, name: str, data: bytes) -> dict[str, Any]:
    """Drop a stack and go through it as the intake does; its receipt as the office finds it."""
    tools.store.put(INBOX, f"{OFFICE}/batch/{name}", data)
    [drop] = drops(tools, "batch")
    lease = Leases(tools.store, "tests", 60).acquire(f"{OFFICE}/batch")
    assert lease is not None
    for stack in drop.objects:
        asyncio.run(split_stack(tools, OFFICE, stack, lease))
    lease.release()
    assert drops(tools, "batch") == ()
    latest = tools.store.get(RECEIPTS, f"{OFFICE}/batch/latest.json")
    assert latest is not None
    key = next(one["receipt"] for one in json.loads(latest.data)["receipts"] if one["file"] == name)
    found = tools.store.get(RECEIPTS, f"{key}.json")
    assert found is not None
    said: dict[str, Any] = json.loads(found.data)
    page = tools.store.get(RECEIPTS, f"{key}.html")
    assert page is not None
    assert all(entry["reason"] in page.data.decode() for entry in said["refused"])
    return said


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_the_parts_of_a_stack_are_drops_of_its_dossiers(
    tools: Tools, codes: tuple[str, str], kind: str
) -> None:
    one, two = codes
    data = stack_of(sheet(one), paper(one), sheet(two), paper(two), paper("more"), kind=kind)
    said = split(tools, f"Tập {one}.{kind.lower()}", data)
    assert (said["state"], said["pages"], said["refused"]) == ("split", 5, [])
    assert [(part["dossier"], part["pages"]) for part in said["parts"]] == [(one, [1, 2]), (two, [3, 4, 5])]
    assert said["sha256"] == hashlib.sha256(data).hexdigest()
    kept = tools.store.get(ORIGINALS, said["sha256"])
    assert kept is not None
    assert kept.data == data
    for part in said["parts"]:
        [drop] = drops(tools, part["dossier"])
        assert [found.name for found in drop.objects] == [part["file"]]
        found = tools.store.get(INBOX, drop.objects[0].key)
        assert found is not None
        assert hashlib.sha256(found.data).hexdigest() == part["sha256"]


def test_the_same_stack_again_under_any_name_gives_the_same_parts(
    tools: Tools, codes: tuple[str, str]
) -> None:
    data = stack_of(sheet(codes[0]), paper("a"), sheet(codes[1]), paper("b"))
    first, again = (split(tools, f"{codes[0]}{end}.pdf", data) for end in ("", " (1)"))
    assert first["parts"] == again["parts"]
    for code in codes:
        [drop] = drops(tools, code)
        assert len(drop.objects) == 1
        assert drop.refused == ()


def test_pages_that_are_nobodys_are_refused_with_their_reason_and_the_others_go_on(
    tools: Tools, codes: tuple[str, str]
) -> None:
    one, _ = codes
    said = split(tools, f"{one}.pdf", stack_of(paper("whose?"), sheet(one), paper(one)))
    assert said["state"] == "returned"
    assert [part["pages"] for part in said["parts"]] == [[2, 3]]
    [refused] = said["refused"]
    assert refused["code"] == "before-first-sheet"
    notes = [note for note in refusals(tools.store, OFFICE, "batch") if note["sha256"] == said["sha256"]]
    assert [(note["code"], note["reason"]) for note in notes] == [("before-first-sheet", refused["reason"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"%PDF-1.4 cut off", "truncated"),
        (b"hello", "unsupported-type"),
        (stack_of(paper("a"), paper("b")), "stack-without-sheets"),
    ],
)
def test_a_stack_that_cannot_be_split_is_refused_and_kept(
    tools: Tools, codes: tuple[str, str], data: bytes, code: str
) -> None:
    said = split(tools, f"{codes[0]}.pdf", data)
    assert (said["state"], said["parts"]) == ("refused", [])
    assert [refused["code"] for refused in said["refused"]] == [code]
    assert tools.store.get(ORIGINALS, said["sha256"]) is not None


def test_a_part_says_in_itself_which_stack_it_is_from(
    tools: Tools, codes: tuple[str, str], tmp_path: Path
) -> None:
    said = split(tools, f"{codes[0]}.pdf", stack_of(sheet(codes[0]), paper("a")))
    [drop] = drops(tools, codes[0])
    tools.store.fetch(INBOX, drop.objects[0].key, tmp_path / "part.pdf")
    with pikepdf.open(tmp_path / "part.pdf") as part:
        assert (part.docinfo["/SohoaStack"], part.docinfo["/SohoaPages"]) == (said["sha256"], "1-2")
