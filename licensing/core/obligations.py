"""Obligations: who owes what under which clause, from what it arises, by when, and how it stands on a day.

`RULES` is the table of duties by clause id; an agreement's clauses choose the rows, its variables give the days, its
editions and periods give the occasions. What is expected is compared with what is held: a duty not yet due that a later
edition changed is superseded, never rewritten. Days count calendar days unless the agreement says business days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import floor
from contributions.core.periods import Period
from contributions.core.words import Text
from licensing.core import calendar, deadlines, editions
from licensing.core.deadlines import IsBusinessDay
from licensing.core.editions import Edition

FUTURE, DUE, LATE, DONE, WAIVED, SUPERSEDED = "future", "due", "late", "done", "waived", "superseded"
PARTIES = {"licensor": Text("許諾者", "Licensor"), "licensee": Text("利用者", "Licensee")}
# Under a contract concluded outside nobody need be a licensee.
OUTSIDE_PARTIES = {"licensor": Text("当方", "Our side"), "licensee": Text("相手方", "Counterparty")}


TRIGGERS = {
    "start": Text("許諾期間の開始", "beginning of the term"),
    "period": Text("報告期間の終了", "end of a reporting period"),
    "year": Text("許諾年度の終了", "end of a licence year"),
    "delivery": Text("納品", "delivery"),
    "invoice": Text("請求書の発行", "issue of an invoice"),
    "step-up": Text("利用許諾への移行", "step-up to the full licence"),
    "end": Text("契約の終了", "end of the agreement"),
    "date": Text("定められた日", "a day that was set"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty of a clause. `trigger`: start, period, year, delivery, invoice, step-up or end; `days` names the variable.

    Where the agreement also states the variable in business days (`…_business_days`), that one counts. `unless`:
    wordings of the clause's family that bring no such duty.
    """

    id: str
    clause: str
    paragraph: int
    party: str
    title: Text
    trigger: str
    days: str = ""
    formula: Text | None = None
    evidence: Text | None = None
    money: bool = False
    unless: tuple[str, ...] = ()


RULES = (
    Rule("deliver", "delivery", 1, "licensor", Text("許諾モデルの提供", "Deliver the Licensed Model"), "start",
         evidence=Text("ファイルの要約値", "digests of the files")),
    Rule("classify", "export", 2, "licensor", Text("該非判定資料の提供", "Provide the export classification"), "start",
         evidence=Text("該非判定書", "the classification document")),
    Rule("accept", "delivery", 2, "licensee", Text("検収の通知", "Notify acceptance"), "delivery", "acceptance_days"),
    Rule("report", "reporting", 1, "licensee", Text("利用実績報告の提出", "Submit the usage report"), "period",
         "report_days", evidence=Text("利用実績報告", "the usage report")),
    Rule("pay", "payment", 1, "licensee", Text("利用料の支払", "Pay the Fees"), "invoice",
         formula=Text("請求書の税込金額", "the invoice’s amount with tax"), money=True),
    Rule("pay-evaluation", "fees-evaluation-fixed", 2, "licensee",
         Text("評価の対価の支払", "Pay the fee of the evaluation"), "invoice",
         formula=Text("請求書の税込金額", "the invoice’s amount with tax"), money=True),
    Rule("minimum", "fees", 2, "licensee", Text("最低利用料との差額の精算", "Settle the difference to the Minimum Fee"),
         "year", "report_days",
         formula=Text("最低利用料 × 日数 ÷ 年の日数 −  年度の利用料（0 を下回らない）",
                      "Minimum Fee × days ÷ days of the year − Fees of the year, not below 0"), money=True),
    Rule("credit", "step-up", 2, "licensor",
         Text("評価期間の利用料の充当", "Credit the fees of the evaluation to the first Licence Year"), "step-up",
         formula=Text("評価期間について支払われた利用料", "fees paid for the Evaluation Period"), money=True),
    Rule("delete", "after", 1, "licensee", Text("複製物の削除及び証明書の提出", "Delete all copies and certify it"),
         "end", "deletion_days", evidence=Text("削除証明書", "the deletion certificate")),
    Rule("purge", "after", 3, "licensor", Text("利用者データの削除", "Delete the Licensee Data"), "end",
         "deletion_days", unless=("nda-return",)),
    Rule("results", "results-evaluation", 1, "licensee", Text("評価結果の報告", "Report the results of the evaluation"),
         "end", "report_days", evidence=Text("評価結果の報告書", "the report on the evaluation")),
)  # fmt: skip
BY_ID = {rule.id: rule for rule in RULES}


class AlreadySettled(Refused):
    code = "obligation-settled"
    ja = "義務 {number} は「{state}」のため、この操作はできません。"
    en = "Obligation {number} is {state} already; this cannot be done."


class EvidenceNeeded(Refused):
    code = "obligation-evidence-needed"
    ja = "義務 {number} の履行には証拠（{evidence}）の添付が必要です。"
    en = "Fulfilling obligation {number} needs evidence: {evidence}."


class NotYourObligation(Refused):
    code = "not-your-obligation"
    ja = "この義務を負う当事者又は許諾者の担当者だけが履行を記録できます。"
    en = "Only the party that owes it, or the licensor's staff, can record that it was fulfilled."


class SecondEyes(Refused):
    code = "waiver-needs-second-person"
    ja = "金銭の義務の免除は、申し出た人とは別の人が承認します。"
    en = "Waiving an obligation to pay is approved by somebody other than who asked for it."


class ContractErased(Refused):
    code = "obligation-contract-erased"
    ja = "外部締結契約 {number} は消去済みのため、義務を登録できません。"
    en = "Outside agreement {number} was erased; no obligation can be recorded under it."


@dataclass(frozen=True, slots=True)
class Expected:
    """A duty that should stand; `occasion` tells it apart from others of its rule, before `opens_on` it is future."""

    rule: str
    occasion: str
    opens_on: date
    due_on: date
    amount: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this duty, whatever its day."""
        return self.rule, self.occasion


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened: a delivery, an invoice, the end of the agreement."""

    trigger: str
    name: str
    day: date
    due_on: date | None = None
    amount: int | None = None
    under: date | None = None  # the day whose edition governs it, if that is not its own
    spares: Collection[str] = ()  # rules that its clause takes out in this case


def expected(
    term: Period,
    known: Sequence[Edition],
    used: Collection[str],
    occasions: Iterable[Occasion],
    *,
    is_business_day: IsBusinessDay,
    reported: Period | None = None,
) -> tuple[Expected, ...]:
    """Every duty that the agreement brings, given what has happened so far; in the order in which they fall due.

    `term`: the days on which it runs; `reported`: those for which usage is reported, if stock is sold off after it.
    `used`: the clauses of the agreement. Worked example: quarterly reports due 60 days after a period: for 1 July to
    30 September 2026 one duty, open from 1 October and due on 29 November.
    """
    whole = reported or term
    assert term.until is not None and whole.until is not None
    rules = [rule for rule in RULES if rule.clause in used and not set(rule.unless) & set(used)]
    happened = [Occasion("start", "", term.start), *occasions]
    happened += [_ended("period", period) for period in editions.reporting_periods(whole, known, on=whole.until)]
    happened += [_ended("year", year) for year in _years(term)]
    found = [
        _expected(rule, one, known, term, is_business_day)
        for one in happened
        for rule in rules
        if rule.trigger == one.trigger and rule.id not in one.spares
    ]
    return tuple(sorted((row for row in found if row), key=lambda row: (row.due_on, row.rule, row.occasion)))


def reconcile(
    held: Mapping[tuple[str, str], Expected], wanted: Iterable[Expected], *, open_keys: Collection[tuple[str, str]]
) -> tuple[tuple[Expected, ...], tuple[tuple[str, str], ...]]:
    """What is to be raised, and which open duties are superseded: changed, or no longer expected.

    What is settled, by fulfilment or waiver, stays whatever a later edition says.
    """
    by_key = {row.key: row for row in wanted}
    gone = tuple(key for key in held if key in open_keys and by_key.get(key) != held[key])
    raised = tuple(row for key, row in by_key.items() if key not in held or key in gone)
    return raised, gone


def state_on(stored: str, *, opens_on: date, due_on: date, on: date) -> str:
    """How a duty stands on a day: what is settled stays, all else follows from its dates.

    >>> state_on("open", opens_on=date(2026, 10, 1), due_on=date(2026, 11, 29), on=date(2026, 11, 30))
    'late'
    """
    if stored != "open":
        return stored
    if on > due_on:
        return LATE
    return DUE if on >= opens_on else FUTURE


def _expected(
    rule: Rule, one: Occasion, known: Sequence[Edition], term: Period, is_business_day: IsBusinessDay
) -> Expected | None:
    variables = editions.as_of(known, one.under or min(one.day, _last(term))).variables
    amount = one.amount
    if rule.id == "minimum":
        amount = _minimum(variables, term, one)
        if not amount:
            return None
    due_on = one.due_on or _due(rule, one, variables, is_business_day)
    return Expected(rule.id, one.name, one.day, due_on, amount)


def _due(rule: Rule, one: Occasion, variables: Mapping[str, Any], is_business_day: IsBusinessDay) -> date:
    business = int(variables.get(rule.days.replace("_days", "_business_days")) or 0) if rule.days else 0
    days = int(variables.get(rule.days) or 0) if rule.days else 0
    # a period's duty opens on the day after it, and its days count from its last day
    first = one.day if one.trigger not in {"period", "year"} else date.fromordinal(one.day.toordinal() - 1)
    return deadlines.due(first, days=days, business_days=business, is_business_day=is_business_day)


def _minimum(variables: Mapping[str, Any], term: Period, one: Occasion) -> int:
    """The minimum fee of the licence year that ends, by the day where the year is cut short."""
    year = calendar.licence_year(term, date.fromordinal(one.day.toordinal() - 1))
    whole = calendar.whole_year(year.start)
    return floor(Fraction(int(variables.get("minimum") or 0)) * year.days / whole.days)


def _ended(trigger: str, period: Period) -> Occasion:
    assert period.until is not None
    under = period.start if trigger == "period" else date.fromordinal(period.until.toordinal() - 1)
    return Occasion(trigger, period.start.isoformat(), period.until, under=under)


def _years(term: Period) -> list[Period]:
    assert term.until is not None
    years, day = [], term.start
    while day < term.until:
        years.append(calendar.licence_year(term, day))
        day = years[-1].until or term.until
    return years


def _last(term: Period) -> date:
    assert term.until is not None
    return date.fromordinal(term.until.toordinal() - 1)
