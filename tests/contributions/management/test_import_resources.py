"""import_resources: a table goes in whole, once, or every finding is told and nothing is recorded."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contributions.adapters import spreadsheets
from contributions.models import LogHead, Resource

HEAD = ",".join(spreadsheets.CASH)
LINE = "{member},負担金,levy,JPY,{amount},,,,2026-05-01,2026-06-01,own,,{note}"


def sheet(*rows: dict) -> str:
    lines = [LINE.format(**({"member": "tetsu", "amount": "7", "note": ""} | row)) for row in rows]
    return "\n".join([HEAD, *lines, ""])


def run(path, *, errors: StringIO | None = None, **options) -> str:
    out = StringIO()
    given = {"kind": "cash", "member": "tetsu", "lang": "en"} | options
    call_command("import_resources", str(path), stdout=out, stderr=errors or StringIO(), **given)
    return out.getvalue()


def test_a_table_is_recorded_whole_and_the_same_again_adds_nothing(world):
    path = world.file(sheet({"amount": "7"}, {"amount": "8"}), "cash.csv")
    made = json.loads(run(path, json=True))
    assert made == {"recorded": ["C-tetsu-0001", "C-tetsu-0002"], "already": None}
    assert list(Resource.objects.values_list("quantity", "state")) == [(7, "submitted"), (8, "submitted")]
    size = LogHead.objects.get().size
    assert json.loads(run(path, json=True))["already"] == "C-tetsu-0001"
    assert "登録済み" in run(path, lang="ja")
    assert LogHead.objects.get().size == size


def test_every_finding_is_told_by_line_and_field_and_nothing_is_recorded(world):
    rows = sheet({}, {"amount": "-1", "note": "=1+1"}, {"member": "nobody"})
    errors = StringIO()
    with pytest.raises(CommandError, match="3 findings"):
        run(world.file(rows, "cash.csv"), errors=errors)
    told = errors.getvalue()
    for place in ("line 3, amount", "line 3, note", "line 4, member"):
        assert place in told
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_resources", str(world.file(rows, "cash.csv")), kind="cash", member="tetsu", json=True,
                     lang="ja", stdout=out, stderr=StringIO())  # fmt: skip
    findings = json.loads(out.getvalue())["findings"]
    assert [(one["line"], one["field"]) for one in findings] == [(3, "amount"), (3, "note"), (4, "member")]
    assert not Resource.objects.exists()


def test_a_table_larger_than_the_browser_takes_goes_in_by_command(world, monkeypatch):
    monkeypatch.setattr("contributions.services.spreadsheets.BYTES_MAX", 10)
    assert "1 recorded." in run(world.file(sheet({}), "cash.csv"))


def test_an_unknown_member_is_named_with_those_there_are(world):
    with pytest.raises(CommandError, match="no member “nobody”"):
        run(world.file(sheet({}), "cash.csv"), member="nobody")
