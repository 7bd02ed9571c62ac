"""Bulk reading and reading line by line agree on every row, whatever the file holds."""

from __future__ import annotations

import io
import random
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contributions.adapters import columnar, day_rows, slurm, slurm_bulk
from contributions.adapters.incoming import LinesTooWide
from contributions.adapters.slurm import Site, Tally
from contributions.adapters.slurm_findings import ColumnsMissing, ColumnsTwice
from contributions.core import compute
from contributions.core.compute import Job

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
HEADER = "JobID|Cluster|Submit|Start|End|Elapsed|State|NNodes|NCPUS|AllocTRES|JobName"
USUAL = {
    "JobID": ("7", "8_1", "9_[1-3]", "10+1", "11.batch", "12.0", "x", ""),
    "Cluster": ("osaka", "", "大阪", "a b"),
    "Submit": ("2026-05-01T08:00:00", "Unknown", "", "2026-13-01T00:00:00", "2026-05-01"),
    "Start": ("2026-05-01T09:00:00", "2026-10-31T23:30:00", "2026-11-01T01:30:00", "2026-03-08T02:30:00", "None"),
    "End": ("2026-05-01T10:00:00", "2026-05-03T09:00:00", "2026-11-01T01:45:00", "Unknown", "2027-01-01T00:00:00"),
    "Elapsed": ("01:00:00", "2-00:00:00", "00:00:00", "00:00:01", "36:00:00", "05:30", "9:99", "-1:00:00"),
    "State": ("COMPLETED", "CANCELLED by 12", "COMPLETED+", "RUNNING", "SUSPENDED", "REQUEUED", "done", "timeout"),
    "NNodes": ("1", "", "-1", "99999999999999999999", "1.5"),
    "NCPUS": ("96", "", "0", "4611686018427387904"),
    "AllocTRES": (
        "billing=96,cpu=96,gres/gpu=8,gres/gpu:h100=8,mem=900G,node=1",
        "cpu=96,gres/gpu=4,node=1",
        "gres/gpu:h100=2,gres/gpu:B200=6,energy=17,mem=1T",
        "mem=1G,mem=2G,cpu=1",
        "cpu",
        "gres/gpu=x",
        "",
    ),
    "JobName": ("train", "a|b", "", '"quoted', "見本"),
}


def both(content: bytes, folder: Path, zone: ZoneInfo = TOKYO, **more) -> tuple[list[tuple], list[tuple]]:
    """Jobs and findings by the reader of lines and by the bulk reader, in one form."""
    later = ((date(2026, 3, 30), "b200"), (date(2026, 5, 2), "b300"))
    site = Site("osaka", zone, "a100", not_after=datetime(2026, 12, 1, tzinfo=UTC), later=later)
    path = folder / "file"
    path.write_bytes(content)
    tally = Tally()
    singly = list(slurm.read(io.BytesIO(content), site, tally, **more))
    in_bulk, _ = slurm_bulk.read(path, site, folder, **more)
    columnar.close_findings(folder)
    with columnar.opened(folder) as engine:
        names = ", ".join(f'"{name}"' for name in columnar.JOBS if name != "raw")
        rows = engine.execute(
            f"SELECT {names} FROM {columnar.parquet(folder / 'rows.parquet')} ORDER BY line"
        ).fetchall()
        days = columnar.day_totals(engine, folder / "rows.parquet", zone)
    jobs = [row for row in singly if isinstance(row, Job)]
    assert days == compute.day_totals(jobs, zone)
    assert (in_bulk.lines, in_bulk.steps, in_bulk.jobs) == (tally.lines, tally.steps, tally.jobs)
    found = [
        (row.line, row.field, row.code, row.ja, row.en, row.raw)
        for row in columnar.findings(folder / "findings.parquet")
    ]
    told = [
        (f.line, f.field, f.code, f.text("ja"), f.text("en"), b"" if more else row.raw.rstrip(b"\r\n"))
        for row in singly
        if not isinstance(row, Job)
        for more, f in enumerate(row.findings)
    ]
    assert [row[:5] for row in found] == [row[:5] for row in told]
    assert all(
        kept[: slurm.LINE_MAX] == raw.removeprefix(b"\xef\xbb\xbf")[: slurm.LINE_MAX]
        for (*_, kept), (*_, raw) in zip(found, told, strict=True)
    )
    return rows, [_cells(job, zone) for job in jobs]


def _cells(job: Job, zone: ZoneInfo) -> tuple:
    submit, start, end = (at and at.replace(tzinfo=None) for at in (job.submit, job.start, job.end))
    day = job.start.astimezone(zone).date()
    gpus = slurm.gpus_text(job.gpus)
    return (
        job.line, job.job_id, job.cluster, submit, start, end, job.seconds, job.state, job.cpus, job.nodes, gpus,
        job.accelerator, day,
    )  # fmt: skip


def agree(content: bytes, folder: Path, **more) -> int:
    rows, jobs = both(content, folder, **more)
    assert rows == jobs
    return len(jobs)


def line(chosen: dict[str, str], header: str = HEADER) -> str:
    return "|".join(chosen[name] for name in header.split("|"))


def mostly_good(dice: random.Random) -> dict[str, str]:
    return {name: values[0] if dice.random() < 0.85 else dice.choice(values) for name, values in USUAL.items()}


@pytest.mark.parametrize("zone", [TOKYO, NEW_YORK, ZoneInfo("Australia/Lord_Howe")])
def test_random_files_of_odd_and_usual_lines_are_read_alike(tmp_path: Path, zone: ZoneInfo) -> None:
    dice = random.Random(20261122)
    for turn in range(3):
        folder = tmp_path / str(turn)
        folder.mkdir()
        lines = [line(mostly_good(dice) | {"JobID": str(number)} if number % 3 else mostly_good(dice))
                 for number in range(400)]  # fmt: skip
        for _ in range(8):
            lines.insert(dice.randrange(len(lines)), dice.choice(["", "  ", "garbage", HEADER, "a\x01b", "c\x00d"]))
        content = "\n".join([HEADER, *lines]).encode() + dice.choice([b"", b"\n"])
        content = content.replace("見本".encode(), b"\xff\xfe", 3)
        assert agree(content, folder, zone=zone) > 100


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in USUAL.items()}), max_size=12),
       st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_any_few_lines_are_read_alike(tmp_path_factory, chosen: list[dict[str, str]], end: str) -> None:
    lines = [HEADER, *(line(each) for each in chosen)]
    agree(end.join(lines).encode(), tmp_path_factory.mktemp("few"), zone=NEW_YORK)


def test_every_second_round_a_change_of_the_clock_is_read_alike(tmp_path: Path) -> None:
    good = {name: values[0] for name, values in USUAL.items()}
    lines = [HEADER]
    for number, (start, end) in enumerate(
        [
            ("2026-11-01T00:59:59", "2026-11-01T01:00:00"),
            ("2026-11-01T01:00:00", "2026-11-01T02:00:00"),
            ("2026-11-01T01:59:59", "2026-11-01T02:00:01"),
            ("2026-11-01T02:00:00", "2026-11-01T03:00:00"),
            ("2026-03-08T01:59:59", "2026-03-08T03:00:00"),
            ("2026-03-08T01:00:00", "2026-03-08T02:00:00"),
            ("2026-03-08T03:00:00", "2026-03-09T03:00:00"),
        ]
    ):
        for elapsed in ("00:00:01", "01:00:00", "02:00:00"):
            lines.append(
                line(good | {"JobID": f"{number}_{len(lines)}", "Start": start, "End": end, "Elapsed": elapsed})
            )
    agree("\n".join(lines).encode(), tmp_path, zone=NEW_YORK)


def test_files_with_no_header_with_windows_ends_and_with_a_byte_order_mark_are_read_alike(
    tmp_path: Path, real_data: Path
) -> None:
    content = (real_data / "slurm" / "phillips.log").read_bytes()
    for turn, changed in enumerate([content, content.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + content, content * 2]):
        folder = tmp_path / str(turn)
        folder.mkdir()
        assert agree(changed, folder) == 4285


def test_a_joined_export_that_changes_its_columns_is_read_line_by_line(tmp_path: Path) -> None:
    good = {name: values[0] for name, values in USUAL.items()}
    other = "AllocTRES|JobName|JobID|End|Elapsed|Start|NCPUS|NNodes|Submit|State|Cluster"
    content = "\n".join([HEADER, line(good), other, line(good | {"JobID": "70"}, other)]).encode()
    assert agree(content, tmp_path) == 2


def test_an_endless_line_is_a_finding_and_what_follows_is_read(tmp_path: Path) -> None:
    good = line({name: values[0] for name, values in USUAL.items()})
    content = b"\n".join([HEADER.encode(), b"x" * (9 << 20), good.encode()])
    assert agree(content, tmp_path) == 1


def test_lines_as_wide_as_a_page_are_read_within_memory_made_for_them(tmp_path: Path) -> None:
    good = "{}|osaka|2026-05-01T08:00:00|2026-05-01T09:00:00|2026-05-01T10:00:00|01:00:00|COMPLETED|1|96|cpu=96|{}\n"
    content = HEADER + "\n" + "".join(good.format(n, "n" * 3900) if n % 2 else "x" * 4000 + "\n" for n in range(9000))

    assert agree(content.encode(), tmp_path) == 4500
    assert columnar.findings(tmp_path / "findings.parquet")[-1].raw == b"x" * 4000


def test_a_file_of_endless_lines_is_refused_naming_the_first(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(HEADER + "\n" + ("x" * 60_000 + "\n") * 140)

    with pytest.raises(LinesTooWide) as refusal:
        slurm_bulk.read(path, Site("osaka", TOKYO, "a100"), tmp_path)

    assert refusal.value.text("en").startswith(
        "Lines longer than 4 KiB come to more than 8 MiB together; the first is line 2."
    )


def test_a_job_named_twice_counts_where_it_stands_first(tmp_path: Path) -> None:
    good = line({name: values[0] for name, values in USUAL.items()})
    assert agree("\n".join([HEADER, good, good, good]).encode(), tmp_path) == 1
    assert [row.code for row in columnar.findings(tmp_path / "findings.parquet")] == ["duplicate-job"] * 2


def test_a_job_is_found_twice_where_exports_with_and_without_cluster_or_submission_are_joined(tmp_path: Path) -> None:
    good = {name: values[0] for name, values in USUAL.items()}
    bare = "JobID|Start|End|Elapsed|State|AllocTRES|NCPUS|NNodes"
    stated = [line(good | {"Cluster": name, "JobID": job}) for name, job in (("one", "7"), ("two", "7"), ("one", "70"))]
    content = "\n".join([HEADER, *stated, bare, line(good, bare), line(good | {"JobID": "71"}, bare)])
    assert agree(content.encode(), tmp_path) == 4, "another cluster's job of that number is another"
    (found,) = columnar.findings(tmp_path / "findings.parquet")
    assert (found.line, found.code) == (6, "duplicate-job")
    assert "line 2 " in found.en


def test_a_mapping_names_unfamiliar_columns(tmp_path: Path) -> None:
    good = line({name: values[0] for name, values in USUAL.items()})
    strange = HEADER.replace("JobID", "ジョブ番号").replace("AllocTRES", "割当")
    content = f"{strange}\n{good}\n".encode()
    mapping = {"ジョブ番号": "jobid", "割当": "alloctres"}
    assert agree(content, tmp_path, mapping=mapping) == 1
    assert agree(f"{HEADER}\n{good}\n".encode(), tmp_path, mapping=mapping) == 1, "Slurm's own names stay known"


def test_unfamiliar_and_doubled_columns_refuse_the_file_and_name_them(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("ジョブ|開始|終了|経過|状態\n1|2|3|4|5\n")
    site = Site("osaka", TOKYO, "a100")
    with pytest.raises(ColumnsMissing) as refusal:
        slurm_bulk.read(path, site, tmp_path)
    assert "ジョブ" in refusal.value.printed and "jobid" in refusal.value.missing
    path.write_text(f"{HEADER}|Start\n")
    with pytest.raises(ColumnsTwice, match="start"):
        slurm_bulk.read(path, site, tmp_path)


def test_the_rows_of_a_day_make_its_figure(tmp_path: Path, real_data: Path) -> None:
    path, zone = real_data / "slurm" / "phillips.log", NEW_YORK
    slurm_bulk.read(path, Site("f", zone, "v100"), tmp_path)
    rows = tmp_path / "rows.parquet"
    with columnar.opened() as engine:
        days = columnar.day_totals(engine, rows, zone)
    for day in days:
        found = day_rows.of(rows, zone, day.accelerator, day.day)
        sums = [sum(getattr(row, unit) for row in found) for unit in ("cpu_s", "node_s", "gpu_s")]
        assert sums == [day.cpu_s, day.node_s, day.gpu_s]


def test_jobs_that_another_file_holds_are_found_by_their_whole_key(tmp_path: Path) -> None:
    good = {name: values[0] for name, values in USUAL.items()}
    for name, numbers in (("first", (1, 2, 3)), ("second", (3, 4))):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file").write_text("\n".join([HEADER, *(line(good | {"JobID": str(n)}) for n in numbers)]))
        slurm_bulk.read(folder / "file", Site("osaka", TOKYO, "a100"), folder)
    with columnar.opened() as engine:
        rows = [tmp_path / f"{name}/rows.parquet" for name in ("second", "first")]
        assert columnar.held(engine, *rows, unnamed="osaka") == [2]


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({"Cluster": ""}, True),
        ({"Submit": "Unknown"}, True),
        ({"Cluster": "", "Submit": ""}, True),
        ({"Cluster": "c2"}, False),
        ({"Submit": "2026-05-01T07:59:59"}, False),
        ({"Cluster": "", "Submit": "2026-05-01T07:59:59"}, False),
        ({"Start": "2026-05-01T09:00:01", "Submit": ""}, False),
        ({"JobID": "8", "Cluster": ""}, False),
    ],
)
def test_a_job_is_known_again_where_an_export_leaves_out_its_cluster_or_submission(
    tmp_path: Path, changes: dict[str, str], held: bool
) -> None:
    job = {name: values[0] for name, values in USUAL.items()} | {"JobID": "7", "Cluster": "c1"}
    job |= {"Submit": "2026-05-01T08:00:00", "Start": "2026-05-01T09:00:00"}
    job |= {"End": "2026-05-01T11:00:00", "Elapsed": "01:00:00", "State": "COMPLETED"}
    names = list(job)
    for name, fields in (("first", job), ("second", job | changes)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file").write_text("|".join(names) + "\n" + "|".join(fields[each] for each in names))
        slurm_bulk.read(folder / "file", Site("osaka", TOKYO, "a100"), folder)
    first, second = (tmp_path / f"{name}/rows.parquet" for name in ("first", "second"))
    with columnar.opened() as engine:
        assert columnar.held(engine, second, first, unnamed="osaka") == ([2] if held else [])
        assert columnar.held(engine, first, second, unnamed="osaka") == ([2] if held else []), "in either order"
