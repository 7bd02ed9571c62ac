from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core import distributions, taxes

T22 = json.loads((Path(__file__).parents[2] / "vectors" / "allocation.json").read_text())["T22"]
EVEN = {"a": 333_334, "b": 333_333, "c": 333_333}
STANDARD = taxes.CONSUMPTION_TAX[0]


def split(gross: int, shares: dict[str, int], grid: int = 1_000_000, **more: object) -> distributions.Distribution:
    terms = {"admin_rate": Fraction(T22["admin"]), "reserve_rate": Fraction(T22["reserve"]), **more}
    return distributions.split(gross, shares, grid=grid, **terms)  # type: ignore[arg-type]


def test_the_waterfall_matches_the_published_vector() -> None:
    grid = 840
    shares = {member: int(Fraction(share) * grid) for member, share in zip("abcd", T22["shares"], strict=True)}
    found = split(T22["gross"], shares, grid)
    assert (found.admin, found.reserve, found.net) == (T22["admin_yen"], T22["reserve_yen"], T22["net"])
    assert [payout.amount for payout in found.payouts] == T22["members"]


def test_what_an_allocation_holds_is_held_in_money_too() -> None:
    found = split(
        1_000_000, {"a": 500_000, "b": 300_000}, held=200_000, admin_rate=Fraction(0), reserve_rate=Fraction(0)
    )
    assert (found.held, [payout.amount for payout in found.payouts]) == (200_000, [500_000, 300_000])


def test_shares_that_do_not_make_one_are_refused() -> None:
    for shares in ({"a": 999_999}, {"a": 1_000_001, "b": -1}, {}):
        with pytest.raises(distributions.BadShares):
            split(1000, shares)


def test_nothing_received_and_impossible_rates_are_refused() -> None:
    with pytest.raises(distributions.NothingReceived):
        split(0, EVEN)
    with pytest.raises(distributions.BadRates):
        split(1, EVEN, admin_rate=Fraction(1))


@given(st.integers(1, 10**13), st.fractions(0, Fraction(99, 100)), st.fractions(0, Fraction(99, 100)))
def test_every_yen_is_somewhere(gross: int, admin: Fraction, reserve: Fraction) -> None:
    found = split(gross, EVEN, admin_rate=admin, reserve_rate=reserve)
    assert found.admin + found.reserve + found.held + sum(payout.amount for payout in found.payouts) == gross
    assert all(abs(payout.amount - payout.quota) < 1 for payout in found.payouts)


def test_a_statement_explains_its_yen() -> None:
    found = split(1_000_001, EVEN)
    payment = distributions.check_payable("licence-fee", "kabushiki")
    paper = distributions.statement(found, "a", payment, STANDARD)
    *_, net, whole, remainder = [line.amount for line in paper.lines]
    assert net == found.net
    assert (whole or 0) + (remainder or 0) == paper.amount == found.payouts[0].amount
    assert (paper.tax, paper.payable) == (paper.amount // 10, paper.amount + paper.amount // 10)
    assert paper.paper.ja == "仕入明細書"


def test_a_statement_shows_one_member_only() -> None:
    found = split(10**9, {"a": 600_000, "b": 300_000, "c": 100_000})
    paper = distributions.statement(found, "b", distributions.PAYMENT_TYPES["repayment"], STANDARD)
    assert (paper.paper.ja, paper.tax, paper.tax_rate) == ("分配通知書", 0, None)
    others = {payout.amount for payout in found.payouts if payout.member != "b"}
    assert not others & {line.amount for line in paper.lines}


def test_a_company_does_not_pay_dividends_by_contribution() -> None:
    with pytest.raises(distributions.NotPayable, match="shareholding"):
        distributions.check_payable("dividend", "kabushiki")
    with pytest.raises(distributions.NotPayable):
        distributions.check_payable("partnership", "kabushiki")
    with pytest.raises(distributions.NotPayable):
        distributions.check_payable("gift", "kabushiki")
    assert distributions.check_payable("partnership", "llp").paper.ja == "分配通知書"
