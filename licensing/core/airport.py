"""Tiered cost: each section is paid, in equal parts, by those who need it. Method `tiered-cost/1`.

Members need different sizes of one thing (a runway, a training cluster, a reserve); whoever needs more can use what
those who need less have paid for. Figures here are costs, to be paid: a larger one is worse. The rule is Shapley's
value of the game of costs c(S) = the largest need in S (Littlechild and Owen 1973), in closed form for any number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from fractions import Fraction

METHOD = "tiered-cost/1"


def tiered(needs: Sequence[Fraction]) -> list[Fraction]:
    """What each pays: Σ over the sections up to its need of height / number of users. The sum is the largest need.

    Worked example: needs 8, 11, 13, 18 → 8/4, + 3/3, + 2/2, + 5 → 2, 3, 4, 9.
    """
    return by_section(needs, lambda users: Fraction(1, users))


def by_section(needs: Sequence[Fraction], part: Callable[[int], Fraction]) -> list[Fraction]:
    """Σ over the sections up to each one's need of height · part(number of users). Needs are not negative."""
    assert all(need >= 0 for need in needs)
    ordered, paid = sorted(needs), {Fraction(0): Fraction(0)}
    below = total = Fraction(0)
    for need in sorted(set(ordered) - {Fraction(0)}):
        total += (need - below) * part(len(ordered) - bisect_left(ordered, need))
        paid[need], below = total, need
    return [paid[need] for need in needs]
