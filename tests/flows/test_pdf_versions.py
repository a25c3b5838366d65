"""What inspection knows of a PDF reaches the rules, on the first judging and on every later one."""

from __future__ import annotations

from datetime import UTC, datetime

from dossier.drop import Manifest
from dossier.evidence import Evidence, evidence_of
from dossier.record import DroppedFile, Record
from flows.standing import Standing, case_of, judge_again, record_of
from validators.engine import judge

SHA = "a" * 64
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def judged() -> tuple[Record, Evidence]:
    standing = Standing(
        dossier="H13.96.31-261120-0001",
        office=None,
        manifest=Manifest(dossier="H13.96.31-261120-0001"),
        components=(),
        refused=(),
        files=(DroppedFile(name="a.pdf", sha256=SHA),),
        received_at=NOW,
        pdf_versions={SHA: "1.3"},
    )
    case = case_of(standing)
    times = {"received": NOW, "started": NOW, "made": NOW}
    record = record_of(standing, case, judge(case), version=1, engines={}, times=times)
    return record, evidence_of(record.components, (), standing.pdf_versions)


def s13(record: Record) -> list[tuple[str, str]]:
    return [(finding.verdict, finding.reason) for finding in record.findings if finding.rule == "S13"]


def test_a_rule_keeps_its_word_on_a_pdf_when_the_dossier_is_judged_again() -> None:
    record, evidence = judged()
    assert [verdict for verdict, _ in s13(record)] == ["FAIL"]
    kept = Evidence.model_validate_json(evidence.to_json())
    assert s13(judge_again(record, kept, now=NOW)) == s13(record)
    assert s13(judge_again(record, None, now=NOW)) == s13(record)
