"""What is planted in generated dossiers is found, and nothing else fails, when every paper is read right."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.as_read import case_as_read, page_texts
from bench.found import Judged, false_blocks, found, masked, unknown_blocks
from bench.planted import BIRTH, clean_dossiers, judged_dry
from samples.all_faults import FAULTS, NOT_ON_PAPER
from samples.bundles import BUNDLES, filed, good_bundle
from samples.dossier import Dossier, Order
from samples.faults import faulty_dossier
from validators.engine import judge
from validators.registry import rules


def judged(name: str, seed: int) -> Judged:
    dossier = faulty_dossier(name, Order(Random(f"{name}/{seed}"), 7, "office", dry=True))
    return next(judged_dry([(name, dossier)]))


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_rules_and_no_other_that_blocks(name: str) -> None:
    entry = FAULTS[name]
    for seed in range(3):
        one = judged(name, seed)
        wanted = "UNKNOWN" if entry.person else "FAIL"
        assert {rule: found(one.findings, rule) for rule in entry.reasons} == dict.fromkeys(
            entry.reasons, wanted
        )
        assert false_blocks(one, (*entry.reasons, *entry.also)) == []
        assert one.state == entry.state


def test_each_rule_is_planted_or_has_a_reason_why_paper_cannot_show_it() -> None:
    planted = {rule for entry in FAULTS.values() for rule in entry.reasons}
    assert planted.isdisjoint(NOT_ON_PAPER)
    assert planted | set(NOT_ON_PAPER) == {rule.id for rule in rules()}


def test_faultless_dossiers_of_every_procedure_are_checked() -> None:
    made = list(judged_dry(clean_dossiers("test", 48, "office", dry=True)))
    assert {one.kind for one in made} == {*BUNDLES, BIRTH}
    for one in made:
        assert (one.kind, one.state, unknown_blocks(one.findings)) == (one.kind, "checked", set())
        assert false_blocks(one, ()) == []


def _shape(dossier: Dossier) -> list[tuple[object, ...]]:
    return [
        (file.name, file.told, [(p["type"], p["fields"], p["pages"]) for p in file.papers])
        for file in dossier.files
    ]


@pytest.mark.parametrize("name", ["permanent-residence", "licence"])
def test_a_dry_dossier_is_the_one_that_would_be_scanned(name: str) -> None:
    order = Order(Random(name), 7, "clean", dpi=50)
    scanned = filed(BUNDLES[name](order))
    dry = filed(BUNDLES[name](replace(order, rng=Random(name), dry=True)))
    assert _shape(dry) == _shape(scanned)


def test_the_pages_of_a_planted_gap_are_those_that_were_printed() -> None:
    order = Order(Random("gap"), 7, "clean", frugal=True, dpi=50)
    scanned = faulty_dossier("page-missing", order)
    dry = faulty_dossier("page-missing", replace(order, rng=Random("gap"), dry=True))
    assert _shape(dry)[-1] == _shape(scanned)[-1]
    [decision] = [c for c in case_as_read(dry).components if c.type == "decision"]
    assert [text[-9:] for text in decision.text.split("\f")] == ["Trang 1/3", "Trang 3/3"]


def test_text_as_printed_has_no_markup_nor_drawings() -> None:
    bundle = BUNDLES["death"](Order(Random("text"), 7, "office", dry=True))
    [text] = page_texts(bundle.papers["Trích lục khai tử"])
    assert "TRÍCH LỤC KHAI TỬ" in text
    assert bundle.people["dead"].personal_id in text
    assert not set("<>{}") & set(text)


def test_a_value_is_shown_only_where_it_was_misread() -> None:
    assert masked("093195004327", "093195004321") == ("•••••••••••7", "•••••••••••1")


def test_a_rule_that_failed_unplanted_names_the_value_and_its_truth() -> None:
    dossier = good_bundle("death", Order(Random("row"), 7, "office", dry=True))
    case = case_as_read(dossier)
    [extract] = [c for c in case.components if c.type == "death-extract"]
    field = extract.field("full_name")
    assert field is not None
    misread = field.model_copy(update={"value": "Nguyễn Văn A", "box": (1.0, 2.0, 3.0, 4.0)})
    fields = tuple(misread if f.name == "full_name" else f for f in extract.fields)
    components = tuple(
        extract.model_copy(update={"fields": fields}) if c.id == extract.id else c for c in case.components
    )
    [one] = judged_dry([("death", dossier)])
    findings = judge(replace(case, components=components))
    [row] = false_blocks(replace(one, components=components, findings=findings), ())
    assert (row.rule, row.type, row.field) == ("S18", "death-extract", "full_name")
    assert row.read != row.true
