"""What a corporate number's check digit catches and what it does not, tried exhaustively; and groups over time."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import organizations as rules
from contributions.core.organizations import Link

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
BODIES = ("700110005901", "123456789012", "909090909090", "112233445566", "998877000000", "050505050505")


def checked(body: str) -> str:
    """The number with its check digit: 9 − (Σ Pn·Qn mod 9), worked out here a second time."""
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(body)))
    return f"{9 - total % 9}{body}"


NUMBERS = [checked(body) for body in BODIES]


def passes(number: str) -> bool:
    try:
        return rules.corporate_number(number) == number
    except rules.BadCorporateNumber:
        return False


def test_every_number_made_by_the_formula_passes():
    assert all(passes(number) for number in NUMBERS) and NUMBERS[0] == "8700110005901"


@pytest.mark.parametrize("number", NUMBERS)
def test_of_single_slips_only_0_for_9_and_9_for_0_after_the_first_digit_pass(number):
    for place, digit in enumerate(number):
        for other in "0123456789":
            if other != digit:
                missed = passes(number[:place] + other + number[place + 1 :])
                assert missed is (place > 0 and {digit, other} == {"0", "9"}), (place, digit, other)


@pytest.mark.parametrize("number", NUMBERS)
def test_of_swaps_those_an_even_distance_apart_pass_and_0_with_9(number):
    for first, second in combinations(range(13), 2):
        a, b = number[first], number[second]
        if a == b:
            continue
        digits = list(number)
        digits[first], digits[second] = b, a
        even = (second - first) % 2 == 0
        missed = even or {a, b} == {"0", "9"} if first else even and digits[0] != "0"
        assert passes("".join(digits)) is missed, (first, second, a, b)


def test_of_equal_neighbours_retyped_those_three_six_or_nine_apart_pass():
    for number in NUMBERS:
        for place in range(1, 12):
            for a, b in permutations("0123456789", 2):
                start = checked(number[1:place] + a * 2 + number[place + 2 :])
                typed = start[:place] + b * 2 + start[place + 2 :]
                assert passes(typed) is ((int(a) - int(b)) % 3 == 0), (place, a, b)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_exactly_one_first_digit_fits_any_twelve_and_it_is_never_0(body):
    assert [digit for digit in "0123456789" if passes(digit + body)] == [checked(body)[0]]
    assert not passes("0" + body)


def test_each_slip_is_told_in_both_languages():
    assert len(rules.UNCAUGHT) == 5 and all(note.ja and note.en for note in rules.UNCAUGHT)


# ---- groups ----
def link(parent, child, control, start=APRIL):
    return Link(parent, child, Fraction(control), start)


def test_a_later_share_replaces_the_earlier_and_0_ends_it():
    links = [link("a", "b", "3/5"), link("a", "b", "2/5", JULY), link("a", "c", "1"), link("a", "c", "0", JULY)]
    assert [one.control for one in rules.in_force(links, date(2026, 6, 30))] == [Fraction(3, 5), Fraction(1)]
    assert [(one.child, one.control) for one in rules.in_force(links, JULY)] == [("b", Fraction(2, 5))]
    assert rules.in_force(links, date(2026, 3, 31)) == []


def test_half_is_no_majority_and_a_chain_of_majorities_is_one_group():
    assert rules.groups([link("a", "b", "1/2")]) == []
    chain = [link("a", "b", "51/100"), link("b", "c", "51/100"), link("x", "y", "1")]
    assert rules.groups(chain) == [frozenset("abc"), frozenset("xy")]


def test_the_effective_share_may_be_small_where_control_is_unbroken():
    chain = [link("a", "b", "51/100"), link("b", "c", "51/100"), link("c", "d", "51/100")]
    last = rules.tree(chain, "a")[-1]
    assert (last.code, last.effective, last.is_controlled) == ("d", Fraction(51, 100) ** 3, True)


def test_a_minority_breaks_the_chain_below_it():
    last = rules.tree([link("a", "b", "1/3"), link("b", "c", "1")], "a")[-1]
    assert (last.code, last.is_controlled) == ("c", False)


def test_shares_over_several_paths_are_added():
    links = [link("a", "b", "3/5"), link("b", "c", "11/20"), link("a", "c", "1/10")]
    assert rules.effective(links, "a")["c"] == Fraction(43, 100)


def test_crossed_minorities_are_drawn_once_each():
    """持ち合い: two companies that hold a little of each other."""
    crossed = [link("a", "b", "1/10"), link("b", "a", "1/10")]
    assert [one.code for one in rules.tree(crossed, "a")] == ["a", "b"]
    assert rules.top_of(crossed, "a") == "a"


def test_the_head_of_a_chain_is_found_from_its_foot():
    assert rules.top_of([link("a", "b", "51/100"), link("b", "c", "1")], "c") == "a"


def test_more_than_the_whole_of_a_company_is_refused():
    held = [link("a", "c", "3/5")]
    rules.check_link(held, link("b", "c", "2/5"))
    rules.check_link(held, link("a", "c", "1"))  # replaces its own share
    with pytest.raises(rules.OverHeld):
        rules.check_link(held, link("b", "c", "41/100"))


def test_majorities_do_not_run_in_a_circle():
    chain = [link("a", "b", "51/100"), link("b", "c", "51/100")]
    with pytest.raises(rules.Circular):
        rules.check_link(chain, link("c", "a", "51/100"))
    rules.check_link(chain, link("c", "a", "1/10"))
    with pytest.raises(rules.BadControl):
        rules.check_link([], link("a", "b", "-1/10"))


def test_no_circle_closes_and_nothing_is_over_filled_on_a_later_day():
    later = [link("a", "b", "51/100"), link("b", "c", "51/100", JULY)]
    with pytest.raises(rules.Circular, match="2026-07-01"):
        rules.check_link(later, link("c", "a", "51/100"))
    with pytest.raises(rules.OverHeld, match="2026-07-01"):
        rules.check_link(later, link("d", "c", "1/2"))
    ended = [*later, link("c", "a", "0", date(2026, 6, 1))]
    rules.check_link(ended, link("c", "a", "51/100"))  # over before the circle would close
    rules.check_link([*later, link("a", "b", "0", JULY)], link("c", "a", "51/100"))


def test_a_share_of_control_that_stands_is_not_stated_twice():
    held = [link("a", "b", "51/100"), link("a", "b", "3/5", JULY)]
    with pytest.raises(rules.SameControl, match="51/100 of b from 2026-04-01"):
        rules.check_link(held, link("a", "b", "51/100", date(2026, 5, 1)))
    rules.check_link(held, link("a", "b", "51/100", JULY))
