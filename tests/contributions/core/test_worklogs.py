"""Work logs: summed exactly, and every fault found with its line."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import worklogs
from contributions.core.worklogs import Worked

MAY = date(2026, 5, 1)


def codes(*rows: Worked) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.code) for finding in worklogs.faults(rows, month="2026-05")]


def test_a_log_is_summed_in_minutes() -> None:
    rows = [Worked(2, MAY, 465, "a"), Worked(3, MAY, 15, "b"), Worked(4, date(2026, 5, 2), 450, "a")]
    assert worklogs.summed(rows, month="2026-05") == worklogs.Summed(930, 2, 3)


def test_every_fault_is_found_with_its_line() -> None:
    assert codes(
        Worked(2, date(2026, 6, 1), 60, "a"),
        Worked(3, MAY, 0, "b"),
        Worked(4, MAY, 60, "c", 540, 660),
    ) == [(2, "other-month"), (3, "no-time"), (4, "hours-differ")]


def test_times_that_overlap_are_found_and_times_that_touch_are_not() -> None:
    first, touching, over = Worked(2, MAY, 60, "a", 540, 600), Worked(3, MAY, 60, "a", 600, 660), Worked(
        4, MAY, 60, "b", 630, 690
    )  # fmt: skip
    assert codes(first, touching) == []
    assert codes(first, touching, over) == [(4, "overlap")]


def test_the_same_task_twice_on_a_day_needs_times() -> None:
    assert codes(Worked(2, MAY, 60, "a"), Worked(3, MAY, 60, "a")) == [(3, "repeated-task")]


def test_a_day_has_no_more_than_24_hours() -> None:
    assert codes(Worked(2, MAY, 1440, "a")) == []
    assert codes(Worked(2, MAY, 1440, "a"), Worked(3, MAY, 1, "b")) == [(3, "over-a-day")]


def test_a_log_with_a_fault_is_refused_whole() -> None:
    with pytest.raises(worklogs.LogRefused) as refusal:
        worklogs.summed([Worked(2, MAY, 60, "a"), Worked(3, MAY, 60, "a")], month="2026-05")
    assert refusal.value.findings[0].text("ja").startswith("同じ日・同じ業務の行が 2 行目")
