"""Judging: every rule in force on the reception date has its word, and each word is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from dossier.errors import SourceAway
from dossier.record import Finding
from validators.asking import away, not_connected
from validators.case import Case
from validators.registry import ALWAYS, Outcome, Rule, rules

log = logging.getLogger(__name__)


def judge(case: Case, book: Iterable[Rule] | None = None) -> tuple[Finding, ...]:
    """What every rule says of a dossier, PASS included, in the order of the rules. Never raises for a rule.

    book: the rules to hold; all registered ones unless given.
    """
    return tuple(finding for rule in (book or rules()) for finding in _findings(rule, case))


def _findings(rule: Rule, case: Case) -> Iterator[Finding]:
    for outcome in _outcomes(rule, case):
        yield Finding(
            rule=rule.id,
            word=rule.word,
            verdict=outcome.verdict,
            severity=outcome.severity or rule.severity,
            component=outcome.component,
            file=outcome.file,
            page=outcome.page,
            box=outcome.box,
            reason=outcome.reason,
            source=rule.source,
            against=outcome.against,
        )


def _outcomes(rule: Rule, case: Case) -> tuple[Outcome, ...]:
    if rule.since > ALWAYS and case.received_on < rule.since:
        return (Outcome("NOT_APPLICABLE", f"Quy tắc chỉ có hiệu lực từ ngày {rule.since:%d/%m/%Y}."),)
    if rule.needs and rule.needs not in _connected(case):
        return (not_connected(rule.needs, rule.severity, case),)
    try:
        outcomes = tuple(rule.check(case))
    except SourceAway as error:
        log.warning("a source of rule %s is away: %s", rule.id, error.code)
        return (away(rule.needs),)
    except Exception as error:  # noqa: BLE001  (a rule that breaks must neither stop the others nor count as passed)
        # The error's own text may carry values of the dossier: its type is enough to find it by a test.
        log.error("rule %s broke on dossier %s: %s", rule.id, case.dossier, type(error).__name__)
        reason = "Quy tắc gặp lỗi của phần mềm nên chưa kết luận được. Báo quản trị viên kèm mã hồ sơ."
        # A warning that could not be judged might have failed, and a failed one keeps a dossier from being checked.
        return (Outcome("UNKNOWN", reason, severity="INFO" if rule.severity == "INFO" else "BLOCK"),)
    return outcomes or (
        Outcome("NOT_APPLICABLE", "Không có đối tượng thuộc phạm vi của quy tắc trong hồ sơ."),
    )


def _connected(case: Case) -> frozenset[str]:
    return frozenset(case.sources.connected()) | ({"index"} if case.earlier is not None else frozenset())
