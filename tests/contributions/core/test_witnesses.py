"""The threshold counts organizations, and a witness's clock has its bounds."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import witnesses
from contributions.core.witnesses import NEUTRAL, OFFICER, SITE, BadThreshold, OutOfTime, Rule

DAY = date(2026, 4, 1)


def test_an_organization_with_two_witnesses_counts_once_and_only_kinds_that_count():
    cosigned = [("tetsu", OFFICER), ("tetsu", SITE), ("kansa", NEUTRAL), ("ginko", OFFICER)]
    assert Rule(2, frozenset(witnesses.KINDS), DAY).counts(cosigned) == 3
    assert Rule(2, frozenset({SITE, NEUTRAL}), DAY).counts(cosigned) == 2


@pytest.mark.parametrize(("threshold", "kinds"), [(-1, [SITE]), (101, [SITE]), (1, []), (1, ["friend"])])
def test_a_threshold_that_nobody_could_mean_is_refused(threshold, kinds):
    with pytest.raises(BadThreshold):
        witnesses.check_rule(threshold, kinds)


def test_zero_asks_for_none():
    witnesses.check_rule(0, [SITE])


@pytest.mark.parametrize("time", [699, 1_301, 2_000])
def test_a_time_outside_the_bounds_is_refused(time):
    with pytest.raises(OutOfTime):
        witnesses.check_time("w", time, start=1_000, until=None, present=1_000)
    witnesses.check_time("w", 1_200, start=1_000, until=None, present=1_000)


def test_a_retired_witness_signs_no_more():
    with pytest.raises(OutOfTime):
        witnesses.check_time("w", 1_100, start=1_000, until=1_100, present=1_200)
    witnesses.check_time("w", 1_099, start=1_000, until=1_100, present=9_999)
