"""Tables of coalition values: the desk submits, another pair of eyes adopts, nobody else learns that they exist."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import canonical
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import valuations as rules
from licensing.models import Valuation
from licensing.selectors import entries

AS_JSON = b'{"players": ["tetsu", "hagane"], "values": {"tetsu": 10, "hagane": 8, "hagane,tetsu": 25}}'
CSV = b"coalition,value\ntetsu,10\nhagane,8\ntetsu+hagane,25\n"


def submit(world, by="desk", content=CSV, name="values.csv") -> Valuation:
    return services.valuations.submit(
        file=Evidence(name, content), name_ja="除去実験", name_en="Ablation", method_ja="一社ずつ除いて学習",
        method_en="trained without each", **world.by(by),
    )  # fmt: skip


def test_a_table_is_submitted_and_adopted_by_another(world):
    table = submit(world)
    with pytest.raises(services.valuations.OwnTable):
        services.valuations.adopt(table, adopted_on=date(2026, 4, 2), **world.by("desk"))
    adopted = services.valuations.adopt(table, adopted_on=date(2026, 4, 2), **world.by("auditor"))
    facts = canonical.loads(bytes(Entry.objects.get(seq=adopted.seq).statement.content))["facts"]
    assert facts == {
        "valuation": "V-0001",
        "valuation_sha256": rules.address(["hagane", "tetsu"], facts["values"]),
        "players": ["hagane", "tetsu"],
        "values": {"hagane": "8", "hagane,tetsu": "25", "tetsu": "10"},
    }
    with pytest.raises(services.valuations.NotSubmitted):
        services.valuations.adopt(adopted, adopted_on=date(2026, 4, 2), **world.by("auditor"))


def test_a_table_sent_back_is_adopted_by_nobody_and_the_same_table_is_not_entered_twice(world):
    table = submit(world)
    with pytest.raises(services.valuations.SameTable, match="V-0001"):
        submit(world, content=AS_JSON, name="same.json")
    assert selectors.valuations.waiting_for(world.viewer("desk")) == []
    assert selectors.valuations.waiting_for(world.viewer("auditor")) == [table]
    services.valuations.send_back(table, reason="再実験が必要です。", **world.by("auditor"))
    with pytest.raises(services.valuations.NotSubmitted):
        services.valuations.adopt(table, adopted_on=date(2026, 4, 2), **world.by("auditor"))


def test_a_bad_file_enters_nothing(world):
    size = Entry.objects.count()
    with pytest.raises(rules.BadValuation) as refusal:
        submit(world, content=b"coalition,value\ntetsu,1.5\nyoso,2\n")
    assert [one.line for one in refusal.value.findings] == [None, 2]
    assert (Entry.objects.count(), Valuation.objects.count()) == (size, 0)


def test_legal_finance_members_and_licensees_neither_write_nor_read_it(world):
    services.valuations.adopt(submit(world), adopted_on=date(2026, 4, 2), **world.by("auditor"))
    for username in ("legal", "finance", "reviewer", "tetsu", "robo"):
        with pytest.raises(NotAllowed):
            submit(world, by=username)
        viewer = world.viewer(username)
        assert not selectors.valuations.visible_to(viewer).exists()
        assert not entries.visible_to(viewer).filter(kind__startswith="valuation.").exists()
    assert selectors.valuations.visible_to(world.viewer("desk")).count() == 1
