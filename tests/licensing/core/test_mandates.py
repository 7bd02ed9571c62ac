"""Versions of the rules: what one changes of another is said in words of both languages, and nothing else is."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from contributions.core.words import Text
from licensing.core import approvals, mandates
from licensing.forms import mandates as forms

RULES: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "demo" / "negotiation_rules.json").read_text(encoding="utf-8")
)


def changed(**edits: Any) -> tuple[mandates.Change, ...]:
    after = deepcopy(RULES) | edits
    return mandates.differences(approvals.read(RULES), approvals.read(after), {"cure_days": Text("是正", "Cure")})


def test_the_same_rules_change_nothing() -> None:
    assert changed() == ()


def test_a_figure_is_told_by_its_name_with_both_bounds() -> None:
    figures = RULES["figures"] | {"cure_days": RULES["figures"]["cure_days"] | {"approval": "90"}}
    (one,) = changed(figures=figures)
    assert (one.part, one.name.ja) == ("figures", "是正")
    assert (
        one.before
        and one.after
        and (one.before.en, one.after.en)
        == (
            "standard 30, acceptable 45, with approval 60, tier low",
            "standard 30, acceptable 45, with approval 90, tier low",
        )
    )


def test_a_route_is_told_tier_by_tier() -> None:
    routes = deepcopy(RULES["routes"])
    routes[0]["until"] = routes[0]["tiers"] and "30000000"
    routes.append({**deepcopy(routes[2]), "from": "30000000", "until": "50000000", "tiers": ["low", "medium"]})
    found = changed(routes=routes)
    assert [one.name.en for one in found] == ["tier “low”", "tier “medium”"]
    assert found[0].after and "30,000,000円以上50,000,000円未満" in found[0].after.ja


@pytest.mark.parametrize(
    ("edits", "part", "before", "after"),
    [
        ({"default_tier": "high"}, "whole", "中", "高"),
        ({"approval_valid_days": 90}, "whole", "180日", "90日"),
        ({"clauses": {**RULES["clauses"], "court": {"tier": "low"}}}, "clauses", None, "低"),
        ({"clauses": {k: v for k, v in RULES["clauses"].items() if k != "export"}}, "clauses", "文言の変更不可", None),
    ],
)
def test_what_is_new_gone_or_otherwise_is_said(edits: dict[str, Any], part: str, before: str, after: str) -> None:
    (one,) = changed(**edits)
    assert (one.part, one.before and one.before.ja, one.after and one.after.ja) == (part, before, after)


def test_what_the_form_shows_and_reads_back_are_the_same_rules() -> None:
    shown = forms.start_from(RULES)
    sent = {name: value for name, value in shown.items() if isinstance(value, str)}
    for prefix, rows in (("post", "posts"), ("figure", "figures"), ("clause", "clauses"), ("route", "routes")):
        sent |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(shown[rows], 1) for name, value in row.items()}
    again = forms.document(forms.typed(sent))
    assert mandates.differences(approvals.read(RULES), approvals.read(again), {}) == ()
    assert shown["price_approval"] == "20 %" and again["prices"]["approval"] == "1/5"
