"""What the intake takes, what it lets wait and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.artifacts import progress, sweep_page
from flows.desk import FIRST_PAUSE, LONGEST_PAUSE, Arrival, Desk, arrival
from storage.inbox.objects import Drop, Dropped
from storage.inbox.reasons import Reason

NOW = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def arrived(code: str, *, age_s: float = 10, version: str = "1", waiting: Reason | None = None) -> Arrival:
    dropped = Dropped(
        name="Giấy khai sinh.pdf",
        key=f"H13.96.31/{code}/Giấy khai sinh.pdf",
        version_id=version,
        etag="e",
        size=1,
        last_modified=NOW - timedelta(seconds=age_s),
        is_latest=True,
    )
    return arrival(
        Drop("H13.96.31", code, (dropped,), (), (), None, None, (), (), dropped.last_modified, waiting)
    )


def test_the_longest_waiting_comes_first() -> None:
    desk = Desk("run")
    ready = desk.look([arrived("young", age_s=1), arrived("old", age_s=100)], NOW)
    assert [found.code for found in ready] == ["old", "young"]


def test_what_is_not_ready_waits_and_says_why_without_names() -> None:
    desk = Desk("run")
    missing = Reason("files-missing", "1 files are not there", "Đang chờ tệp: Giấy khai sinh.pdf")
    assert desk.look([arrived("a", waiting=missing)], NOW) == []
    [waiting] = desk.status().waiting
    assert waiting.why == "files missing"
    assert "Giấy" not in sweep_page(desk.status())


def test_a_failed_dossier_is_tried_again_after_pauses_that_grow() -> None:
    desk, drop = Desk("run"), arrived("a")
    moment, pauses = NOW, []
    for _ in range(8):
        assert desk.look([drop], moment) == [drop]
        desk.take(drop, moment)
        trouble = desk.fail(drop, "store-away", moment)
        assert desk.look([drop], trouble.until - timedelta(seconds=1)) == []
        pauses.append(trouble.until - moment)
        moment = trouble.until
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=4), timedelta(hours=12)])
def test_a_clock_that_was_ahead_when_a_run_failed_makes_nobody_wait_for_it(wrong_by: timedelta) -> None:
    desk, drop = Desk("run"), arrived("a")
    desk.take(drop, NOW + wrong_by)
    desk.fail(drop, "store-error", NOW + wrong_by)
    assert desk.look([drop], NOW) == [drop]


def test_something_dropped_since_the_failure_is_tried_at_once() -> None:
    desk = Desk("run")
    desk.take(arrived("a"), NOW)
    desk.fail(arrived("a"), "unexpected", NOW)
    assert desk.look([arrived("a")], NOW) == []
    assert desk.look([arrived("a", version="2")], NOW) != []


def test_a_failing_dossier_does_not_hold_up_the_others() -> None:
    desk = Desk("run")
    desk.take(arrived("bad"), NOW)
    desk.fail(arrived("bad"), "unexpected", NOW)
    assert [found.code for found in desk.look([arrived("bad"), arrived("good")], NOW)] == ["good"]


def test_what_is_in_hand_is_not_taken_again() -> None:
    desk, drop = Desk("run"), arrived("a")
    desk.take(drop, NOW)
    assert desk.look([drop], NOW) == []
    desk.put_back(drop)
    assert desk.look([drop], NOW) == [drop]


def test_idle_means_that_nothing_runs_and_nothing_will_soon() -> None:
    desk, drop = Desk("run"), arrived("a")
    assert desk.status().idle
    desk.look([drop], NOW)
    assert not desk.status().idle
    desk.take(drop, NOW)
    assert not desk.status().idle
    desk.fail(drop, "unexpected", NOW)
    desk.look([drop], NOW)
    assert desk.status().idle  # it waits out a pause


def test_progress_counts_what_ended_of_what_was_seen() -> None:
    desk = Desk("run")
    assert progress(desk.status()) == 100.0
    a, b = arrived("a"), arrived("b")
    desk.look([a, b], NOW)
    desk.take(a, NOW)
    desk.end(a, "checked", NOW + timedelta(seconds=4))
    assert progress(desk.status()) == 50.0
    [ended] = desk.status().ended
    assert (ended.state, ended.seconds) == ("checked", 4.0)
