"""Between which bounds several sums leave an amount: worked cases, and a naive search over all that fits."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core.ranges import narrow

Row = dict[tuple[str, int], Fraction]


def row(**amounts: int) -> Row:
    return {(who, amount): Fraction(amount) for who, amount in amounts.items() if amount}


def names(found) -> set[str]:
    return {"".join(sorted(who for who, _ in each)) for each in found}


def test_of_one_sum_it_is_the_rule_that_none_makes_more_than_half() -> None:
    assert narrow([row(a=2, b=2, c=2)], str) == set()
    assert narrow([row(a=4, b=2, c=2)], str) == set()
    assert names(narrow([row(a=5, b=2, c=2)], str)) == {"a"}


def test_three_sums_bound_what_no_two_of_them_do() -> None:
    """f + g + h = 17, b + c + g = 14, c + d + f + h = 19 leave b + 2c + d = 16: c is at most 8."""
    rows = [row(f=4, g=5, h=8), row(b=4, c=5, g=5), row(c=5, d=2, f=4, h=8)]
    assert all(not narrow([one, two], str) for one in rows for two in rows)
    assert names(narrow(rows, str)) == {"c"}
    wide = [*rows[:2], row(c=5, d=9, f=4, h=8)]
    assert narrow(wide, str) == set()


def test_a_group_is_one_and_what_is_known_is_taken_off() -> None:
    held = [row(a=3, b=3, c=3, d=3)]
    assert narrow(held, lambda who: "g" if who in "abc" else who)
    assert narrow([row(a=3, b=3, c=5)], str, known=[("a", 3)]) == {frozenset({("c", 5)})}


def naive(rows: list[Row], most: int) -> set[str]:
    """Every whole solution: with coefficients 0 and 1 and such small sums the bounds are whole, or halves of such."""
    unknowns = sorted({each for one in rows for each in one})
    totals = [2 * sum(one.values()) for one in rows]
    fits = [
        values
        for values in product(range(0, 2 * most + 1), repeat=len(unknowns))
        if all(
            sum(values[unknowns.index(each)] for each in one) == total for one, total in zip(rows, totals, strict=True)
        )
    ]
    found = set()
    for place, (who, amount) in enumerate(unknowns):
        if max(each[place] for each in fits) < 4 * amount or min(each[place] for each in fits) > 0:
            found.add(who)
    return found


made = st.lists(st.dictionaries(st.sampled_from("abcd"), st.just(1), min_size=1), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(made, st.lists(st.integers(1, 2), min_size=4, max_size=4))
def test_it_agrees_with_trying_everything_that_fits(rows, amounts) -> None:
    worth = dict(zip("abcd", amounts, strict=True))
    held = [row(**{who: worth[who] for who in one}) for one in rows]
    assert names(narrow(held, str)) == naive(held, 8)


def test_many_sums_stay_quick() -> None:
    """Twelve sums of ten members, each changing now and then."""
    rows = [row(**{who: 10 + place * 3 + run * (place == run % 10) for place, who in enumerate("abcdefghij")})
            for run in range(12)]  # fmt: skip
    assert isinstance(narrow(rows, str), set)
