"""Cash, people and background IP put in: what each is measured in, and what of it may count.

Cash has a nature, because equity is rewarded by the stake and would otherwise be rewarded twice. Foreign cash keeps its
currency and fixes yen once. People are minutes worked by grade; an engineer-month is derived. Background IP stands on a
list at an appraised value in yen: what is not listed is not licensed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from contributions.core import money, units
from contributions.core.errors import Refused
from contributions.core.periods import Period
from contributions.core.units import AMOUNT_MAX
from contributions.core.words import Text

CASH, PEOPLE, BACKGROUND = "cash", "people", "background"
KINDS = {
    CASH: Text("資金", "cash"),
    PEOPLE: Text("出向・従事", "people"),
    BACKGROUND: Text("バックグラウンド知的財産", "background IP"),
}
# Data and compute are put in as datasets and as usage files; beforehand they can be promised here, in these units.
DATA, COMPUTE = "data", "compute"
PROMISED = {DATA: Text("データ提供", "data"), COMPUTE: Text("計算資源提供", "compute")}
PLEDGED = {**KINDS, **PROMISED}
YEN = "JPY"
UNITS = {CASH: YEN, PEOPLE: "minute", BACKGROUND: YEN}
PROMISED_UNITS = {
    DATA: ("media_second", "record", "token", "byte"),
    COMPUTE: ("gpu_s", "cpu_s", "node_s"),
}

EQUITY = "equity"
NATURES = {
    EQUITY: Text("出資", "equity"),
    "levy": Text("負担金", "levy"),
    "loan": Text("貸付", "loan"),
    "advance": Text("前払", "advance"),
}

GRADES = {
    "junior": Text("初級", "junior"),
    "engineer": Text("中級", "engineer"),
    "senior": Text("上級", "senior"),
    "principal": Text("主幹", "principal"),
}

# In which mode a source pays: the law that applies differs with it.
FUNDING_MODES = {
    "own": Text("自己資金", "Own money"),
    "commission": Text("委託", "Commissioned"),
    "subsidy": Text("補助", "Subsidised"),
}

# By what a cost may come back from elsewhere; what came back earns nothing here.
RECOVERIES = {
    "subsidy": Text("他の補助・委託", "another grant"),
    "fee": Text("利用料・対価", "a fee or price"),
    "insurance": Text("保険・賠償", "insurance or damages"),
    "sale": Text("資産の処分", "sale of the asset"),
    "other": Text("その他", "other"),
}

# One engineer-month is 160 hours: the divisor of the policies, fixed here so that everyone means the same.
MINUTES_PER_ENGINEER_MONTH = 160 * 60
MINOR_DIGITS = {YEN: 0, "KRW": 0, "USD": 2, "EUR": 2, "GBP": 2, "SGD": 2, "CHF": 2, "CNY": 2}

_DECIMAL = re.compile(r"(\d{1,18})(?:\.(\d{1,9}))?")


class UnknownNature(Refused):
    code = "unknown-nature"
    ja = "資金の性質「{nature}」は登録されていません。出資、負担金、貸付、前払のいずれかです。"
    en = "There is no nature of cash “{nature}”. It is equity, levy, loan or advance."


class StaysForeign(Refused):
    code = "stays-foreign"
    ja = "外貨の拠出 {number} は、{currency} での金額（foreign_amount）により差し替えてください。換算率は元のままです。"
    en = "Contribution {number} is foreign cash: replace it by an amount in {currency} (foreign_amount), at its rate."


class UnknownGrade(Refused):
    code = "unknown-grade"
    ja = "等級「{grade}」は登録されていません。{known} のいずれかを指定してください。"
    en = "There is no grade “{grade}”. Use one of {known}."


class UnknownCurrency(Refused):
    code = "unknown-currency"
    ja = "通貨「{currency}」は取り扱っていません。{known} のいずれかを指定してください。"
    en = "The currency “{currency}” is not handled. Use one of {known}."


class NotADecimal(Refused):
    code = "not-a-decimal"
    ja = "「{text}」は 0 以上の数（例 1234.50、桁区切りなし）として読めません。"
    en = "“{text}” is not a number of 0 or more, such as 1234.50, without separators."


class TooFine(Refused):
    code = "too-fine"
    ja = "「{text}」は最小の単位（{unit}）より細かい数です。"
    en = "“{text}” is finer than the smallest unit ({unit})."


class RateNeeded(Refused):
    code = "rate-needed"
    ja = "外貨の資金には、換算率、その出所および日付を記載してください。"
    en = "Foreign cash needs the rate, its source and its date."


class WrongYen(Refused):
    code = "wrong-yen"
    ja = "金額 {stated}円が、外貨額と換算率による額（切捨て）{yen}円と異なります。空欄か {yen} にしてください。"
    en = "{stated} yen are not what amount and rate come to, rounded down: {yen}. Leave it empty or write {yen}."


class NotWithdrawable(Refused):
    code = "not-withdrawable"
    ja = "受け入れた資金・従事の拠出 {number} は取り下げられません。誤りは差替えまたは取消しで直してください。"
    en = "Accepted cash and work cannot be withdrawn ({number}). Where it is wrong, supersede it or have it reversed."


class OnlyPledged(Refused):
    code = "only-pledged"
    ja = (
        "データ・計算資源は、ここでは拠出予定としてだけ登録できます。"
        "提供したものは、データセットの登録または計算実績の提出で記録します。"
    )
    en = "Data and compute can only be pledged here. What is given is recorded as a dataset, or as a usage file."


class NotMeasuredSo(Refused):
    code = "not-measured-so"
    ja = "「{kind}」の予定は {known} のいずれかの単位で表してください（指定：{unit}）。"
    en = "A pledge of {kind} is measured in one of {known}, not in “{unit}”."


class NotFulfilledBy(Refused):
    code = "not-fulfilled-by"
    ja = "「{made}」は、この拠出予定を履行したご自身のデータセットの版または計算実績ではありません。"
    en = "“{made}” is no dataset version or usage file of yours that fulfils this pledge."


class UnknownSource(Refused):
    code = "unknown-recovery"
    ja = "回収の区分「{source}」は登録されていません。{known} のいずれかを指定してください。"
    en = "There is no kind of recovery “{source}”. Use one of {known}."


class NotAPart(Refused):
    code = "not-a-part"
    ja = "割合「{part}」は 0 を超え 1 以下の分数で指定してください。"
    en = "The part “{part}” must be a fraction above 0 and no more than 1."


class MoreThanWhole(Refused):
    code = "more-than-whole"
    ja = "既に {already} が回収済みのため、{part} を加えると全体を超えます。"
    en = "{already} has been recovered already; {part} more would exceed the whole."


class AppraisalNeeded(Refused):
    code = "appraisal-needed"
    ja = "バックグラウンド知的財産には、評価者および評価日を記載してください。"
    en = "Background IP needs its appraiser and the day of the appraisal."


class OutOfRange(Refused):
    code = "out-of-range"
    ja = "数量「{text}」は台帳に記録できる範囲（2^62 未満）を超えています。"
    en = "The quantity “{text}” is beyond what the ledger holds (below 2^62)."


@dataclass(frozen=True, slots=True)
class ForeignCash:
    """Cash in another currency and the rate that fixed its yen, once. `minor` is in the currency's smallest unit."""

    currency: str
    minor: int
    rate: Fraction
    source: str
    on: date

    @property
    def yen(self) -> int:
        return yen_of(self.minor, self.currency, self.rate)


@dataclass(frozen=True, slots=True)
class Resource:
    """One line of cash, people or background IP, as its member states it. `quantity` is in `unit`'s smallest part."""

    kind: str
    member: str
    quantity: int
    period: Period
    title: str
    nature: str | None = None
    grade: str | None = None
    foreign: ForeignCash | None = None
    limits: str = ""
    funding: str = "own"
    agreement: str = ""
    note: str = ""
    line: int | None = None

    @property
    def unit(self) -> str:
        return UNITS[self.kind]

    @property
    def counts_in_stakes_only(self) -> bool:
        """Equity is rewarded by the stake; it counts here only where the policy says so."""
        return self.nature == EQUITY


def decimal(text: str) -> Fraction:
    """An unsigned decimal, exactly.

    >>> decimal("1234.50")
    Fraction(2469, 2)
    """
    match = _DECIMAL.fullmatch(text) if text.isascii() else None
    if match is None:
        raise NotADecimal(text=text)
    part = match[2] or ""
    return Fraction(int(match[1] + part), 10 ** len(part))


def minor_units(text: str, currency: str) -> int:
    """An amount of money in the currency's smallest unit; finer amounts are refused, not rounded.

    >>> minor_units("1500000.25", "USD")
    150000025
    """
    return _whole(decimal(text) * 10 ** MINOR_DIGITS[check_currency(currency)], text, currency)


def yen_of(minor: int, currency: str, rate: Fraction) -> int:
    """Yen of an amount in another currency, at so many yen for one unit of it, rounded down, once.

    yen = ⌊ minor / 10^digits · rate ⌋

    >>> yen_of(150000025, "USD", Fraction("151.37"))
    227055037
    """
    return money.floor(Fraction(minor, 10 ** MINOR_DIGITS[currency]) * rate)


def foreign_cash(text: str, currency: str, *, rate: str, source: str, on: date | None) -> ForeignCash:
    """Foreign cash with the rate that fixes its yen: rate, source and date are all needed."""
    minor = minor_units(text, currency)
    if currency == YEN:
        raise UnknownCurrency(currency=currency, known="、".join(sorted(MINOR_DIGITS.keys() - {YEN})))
    if on is None:
        raise RateNeeded
    cash = ForeignCash(currency, minor, check_rate(rate, source=source, dated=True), source, on)
    if cash.yen >= AMOUNT_MAX:
        raise OutOfRange(text=text)
    return cash


def restated(cash: ForeignCash, text: str) -> ForeignCash:
    """The same foreign cash in another amount, at the rate that fixed its yen once."""
    other = replace(cash, minor=minor_units(text, cash.currency))
    if other.yen >= AMOUNT_MAX:
        raise OutOfRange(text=text)
    return other


def check_rate(rate: str, *, source: str, dated: bool) -> Fraction:
    """The rate that fixes the yen of foreign cash; it is none without its source and its date."""
    if not rate.strip() or not source.strip() or not dated or decimal(rate) == 0:
        raise RateNeeded
    return decimal(rate)


def minutes(hours: str) -> int:
    """Minutes worked, from hours of a work log; 0.25 h is the usual finest step.

    >>> minutes("152.75")
    9165
    """
    return _whole(decimal(hours) * 60, hours, "minute")


def engineer_months(worked: int) -> Fraction:
    """Engineer-months of minutes worked: minutes / 9600.

    >>> engineer_months(24_000)
    Fraction(5, 2)
    """
    return Fraction(worked, MINUTES_PER_ENGINEER_MONTH)


def valued(worked: int, rate: Fraction) -> int:
    """Yen of minutes worked at so many yen an hour: ⌊ minutes · rate / 60 ⌋, once, on the whole.

    >>> valued(9165, Fraction(4610))
    704177
    """
    return money.floor(worked * rate / 60)


def check_yen(quantity: int, foreign: ForeignCash) -> int:
    """The yen of foreign cash, if they are what amount and rate come to."""
    if quantity != foreign.yen:
        raise WrongYen(stated=f"{quantity:,}", yen=f"{foreign.yen:,}")
    return quantity


def unit_of(kind: str, unit: str = "") -> str:
    """The unit of a contribution: fixed by its kind, and of a promise of data or compute one of those it may have.

    >>> unit_of("people"), unit_of("data", "media_second")
    ('minute', 'media_second')
    """
    if kind in UNITS:
        return UNITS[kind]
    if unit not in PROMISED_UNITS[kind]:
        raise NotMeasuredSo(kind=PROMISED[kind], unit=unit or "–", known="、".join(PROMISED_UNITS[kind]))
    return unit


def measured(text: str, unit: str) -> int:
    """An amount in the unit that people read, as an integer of its smallest part.

    >>> measured("500", "media_second")
    1800000
    """
    return _whole(decimal(text) * units.unit(unit).per, text, unit)


def check_recovery(part: Fraction, already: Fraction) -> Fraction:
    """The part recovered, if it is one and the whole is not exceeded."""
    if not 0 < part <= 1:
        raise NotAPart(part=money.fraction_text(part))
    if already + part > 1:
        raise MoreThanWhole(already=money.fraction_text(already), part=money.fraction_text(part))
    return part


def check_appraisal(appraiser: str, on: date | None) -> None:
    """Refuse background IP that nobody is named to have valued, or without the day."""
    if not appraiser.strip() or on is None:
        raise AppraisalNeeded


def check_source(source: str) -> str:
    """The same kind of recovery, if there is such a one."""
    if source not in RECOVERIES:
        raise UnknownSource(source=source, known="、".join(RECOVERIES))
    return source


def check_nature(nature: str) -> str:
    """The same nature of cash, if there is such a one."""
    if nature not in NATURES:
        raise UnknownNature(nature=nature)
    return nature


def check_currency(currency: str) -> str:
    """The same currency, if it is one that is handled."""
    if currency not in MINOR_DIGITS:
        raise UnknownCurrency(currency=currency, known="、".join(MINOR_DIGITS))
    return currency


def check_grade(grade: str) -> str:
    """The same grade, if the list of grades has it."""
    if grade not in GRADES:
        raise UnknownGrade(grade=grade, known="、".join(GRADES))
    return grade


def _whole(value: Fraction, text: str, unit: str) -> int:
    if value.denominator != 1:
        raise TooFine(text=text, unit=unit)
    if value >= AMOUNT_MAX:
        raise OutOfRange(text=text)
    return value.numerator
