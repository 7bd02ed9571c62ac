"""Renewals: silence renews, notice lets end, prices rise no further than was agreed."""

from datetime import date
from fractions import Fraction

import pytest

from licensing.adapters.holidays import is_business_day
from licensing.core import renewals
from licensing.core.renewals import Plan, RisesTooFar, TooLate

PLAN = Plan("automatic", years=1, months=3, announced_months=2)
UNTIL = date(2028, 6, 24)


def reached(on: date, plan: Plan = PLAN, refused=()):
    return renewals.reached(plan, UNTIL, refused=refused, on=on, is_business_day=is_business_day)


def test_silence_past_the_notice_day_renews_and_again_a_year_later():
    assert reached(date(2028, 3, 23)) == ()
    assert reached(date(2028, 3, 24)) == (date(2029, 6, 24),)
    assert reached(date(2029, 3, 24)) == (date(2029, 6, 24), date(2030, 6, 24))


def test_notice_lets_the_term_end_whatever_the_day():
    assert reached(date(2029, 3, 24), refused={UNTIL}) == ()
    assert reached(date(2029, 3, 24), refused={date(2029, 6, 24)}) == (date(2029, 6, 24),)


@pytest.mark.parametrize("mode", ["none", "agreed"])
def test_only_an_automatic_renewal_comes_by_itself(mode):
    assert reached(date(2030, 1, 1), Plan(mode, years=1, months=3)) == ()


def test_a_notice_comes_in_time_or_is_refused_with_the_day():
    renewals.check_in_time(PLAN, UNTIL, on=date(2028, 3, 23), is_business_day=is_business_day)
    with pytest.raises(TooLate) as refusal:
        renewals.check_in_time(PLAN, UNTIL, on=date(2028, 3, 24), is_business_day=is_business_day)
    assert "2028-03-23" in refusal.value.text("ja")


def test_new_prices_are_announced_two_months_before_the_notice_day():
    assert renewals.announced_by(PLAN, UNTIL, is_business_day) == date(2028, 1, 23)
    with pytest.raises(TooLate):
        renewals.check_announced(PLAN, UNTIL, on=date(2028, 1, 24), is_business_day=is_business_day)


def terms(first: str, second: str, **more) -> dict:
    tiers = [{"from": "0", "until": "500", "price": first}, {"from": "500", "until": None, "price": second}]
    return {"unit": "robot", "mode": "graduated", "tiers": tiers, "minimum": "6000000"} | more


@pytest.mark.parametrize(
    ("after", "passes"),
    [
        (terms("14400", "10800"), True),
        (terms("14401", "10800"), False),
        (terms("12000", "10801"), False),
        (terms("12000", "9000", minimum="7200001"), False),
        (terms("12000", "9000", minimum="7200000"), True),
        (terms("9000", "7500"), True),
    ],
)
def test_a_rise_is_measured_at_every_bend_and_in_the_minimum(after, passes):
    before = terms("12000", "9000")
    if passes:
        renewals.check_ratchet(before, after, rise_max=Fraction(1, 5))
    else:
        with pytest.raises(RisesTooFar):
            renewals.check_ratchet(before, after, rise_max=Fraction(1, 5))
    renewals.check_ratchet(before, after, rise_max=None)


def test_a_free_tier_taken_away_rises_from_nothing():
    with pytest.raises(RisesTooFar) as refusal:
        renewals.check_ratchet(terms("0", "9000"), terms("1", "9000"), rise_max=Fraction(1, 5))
    assert "無償から有償" in refusal.value.text("ja")


def test_a_plan_is_read_from_variables_and_clauses():
    plan = renewals.plan(
        {"renewal": "automatic", "renewal_years": 1, "notice_months": 3, "renewal_rise_max": "1/5"}, ["term-renewing"]
    )
    assert plan == Plan("automatic", 1, 3, 0, Fraction(1, 5), 2)
