"""The examples that ship with the rules: each says what it claims, every rule has them, and no other rule falls."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import ConfigurationError, SourceAway
from dossier.model import Verdict
from dossier.sources import AgencyCertificate, KnownPerson, StatusEvent, Verification
from validators.engine import judge
from validators.examples.dossier import DossierSpec
from validators.examples.loading import (
    DOSSIERS,
    FOLDER,
    VERDICTS,
    Example,
    RuleExamples,
    base_dossiers,
    examples_of,
    read_examples,
)
from validators.examples.papers import hash_of
from validators.examples.running import explain, show
from validators.registry import rules
from validators.sources import Sources
from validators.verdict import state

BOOK = {rule.id: rule for rule in rules()}
FILES = sorted(FOLDER.glob("*.yaml"))
EXAMPLES = [
    pytest.param(path.stem, example, id=f"{path.stem}-{number}-{example.verdict}")
    for path in FILES
    for number, example in enumerate(read_examples(path).examples, 1)
]
DOSSIER = """
tên: Hồ sơ
mã hồ sơ: h1
hôm nay: "2026-11-24"
giấy:
  giay: {loại: driving-licence, trường: {full_name: {giá trị: Đỗ Thanh Tùng, nguồn: {qr: Đỗ Thanh Tùng}}}}
"""


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_says_what_it_claims(rule: str, example: Example) -> None:
    said = show(BOOK[rule], example)
    assert not [f for f in said.findings if "lỗi của phần mềm" in f.reason]
    assert said.verdict == example.verdict, [f"{f.verdict} {f.severity} {f.reason}" for f in said.findings]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_where_one_rule_fails_no_other_grave_one_does(rule: str, example: Example) -> None:
    failed = {f.rule for f in judge(example.dossier.case()) if (f.severity, f.verdict) == ("BLOCK", "FAIL")}
    others = failed - {rule} if example.verdict == "FAIL" else set(example.also)
    assert others == set(example.also)


@pytest.mark.parametrize("rule", BOOK)
def test_every_rule_has_an_example_of_each_verdict_or_says_why_not(rule: str) -> None:
    found = examples_of(rule)
    assert found is not None, f"write validators/examples/{rule}.yaml (docs/add-a-rule.md)"
    shown = {example.verdict for example in found.examples}
    assert shown | set(found.cannot) == set(VERDICTS.values())
    assert not shown & set(found.cannot)
    assert all(
        len(why) >= 20
        for why in (*found.cannot.values(), *(w for e in found.examples for w in e.also.values()))
    )


def test_there_are_no_examples_of_rules_that_are_gone() -> None:
    assert {path.stem for path in FILES} <= set(BOOK)


@pytest.mark.parametrize("dossier", base_dossiers().values(), ids=base_dossiers())
def test_nothing_is_wrong_with_the_dossiers_that_examples_change(dossier: DossierSpec) -> None:
    case = dossier.case()
    findings = judge(case)
    assert [f for f in findings if f.verdict == "FAIL"] == []
    assert state(findings, case.components, case.refused, case.document_types) == "checked"


def test_an_explanation_carries_the_rule_s_own_words() -> None:
    explained = explain(BOOK["D08"])
    told: dict[Verdict | None, str] = {one.verdict: one.findings[0].reason for one in explained.shown}
    assert "ngày bằng chữ khác ngày bằng số" in told["FAIL"]
    assert "Giấy khai sinh (trang 1)" in told["FAIL"]
    assert set(told) == set(VERDICTS.values())


def written(folder, example: str) -> RuleExamples:
    (folder / "bases").mkdir(exist_ok=True)
    (folder / "bases" / "h.yaml").write_text(DOSSIER, encoding="utf-8")
    path = folder / "S08.yaml"
    told = f"kết luận: Đạt, tình huống: Một câu dài hơn hai mươi chữ, {example}"
    path.write_text(f"quy tắc: S08\nví dụ:\n  - {{{told}}}\n", encoding="utf-8")
    return read_examples(path, folder / "bases")


def test_a_new_value_has_its_own_readers_and_an_old_one_keeps_them(tmp_path) -> None:
    def by(example: str) -> list[tuple[str, str]]:
        (one,) = written(
            tmp_path, f"hồ sơ mẫu: h, thay đổi: {{giấy: {{giay: {{trường: {{{example}}}}}}}}}"
        ).examples
        (paper,) = one.dossier.case().components
        return [(w.by, w.value) for w in paper.field("full_name").witnesses]

    assert by("full_name: {tin cậy: 0.5}") == [("qr", "Đỗ Thanh Tùng")]
    assert by("full_name: Lê Văn Tám") == [("tesseract", "Lê Văn Tám"), ("aster", "Lê Văn Tám")]
    assert by("full_name: {giá trị: Lê Văn Tám}") == [("tesseract", "Lê Văn Tám"), ("aster", "Lê Văn Tám")]


def sources_of(folder, told: str) -> Sources:
    (one,) = written(folder, f"hồ sơ mẫu: h, thay đổi: {{nguồn ngoài: {{{told}}}}}").examples
    return one.dossier.case().sources


def test_a_source_is_connected_where_an_example_speaks_of_it(tmp_path) -> None:
    assert list(sources_of(tmp_path, "").connected()) == []
    every = (
        "dữ liệu dân cư: {}, sổ xác minh: [], hệ thống nhận có kết quả ngày: '', danh mục dùng chung: {}, "
        "chứng thư cơ quan: {}, ngành kinh doanh: {}, kho lưu trữ: '', bị trả lại từ ngày: ''"
    )
    empty = sources_of(tmp_path, every)
    assert len(list(empty.connected())) == 8
    assert empty.population_database is not None
    assert empty.population_database.person("093195004321") is None
    assert empty.upstream is not None
    assert empty.upstream.arrived_on("h1") is None
    assert empty.archive is not None
    assert empty.archive.holding("h1") is None


def test_a_source_of_an_example_answers_what_is_written_or_is_away(tmp_path) -> None:
    told = (
        "dữ liệu dân cư: {'1': {họ tên: Lê Văn Tám, sự kiện: [{việc: khai tử, ngày: '2026-11-05'}]}}, "
        "sổ xác minh: [{về: cư trú, ngày: '2026-06-01'}], chứng thư cơ quan: {a: {cơ quan: Sở A}}, "
        "kho lưu trữ: không trả lời"
    )
    sources = sources_of(tmp_path, told)
    assert sources.population_database is not None
    assert sources.verification_log is not None
    assert sources.agency_certificates is not None
    assert sources.archive is not None
    assert sources.population_database.person("1") == KnownPerson(
        "Lê Văn Tám", events=(StatusEvent("death", date(2026, 11, 5)),)
    )
    assert sources.verification_log.of("h1") == (Verification("residence", date(2026, 6, 1), "tra cứu"),)
    assert sources.agency_certificates.holder(hash_of("a")) == AgencyCertificate("Sở A")
    with pytest.raises(SourceAway):
        sources.archive.holding("h1")


@pytest.mark.parametrize(
    "wrong",
    [
        "hồ sơ mẫu: khong-co",
        "hồ sơ mẫu: ../h",
        "hồ sơ mẫu: h, thay đổi: {bỏ giấy: [khac]}",
        "hồ sơ mẫu: h, thay đổi: {giấy: {giay: {bỏ trường: [khac]}}}",
        "hồ sơ mẫu: h, thay đổi: {giấy: {giay: {mau: xanh}}}",
        "hồ sơ mẫu: h, thay đổi: {hôm nay: mai}",
        "hồ sơ mẫu: h, thay đổi: {nguồn ngoài: {báo: {}}}",
        "hồ sơ mẫu: h, thay đổi: {nguồn ngoài: {kho lưu trữ: đóng cửa}}",
        "hồ sơ mẫu: h, thay đổi: {nguồn ngoài: {sổ xác minh: [{về: nhà, ngày: '2026-06-01'}]}}",
        "hồ sơ mẫu: h, mức: RẤT",
        "hồ sơ mẫu: h, thay đổi: khác",
    ],
)
def test_a_wrong_example_is_refused_by_the_name_of_its_file(tmp_path, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="S08"):
        written(tmp_path, wrong)


ANYTHING = st.recursive(
    st.text(max_size=6) | st.sampled_from(["giấy", "trường", "khai-sinh", "Đạt"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["giấy", "trường", "bỏ giấy", "bỏ trường", "the-can-cuoc", "personal_id", "hôm nay", "nguồn"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(ANYTHING)
def test_any_change_is_a_dossier_or_a_named_error(tmp_path_factory, change) -> None:
    import yaml

    path = tmp_path_factory.mktemp("any") / "S08.yaml"
    example = {"kết luận": "Đạt", "tình huống": "Một câu dài hơn hai mươi chữ", "thay đổi": change}
    path.write_text(
        yaml.safe_dump({"quy tắc": "S08", "ví dụ": [example]}, allow_unicode=True), encoding="utf-8"
    )
    try:
        found = read_examples(path, DOSSIERS)
    except ConfigurationError:
        return
    assert isinstance(found, RuleExamples)
