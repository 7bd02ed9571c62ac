"""Distribution: from money received to the yen of each member, and what that money legally is.

    gross received (before tax) → administration fee → reserve → members, by the shares of the adopted allocation

Fees are rounded down; the rest is split by largest remainder, so that every yen is somewhere. What a payment legally is
has to be decided by a person: it depends on the consortium's legal form, and decides document, tax and withholding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import apportion, floor
from contributions.core.words import Text
from licensing.core.allocations import HELD
from licensing.core.decimals import percent, rounded
from licensing.core.taxes import TaxRate, on_net

LEGAL_FORMS = {
    "kabushiki": Text("株式会社", "stock company (kabushiki kaisha)"),
    "godo": Text("合同会社", "limited liability company (godo kaisha)"),
    "gijutsu-kumiai": Text("技術研究組合", "technology research association"),
    "ippan-shadan": Text("一般社団法人", "general incorporated association"),
    "nin-i-kumiai": Text("任意組合", "partnership under the Civil Code"),
    "llp": Text("有限責任事業組合（LLP）", "limited liability partnership"),
}
STATEMENT = Text("仕入明細書", "purchase statement")
NOTICE = Text("分配通知書", "distribution notice")


@dataclass(frozen=True, slots=True)
class PaymentType:
    """What a payment legally is, whether it is taxable consideration, and which legal forms know it."""

    code: str
    name: Text
    taxable: bool
    forms: frozenset[str]

    @property
    def paper(self) -> Text:
        """The document it goes with: a purchase statement where it is taxable consideration."""
        return STATEMENT if self.taxable else NOTICE


_ANY = frozenset(LEGAL_FORMS)
PAYMENT_TYPES = {
    payment.code: payment
    for payment in (
        PaymentType("licence-fee", Text("利用料・データ対価", "licence fee, consideration for data"), True, _ANY),
        PaymentType("service-fee", Text("業務対価", "consideration for services"), True, _ANY),
        PaymentType("dividend", Text("配当", "dividend"), False, frozenset({"godo"})),
        PaymentType("partnership", Text("組合損益", "partnership profit"), False, frozenset({"nin-i-kumiai", "llp"})),
        PaymentType("repayment", Text("返還", "repayment"), False, _ANY),
    )
}


class NotPayable(Refused):
    code = "not-payable"
    ja = "{form}では、拠出に応じた分配を「{payment}」として支払うことはできません。{mend}"
    en = "In a {form} a distribution by contribution cannot be paid as “{payment}”. {mend}"


class BadShares(Refused):
    code = "bad-shares"
    ja = "配分比率の合計が 1 になりません（{total}）。採択された配分計算を使ってください。"
    en = "The shares sum to {total}, not to 1. Use an adopted allocation."


class BadRates(Refused):
    code = "bad-rates"
    ja = "管理手数料 {admin} と積立 {reserve} は 0 以上 1 未満にしてください。"
    en = "The administration fee {admin} and the reserve {reserve} must be from 0 up to, not including, 1."


class NothingReceived(Refused):
    code = "nothing-received"
    ja = "入金がないため、分配する金額がありません。"
    en = "Nothing has been received, so there is nothing to distribute."


@dataclass(frozen=True, slots=True)
class Payout:
    """A member's part: quota = net · share, and the whole yen after largest remainder."""

    member: str
    share: Fraction
    quota: Fraction
    amount: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """gross = admin + reserve + held + Σ payouts, in whole yen before tax."""

    gross: int
    admin_rate: Fraction
    admin: int
    reserve_rate: Fraction
    reserve: int
    net: int
    held: int
    payouts: tuple[Payout, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One step of a member's statement: what it is, the figure behind it, the yen."""

    text: Text
    figure: Text
    amount: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A member's paper: the steps, the amount, its tax, and what is paid. `tax` is 0 where no consideration."""

    paper: Text
    payment: Text
    lines: tuple[StatementLine, ...]
    amount: int
    tax_rate: TaxRate | None
    tax: int
    payable: int


def check_payable(payment: str, legal_form: str) -> PaymentType:
    """The payment type, if that legal form may pay a distribution by contribution so.

    A company pays shareholders, as shareholders, by shareholding; contribution money is consideration under contract.
    """
    found, form = PAYMENT_TYPES.get(payment), LEGAL_FORMS.get(legal_form)
    if found is None or form is None:
        unknown = Text("区分が登録されていません。", "It is not known.")
        raise NotPayable(form=form or legal_form, payment=found.name if found else payment, mend=unknown)
    if legal_form not in found.forms:
        raise NotPayable(form=form, payment=found.name, mend=_mend(found.code))
    return found


def split(
    gross: int, shares: Mapping[str, int], *, grid: int, admin_rate: Fraction, reserve_rate: Fraction, held: int = 0
) -> Distribution:
    """The waterfall. `shares` are on the grid and, with what is `held`, sum to it.

    admin = ⌊gross · a⌋, reserve = ⌊(gross − admin) · r⌋, members share the rest by largest remainder.
    Worked example (T22): 100,000,000; 5 %, then 10 % → 5,000,000; 9,500,000; 85,500,000 to the members.
    """
    if gross <= 0:
        raise NothingReceived()
    if not (0 <= admin_rate < 1 and 0 <= reserve_rate < 1):
        raise BadRates(admin=percent(admin_rate), reserve=percent(reserve_rate))
    if sum(shares.values()) + held != grid or min(shares.values(), default=-1) < 0:
        raise BadShares(total=f"{sum(shares.values()) + held}/{grid}")
    admin = floor(gross * admin_rate)
    reserve = floor((gross - admin) * reserve_rate)
    net = gross - admin - reserve
    members = sorted(shares)
    parts = [Fraction(shares[member], grid) for member in members]
    *amounts, kept = apportion(net, [*parts, Fraction(held, grid)], [*members, HELD])
    payouts = tuple(
        Payout(member, part, net * part, amount) for member, part, amount in zip(members, parts, amounts, strict=True)
    )
    assert admin + reserve + kept + sum(amounts) == gross, "every yen must be somewhere"
    return Distribution(gross, admin_rate, admin, reserve_rate, reserve, net, kept, payouts)


def statement(distribution: Distribution, member: str, payment: PaymentType, tax: TaxRate | None) -> Statement:
    """A member's statement: its own yen explained, and nothing of the others or of any licensee.

    `tax` is the rate that applies to the supply; it is used only where the payment is taxable consideration, once, and
    rounded down.
    """
    payout = next(payout for payout in distribution.payouts if payout.member == member)
    rate = tax if payment.taxable else None
    amount = on_net(payout.amount, rate.rate) if rate else 0
    return Statement(
        paper=payment.paper,
        payment=payment.name,
        lines=(*_waterfall(distribution), *_own(distribution, payout)),
        amount=payout.amount,
        tax_rate=rate,
        tax=amount,
        payable=payout.amount + amount,
    )


def _waterfall(distribution: Distribution) -> tuple[StatementLine, ...]:
    admin, reserve = percent(distribution.admin_rate), percent(distribution.reserve_rate)
    return (
        StatementLine(Text("分配の対象となる入金（税抜）", "money received, before tax"), _EMPTY, distribution.gross),
        StatementLine(Text("管理手数料", "administration fee"), _both(f"× {admin}"), -distribution.admin),
        StatementLine(Text("積立", "reserve"), _both(f"× {reserve}"), -distribution.reserve),
        StatementLine(Text("会員へ分配する金額", "to be shared by the members"), _EMPTY, distribution.net),
    )


def _own(distribution: Distribution, payout: Payout) -> tuple[StatementLine, ...]:
    whole = floor(payout.quota)
    quota = rounded(payout.quota, 4)
    return (
        StatementLine(Text("貴社の配分比率", "your share"), _both(f"× {percent(payout.share, 4)} = {quota}"), whole),
        StatementLine(
            Text("端数（最大剰余法）", "rounding (largest remainder)"),
            _both(f"+{payout.amount - whole}"),
            payout.amount - whole,
        ),
    )


def _both(figure: str) -> Text:
    return Text(figure, figure)


def _mend(payment: str) -> Text:
    if payment == "dividend":
        return Text(
            "配当は出資比率によります。拠出への支払は契約上の対価としてください。",
            "A dividend goes by shareholding; pay for contributions as consideration under contract.",
        )
    return Text("組合契約に基づく分配に限られます。", "It is for partnerships only.")


_EMPTY = Text("", "")
