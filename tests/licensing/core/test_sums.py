"""Which few are spoken of by combinations of sums: worked cases, and a naive search over small combinations."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core.sums import Sum, telling


def row(members: str, **amounts: int) -> Sum:
    """A sum of those members, each with 1 unless an amount is named."""
    return frozenset((who, amounts.get(who, 1)) for who in members)


def few(*sums: Sum, most: int = 2, known: Sum = frozenset(), groups: dict[str, str] | None = None) -> list[str]:
    found = telling(list(sums), lambda who: (groups or {}).get(who, who), few=most, known=known)
    return sorted("".join(sorted(each)) for each in found)


CASES = [
    # one total, and one that shrank by three: nothing is told
    ([row("abcdef")], []),
    ([row("abcdef"), row("abc")], []),
    # what one did between two totals: its old and new amount stand alone, with whomever beside
    ([row("abc"), row("abc", b=7)], ["ab", "bc"]),
    # what two did
    ([row("abcd"), row("abcd", c=7, d=8)], ["cd"]),
    # no two of the three differ by fewer than three, and all three together leave a − d
    ([row("abcdef"), row("abc"), row("aef")], ["ad"]),
    # four: (ab + cd) twice over, in two ways
    ([row("abcdef"), row("abcghi"), row("defghj")], []),
    ([row("abcdef"), row("abcghi"), row("defghj"), row("cfi")], []),
    # the same total again is nothing new
    ([row("abcd"), row("abcd")], []),
    # fewer than three behind it all
    ([row("ab")], ["ab"]),
    ([row("a")], ["a"]),
]


@pytest.mark.parametrize(("sums", "told"), CASES)
def test_the_few_that_a_combination_speaks_of(sums, told):
    assert few(*sums) == told


def test_a_group_counts_as_one_and_what_is_known_as_nobody():
    assert few(row("abcd")) == []
    assert few(row("abcd"), groups={"a": "g", "b": "g", "c": "g"}) == ["dg"]
    assert few(row("abc"), known=row("a")) == ["bc"]
    assert few(row("abcde"), known=row("ab")) == []


def test_how_many_combinations_speak_of_the_same_few_is_counted():
    alone = [row("abcd"), row("abcd", a=2), row("abcd", a=3)]
    assert telling(alone[:2], str, few=1) == {frozenset("a"): 1}
    assert telling(alone, str, few=1) == {frozenset("a"): 2}


def test_large_tables_stay_exact_and_quick():
    """Twenty-four sums of thirty members, of whom each changes in a run of its own kind: within a second or two."""
    members = [chr(0x4E00 + place) for place in range(30)]
    sums = [frozenset((who, (run * (place + 3)) % 7 // 3) for place, who in enumerate(members)) for run in range(24)]
    assert isinstance(telling(sums, str, few=2), dict)


# ---- the naive reference ----
def naive(sums: list[Sum], most: int) -> set[frozenset[str]]:
    """Every combination with coefficients −3 … 3: by Cramer's rule a few rows of zeros and ones need no larger ones."""
    groups = sorted({who for one in sums for who, _ in one})
    columns = {each for one in sums for each in one}
    supports = set()
    for factors in product(range(-3, 4), repeat=len(sums)):
        left = {
            each[0] for each in columns if sum(factor for factor, one in zip(factors, sums, strict=True) if each in one)
        }
        if left:
            supports.add(frozenset(left))
    return {
        frozenset(chosen)
        for chosen in combinations(groups, min(most, len(groups)))
        if any(support <= set(chosen) for support in supports)
    }


made = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 2), min_size=1).map(lambda row: frozenset(row.items())),
    min_size=1,
    max_size=4,
)


@settings(max_examples=80)
@given(made, st.integers(1, 2))
def test_it_agrees_with_trying_every_combination(sums, most):
    assert set(telling(sums, str, few=most)) == naive(sums, most)
