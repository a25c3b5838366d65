"""A dossier's folder, manifest and truth agree; every registered fault is really in the files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image

from dossier.drop import EXTENSIONS, Manifest, extension
from samples.all_faults import FAULTS
from samples.broken import pixel_bomb
from samples.demo import FAULTY, GOOD
from samples.dossier import Dossier, Order
from samples.faults import faulty_dossier
from samples.good import SHAPES, good_dossier

DEMO = Path(__file__).parents[2] / "samples" / "demo"


def order(seed: str) -> Order:
    return Order(Random(seed), 7, "clean", frugal=True, dpi=72)


@pytest.fixture(scope="module")
def faulty() -> Callable[[str], Dossier]:
    made: dict[str, Dossier] = {}

    def get(name: str) -> Dossier:
        if name not in made:
            made[name] = faulty_dossier(name, order(name))
        return made[name]

    return get


def types(dossier: Dossier) -> list[str]:
    return sorted({paper["type"] for file in dossier.files for paper in file.papers})


@pytest.mark.parametrize("shape", dict.fromkeys(SHAPES))
def test_a_good_dossier_is_written_as_the_inbox_wants_it(shape: str, tmp_path: Path) -> None:
    dossier = good_dossier(order(shape), shape)  # type: ignore[arg-type]
    dossier.write(tmp_path)
    folder = tmp_path / "dossiers" / dossier.code
    manifest = Manifest.parse((folder / "dossier.json").read_bytes())
    truth = json.loads((tmp_path / "truth" / f"{dossier.code}.json").read_text("utf-8"))
    assert manifest.received_at is not None
    assert f"-{manifest.received_at:%y%m%d}-" in manifest.dossier
    assert {f.name for f in manifest.files} == set(truth["files"])
    on_disk = {
        hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "dossier.json"
    }
    assert on_disk == {f.sha256 for f in manifest.files}
    assert truth["state"] == "checked"
    assert types(dossier) == [
        "birth-certificate",
        "birth-notice",
        "birth-registration-form",
        "citizen-id-card",
    ]
    assert not list(folder.glob("*truth*"))


def test_the_same_seed_gives_the_same_bytes() -> None:
    once, again = (good_dossier(order("same"), "usual") for _ in range(2))
    assert [f.data for f in once.files] == [f.data for f in again.files]


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_dossier_says_what_must_be_found(name: str) -> None:
    dossier = faulty_dossier(name, replace(order(name), dry=True))
    assert dossier.state == FAULTS[name].state
    assert dossier.reasons
    assert dossier.fault == name
    assert all(extension(f.name) in EXTENSIONS for f in dossier.files)
    assert len({f.name for f in dossier.files}) == len(dossier.files)
    readable = [f for f in dossier.files if not f.broken]
    assert bool(readable) == (dossier.state != "refused")


@pytest.mark.parametrize(
    "name", ["truncated-pdf", "encrypted-pdf", "empty-file", "wrong-extension", "nothing-readable"]
)
def test_broken_files_do_not_open(name: str, faulty: Callable[[str], Dossier]) -> None:
    broken = [f for f in faulty(name).files if f.broken]
    assert broken
    for file in broken:
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(file.data or b" ")


def test_the_bomb_is_small_and_asks_for_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(pixel_bomb())
    assert path.stat().st_size < 300_000
    with pytest.raises(Image.DecompressionBombError, match="900000000 pixels"):
        Image.open(path)


def test_the_fault_is_in_the_papers(faulty: Callable[[str], Dossier]) -> None:
    def fields(name: str) -> dict[str, dict[str, str]]:
        return {p["type"]: p["fields"] for f in faulty(name).files for p in f.papers}

    named = fields("child-name")
    assert named["birth-registration-form"]["full_name"].upper() != named["birth-certificate"]["full_name"]
    assert "birth-notice" not in fields("missing-notice")
    early = fields("registered-before-birth")["birth-certificate"]
    assert early["registration_date"] < early["date_of_birth"]
    sexed = fields("id-contradicts-sex")["citizen-id-card"]
    assert (int(sexed["personal_id"][3]) % 2 == 1) != (sexed["sex"] == "Nữ")
    twice = [f.data for f in faulty("same-file-twice").files]
    assert len(set(twice)) == len(twice) - 1
    assert "other" in types(faulty("stray-paper"))
    assert "blank" in types(faulty("blank-page"))


def test_the_shipped_set_is_whole_and_small() -> None:
    paths = [p for p in DEMO.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in paths) <= 5_000_000
    assert max(p.stat().st_size for p in paths) < 1_000_000
    truths = [json.loads(p.read_text("utf-8")) for p in sorted((DEMO / "truth").glob("*.json"))]
    assert len(truths) == len(GOOD) + len(FAULTY)
    assert {t["state"] for t in truths} == {"checked", "returned", "refused"}
    for truth in truths:
        folder = DEMO / "dossiers" / truth["dossier"]
        hashes = {
            hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "dossier.json"
        }
        assert hashes == {f["sha256"] for f in truth["files"].values()}
        Manifest.parse((folder / "dossier.json").read_bytes())
