"""import_compute: real accounting in exact figures, once; bad lines by line, field and reason; refusals in words."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import world as cast
from contributions import selectors
from contributions.models import Batch, LogHead, MeterDay

HERE = {"facility": "osaka", "member": "tetsu", "lang": "en"}


def run(path, *, errors: StringIO | None = None, **options) -> dict:
    out = StringIO()
    call_command("import_compute", str(path), json=True, stdout=out, stderr=errors or StringIO(), **(HERE | options))
    return json.loads(out.getvalue())


def test_a_real_log_gives_the_figures_that_xdmod_gives(world, real_data):
    answer = run(real_data / "slurm" / "phillips.log", format="sacct")
    assert answer == {
        "batch": "B-tetsu-0001",
        "jobs": 4285,
        "cpu_hours": "11767.988333",
        "node_hours": "1344.868611",
        "gpu_hours": "506.912778",
        "findings": [],
        "already": None,
    }
    size, days = LogHead.objects.get().size, MeterDay.objects.count()
    again = run(real_data / "slurm" / "phillips.log", format="sacct")
    assert (again["already"], again["batch"], again["jobs"]) == ("B-tetsu-0001", None, 0)
    assert (LogHead.objects.get().size, MeterDay.objects.count()) == (size, days)


def test_bad_lines_are_told_and_kept_and_good_ones_posted(world):
    path = world.file(cast.sacct((1, "2026-05-10", 4, 8)) + "garbage\n")
    answer = run(path)
    assert answer["jobs"] == 1 and answer["gpu_hours"] == "32.000000"
    assert [(found["line"], found["field"], found["code"]) for found in answer["findings"]] == [(3, "line", "columns")]
    assert [row.raw for row in selectors.batches.findings_of(Batch.objects.get())] == [b"garbage"]


@pytest.mark.parametrize("strict", [True, False])
def test_a_file_refused_as_a_whole_tells_each_bad_line_and_posts_nothing(world, strict):
    good = cast.sacct((1, "2026-05-10", 4, 8)) if strict else cast.sacct()
    size, errors = LogHead.objects.get().size, StringIO()
    with pytest.raises(CommandError):
        run(world.file(good + "garbage\n"), strict=strict, errors=errors)
    assert "line: The line has 1 columns" in errors.getvalue()
    assert (LogHead.objects.get().size, Batch.objects.count()) == (size, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"facility": "osak"}, "There is no facility “osak”. On record: austin, osaka"),
        ({"member": "honda"}, "On record: ginko, hagane, kuruma, tetsu"),
        ({"funding": "F-99"}, "On record: F-01, F-02, F-03"),
        ({"member": "honda", "lang": "ja"}, "会員「honda」は登録されていません"),
    ],
)
def test_a_name_that_is_not_on_record_is_refused_with_those_that_are(world, wrong, said):
    with pytest.raises(CommandError, match=said):
        run(world.file(cast.sacct((1, "2026-05-10", 4, 8))), **wrong)


def test_a_refusal_is_machine_readable_too(world):
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_compute", "/nowhere", json=True, stdout=out, **HERE)
    assert json.loads(out.getvalue())["refused"]["code"] == "no-such-file"


def test_before_the_ledger_is_founded_the_command_says_so(db):
    with pytest.raises(CommandError, match="has not been founded"):
        run("/nowhere")
