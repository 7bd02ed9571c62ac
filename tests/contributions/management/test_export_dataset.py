"""export_dataset: a version goes out as Croissant with our additions, and comes back the same."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contributions.adapters import croissant
from contributions.core import records
from contributions.models import DatasetVersion

DEMO = Path(__file__).resolve().parents[3] / "demo" / "datasets"


def run(name: str, *arguments: str, **options) -> dict:
    out = StringIO()
    call_command(name, *arguments, json=True, lang="en", stdout=out, **options)
    return json.loads(out.getvalue())


def test_what_goes_out_is_accepted_and_says_the_same_record(world, tmp_path):
    run("import_dataset", str(DEMO / "nipponsteel-blast-furnace.json"), member="tetsu", agreement="T-tetsu-0001")
    row = DatasetVersion.objects.get()
    answer = run("export_dataset", "D-tetsu-0001@1", out=tmp_path / "out.json")
    assert answer["marks"] == ["trade-secret", "limited-data"]
    described = croissant.describe((tmp_path / "out.json").read_bytes())
    assert records.read(dict(described.additions)) == row.record and records.gaps(row.record) == ()
    assert [(copy.country, copy.region) for copy in described.copies] == [("JP", "千葉（見本）")]
    assert described.quantity == (row.quantity, row.unit)


def test_a_further_version_comes_in_by_command_and_an_unknown_one_is_named(world, tmp_path):
    run("import_dataset", str(DEMO / "minato-tool-wear.json"), member="tetsu")
    again = run("import_dataset", str(DEMO / "minato-line-cameras.json"), member="tetsu", revise="D-tetsu-0001")
    assert (again["dataset"], again["version"]) == ("D-tetsu-0001", 2)
    with pytest.raises(CommandError, match="D-tetsu-0009"):
        run("export_dataset", "D-tetsu-0009@1", out=tmp_path / "out.json")
