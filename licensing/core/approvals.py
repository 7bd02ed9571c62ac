"""Approval routes (稟議): who must be asked, in which order, by amount and tier, and where an approval stands.

The rules are dated data. They name posts with their holders, routes by bands of yen (half-open) and tiers, how far
figures may be negotiated, and the tier of each clause; `whole` is the tier of an agreement's terms as such, which alone
may need no step. A route is a list of steps in order: a consultation (合議) asks
for an opinion and cannot block; an approval (決裁) decides. Any step that is asked may send back (差戻し) to an earlier
step or to whoever applied; what was done from there on is done again. A deputy (代理) acts for a holder within dates.
Whoever applied approves nothing of it, and nobody approves twice.

Where an approval stands is folded from its acts in order, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core import deviations
from licensing.core.deviations import Limits

APPLICANT, WHOLE = "applicant", "whole"
ROUTED = {**deviations.TIERS, WHOLE: Text("契約全体", "the agreement as a whole")}
CONSULT, APPROVE = "consult", "approve"
STEP_KINDS = {CONSULT: Text("合議", "consultation"), APPROVE: Text("決裁", "approval")}
ACTS = {
    "opinion": Text("合議の意見", "opinion given"),
    "approve": Text("承認", "approved"),
    "send_back": Text("差戻し", "sent back"),
    "refuse": Text("不承認", "refused"),
    "resubmit": Text("再申請", "submitted again"),
    "withdraw": Text("取下げ", "withdrawn"),
}
STATES = {
    "in_approval": Text("決裁中", "in approval"),
    "sent_back": Text("差戻し", "sent back"),
    "approved": Text("承認済み", "approved"),
    "refused": Text("不承認", "refused"),
    "withdrawn": Text("取下げ", "withdrawn"),
}


class RulesRefused(Refused):
    code = "negotiation-rules-refused"
    ja = "交渉・決裁規程の「{field}」が正しくありません。{reason}"
    en = "The field “{field}” of the negotiation rules is not right. {reason}"


class NoRules(Refused):
    code = "no-negotiation-rules"
    ja = "{day} に効力のある交渉・決裁規程がありません。先に規程を採択してください。"
    en = "No negotiation rules are in force on {day}. Adopt some first."


class NotYourStep(Refused):
    code = "not-your-approval"
    ja = "この稟議で今あなたが行うことはありません。{reason}"
    en = "There is nothing for you to do in this approval now. {reason}"


class NotOpen(Refused):
    code = "approval-not-open"
    ja = "稟議 {number} は「{state}」のため、この操作はできません。"
    en = "Approval {number} is {state}, so this cannot be done."


class NoSuchStep(Refused):
    code = "approval-step-unknown"
    ja = "差戻し先「{step}」は、この稟議の前の段階にありません。"
    en = "There is no earlier step “{step}” in this approval to send back to."


class ReasonNeeded(Refused):
    code = "approval-reason-needed"
    ja = "意見又は理由を記載してください。"
    en = "State the opinion or the reason."


@dataclass(frozen=True, slots=True)
class Post:
    """An office with the user names of its holders."""

    code: str
    name: Text
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route."""

    code: str
    kind: str
    post: str


@dataclass(frozen=True, slots=True)
class Route:
    """Amounts from `start` up to `until` in yen, and tiers, that take these steps."""

    start: int
    until: int | None
    tiers: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The negotiation and approval rules, read."""

    posts: Mapping[str, Post]
    routes: tuple[Route, ...]
    clauses: Mapping[str, Mapping[str, object]]
    figures: Mapping[str, Limits]
    price: tuple[Fraction, Fraction, str]
    default_tier: str
    valid_days: int


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did in an approval; `step` is where, `to` where it was sent back."""

    kind: str
    step: str
    person: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who acts for whom, from a day up to, not including, another."""

    principal: str
    deputy: str
    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Position:
    """Where an approval stands: its state, the steps that are asked now, and those that are done."""

    state: str
    asked: tuple[Step, ...]
    done: tuple[str, ...]
    approvers: tuple[str, ...]


def read(document: Mapping[str, object]) -> Rules:
    """The rules from their document; a fault is refused naming the field."""
    posts = {code: _post(code, row) for code, row in _map(document, "posts").items()}
    routes = tuple(_route(row, posts) for row in _list(document, "routes"))
    for tier in ROUTED:
        _check_bands(tier, [route for route in routes if tier in route.tiers])
    figures = {}
    for name, row in _map(document, "figures").items():
        try:
            figures[name] = deviations.limits(row)
        except (Refused, KeyError, TypeError, ValueError) as error:
            raise RulesRefused(field=f"figures.{name}", reason=_LIMITS) from error
    prices = _map(document, "prices")
    for name, row in _map(document, "clauses").items():
        _check_tier(f"clauses.{name}", row.get("tier", "low"))
    default = _check_tier("default_tier", document.get("default_tier"))
    days = document.get("approval_valid_days")
    if type(days) is not int or not 0 < days <= 3650:
        raise RulesRefused(field="approval_valid_days", reason=_DAYS)
    price = (
        fraction(str(prices["acceptable"])),
        fraction(str(prices["approval"])),
        _check_tier("prices.tier", prices["tier"]),
    )
    return Rules(posts, routes, _map(document, "clauses"), figures, price, default, days)


def route(rules: Rules, amount: int, tier: str) -> tuple[Step, ...]:
    """The steps for an amount in yen and a tier. Bands are half-open: 10,000,000 is in the band that starts there."""
    for one in rules.routes:
        if tier in one.tiers and one.start <= amount and (one.until is None or amount < one.until):
            return one.steps
    raise RulesRefused(field="routes", reason=Text("この金額と区分の経路がありません。", "No route for this amount."))


def position(steps: Sequence[Step], acts: Sequence[Act]) -> Position:
    """Where the approval stands after those acts.

    >>> steps = [Step("finance", "consult", "f"), Step("head", "approve", "h")]
    >>> [step.code for step in position(steps, []).asked], position(steps, [Act("approve", "head", "b")]).state
    (['finance', 'head'], 'approved')
    """
    done: dict[str, str] = {}
    state = "in_approval"
    order = [step.code for step in steps]
    for act in acts:
        if act.kind in {"opinion", "approve"}:
            done[act.step] = act.person if act.kind == "approve" else ""
        elif act.kind == "send_back":
            again = order[order.index(act.to) :] if act.to != APPLICANT else order
            done = {code: person for code, person in done.items() if code not in again}
            state = "sent_back" if act.to == APPLICANT else "in_approval"
        elif act.kind == "resubmit":
            state = "in_approval"
        else:
            state = "refused" if act.kind == "refuse" else "withdrawn"
    approvals = [step.code for step in steps if step.kind == APPROVE]
    if state == "in_approval" and all(code in done for code in approvals):
        state = "approved"
    asked = tuple(_asked(steps, done)) if state == "in_approval" else ()
    return Position(state, asked, tuple(done), tuple(person for person in done.values() if person))


def acting_for(step: Step, rules: Rules, person: str, deputies: Sequence[Deputy], on: date) -> str | None:
    """For which holder of the step's post a person may act on that day: itself, one it is deputy of, or nobody."""
    holders = rules.posts[step.post].holders
    if person in holders:
        return person
    for one in deputies:
        if one.deputy == person and one.principal in holders and one.start <= on < one.until:
            return one.principal
    return None


def step_for(
    found: Position, rules: Rules, person: str, applicant: str, deputies: Sequence[Deputy], on: date
) -> tuple[Step, str]:
    """The step that this person may take now, and for whom; refused with the reason where there is none.

    The earliest one that is asked. Whoever applied takes none, and nobody approves twice or for two holders.
    """
    if person == applicant:
        raise NotYourStep(reason=_APPLICANT)
    for step in found.asked:
        principal = acting_for(step, rules, person, deputies, on)
        if principal is None or (step.kind == APPROVE and person in found.approvers):
            continue
        if principal == applicant:
            raise NotYourStep(reason=_DEPUTY)
        return step, principal
    raise NotYourStep(reason=_TWICE if person in found.approvers else _NOT_ASKED)


def check_target(steps: Sequence[Step], at: str, to: str) -> str:
    """Where an approval may be sent back to: to whoever applied, or to a step before this one."""
    order = [step.code for step in steps]
    if to != APPLICANT and to not in order[: order.index(at)]:
        raise NoSuchStep(step=to)
    return to


def check_reason(reason: str) -> str:
    """An opinion or a reason without surrounding space; it must say something."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()


def tier_of(rules: Rules, clause: str, family: str) -> tuple[str, bool]:
    """The tier of a clause, by its id or its family, and whether its wording may not be changed at all."""
    row = rules.clauses.get(clause) or rules.clauses.get(family) or {}
    return str(row.get("tier", rules.default_tier)), bool(row.get("fixed", False))


def _asked(steps: Sequence[Step], done: Mapping[str, str]) -> list[Step]:
    """Consultations up to the next approval, and that approval: a consultation never holds it up."""
    found = []
    for step in steps:
        if step.code not in done:
            found.append(step)
            if step.kind == APPROVE:
                break
    return found


def _post(code: str, row: Mapping[str, Any]) -> Post:
    holders = row.get("holders")
    if not isinstance(holders, list) or not holders or not all(isinstance(one, str) and one for one in holders):
        raise RulesRefused(field=f"posts.{code}.holders", reason=_HOLDERS)
    try:
        return Post(code, Text(str(row["ja"]), str(row["en"])), tuple(holders))
    except KeyError as error:
        raise RulesRefused(field=f"posts.{code}", reason=_BOTH) from error


def _route(row: Mapping[str, Any], posts: Mapping[str, Post]) -> Route:
    try:
        start = int(str(row["from"]))
        until = None if row["until"] is None else int(str(row["until"]))
        tiers = tuple(tier if tier == WHOLE else _check_tier("routes.tiers", tier) for tier in row["tiers"])
        steps = tuple(Step(str(one["code"]), str(one["kind"]), str(one["post"])) for one in row["steps"])
    except (KeyError, TypeError, ValueError) as error:
        raise RulesRefused(field="routes", reason=_ROUTE) from error
    codes = [step.code for step in steps]
    if len(set(codes)) != len(codes) or APPLICANT in codes:
        raise RulesRefused(field="routes.steps", reason=_CODES)
    for step in steps:
        if step.kind not in STEP_KINDS or step.post not in posts:
            raise RulesRefused(field=f"routes.steps.{step.code}", reason=_STEP)
    if (steps or set(tiers) != {WHOLE}) and not any(step.kind == APPROVE for step in steps):
        raise RulesRefused(field="routes.steps", reason=_NOBODY)
    return Route(start, until, tiers, steps)


def _check_bands(tier: str, routes: Sequence[Route]) -> None:
    """Each tier's bands begin at 0, join without gap, and end open."""
    found = sorted(routes, key=lambda one: one.start)
    ends = [one.until for one in found[:-1]]
    if not found or found[0].start != 0 or found[-1].until is not None or ends != [one.start for one in found[1:]]:
        raise RulesRefused(field=f"routes ({tier})", reason=_GAP)


def _check_tier(field: str, tier: object) -> str:
    if tier not in deviations.TIERS:
        raise RulesRefused(field=field, reason=_TIER)
    return str(tier)


def _map(document: Mapping[str, object], name: str) -> Mapping[str, Mapping[str, Any]]:
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        raise RulesRefused(field=name, reason=_SHAPE)
    return value


def _list(document: Mapping[str, object], name: str) -> Sequence[Mapping[str, Any]]:
    value = document.get(name)
    if not isinstance(value, list) or not value:
        raise RulesRefused(field=name, reason=_SHAPE)
    return value


ONLY_APPLICANT = Text("申請者だけができます。", "Only whoever applied can.")
_SHAPE = Text("項目がないか、形が違います。", "It is missing, or has another shape.")
_LIMITS = Text(
    "standard・acceptable・approval を数で、tier を記載してください。",
    "State standard, acceptable and approval as numbers, and the tier.",
)
_DAYS = Text("1日から3650日までの日数にしてください。", "Give a number of days from 1 to 3650.")
_HOLDERS = Text("担当者を一人以上、利用者名で記載してください。", "Name at least one holder by user name.")
_BOTH = Text("日本語と英語の名称を記載してください。", "State its name in Japanese and English.")
_ROUTE = Text("from・until・tiers・steps を記載してください。", "State from, until, tiers and steps.")
_CODES = Text("段階の符号が重複しています。", "A step's code stands twice.")
_STEP = Text("種別か担当が未定義です。", "Its kind or its post is not defined.")
_NOBODY = Text("決裁の段階がありません。", "No step decides.")
_GAP = Text(
    "金額の区分は0円から始め、切れ目なくつなぎ、最後は上限なしにしてください。",
    "The bands must begin at 0, join without a gap, and end open.",
)
_TIER = Text("区分は low・medium・high のいずれかです。", "A tier is low, medium or high.")
_APPLICANT = Text("申請者は自分の申請を決裁できません。", "Whoever applied cannot decide on it.")
_DEPUTY = Text("申請者の代理としては決裁できません。", "Nobody can decide as the applicant's deputy.")
_TWICE = Text("同じ人が二度承認することはできません。", "Nobody approves twice.")
_NOT_ASKED = Text(
    "次の段階の担当者又はその代理ではありません。", "You hold no post that is asked now, and are no deputy."
)
