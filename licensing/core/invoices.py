"""Invoices: totals by tax rate, one rounding each, the due date, and the items a 適格請求書 must carry.

Line amounts are whole yen before tax (a fee is rounded once, when it is rated). Tax is computed once per rate on the
sum of the lines, and rounded down: the method this issuer has chosen. Source: NTA, 適格請求書等保存方式 Q&A.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from contributions.core.errors import Finding, Refused
from contributions.core.periods import next_month
from contributions.core.words import Text
from licensing.core.taxes import TaxRate, in_force, on_net


class EmptyInvoice(Refused):
    code = "empty-invoice"
    ja = "請求する明細がありません。利用実績報告を受理してから発行してください。"
    en = "There is nothing to invoice. Accept a usage report first."


class BadAmount(Refused):
    code = "bad-amount"
    ja = "明細「{text}」の金額 {amount} 円は請求できません。値引きや返還は別の書類で行います。"
    en = "The line “{text}” of JPY {amount} cannot be invoiced. Credits are separate documents."


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What is charged: whole yen before tax, with the tax classification a person decided."""

    text: Text
    amount: int
    tax: str = "standard"


@dataclass(frozen=True, slots=True)
class RateTotal:
    """All lines of one classification: net, rate and the tax rounded once."""

    tax: str
    name: Text
    rate: Fraction
    net: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals:
    """An invoice in figures: gross = net + tax = Σ over rates."""

    rates: tuple[RateTotal, ...]
    net: int
    tax: int
    gross: int


@dataclass(frozen=True, slots=True)
class Issue:
    """What is printed on an invoice and must be there: names, registration number, period, content."""

    issuer: str
    registration: str
    recipient: str
    supplied: str
    lines: tuple[InvoiceLine, ...]
    totals: Totals


def total(lines: Sequence[InvoiceLine], *, table: Iterable[TaxRate], on: date) -> Totals:
    """Totals of an invoice whose supply falls on `on`.

    Worked example (T15): 333,333 + 333,333 + 333,335 at 10 % → net 1,000,001, tax 100,000, gross 1,100,001.
    """
    if not lines:
        raise EmptyInvoice()
    rows = tuple(table)
    nets: dict[str, int] = {}
    for line in lines:
        if line.amount < 0:
            raise BadAmount(text=line.text, amount=line.amount)
        nets[line.tax] = nets.get(line.tax, 0) + line.amount
    totals = tuple(_rate_total(in_force(rows, code, on), net) for code, net in sorted(nets.items()))
    net, tax = sum(row.net for row in totals), sum(row.amount for row in totals)
    assert net == sum(line.amount for line in lines), "the rates must hold every line"
    return Totals(totals, net, tax, net + tax)


def due_date(issued: date, is_business_day: Callable[[date], bool]) -> date:
    """The last day of the following month, or the last business day before it.

    Issued 2026-10-20 → 2026-11-30; issued 2026-09-30 → 2026-10-30, as 2026-10-31 is a Saturday.
    """
    day = next_month(next_month(issued)) - timedelta(days=1)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def missing_items(issue: Issue) -> tuple[Finding, ...]:
    """Which of the six mandatory items of a 適格請求書 are missing or wrong; none if it is complete."""
    checks = (
        (bool(issue.issuer.strip()), "issuer", _ISSUER),
        (bool(re.fullmatch(r"T[1-9][0-9]{12}", issue.registration)), "registration", _REGISTRATION),
        (bool(issue.supplied.strip()), "supplied", _SUPPLIED),
        (bool(issue.lines) and all(line.text.ja.strip() for line in issue.lines), "lines", _CONTENT),
        (bool(issue.totals.rates) and _adds_up(issue), "rates", _RATES),
        (bool(issue.recipient.strip()), "recipient", _RECIPIENT),
    )
    return tuple(
        Finding(None, field, f"missing-{field}", f"適格請求書の記載事項：{said.ja}", f"Qualified invoice: {said.en}")
        for holds, field, said in checks
        if not holds
    )


def _rate_total(rate: TaxRate, net: int) -> RateTotal:
    return RateTotal(rate.code, rate.name, rate.rate, net, on_net(net, rate.rate))


def _adds_up(issue: Issue) -> bool:
    """Per-rate totals hold the lines, and tax was rounded once per rate: per-line rounding does not pass."""
    nets: dict[str, int] = {}
    for line in issue.lines:
        nets[line.tax] = nets.get(line.tax, 0) + line.amount
    rows = issue.totals.rates
    return {row.tax: row.net for row in rows} == nets and all(row.amount == on_net(row.net, row.rate) for row in rows)


_ISSUER = Text("発行者の名称がありません。", "the issuer’s name is missing.")
_REGISTRATION = Text("登録番号（T＋13桁）がありません。", "the registration number (T and 13 digits) is missing.")
_SUPPLIED = Text("取引年月日または期間がありません。", "the date or period of supply is missing.")
_CONTENT = Text("取引内容がありません。", "the content of the supply is missing.")
_RATES = Text(
    "税率ごとの対価の合計と消費税額が、明細の合計と一回の端数処理に一致しません。",
    "the totals and tax per rate do not agree with the lines and one rounding per rate.",
)
_RECIPIENT = Text("交付を受ける者の名称がありません。", "the recipient’s name is missing.")
