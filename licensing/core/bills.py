"""Documents that state money: the invoice to a licensee and the statement to a member.

Sums are checked when the value is made: per rate, the lines make the net total, and tax is rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from contributions.core.periods import Period
from contributions.core.words import Text
from licensing.core import tariffs, variables
from licensing.core.letterhead import NOTHING, Party, marks

REDUCED_MARK = "※"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice or statement, before tax."""

    description: Text
    quantity: Text
    price: Text
    net: int
    rate: Fraction
    reduced: bool = False

    @property
    def amount(self) -> Text:
        """The net amount in words of both languages."""
        return variables.yen(self.net)

    @property
    def tax_rate(self) -> str:
        """The rate of its tax; an en dash where none applies."""
        return tariffs.percent(self.rate).ja if self.rate else "–"

    @property
    def mark(self) -> str:
        """The mark of a reduced rate, which the law asks for."""
        return REDUCED_MARK if self.reduced else ""


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax rate of a document: net total and tax, rounded once."""

    rate: Fraction
    net: int
    tax: int
    label: Text = NOTHING

    @property
    def name(self) -> Text:
        """The rate as documents name it: 10%対象, or 対象外 where no tax applies."""
        if self.label.ja:
            return self.label
        percent = tariffs.percent(self.rate)
        return Text(f"{percent.ja}対象", f"Taxable at {percent.en}")

    @property
    def net_amount(self) -> Text:
        """The net total of this rate."""
        return variables.yen(self.net)

    @property
    def tax_amount(self) -> Text:
        """The tax of this rate."""
        return variables.yen(self.tax)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of how an amount came about: what it is, how it was reckoned, and what that makes."""

    label: Text
    how: Text
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What is given back of an earlier supply on the same paper (適格返還請求書)."""

    description: Text
    period: Period
    rate: Fraction
    net: int
    tax: int

    @property
    def span(self) -> Text:
        """When the earlier supply was made."""
        return _span(self.period)

    @property
    def tax_name(self) -> Text:
        """The rate at which the earlier supply was taxed."""
        return Tax(self.rate, self.net, self.tax).name

    @property
    def net_amount(self) -> Text:
        """What goes back, before tax."""
        return variables.yen(-self.net)

    @property
    def tax_amount(self) -> Text:
        """The tax that goes back with it."""
        return variables.yen(-self.tax)


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """A qualified invoice (適格請求書): issuer and T-number, period, lines, one tax per rate, recipient."""

    number: str
    issued_on: date
    due_on: date
    period: Period
    issuer: Party
    recipient: Party
    subject: Text
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    derivation: tuple[Step, ...]
    bank: Text
    made_at: datetime
    demo: bool
    digest: str = ""
    returned: Returned | None = None

    template = "invoice.html"

    def __post_init__(self) -> None:
        _check_sums(self.lines, self.taxes)

    @property
    def title(self) -> Text:
        """The document's name."""
        return Text("請求書", "Invoice")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"invoice {self.number}"

    @property
    def reference(self) -> Text:
        """What stands at the head of each page."""
        return Text(f"請求書　{self.number}", f"Invoice {self.number}")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def net(self) -> Text:
        """All lines before tax."""
        return variables.yen(sum(line.net for line in self.lines))

    @property
    def total(self) -> Text:
        """What is to be paid, tax included."""
        back = self.returned.net + self.returned.tax if self.returned is not None else 0
        return variables.yen(_gross(self.taxes) - back)

    @property
    def issued(self) -> Text:
        """The day of issue in both languages."""
        return variables.day(self.issued_on)

    @property
    def due(self) -> Text:
        """The day by which to pay."""
        return variables.day(self.due_on)

    @property
    def span(self) -> Text:
        """The period the transactions fall in."""
        return _span(self.period)

    @property
    def has_reduced(self) -> bool:
        """Whether a line bears the mark of a reduced rate."""
        return any(line.reduced for line in self.lines)


@dataclass(frozen=True, slots=True)
class StatementDocument:
    """What a member is paid out of a distribution, and what the payment legally is.

    Where it is taxable consideration the paper is a 仕入明細書 (made by the buyer, good once the supplier confirms);
    otherwise it is a 配分通知書. `nature` is what a person decided and recorded, never a guess of the program.
    """

    number: str
    issued_on: date
    pay_on: date
    period: Period
    maker: Party
    supplier: Party
    nature: Text
    purchase: bool
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    withheld: int
    derivation: tuple[Step, ...]
    confirm_by: date | None
    bank: Text
    made_at: datetime
    demo: bool
    digest: str = ""

    template = "statement.html"

    def __post_init__(self) -> None:
        _check_sums(self.lines, self.taxes)
        assert 0 <= self.withheld <= _gross(self.taxes), "more is withheld than is owed"

    @property
    def title(self) -> Text:
        """仕入明細書 for taxable consideration, else 配分通知書."""
        if self.purchase:
            return Text("仕入明細書", "Purchase statement")
        return Text("配分通知書", "Distribution notice")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"statement {self.number}"

    @property
    def reference(self) -> Text:
        """What stands at the head of each page."""
        return Text(f"{self.title.ja}　{self.number}", f"{self.title.en} {self.number}")

    @property
    def marks(self) -> str:
        """What must stand on every page of a specimen."""
        return marks(self.demo)

    @property
    def net(self) -> Text:
        """All lines before tax."""
        return variables.yen(sum(line.net for line in self.lines))

    @property
    def gross(self) -> Text:
        """All lines with tax."""
        return variables.yen(_gross(self.taxes))

    @property
    def withholding(self) -> Text:
        """The tax withheld at source."""
        return variables.yen(-self.withheld)

    @property
    def payable(self) -> Text:
        """What will be transferred."""
        return variables.yen(_gross(self.taxes) - self.withheld)

    @property
    def issued(self) -> Text:
        """The day of issue in both languages."""
        return variables.day(self.issued_on)

    @property
    def pay_day(self) -> Text:
        """The day of payment."""
        return variables.day(self.pay_on)

    @property
    def span(self) -> Text:
        """The period distributed."""
        return _span(self.period)

    @property
    def confirmation(self) -> Text | None:
        """What the member is asked to do, and by when."""
        if self.confirm_by is None:
            return None
        day = variables.day(self.confirm_by)
        return Text(
            f"記載内容をご確認のうえ、{day.ja}までにご回答ください。契約の定めにより、期限までに誤りの連絡がないときは、"
            "確認があったものとして取り扱います。",
            f"Please check this statement and reply by {day.en}. As agreed, it is treated as confirmed unless "
            "an error is reported by then.",
        )

    @property
    def has_reduced(self) -> bool:
        """Whether a line bears the mark of a reduced rate."""
        return any(line.reduced for line in self.lines)


def _gross(taxes: Sequence[Tax]) -> int:
    return sum(tax.net + tax.tax for tax in taxes)


def _check_sums(lines: Sequence[Line], taxes: Sequence[Tax]) -> None:
    """Per rate, the lines make the net total, and the tax lies between rate × net rounded down and up."""
    assert len({tax.rate for tax in taxes}) == len(taxes), "a rate stands twice"
    assert {line.rate for line in lines} == {tax.rate for tax in taxes}, "a rate of a line has no total"
    for tax in taxes:
        net = sum(line.net for line in lines if line.rate == tax.rate)
        assert net == tax.net, f"lines make {net}, the total says {tax.net}"
        assert abs(Fraction(tax.tax) - tax.rate * net) < 1, f"{tax.tax} is not the tax on {net}"


def _span(period: Period) -> Text:
    assert period.until is not None, "a billed period has an end"
    return variables.span(period.start, period.until)
