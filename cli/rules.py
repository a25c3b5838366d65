"""`sohoa rules`: the rule book, and one rule explained by its examples."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.console import VERDICTS, WORDS, out
from dossier.errors import TerminalError
from dossier.model import Severity, Verdict
from validators.examples.loading import VERDICTS as SAID
from validators.examples.running import Explained, Shown, explain
from validators.registry import rules
from validators.table import row, rules_table

_WORDS = {str(word): title for word, title in WORDS.items()}
_SAID: dict[Verdict, str] = {verdict: told for told, verdict in SAID.items()}
_FAILED: dict[Severity, str] = {
    "BLOCK": "hồ sơ bị trả lại và không ai bỏ qua được: sửa giấy hoặc đọc lại, làm theo lý do của từng trường hợp.",
    "WARN": "hồ sơ bị trả lại cho đến khi sửa, hoặc có người xác nhận kèm lý do.",
    "INFO": "chỉ ghi để biết, không trả hồ sơ.",
}
_STATES = {"working": "đang dùng", "not-connected": "chờ kết nối nguồn ngoài"}


def command(
    rule: Annotated[str | None, typer.Argument(help="explain this rule, such as D08")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="a JSON list; of one rule an object")] = False,
) -> None:
    """List every rule: what it holds, how grave it is, and the text it stands on. With an id: explain that rule."""
    if rule is not None:
        _one(rule, as_json)
        return
    rows = rules_table()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(title="Rules")
    for column in ("id", "word", "severity", "title", "source", "state"):
        table.add_column(column, overflow="fold")
    for entry in rows:
        table.add_row(
            *(entry["id"], _WORDS[entry["word"]], entry["severity"]),
            *(entry["title"], entry["source"], entry["state"]),
        )
    out.print(table)


def _one(id: str, as_json: bool) -> None:
    book = {rule.id: rule for rule in rules()}
    found = book.get(id.strip().upper())
    if found is None:
        raise TerminalError(
            "rule-unknown", f"there is no rule {id[:20]!r}", "Xem mã của các quy tắc bằng lệnh `sohoa rules`."
        )
    explained = explain(found)
    if as_json:
        typer.echo(json.dumps(_as_json(explained), ensure_ascii=False, indent=1))
    else:
        _print(explained)


def _as_json(explained: Explained) -> dict[str, Any]:
    """The row of the rule book, and `examples` [{verdict, story, findings}], `cannot` {verdict: why}."""
    examples = [
        {
            "verdict": shown.example.verdict,
            "story": shown.example.story,
            "findings": [
                {
                    "severity": f.severity,
                    "component": f.component,
                    "file": f.file,
                    "page": f.page,
                    "reason": f.reason,
                }
                for f in shown.findings
            ],
        }
        for shown in explained.shown
    ]
    cannot = dict(explained.examples.cannot) if explained.examples else {}
    return {**row(explained.rule), "examples": examples, "cannot": cannot}


def _print(explained: Explained) -> None:
    told = row(explained.rule)
    out.print(Text(f"{told['id']}  {told['title']}", style="bold"))
    for label, value in (
        ("Yêu cầu", told["reason"]),
        ("Xét trên", told["object"]),
        ("Thuộc", f"{_WORDS[told['word']]}, mức {told['severity']}"),
        ("Không đạt thì", _FAILED[explained.rule.severity]),
        ("Căn cứ", told["source"]),
        ("Từ ngày", f"{explained.rule.since:%d/%m/%Y}"),
        ("Trạng thái", _STATES[told["state"]]),
    ):
        out.print(Padding(Text(f"{label}: {value}"), (0, 0, 0, 2), expand=False))
    for shown in explained.shown:
        _example(shown)
    for verdict, why in (explained.examples.cannot if explained.examples else {}).items():
        out.print(Text(f"\n{_mark(verdict)} {_SAID[verdict]}: không xảy ra. {why}"))
    if not explained.shown:
        out.print("\nQuy tắc này chưa có ví dụ.")


def _example(shown: Shown) -> None:
    verdict = shown.example.verdict
    out.print()
    out.print(
        Text.assemble((_mark(verdict), VERDICTS[verdict][1]), f" {_SAID[verdict]}: {shown.example.story}")
    )
    if shown.findings:
        first = shown.findings[0]
        out.print(Padding(Text(f"→ {_at_severity(shown)}{first.reason}"), (0, 0, 0, 4), expand=False))


def _at_severity(shown: Shown) -> str:
    """At which severity an example's finding stands, said only where it failed or could not be told."""
    first = shown.findings[0]
    return f"{first.severity}: " if first.verdict in ("FAIL", "UNKNOWN") else ""


def _mark(verdict: Verdict) -> str:
    return VERDICTS[verdict][0]
