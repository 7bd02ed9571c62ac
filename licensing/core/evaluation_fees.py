"""The fee of an evaluation (評価の対価): invoiced once, and credited to the full licence up to what was paid.

The evaluation agreement promises the credit, the full licence states it; what the two sides call the remainder decides
what becomes of it:

    year      credited against the fees of the first licence year; what is left at its end lapses
    carried   credited against fees until it is used up

Nothing is credited before it was received, and no more. How consumption tax follows is a setting, since it depends on
what a tax adviser makes of the clause:

    discount  the licence's own price falls (値引き): its fee less the credit is its price, taxed at its rate
    return    part of the evaluation's price is given back (売上げに係る対価の返還等): the licence's fee is taxed in
              full, and the credit goes with the tax at the evaluation's own rate, as a 適格返還請求書

Source: 消費税法38条1項, 57条の4第3項; NTA, 適格請求書等保存方式 Q&A (値引き前後の記載, 適格返還請求書の記載事項).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core.advances import CARRIED, YEAR
from licensing.core.invoices import RateTotal, Totals
from licensing.core.taxes import on_net

DISCOUNT, RETURN = "discount", "return"
METHODS = {
    DISCOUNT: Text("移行後の利用料の値引き", "price reduction of the full licence"),
    RETURN: Text("評価の対価の返還（適格返還請求書）", "return of the evaluation fee (qualified return invoice)"),
}
RESTS = {
    YEAR: Text(
        "最初の許諾年度の利用料に充当（残額は失効）", "credited to the first licence year’s fees, the rest lapsing"
    ),
    CARRIED: Text("利用料に充当（残額は繰越し）", "credited against fees, the rest carried over"),
}


class NoFee(Refused):
    code = "no-evaluation-fee"
    ja = "契約 {agreement} に、請求する評価の対価はありません。"
    en = "Agreement {agreement} has no evaluation fee to invoice."


@dataclass(frozen=True, slots=True)
class Credited:
    """What an invoice credits, as it prints it: yen before tax, the tax given back, and the supply it goes back to."""

    evaluation: str
    invoice: str
    method: str
    net: int
    tax: int
    rate: Fraction


def paid_net(net: int, gross: int, received: int) -> int:
    """The part of what was received that is no consumption tax, in yen, rounded down.

    >>> paid_net(500_000, 550_000, 275_000)
    250000
    """
    return received * net // gross if gross else 0


def balance(cap: int, paid: int, taken: int) -> int:
    """What may still be credited: at most what was agreed, at most what was paid, less what was used or lapsed.

    >>> balance(500_000, 250_000, 100_000)
    150000
    """
    return max(0, min(cap, paid) - taken)


def tax_back(method: str, net: int, rate: Fraction) -> int:
    """The consumption tax that goes back with the credit: none of its own where the licence's price is reduced."""
    return on_net(net, rate) if method == RETURN else 0


def less(totals: Totals, credited: Credited) -> Totals:
    """The totals of an invoice with the evaluation's fee given back on it; gross stays Σ over the rates.

    >>> fee = Totals((RateTotal("standard", Text("", ""), Fraction(1, 10), 800_000, 80_000),), 800_000, 80_000, 880_000)
    >>> less(fee, Credited("L-1", "INV-1", "return", 500_000, 50_000, Fraction(1, 10))).gross
    330000
    """
    back = RateTotal("returned", METHODS[RETURN], credited.rate, -credited.net, -credited.tax)
    net, tax = totals.net - credited.net, totals.tax - credited.tax
    return replace(totals, rates=(*totals.rates, back), net=net, tax=tax, gross=net + tax)


def document(credited: Credited) -> dict[str, str]:
    """A credit as its invoice stores it."""
    return {
        "evaluation": credited.evaluation,
        "invoice": credited.invoice,
        "method": credited.method,
        "net": str(credited.net),
        "tax": str(credited.tax),
        "rate": str(credited.rate),
    }


def read(stored: Mapping[str, Any]) -> Credited:
    """A stored credit."""
    return Credited(
        stored["evaluation"], stored["invoice"], stored["method"],
        int(stored["net"]), int(stored["tax"]), Fraction(stored["rate"]),
    )  # fmt: skip
