"""rebuild: a projection that went wrong is told by the verification, and made again from the log."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command

from contributions import selectors, services
from contributions.core import balances as rules
from contributions.models import BalanceBlock, MeterTotal


def run(**options) -> str:
    out = StringIO()
    call_command("rebuild", stdout=out, **options)
    return out.getvalue()


def fault():
    return selectors.verification.check_log(services.log.ring(), deep=True).fault


def test_what_went_wrong_in_a_projection_is_put_right(contributed_world, monkeypatch):
    monkeypatch.setattr(rules, "LEVEL_MIN", 1)
    monkeypatch.setattr(rules, "BLOCK", rules.FAN)
    assert json.loads(run(json=True))["blocks"] > 0
    assert fault() is None
    row = BalanceBlock.objects.last()
    BalanceBlock.objects.filter(pk=row.pk).update(low=row.low + 1)
    assert fault().invariant == "I12"
    assert "Made again from the log" in run(lang="en")
    assert fault() is None
    MeterTotal.objects.update(low=7)
    assert fault().invariant == "I12"
    assert "作り直しました" in run(lang="ja")
    assert fault() is None
