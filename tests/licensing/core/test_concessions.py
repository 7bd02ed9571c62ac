"""What a concession costs: past usage rated again by the same engine, to the yen."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from licensing.core import concessions, rates
from licensing.core.concessions import Past
from licensing.core.usage import UsageLine

TERMS = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [{"from": "0", "until": "500", "price": "12000"}, {"from": "500", "until": None, "price": "9000"}],
}
CHEAPER = TERMS | {
    "tiers": [row | {"price": price} for row, price in zip(TERMS["tiers"], ("11000", "8000"), strict=True)]
}


def past(units: str, report: str = "U-1", agreement: str = "L-1", year: str = "2026", terms=TERMS, **more) -> Past:
    return Past(agreement, None, report, year, (UsageLine("robot", "JP", Fraction(units)),), terms, **more)


def test_the_worked_example():
    (one,) = concessions.cost([past("620")], CHEAPER)
    assert (one.before, one.after, one.less) == (7_080_000, 6_460_000, 620_000)


def test_a_cap_counts_what_the_year_was_charged_before_on_either_side():
    capped = TERMS | {"cap": "7000000"}
    rows = [
        past("400", "U-1", terms=capped),
        past("400", "U-2", terms=capped),
        past("400", "U-3", year="2027", terms=capped),
    ]
    costs = concessions.cost(rows, CHEAPER | {"cap": "7000000"})
    assert [(one.before, one.after) for one in costs] == [
        (4_800_000, 4_400_000), (2_200_000, 2_600_000), (4_800_000, 4_400_000),
    ]  # fmt: skip
    assert concessions.total(costs) == 400_000


def test_a_minimum_fee_hides_a_concession():
    minimum = TERMS | {"minimum": "6000000"}
    closing = rates.YearEnd(365, 365)
    (one,) = concessions.cost([past("100", terms=minimum, closing=closing)], CHEAPER | {"minimum": "6000000"})
    assert (one.before, one.after) == (6_000_000, 6_000_000)


@given(st.lists(st.integers(0, 3000), max_size=6))
def test_the_same_terms_cost_nothing_and_the_fee_is_the_engines(units):
    rows = [past(str(count), f"U-{at}") for at, count in enumerate(units)]
    costs = concessions.cost(rows, TERMS)
    assert concessions.total(costs) == 0
    assert [one.before for one in costs] == [rates.rate(TERMS, row.usage).yen for row in rows]


def test_no_past_costs_nothing():
    assert concessions.cost([], CHEAPER) == ()


def test_a_higher_cap_and_a_lower_rate_of_interest_come_to_yen_and_never_below_none():
    assert concessions.ceiling(24_000_000, Fraction(12), Fraction(24)) == 24_000_000
    assert concessions.ceiling(24_000_000, Fraction(36), Fraction(24)) == 0
    assert concessions.interest(24_000_000, Fraction(73, 500), Fraction(1, 10)) == 90_739
    assert concessions.interest(24_000_000, Fraction(1, 10), Fraction(73, 500)) == 0
