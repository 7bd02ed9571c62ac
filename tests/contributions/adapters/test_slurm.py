"""Slurm accounting: figures as Open XDMoD has them, and every bad line named."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.adapters import slurm, slurm_columns
from contributions.adapters.slurm_findings import ColumnsMissing
from contributions.core import compute
from contributions.core.compute import Job
from contributions.core.imports import Rejected

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
HEADER = "JobID|Submit|Start|End|Elapsed|State|NNodes|NCPUS|AllocTRES"
GOOD = {
    "JobID": "7",
    "Submit": "2026-05-01T08:00:00",
    "Start": "2026-05-01T09:00:00",
    "End": "2026-05-01T10:00:00",
    "Elapsed": "01:00:00",
    "State": "COMPLETED",
    "NNodes": "1",
    "NCPUS": "96",
    "AllocTRES": "cpu=96,gres/gpu=8,gres/gpu:h100=8,node=1",
}
DEMO = Path(__file__).resolve().parents[3] / "demo" / "compute"


def line(**changes: str) -> str:
    return "|".join((GOOD | changes)[name] for name in HEADER.split("|"))


def read(*lines: str | bytes, zone: ZoneInfo = TOKYO, **site: object) -> list[Job | Rejected]:
    content = b"\n".join(each if isinstance(each, bytes) else each.encode() for each in lines)
    return list(slurm.read(io.BytesIO(content), slurm.Site("osaka", zone, "a100", **site)))


def one(**changes: str) -> Job:
    (job,) = read(HEADER, line(**changes))
    assert isinstance(job, Job), job.finding.text("en")
    return job


def code(*lines: str | bytes, **site: object) -> tuple[str, str]:
    rows = [row for row in read(*lines, **site) if isinstance(row, Rejected)]
    assert len(rows) == 1
    finding = rows[0].finding
    assert finding.text("ja") and finding.text("en")
    return finding.field, finding.code


@pytest.mark.parametrize("zone", [TOKYO, NEW_YORK, ZoneInfo("UTC")])
def test_the_real_log_gives_the_figures_of_xdmod(real_data: Path, zone: ZoneInfo) -> None:
    with (real_data / "slurm" / "phillips.log").open("rb") as stream:
        jobs = list(slurm.read(stream, slurm.Site("f", zone, "v100")))
    totals = compute.totals(compute.day_totals(jobs, zone))
    assert (totals.jobs, totals.cpu_hours) == (4285, "11767.988333")
    assert (totals.node_hours, totals.gpu_hours) == ("1344.868611", "506.912778")


def test_array_lines_with_empty_tres_count_once_each(real_data: Path) -> None:
    with (real_data / "slurm" / "job_arrays.log").open("rb") as stream:
        jobs = list(slurm.read(stream, slurm.Site("f", TOKYO, "v100")))
    assert [job.job_id for job in jobs][:2] == ["4103947_100", "4103947_[1-3]"]
    assert {(job.cpus, job.nodes, job.gpus, job.seconds) for job in jobs} == {(256, 32, (), 3 * 86400)}


def test_the_demo_logs_of_real_companies_have_no_finding_and_the_invented_members_has_six() -> None:
    for path in sorted(DEMO.glob("*.log")):
        with path.open("rb") as stream:
            rows = list(slurm.read(stream, slurm.Site(path.stem.split("-")[1], TOKYO, "h100")))
        assert len(rows) > 40
        assert sum(isinstance(row, Rejected) for row in rows) == (6 if path.name.startswith("minato") else 0)


def test_columns_may_come_in_any_order_and_a_joined_export_may_change_it() -> None:
    other = ["State", "AllocTRES", "JobID", "End", "Elapsed", "Start", "NCPUS", "NNodes", "Submit"]
    turned = "|".join((GOOD | {"JobID": "8"})[name] for name in other)
    first, second = read("\ufeff" + HEADER, line(), "", "|".join(other) + "\r", turned + "\r")
    assert (first.job_id, second.job_id) == ("7", "8")
    assert (first.seconds, first.gpus, first.start) == (second.seconds, second.gpus, second.start)


def test_a_header_that_lacks_what_is_needed_refuses_the_file_by_name() -> None:
    with pytest.raises(ColumnsMissing, match="elapsed、state"):
        read("JobID|Start|End|AllocTRES", "1|2|3|4")
    with pytest.raises(ColumnsMissing, match="alloctres"):
        read("JobID|Start|End|Elapsed|State|NCPUS", "")


@pytest.mark.parametrize(
    ("tres", "gpus"),
    [
        ("cpu=96,gres/gpu=8,node=1", (("a100", 8),)),
        ("cpu=96,gres/gpu=8,gres/gpu:h100=8,node=1", (("h100", 8),)),
        ("gres/gpu:h100=2,gres/gpu:B200=6", (("b200", 6), ("h100", 2))),
        ("gres/gpumem=80G,gres/gpuutil=3,cpu=96", ()),
        ("gres/gpu=0", ()),
        ("", ()),
    ],
)
def test_gpus_are_typed_or_the_default_and_never_both(tres: str, gpus: tuple[tuple[str, int], ...]) -> None:
    assert one(AllocTRES=tres).gpus == gpus


def test_steps_are_passed_over_and_counted_not_found_at_fault() -> None:
    tally = slurm.Tally()
    lines = [HEADER, line(), line(JobID="7.batch"), line(JobID="7.0"), line(JobID="7.extern", State="RUNNING")]
    rows = list(slurm.read(io.BytesIO("\n".join(lines).encode()), slurm.Site("f", TOKYO, "a100"), tally))
    assert len(rows) == 1
    assert (tally.lines, tally.jobs, tally.steps, tally.rejected) == (5, 1, 3, 0)


def test_a_requeued_job_is_another_job_and_the_same_line_again_is_a_finding() -> None:
    again = line(Start="2026-05-01T11:00:00", End="2026-05-01T12:00:00")
    rows = read(HEADER, line(State="REQUEUED"), again, line())
    assert [type(row) for row in rows] == [Job, Job, Rejected]
    assert rows[2].finding.facts == {"value": "7", "first": 2}


def test_a_job_cancelled_before_it_started_used_nothing_on_the_day_it_ended() -> None:
    job = one(State="CANCELLED by 12", Start="None", Elapsed="00:00:00")
    assert (job.seconds, job.end) == (0, datetime(2026, 5, 1, 1, tzinfo=UTC))


def test_suspension_makes_elapsed_shorter_and_elapsed_is_what_counts() -> None:
    assert one(Elapsed="00:40:00").seconds == 2400


@pytest.mark.parametrize(("text", "seconds"), [("10-13:27:06", 912426), ("00:05", 5), ("36:00:00", 129600)])
def test_elapsed_is_read_with_and_without_days(text: str, seconds: int) -> None:
    assert one(Elapsed=text, End="2026-05-21T10:00:00").seconds == seconds


def test_where_the_clock_is_set_back_elapsed_tells_which_of_two_times_is_meant() -> None:
    row = line(Start="2026-11-01T00:30:00", End="2026-11-01T01:30:00", Elapsed="02:00:00")
    (job,) = read(HEADER, row, zone=NEW_YORK)
    assert job.end == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert compute.split_by_day(job, NEW_YORK) == ((date(2026, 11, 1), 7200),)


def test_a_job_name_with_the_separator_in_the_last_column_moves_no_figure() -> None:
    header = HEADER + "|JobName"
    (job,) = read(header, line() + "|train | eval")
    assert job.cpus == 96
    assert isinstance(read(HEADER + "|", line() + "|")[0], Job)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"JobID": "abc"}, ("jobid", "job-id")),
        ({"JobID": ""}, ("jobid", "job-id")),
        ({"JobID": "7_[1-3"}, ("jobid", "job-id")),
        ({"State": "RUNNING", "End": "Unknown"}, ("state", "not-ended")),
        ({"State": "PENDING", "Start": "Unknown", "End": "Unknown", "Elapsed": "00:00:00"}, ("state", "not-ended")),
        ({"End": "Unknown"}, ("state", "not-ended")),
        ({"State": "DANCING"}, ("state", "state")),
        ({"Elapsed": "1 hour"}, ("elapsed", "elapsed")),
        ({"Elapsed": "00:75:00"}, ("elapsed", "elapsed")),
        ({"Elapsed": "-01:00:00"}, ("elapsed", "elapsed")),
        ({"Elapsed": "1-25:00:00"}, ("elapsed", "elapsed")),
        ({"Elapsed": "02:00:00"}, ("elapsed", "elapsed-too-long")),
        ({"Start": "None"}, ("start", "no-start")),
        ({"End": "2026-05-01T08:30:00"}, ("end", "end-before-start")),
        ({"End": "2026-02-30T10:00:00"}, ("end", "date")),
        ({"Submit": "yesterday"}, ("submit", "date")),
        ({"Start": "0000-05-01T09:00:00"}, ("start", "date")),
        ({"Start": "２０２６-05-01T09:00:00"}, ("start", "date")),
        ({"NCPUS": "-96"}, ("ncpus", "count")),
        ({"NCPUS": "9.5"}, ("ncpus", "count")),
        ({"NCPUS": "９６"}, ("ncpus", "count")),
        ({"NNodes": "99999999999999999999"}, ("nnodes", "count")),
        ({"NCPUS": "999999999999999999"}, ("ncpus", "too-much")),
        ({"AllocTRES": "gres/gpu=many"}, ("alloctres", "count")),
        ({"AllocTRES": "gres/gpu"}, ("alloctres", "tres")),
        ({"AllocTRES": "gres/gpu:=4"}, ("alloctres", "gpu-type")),
        ({"AllocTRES": "gres/gpu:cpu=4"}, ("alloctres", "gpu-type")),
        ({"AllocTRES": f"gres/gpu:{'x' * 33}=4"}, ("alloctres", "gpu-type")),
        ({"AllocTRES": "gres/gpu:<b>=4"}, ("alloctres", "gpu-type")),
        ({"JobID": "７"}, ("jobid", "job-id")),
        ({"JobID": "7_１"}, ("jobid", "job-id")),
        ({"Elapsed": "０1:00:00"}, ("elapsed", "elapsed")),
        ({"AllocTRES": "gres/gpu=1,gres/gpu=2"}, ("alloctres", "tres")),
        ({"NCPUS": "0", "NNodes": "0", "AllocTRES": ""}, ("ncpus", "nothing-allocated")),
    ],
)
def test_a_bad_line_is_held_back_naming_field_and_reason(changes: dict[str, str], expected: tuple[str, str]) -> None:
    assert code(HEADER, line(JobID="6"), line(**changes)) == expected


def every(**changes: str) -> list[tuple[str, str]]:
    """Every fault of one line, as it is told."""
    (refused,) = read(HEADER, line(**changes))
    assert isinstance(refused, Rejected)
    assert all(finding.line == 2 and finding.text("ja") and finding.text("en") for finding in refused.findings)
    return [(finding.field, finding.code) for finding in refused.findings]


def test_a_refused_line_tells_every_field_that_is_at_fault() -> None:
    assert every(JobID="x", Elapsed="1 hour", Start="2026-02-30T10:00:00", End="soon", NCPUS="-1", NNodes="many",
                 AllocTRES="gres/gpu") == [
        ("jobid", "job-id"), ("elapsed", "elapsed"), ("start", "date"), ("end", "date"), ("alloctres", "tres"),
        ("ncpus", "count"), ("nnodes", "count"),
    ]  # fmt: skip
    assert every(State="DANCING", Submit="yesterday", NCPUS="999999999999999999") == [
        ("state", "state"), ("submit", "date"), ("ncpus", "too-much"),
    ]  # fmt: skip
    assert every(JobID="x", End="2026-05-01T08:30:00") == [("jobid", "job-id"), ("end", "end-before-start")]


def test_what_has_not_ended_is_only_that() -> None:
    """A later export brings it whole, and what it prints of an end or of amounts is not yet so."""
    assert every(State="RUNNING", End="Unknown", NCPUS="", NNodes="", AllocTRES="") == [("state", "not-ended")]
    assert every(JobID="x", State="PENDING", Start="Unknown", End="Unknown") == [
        ("jobid", "job-id"), ("state", "not-ended"),
    ]  # fmt: skip


@given(st.fixed_dictionaries({}, optional={
    "JobID": st.sampled_from(["x", "7"]), "State": st.sampled_from(["DANCING", "RUNNING", "FAILED"]),
    "Elapsed": st.sampled_from(["1 hour", "99:00:00"]), "Submit": st.sampled_from(["x", "Unknown"]),
    "Start": st.sampled_from(["Unknown", "x", "2026-03-08T02:30:00"]), "End": st.sampled_from(["Unknown", "x"]),
    "NCPUS": st.sampled_from(["x", "0", ""]), "NNodes": st.sampled_from(["x", "0"]),
    "AllocTRES": st.sampled_from(["", "gres/gpu", "cpu=x"]),
}))  # fmt: skip
def test_the_first_fault_told_is_the_one_that_refused_the_line(changes: dict[str, str]) -> None:
    row = line(**changes)
    fields = slurm._fields(row.encode(), slurm_columns.header(HEADER.encode()))
    site = slurm.Site("osaka", NEW_YORK, "h100")
    first, told = None, slurm._Refused(fields, site).faults
    try:
        slurm._job(2, fields, site)
    except slurm.found.Fault as fault:
        first = (fault.field, fault.code, fault.facts)
    assert first == next(((fault.field, fault.code, fault.facts) for fault in told), None)
    assert len({fault.field for fault in told}) == len(told)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"7|2026-05-01T08:00:00", ("line", "columns")),
        (line().encode() + b"|more|and more", ("line", "columns")),
        (line().encode().replace(b"COMPLETED", b"COMPL\xffTED"), ("line", "not-utf-8")),
        (line().encode().replace(b"COMPLETED", b"COMPL\x00TED"), ("line", "nul")),
        (b"x" * (slurm.LINE_MAX + 5), ("line", "line-too-long")),
    ],
)
def test_a_damaged_line_is_kept_whole_and_the_next_is_read(raw: bytes, expected: tuple[str, str]) -> None:
    bad, good = read(HEADER, raw, line())
    assert (bad.finding.field, bad.finding.code, bad.finding.line) == (*expected, 2)
    assert bad.raw.startswith(raw[:100])
    assert isinstance(good, Job) and good.line == 3


def test_a_time_that_the_clock_skipped_is_a_finding_and_so_is_one_in_the_future() -> None:
    assert code(HEADER, line(Start="2026-03-08T02:30:00", End="2026-03-08T04:00:00"), zone=NEW_YORK) == (
        "start",
        "no-such-time",
    )
    assert code(HEADER, line(), not_after=datetime(2026, 5, 1, 0, 59, tzinfo=UTC)) == ("end", "in-the-future")


def test_an_empty_file_has_no_rows() -> None:
    assert read("") == [] == read(HEADER)


@pytest.mark.parametrize(
    ("day", "accelerator"), [("2026-05-01", "a100"), ("2026-05-02", "b200"), ("2026-07-01", "b300")]
)
def test_a_gpu_of_no_type_is_what_the_facility_calls_it_on_the_day_the_job_began(day: str, accelerator: str) -> None:
    later = ((date(2026, 5, 2), "b200"), (date(2026, 7, 1), "b300"))
    times = {"Submit": f"{day}T08:00:00", "Start": f"{day}T23:30:00", "End": f"{day}T23:50:00", "Elapsed": "00:20:00"}
    (job,) = read(HEADER, line(**times, AllocTRES="cpu=96,gres/gpu=8,node=1"), later=later)
    assert job.gpus == ((accelerator, 8),)
