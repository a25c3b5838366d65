"""Sealed copies of a dossier's papers, by the real reading processes: a fault in sealing never loses the dossier."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from pyhanko.sign.signers import SimpleSigner
from signing_authority import ORGANISATION, PASSPHRASE, Authority, issue

from dossier.catalogue.documents import document_types
from dossier.drop import Manifest
from dossier.errors import ConfigurationError, TransientError
from dossier.record import Component, Field, Record, ReusedFrom, Sealed
from dossier.settings import ReadingSettings, SealingSettings
from flows import sealing
from flows.dossier_input import DossierInput, InputFile
from flows.pipeline import DossierReading, judge, read
from flows.reading import NoCache
from flows.sealed_facts import facts_of
from ocr.pool import ReadingPool
from storage.pdfa.check import problems
from storage.signing.sealer import Sealer, SealingFailed

RECEIVED = datetime(2026, 10, 17, 2, 0, tzinfo=UTC)
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LINES = ("ỦY BAN NHÂN DÂN XÃ VỊ THỦY", "QUYẾT ĐỊNH", "Điều 1. Quyết định này có hiệu lực từ ngày ký.")
T = TypeVar("T")


def paper(lines: tuple[str, ...] = LINES) -> Image.Image:
    image = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((140, 200 + 90 * number), line, fill="black", font=ImageFont.truetype(FONT, 34))
    return image


def on_disk(folder: Path, name: str, save: Callable[[Path], None]) -> InputFile:
    save(folder / "new")
    sha256 = hashlib.sha256((folder / "new").read_bytes()).hexdigest()
    return InputFile(name, sha256, (folder / "new").rename(folder / sha256))


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(ReadingSettings(processes=1, second_reader=False)) as made:
        yield made


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> DossierInput:
    """Two papers: a JPEG, and a TIFF of two pages in black and white."""
    folder = tmp_path_factory.mktemp("files")
    pages = [paper((*LINES, f"Trang {n}")).convert("1") for n in (1, 2)]
    files = (
        on_disk(folder, "Quyết định.jpg", lambda path: paper().save(path, "JPEG", dpi=(150, 150))),
        on_disk(
            folder,
            "Công văn.tif",
            lambda path: pages[0].save(
                path, "TIFF", compression="group4", save_all=True, append_images=pages[1:], dpi=(150, 150)
            ),
        ),
    )
    return DossierInput("X-1", "H13.96.31", Manifest(dossier="X-1"), files, RECEIVED)


@pytest.fixture(scope="module")
def reading(pool: ReadingPool, dossier: DossierInput) -> DossierReading:
    found = asyncio.run(read(pool, dossier, NoCache()))
    assert len(found.components) >= 2
    return found


@pytest.fixture(scope="module")
def record(dossier: DossierInput, reading: DossierReading) -> Record:
    return judge(dossier, reading, engines={}, started_at=RECEIVED)


class Kept:
    """Where copies go, in place of a store."""

    def __init__(self) -> None:
        self.copies: dict[str, bytes] = {}

    def __call__(self, component: Component, data: bytes, pages: int) -> Sealed:
        self.copies[component.id] = data
        sha256 = hashlib.sha256(data).hexdigest()
        return Sealed(key=f"{component.id}.pdf", sha256=sha256, bytes=len(data), pages=pages)


def run(work: Awaitable[T]) -> T:
    async def awaited() -> T:
        return await work

    return asyncio.run(awaited())


def test_every_paper_of_a_dossier_gets_its_copy_with_the_words_that_were_read(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    kept = Kept()
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path))
    sealed = run(sealing.seal(pool, record, laid, tmp_path, kept))
    assert set(kept.copies) == {component.id for component in record.components}
    for component in sealed.components:
        path = tmp_path / "copy.pdf"
        path.write_bytes(kept.copies[component.id])
        assert problems(path) == ()
        numbers = [(source.sha256, page) for source in component.sources for page in source.pages]
        assert component.sealed is not None
        assert component.sealed.pages == len(numbers)
        with pypdfium2.PdfDocument(path) as document:
            text = [page.get_textpage().get_text_range().split() for page in document]
        assert text == [reading.pages[key].text.split() for key in numbers]
    again = Record.model_validate_json(sealed.to_json())
    assert [one.sealed for one in again.components] == [one.sealed for one in sealed.components]
    assert sealed.model_copy(update={"components": record.components}) == record


def test_sealing_twice_gives_the_same_bytes(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    made = []
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        laid = run(sealing.lay_out(pool, dossier, reading, tmp_path / turn))
        made.append(run(sealing.seal(pool, record, laid, tmp_path / turn, Kept())))
    assert made[0] == made[1]


def test_a_later_version_keeps_the_copies_of_papers_whose_scans_stay(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path))
    first = run(sealing.seal(pool, record, laid, tmp_path, Kept()))
    one, *rest = first.components
    without = first.model_copy(
        update={"components": (one, *(c.model_copy(update={"sealed": None}) for c in rest))}
    )
    kept = Kept()
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path, before=without))
    second = run(
        sealing.seal(pool, record, laid, tmp_path, kept, sign=lambda data: data + b"% signed later\n")
    )
    assert second.components[0].sealed == one.sealed
    assert set(kept.copies) == {component.id for component in rest}


def test_a_paper_of_another_dossier_is_not_sealed_again(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    theirs = Sealed(key="H13.96.31/other/c1-aa.pdf", sha256="a" * 64, bytes=9, pages=1)
    copy = record.components[0].model_copy(
        update={
            "id": "r1",
            "reused_from": ReusedFrom(dossier="other", version=1, component="c1"),
            "sealed": theirs,
        }
    )
    grown = record.model_copy(update={"components": (*record.components, copy)})
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path, before=grown))
    sealed = run(sealing.seal(pool, grown, laid, tmp_path, Kept()))
    assert sealed.components[-1].sealed == theirs
    assert sealed.components[0].sealed not in (None, theirs)


def test_a_paper_that_cannot_be_sealed_says_so_and_the_others_go_on(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\xff\xd8 no picture any more")
    files = (replace(dossier.files[0], path=broken), *dossier.files[1:])
    kept = Kept()
    laid = run(sealing.lay_out(pool, replace(dossier, files=files), reading, tmp_path))
    sealed = run(sealing.seal(pool, record, laid, tmp_path, kept))
    hit = [c for c in sealed.components if c.sources[0].sha256 == dossier.files[0].sha256]
    assert [c.unsealed is not None and c.unsealed.code for c in hit] == ["page-unreadable"]
    assert all(c.unsealed and "Bản quét gốc vẫn được giữ nguyên" in c.unsealed.reason for c in hit)
    assert set(kept.copies) == {c.id for c in sealed.components if c not in hit} != set()
    assert (sealed.state, sealed.findings) == (record.state, record.findings)


def test_what_cannot_be_passed_through_is_packed_anew(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path))
    for piece in tmp_path.glob("*.piece"):
        with pikepdf.open(piece, allow_overwriting_input=True) as pdf:
            pdf.pages[0].resources.XObject.Im0.Interpolate = True
            pdf.save(piece)
    sealed = run(sealing.seal(pool, record, laid, tmp_path, kept := Kept()))
    assert set(kept.copies) == {component.id for component in sealed.components}
    (tmp_path / "copy.pdf").write_bytes(next(iter(kept.copies.values())))
    assert problems(tmp_path / "copy.pdf") == ()


def test_a_disk_that_fails_is_tried_again_later(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, tmp_path: Path
) -> None:
    with pytest.raises(TransientError, match="sealing-disk"):
        run(sealing.lay_out(pool, dossier, reading, tmp_path / "gone"))


def test_a_copy_is_signed_before_it_is_kept(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path))

    def signed(data: bytes) -> bytes:
        return data + b"% signed\n"

    def refused(_data: bytes) -> bytes:
        raise SealingFailed("seal-refused", "the copy takes no signature", "Chưa ký số được bản sao số hóa.")

    def away(_data: bytes) -> bytes:
        raise TransientError("timestamp-away", "the authority does not answer")

    run(sealing.seal(pool, record, laid, tmp_path, kept := Kept(), sign=signed))
    assert all(data.endswith(b"% signed\n") for data in kept.copies.values())
    unsigned = run(sealing.seal(pool, record, laid, tmp_path, kept := Kept(), sign=refused))
    assert not kept.copies
    assert {c.unsealed and c.unsealed.reason for c in unsigned.components} == {
        "Chưa ký số được bản sao số hóa."
    }
    with pytest.raises(TransientError, match="timestamp-away"):
        run(sealing.seal(pool, record, laid, tmp_path, Kept(), sign=away))


def test_a_certificate_that_ended_at_midnight_fails_the_run_and_leaves_no_paper_without_a_copy(
    pool: ReadingPool, dossier: DossierInput, reading: DossierReading, record: Record, tmp_path: Path
) -> None:
    authority = Authority()
    ended = issue(ORGANISATION, authority.intermediate, until=datetime(2025, 1, 1, tzinfo=UTC))
    signer = SimpleSigner.load_pkcs12_data(authority.pkcs12(ended), [], PASSPHRASE.encode())
    sign = Sealer(SealingSettings(), signer).sign
    laid = run(sealing.lay_out(pool, dossier, reading, tmp_path))
    with pytest.raises(ConfigurationError, match="certificate-not-valid"):
        run(sealing.seal(pool, record, laid, tmp_path, kept := Kept(), sign=sign))
    assert not kept.copies


def component_of(of_type: str, /, **values: str) -> Component:
    fields = tuple(
        Field(name=name, value=value, confidence=1, file="f", page=1, box=(0, 0, 1, 1), dpi=200)
        for name, value in values.items()
    )
    source = {"file": "f", "sha256": "a" * 64, "pages": (1,)}
    return Component.model_validate(
        {"id": "c1", "type": of_type, "type_confidence": 1, "sources": (source,), "fields": fields}
    )


def elements(component: Component) -> dict[str, str]:
    return facts_of(component, dossier="X-1", office="H13", received=RECEIVED, dpi=300).elements


def test_a_decision_tells_what_it_is() -> None:
    said = elements(
        component_of(
            "decision", number="12/QĐ-UBND", kind="Quyết định", issuer="UBND xã Vị Thủy", issue_date="2026-10-02",
            subject="Về việc phê duyệt kế hoạch", signer_name="Trần Thị Bưởi",
        )
    )  # fmt: skip
    assert said == {
        "DocCode": "H13_QĐ_000012_V1",
        "TypeName": "Quyết định",
        "CodeNumber": "12",
        "CodeNotation": "QĐ-UBND",
        "IssuedDate": "2026-10-02",
        "OrganName": "UBND xã Vị Thủy",
        "Subject": "Về việc phê duyệt kế hoạch",
        "Language": "Tiếng Việt",
    }


@pytest.mark.parametrize("kind", sorted(document_types()))
def test_no_paper_tells_a_person_in_its_metadata(kind: str) -> None:
    """Whatever is read on it: names, numbers of people, places where they live, birthdays."""
    told = (
        "number",
        "serial",
        "kind",
        "issuer",
        "registration_office",
        "issue_date",
        "registration_date",
        "subject",
    )
    own = {name: f"value of {name}" for name in document_types()[kind].fields if name not in told}
    if kind in ("business-household-certificate", "driving-licence"):
        own["number"] = "093194243110"
    said = " ".join(elements(component_of(kind, **own)).values())
    assert not [value for value in own.values() if value in said]
