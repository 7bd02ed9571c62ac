from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import naive_games as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import claims, nucleolus
from licensing.core.named_games import Bankruptcy

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "games.json").read_text(encoding="utf-8"))["claims"]


@st.composite
def estates(draw: st.DrawFn) -> tuple[Fraction, list[Fraction]]:
    amounts = draw(st.lists(st.fractions(0, 100, max_denominator=4), min_size=1, max_size=5))
    part = draw(st.fractions(0, 1, max_denominator=12))
    return part * sum(amounts), amounts


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['rule']} {case['source'][:12]}")
def test_published_divisions_come_out_exactly(case: dict[str, Any]) -> None:
    amounts = [Fraction(claim) for claim in case["claims"]]
    for estate, awards in case["awards"].items():
        assert claims.METHODS[case["rule"]](Fraction(estate), amounts) == [Fraction(award) for award in awards]


@given(estates())
@settings(max_examples=40, deadline=None)
def test_every_rule_hands_out_the_estate_and_nobody_more_than_its_claim(case: tuple[Fraction, list[Fraction]]) -> None:
    estate, amounts = case
    for rule in claims.METHODS.values():
        awards = rule(estate, amounts)
        assert sum(awards) == estate
        assert all(0 <= award <= claim for award, claim in zip(awards, amounts, strict=True))


@given(estates())
@settings(max_examples=40, deadline=None)
def test_a_larger_claim_never_gets_less_nor_loses_less(case: tuple[Fraction, list[Fraction]]) -> None:
    estate, amounts = case
    amounts = sorted(amounts)
    for rule in claims.METHODS.values():
        awards = rule(estate, amounts)
        assert awards == sorted(awards)
        losses = [claim - award for claim, award in zip(amounts, awards, strict=True)]
        assert losses == sorted(losses)


@given(estates())
@settings(max_examples=40, deadline=None)
def test_gains_and_losses_are_two_sides_of_one_rule(case: tuple[Fraction, list[Fraction]]) -> None:
    """What equal awards leave is what equal losses would award of the rest; the Talmud's rule is its own dual."""
    estate, amounts = case
    rest = sum(amounts) - estate
    for rule, dual in ((claims.equal_awards, claims.equal_losses), (claims.talmud, claims.talmud)):
        lost = [claim - award for claim, award in zip(amounts, rule(estate, amounts), strict=True)]
        assert lost == dual(rest, amounts)


@given(estates())
@settings(max_examples=40, deadline=None)
def test_the_talmud_is_the_nucleolus_of_its_game(case: tuple[Fraction, list[Fraction]]) -> None:
    """Aumann and Maschler's theorem."""
    estate, amounts = case
    game = Bankruptcy(tuple(naive.names(len(amounts))), estate, tuple(amounts)).table()
    assert list(nucleolus.nucleolus(game).values) == claims.talmud(estate, amounts)


@pytest.mark.parametrize(("estate", "amounts"), [(7, [1, 2]), (-1, [1, 2]), (1, [-1, 3])])
def test_an_estate_that_the_claims_do_not_exhaust_is_refused(estate: int, amounts: list[int]) -> None:
    for rule in claims.METHODS.values():
        with pytest.raises(claims.BadClaims) as refused:
            rule(Fraction(estate), [Fraction(claim) for claim in amounts])
        assert str(estate) in refused.value.text("ja")
