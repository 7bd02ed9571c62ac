"""Compute: what a job used, on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import compute

TOKYO = ZoneInfo("Asia/Tokyo")
ZONES = ["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"]


def job(start: datetime, seconds: int, **facts: object) -> compute.Job:
    given_facts = {"cpus": 2, "nodes": 1, "gpus": ()} | facts
    return compute.Job(
        facility="osaka",
        cluster="osaka",
        job_id=str(given_facts.pop("job_id", "1")),
        submit=given_facts.pop("submit", start),
        start=start,
        end=start + timedelta(seconds=seconds),
        seconds=seconds,
        state="COMPLETED",
        **given_facts,
    )


def test_a_job_across_midnight_counts_on_both_days_and_is_one_job() -> None:
    over_the_month = job(datetime(2026, 4, 30, 14, 30, tzinfo=UTC), 7200, gpus=(("h100", 8),))
    days = compute.day_totals([over_the_month], TOKYO)
    assert [(each.day, each.jobs, each.gpu_s) for each in days] == [
        (date(2026, 4, 30), 1, 1800 * 8),
        (date(2026, 5, 1), 0, 5400 * 8),
    ]


def test_a_job_that_ends_at_midnight_leaves_nothing_on_the_next_day() -> None:
    assert compute.split_by_day(job(datetime(2026, 4, 30, 14, 0, tzinfo=UTC), 3600), TOKYO) == (
        (date(2026, 4, 30), 3600),
    )


def test_a_job_of_no_length_is_a_job_of_its_day() -> None:
    (day,) = compute.day_totals([job(datetime(2026, 5, 1, tzinfo=UTC), 0)], TOKYO)
    assert (day.jobs, day.cpu_s) == (1, 0)


@pytest.mark.parametrize(
    ("start", "hours"), [(datetime(2026, 3, 8, 5, tzinfo=UTC), 23), (datetime(2026, 11, 1, 4, tzinfo=UTC), 25)]
)
def test_a_day_of_23_or_25_hours_is_cut_where_it_ends(start: datetime, hours: int) -> None:
    pieces = compute.split_by_day(job(start, 30 * 3600), ZoneInfo("America/New_York"))
    assert pieces == ((start.date(), hours * 3600), (start.date() + timedelta(days=1), (30 - hours) * 3600))


def test_a_calendar_day_that_a_place_skipped_gets_nothing() -> None:
    pieces = compute.split_by_day(job(datetime(2011, 12, 30, 9, tzinfo=UTC), 7200), ZoneInfo("Pacific/Apia"))
    assert pieces == ((date(2011, 12, 29), 3600), (date(2011, 12, 31), 3600))


@given(
    start=st.integers(1_262_304_000, 1_893_456_000),
    seconds=st.integers(0, 40 * 86400),
    zone=st.sampled_from(ZONES),
)
def test_the_pieces_make_the_whole_in_every_zone(start: int, seconds: int, zone: str) -> None:
    pieces = compute.split_by_day(job(datetime.fromtimestamp(start, UTC), seconds), ZoneInfo(zone))
    assert sum(length for _, length in pieces) == seconds
    assert [day for day, _ in pieces] == sorted({day for day, _ in pieces})


def test_gpus_of_two_types_each_stand_under_their_own_and_the_job_under_the_greater() -> None:
    mixed = job(datetime(2026, 5, 1, tzinfo=UTC), 60, gpus=(("b200", 6), ("h100", 2)), nodes=1, cpus=10)
    b200, h100 = compute.day_totals([mixed], TOKYO)
    assert (b200.jobs, b200.cpu_s, b200.node_s, b200.gpu_s) == (1, 600, 60, 360)
    assert (h100.jobs, h100.cpu_s, h100.node_s, h100.gpu_s) == (0, 0, 0, 120)


def test_a_job_without_gpu_stands_under_cpu() -> None:
    (day,) = compute.day_totals([job(datetime(2026, 5, 1, tzinfo=UTC), 60)], TOKYO)
    assert (day.accelerator, day.gpu_s) == (compute.CPU_ONLY, 0)


def test_requeues_submits_and_clusters_are_told_apart_where_both_lines_state_them() -> None:
    start, earlier = datetime(2026, 5, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    seen = compute.Repeats(unnamed="osaka")
    lines = [
        ("1", start, "a", earlier, None), ("1", start, "b", earlier, None), ("1", start, "a", start, None),
        ("1", earlier, "a", earlier, None), ("2", start, "a", earlier, None),
        ("1", start, "a", earlier, 1), ("1", start, "b", None, 2), ("1", start, "osaka", start, 3),
        ("1", start, "osaka", None, 1), ("2", start, "osaka", None, 5), ("3", start, "osaka", None, None),
        ("3", start, "a", earlier, 11),
    ]  # fmt: skip
    for number, (*said, expected) in enumerate(lines, 1):
        assert seen.first_of(number, *said) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(42_364_758, "11767.988333"), (4_841_527, "1344.868611"), (1_824_886, "506.912778"), (0, "0.000000")],
)
def test_hours_read_as_the_peer_prints_them(seconds: int, text: str) -> None:
    assert compute.hours_text(seconds) == text
