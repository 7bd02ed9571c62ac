"""Advances: neither lost nor made, credited as the terms say, and printed in the words that the engine reckons by."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core import advances, rates, tariffs
from licensing.core.advances import Credit
from licensing.core.prices import BadTerms, examine

TIERS = [{"from": "0", "until": None, "price": "1000"}]


def terms(**changes: Any) -> dict[str, Any]:
    return {"unit": "robot", "mode": "standard", "minimum": "0", "tiers": TIERS, **changes}


def years(kind: str, fees: list[list[int]], advance: int) -> list[Credit]:
    """Every report of every licence year, in order."""
    found, left = [], advance
    for number, year in enumerate(fees):
        for at, fee in enumerate(year):
            last = at == len(year) - 1
            ends = last and number == len(fees) - 1
            one = advances.credit(fee, left, kind=kind, first_year=number == 0, closes_year=last, ends=ends)
            found.append(one)
            left = one.after
    return found


def test_what_a_first_year_leaves_is_carried_into_the_next_one() -> None:
    found = years("carried", [[300, 200], [400, 400]], 1000)
    assert [(one.used, one.after) for one in found] == [(300, 700), (200, 500), (400, 100), (100, 0)]
    assert sum(one.lapsed for one in found) == 0


def test_what_is_left_when_the_agreement_ends_is_kept_and_said() -> None:
    assert years("carried", [[300], [200]], 1000)[-1] == Credit(before=700, used=200, lapsed=500, after=0)


def test_an_advance_of_the_first_year_lapses_with_it() -> None:
    found = years("year", [[300, 200], [400, 400]], 1000)
    assert [(one.used, one.lapsed, one.after) for one in found] == [(300, 0, 700), (200, 500, 0), (0, 0, 0), (0, 0, 0)]


def test_an_initial_payment_is_credited_against_nothing() -> None:
    assert years("none", [[300], [200]], 1000)[0].used == 0


@given(
    kind=st.sampled_from(sorted(advances.KINDS)),
    fees=st.lists(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), min_size=1, max_size=4),
    advance=st.integers(0, 10**9),
)
def test_an_advance_is_neither_lost_nor_made(kind: str, fees: list[list[int]], advance: int) -> None:
    found = years(kind, fees, advance)
    assert sum(one.used + one.lapsed for one in found) == advance, "by the end it is all used or lapsed"
    assert all(0 <= one.used <= fee for one, fee in zip(found, chain.from_iterable(fees), strict=True))
    assert all(one.after == later.before for one, later in pairwise(found))
    assert advances.read({"advance": advances.document(found[0])}) == found[0]


def test_the_contract_prints_what_becomes_of_the_advance_and_the_fee_is_rated_in_full() -> None:
    for kind, printed in advances.PRINTED.items():
        (row,) = tariffs.conditions(terms(advance="2000000", advance_credit=kind))
        assert (row.range, row.price.ja, row.price.en) == (printed, "2,000,000円", "JPY 2,000,000")
    assert tariffs.conditions(terms(advance="2000000"))[0].range == advances.PRINTED["carried"]
    assert rates.rate(terms(advance="2000000"), []).yen == rates.rate(terms(), []).yen


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"advance": "2000000", "advance_credit": "refunded"}, "advance_credit"),
        ({"advance_credit": "year"}, "advance_credit"),
        ({"advance": "0.5"}, "advance"),
    ],
)
def test_an_advance_that_cannot_be_reckoned_is_refused_at_its_field(given: dict[str, str], field: str) -> None:
    assert [found.field for found in examine(terms(**given))] == [field]
    with pytest.raises(BadTerms):
        rates.read(terms(**given))
