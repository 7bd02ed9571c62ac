"""Deviations: found by digests, judged by ladder and limits, covered only as long as nothing changed."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from contributions.core.words import Text
from licensing.core import clauses, deviations, rewordings
from licensing.core.clauses import Paragraph
from licensing.core.deviations import Cover, Found

LIBRARY = [
    clauses.clause(row)
    for row in json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))["clauses"]
]
TERMS = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [{"from": "0", "until": "500", "price": "12000"}, {"from": "500", "until": None, "price": "9000"}],
    "minimum": "6000000",
}
ON = date(2026, 11, 1)


def wording(code: str) -> dict:
    version = next(one for one in LIBRARY if one.id == code)
    changed = replace(version, paragraphs=(*version.paragraphs, Paragraph(Text("追加する。", "Added."))))
    return {"document": clauses.document(changed)}


def priced(first: str, second: str, **more) -> dict:
    tiers = [TERMS["tiers"][0] | {"price": first}, TERMS["tiers"][1] | {"price": second}]
    return TERMS | {"tiers": tiers} | more


def test_a_deviation_is_where_the_digests_differ():
    same = {"document": clauses.document(next(one for one in LIBRARY if one.id == "warranty"))}
    special = {"document": clauses.document(rewordings.special("special-1", Text("特約", "Special")))}
    changed = {"audit": wording("audit"), "warranty": same, "provenance": {"removed": True}, "special-1": special}
    found = deviations.find(LIBRARY, changed, {}, {})
    assert [(one.kind, one.subject) for one in found] == [
        ("wording", "audit"), ("removed", "provenance"), ("added", "special-1"),
    ]  # fmt: skip


def test_figures_are_compared_as_numbers_and_prices_with_the_schedule():
    standards = {"late_rate": Fraction(73, 500), "cure_days": Fraction(30), "terms": TERMS}
    assert deviations.find([], {}, {"late_rate": "146/1000", "cure_days": 30, "terms": TERMS}, standards) == []
    found = deviations.find([], {}, {"late_rate": "1/10", "cure_days": 30, "terms": priced("11000", "9000")}, standards)
    assert [(one.kind, one.subject) for one in found] == [("variable", "late_rate"), ("price", "terms")]


def test_the_ladder_answers_for_a_wording_and_a_new_one_needs_approval():
    ladder = [("acceptable", "a" * 64), ("forbidden", "f" * 64)]
    assert deviations.rung_of("s" * 64, "s" * 64, ladder) == "preferred"
    assert deviations.rung_of("a" * 64, "s" * 64, ladder) == "acceptable"
    assert deviations.rung_of("f" * 64, "s" * 64, ladder) == "forbidden"
    assert deviations.rung_of("n" * 64, "s" * 64, ladder) == "approval"


def test_limits_may_run_downwards():
    limits = deviations.Limits(Fraction(73, 500), Fraction(1, 10), Fraction(3, 100), "medium")
    rungs = [deviations.judge_figure(Fraction(n, 1000), limits).rung for n in (200, 146, 120, 100, 99, 30, 29)]
    assert rungs == ["acceptable", "preferred", "acceptable", "acceptable", "approval", "approval", "forbidden"]


@pytest.mark.parametrize(
    ("asked", "rung"),
    [
        (priced("12000", "9000"), "acceptable"),
        (priced("13000", "9000"), "acceptable"),
        (priced("11400", "8100"), "approval"),
        (priced("9600", "7200"), "approval"),
        (priced("9599", "7200"), "forbidden"),
        (priced("12000", "9000", minimum="3000000"), "forbidden"),
        (priced("12000", "9000", mode="volume"), "approval"),
    ],
)
def test_a_price_is_judged_by_its_largest_discount(asked, rung):
    assert deviations.judge_price(TERMS, asked, Fraction(0), Fraction(1, 5), "medium").rung == rung


def test_another_structure_of_prices_goes_to_the_top_tier():
    judged = deviations.judge_price(TERMS, priced("12000", "9000", cap="9000000"), Fraction(0), Fraction(1, 5), "low")
    assert (judged.rung, judged.tier) == ("approval", "high")


def test_an_approval_covers_one_wording_against_one_approved_wording_until_its_last_day():
    found = Found("wording", "audit", "s" * 64, "c" * 64)
    cover = Cover("audit", "s" * 64, "c" * 64, "approved", date(2026, 11, 2))
    assert deviations.stands(cover, found, ON)
    assert not deviations.stands(cover, found, date(2026, 11, 2))
    assert not deviations.stands(cover, replace(found, changed_sha256="d" * 64), ON)
    assert not deviations.stands(cover, replace(found, approved_sha256="t" * 64), ON)
    assert not deviations.stands(replace(cover, state="awaiting"), found, ON)
    assert deviations.uncovered([found], [cover], ON) == []
    assert deviations.uncovered([found], [], ON) == [found]


def test_what_is_forbidden_is_refused_with_the_rule():
    with pytest.raises(deviations.DeviationForbidden) as refused:
        deviations.check_allowed(deviations.Judgement("forbidden", "high"), Text("反社", "forces"), "第1版")
    assert "第1版" in refused.value.text("ja")


def test_the_gravest_tier_counts():
    assert deviations.highest(["low", "high", "medium"]) == "high"
    assert deviations.highest([]) == "low"
