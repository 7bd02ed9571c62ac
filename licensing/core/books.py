"""The books: accounts, the posting that each business fact makes, and the trial balance.

Every fact becomes one slip of lines whose debits equal its credits; a slip that does not balance is refused, never
stored. Yen owed lives here and only here. Fees kept by the consortium stay in its income; the members' part becomes an
expense and a debt to each of them when a distribution is approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text

DEBIT, CREDIT = "debit", "credit"


@dataclass(frozen=True, slots=True)
class Account:
    """An account: its code and name, its kind, and the side on which it grows."""

    code: str
    name: Text
    kind: str
    side: str


def _account(code: str, ja: str, en: str, kind: str) -> Account:
    return Account(code, Text(ja, en), kind, DEBIT if kind in {"asset", "expense"} else CREDIT)


ACCOUNTS = {
    account.code: account
    for account in (
        _account("1110", "普通預金", "Bank", "asset"),
        _account("1210", "売掛金", "Receivables", "asset"),
        _account("1310", "仮払消費税等", "Input consumption tax", "asset"),
        _account("2110", "未払金（会員分配）", "Payable to members", "liability"),
        _account("2120", "分配積立金", "Distribution reserve", "liability"),
        _account("2130", "前受金", "Advances received", "liability"),
        _account("2210", "仮受消費税等", "Output consumption tax", "liability"),
        _account("2310", "預り金（源泉所得税）", "Withholding tax held", "liability"),
        _account("4110", "利用料収入", "Licence revenue", "income"),
        Account("4190", Text("売上値引（評価の対価の充当）", "Credits of evaluation fees"), "income", DEBIT),
        _account("5110", "会員分配費", "Members’ share of revenue", "expense"),
    )
}
BANK, RECEIVABLE, INPUT_TAX = "1110", "1210", "1310"
PAYABLE, RESERVE, ADVANCES, OUTPUT_TAX, WITHHELD = "2110", "2120", "2130", "2210", "2310"
REVENUE, CREDITED, SHARED = "4110", "4190", "5110"


class Unbalanced(Refused):
    code = "unbalanced"
    ja = "仕訳 {number} の借方 {debit} 円と貸方 {credit} 円が一致しません。"
    en = "In the slip {number} debits of JPY {debit} do not equal credits of JPY {credit}."


class BadPosting(Refused):
    code = "bad-posting"
    ja = "仕訳 {number} の行（科目 {account}、{amount} 円）が正しくありません。"
    en = "A line of the slip {number} is not right (account {account}, JPY {amount})."


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One side of one account: a positive amount of whole yen; `party` is the sub-account, a licensee or member."""

    account: str
    side: str
    amount: int
    party: str = ""
    tax: str = "none"


@dataclass(frozen=True, slots=True)
class Slip:
    """A balanced posting with its date, its source document and its description."""

    number: str
    day: date
    source: str
    text: Text
    lines: tuple[PostingLine, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """An account over all slips; `balance` is on the side where the account grows."""

    account: Account
    debit: int
    credit: int
    balance: int


def slip(number: str, day: date, source: str, text: Text, lines: Iterable[PostingLine]) -> Slip:
    """A slip, if it balances: lines of nothing are left out, Σ debit = Σ credit > 0."""
    kept = tuple(line for line in lines if line.amount)
    for line in kept:
        if line.account not in ACCOUNTS or line.side not in {DEBIT, CREDIT} or line.amount < 0:
            raise BadPosting(number=number, account=line.account, amount=line.amount)
    debit, credit = _side(kept, DEBIT), _side(kept, CREDIT)
    if debit != credit or not debit:
        raise Unbalanced(number=number, debit=debit, credit=credit)
    return Slip(number, day, source, text, kept)


def invoice(
    number: str,
    day: date,
    source: str,
    *,
    licensee: str,
    net: int,
    tax: int,
    tax_code: str,
    earned: int = 0,
    credited: int = 0,
) -> Slip:
    """Dr receivables gross; Cr revenue net, Cr output tax.

    `earned` of an advance: Dr advances received, Cr revenue. `credited` of an evaluation's fee: Dr credits, Cr revenue.
    """
    text = Text(f"利用料の請求　{source}", f"Licence fee invoiced, {source}")
    lines = (
        PostingLine(RECEIVABLE, DEBIT, net + tax, licensee),
        PostingLine(ADVANCES, DEBIT, earned, licensee),
        PostingLine(CREDITED, DEBIT, credited, licensee, tax_code),
        PostingLine(REVENUE, CREDIT, net + earned + credited, licensee, tax_code),
        PostingLine(OUTPUT_TAX, CREDIT, tax, "", tax_code),
    )
    return slip(number, day, source, text, lines)


def advance(
    number: str, day: date, source: str, *, licensee: str, net: int, tax: int, tax_code: str, kept: bool
) -> Slip:
    """Dr receivables gross; Cr advances received net, or revenue where it is `kept` at once, Cr output tax."""
    text = Text(f"前払金の請求　{source}", f"Advance invoiced, {source}")
    lines = (
        PostingLine(RECEIVABLE, DEBIT, net + tax, licensee),
        PostingLine(REVENUE if kept else ADVANCES, CREDIT, net, licensee, tax_code),
        PostingLine(OUTPUT_TAX, CREDIT, tax, "", tax_code),
    )
    return slip(number, day, source, text, lines)


def evaluation(number: str, day: date, source: str, *, licensee: str, net: int, tax: int, tax_code: str) -> Slip:
    """Dr receivables gross; Cr revenue net, Cr output tax."""
    text = Text(f"評価の対価の請求　{source}", f"Evaluation fee invoiced, {source}")
    lines = (
        PostingLine(RECEIVABLE, DEBIT, net + tax, licensee),
        PostingLine(REVENUE, CREDIT, net, licensee, tax_code),
        PostingLine(OUTPUT_TAX, CREDIT, tax, "", tax_code),
    )
    return slip(number, day, source, text, lines)


def receipt(number: str, day: date, source: str, *, licensee: str, amount: int) -> Slip:
    """Dr bank, Cr receivables."""
    text = Text(f"利用料の入金　{source}", f"Licence fee received, {source}")
    lines = (PostingLine(BANK, DEBIT, amount), PostingLine(RECEIVABLE, CREDIT, amount, licensee))
    return slip(number, day, source, text, lines)


def distribution(
    number: str, day: date, source: str, *, payouts: Sequence[tuple[str, int, int]], reserve: int, tax_code: str
) -> Slip:
    """Dr members' share and input tax; Cr payable to each member, Cr reserve. `payouts`: member, amount, tax."""
    text = Text(f"収益分配　{source}", f"Distribution to members, {source}")
    shared, tax = sum(amount for _, amount, _ in payouts), sum(tax for _, _, tax in payouts)
    lines = (
        PostingLine(SHARED, DEBIT, shared, "", tax_code),
        PostingLine(INPUT_TAX, DEBIT, tax, "", tax_code),
        PostingLine(SHARED, DEBIT, reserve),
        *(PostingLine(PAYABLE, CREDIT, amount + own, member) for member, amount, own in payouts),
        PostingLine(RESERVE, CREDIT, reserve),
    )
    return slip(number, day, source, text, lines)


def payout(number: str, day: date, source: str, *, member: str, amount: int, withheld: int = 0) -> Slip:
    """Dr payable to the member; Cr bank, Cr withholding tax held."""
    text = Text(f"分配金の支払　{source}", f"Payout, {source}")
    lines = (
        PostingLine(PAYABLE, DEBIT, amount, member),
        PostingLine(BANK, CREDIT, amount - withheld),
        PostingLine(WITHHELD, CREDIT, withheld),
    )
    return slip(number, day, source, text, lines)


def trial_balance(slips: Iterable[Slip]) -> tuple[Balance, ...]:
    """Debits, credits and balance of each account that was touched, by code. Σ debit = Σ credit, asserted."""
    sums: dict[str, dict[str, int]] = {}
    for one in slips:
        for line in one.lines:
            sums.setdefault(line.account, {DEBIT: 0, CREDIT: 0})[line.side] += line.amount
    balances = tuple(_balance(ACCOUNTS[code], sums[code]) for code in sorted(sums))
    assert sum(row.debit for row in balances) == sum(row.credit for row in balances), "the books must balance"
    return balances


def journal_rows(slips: Iterable[Slip], language: str) -> list[dict[str, Any]]:
    """The postings line by line, for export: the neutral form that each accounting package's format is made from."""
    return [
        {
            "date": one.day.isoformat(),
            "slip": one.number,
            "line": number,
            "account": line.account,
            "account_name": ACCOUNTS[line.account].name.of(language),
            "party": line.party,
            "debit": line.amount if line.side == DEBIT else 0,
            "credit": line.amount if line.side == CREDIT else 0,
            "tax": line.tax,
            "source": one.source,
            "text": one.text.of(language),
        }
        for one in slips
        for number, line in enumerate(one.lines, 1)
    ]


def _side(lines: Iterable[PostingLine], side: str) -> int:
    return sum(line.amount for line in lines if line.side == side)


def _balance(account: Account, sums: dict[str, int]) -> Balance:
    difference = sums[DEBIT] - sums[CREDIT]
    return Balance(account, sums[DEBIT], sums[CREDIT], difference if account.side == DEBIT else -difference)
