"""Versions of the negotiation and approval rules (交渉・決裁規程), and what one changes of another, in words.

A version is proposed by one person and adopted by another, from a day on; what was asked for before stays on the rules
that fixed its steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import approvals
from licensing.core.approvals import ROUTED, STEP_KINDS, Route, Rules
from licensing.core.decimals import percent
from licensing.core.deviations import TIERS, Limits

STATES = {
    "proposed": Text("提案中", "proposed"),
    "adopted": Text("採択済み", "adopted"),
    "withdrawn": Text("取下げ", "withdrawn"),
}
PARTS = {
    "routes": Text("経路", "Routes"),
    "posts": Text("担当", "Posts"),
    "figures": Text("条件の限度", "Figures"),
    "clauses": Text("条項のリスク区分", "Clauses"),
    "whole": Text("全般", "In general"),
}


class NotProposed(Refused):
    code = "mandate-not-proposed"
    ja = "規程案 {number} は提案中ではありません（{state}）。"
    en = "The proposed rules {number} are {state}, so this cannot be done."


class NothingNew(Refused):
    code = "mandate-unchanged"
    ja = "現在の規程と同じ内容です。変更する箇所を入力してください。"
    en = "This is what the present rules say already. Enter what is to change."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two versions say differently; nothing on a side that does not speak of it."""

    part: str
    name: Text
    before: Text | None
    after: Text | None


def differences(before: Rules, after: Rules, names: Mapping[str, Text]) -> tuple[Change, ...]:
    """What the later rules change, part by part. `names`: what figures and clauses are called."""
    found = []
    for part in PARTS:
        old, new = _said(before, part, names), _said(after, part, names)
        for key in [*old, *(key for key in new if key not in old)]:
            was, now = old.get(key), new.get(key)
            if (was and was[1]) != (now and now[1]):
                name = (now or was or (Text(key, key), None))[0]
                found.append(Change(part, name, was[1] if was else None, now[1] if now else None))
    return tuple(found)


def _said(rules: Rules, part: str, names: Mapping[str, Text]) -> dict[str, tuple[Text, Text]]:
    """What the rules say in a part: by key the name and the words."""
    if part == "routes":
        return {tier: (_tier_name(tier), _routes(rules, tier)) for tier in ROUTED}
    if part == "posts":
        return {code: (post.name, _plain("、".join(post.holders))) for code, post in rules.posts.items()}
    if part == "figures":
        return {name: (names.get(name, _plain(name)), bounds(limits)) for name, limits in rules.figures.items()}
    if part == "clauses":
        return {code: (names.get(code, _plain(code)), _clause(rules, code)) for code in rules.clauses}
    acceptable, approval, tier = rules.price
    days = rules.valid_days
    return {
        "price": (
            Text("料金表からの引下げ", "Discount from the schedule"),
            bounds(Limits(Fraction(0), acceptable, approval, tier)),
        ),
        "default_tier": (Text("その他の条項のリスク区分", "Tier of every other clause"), TIERS[rules.default_tier]),
        "valid_days": (Text("承認の有効期間", "How long an approval holds"), Text(f"{days}日", f"{days} days")),
    }


def bounds(limits: Limits) -> Text:
    """How far a figure may go, in one line.

    >>> bounds(Limits(Fraction(30), Fraction(45), Fraction(60), "low")).en
    'standard 30, acceptable 45, with approval 60, tier low'
    """
    standard, acceptable, approval = (figure(one) for one in (limits.standard, limits.acceptable, limits.approval))
    tier = TIERS[limits.tier]
    return Text(
        f"標準 {standard.ja}、許容 {acceptable.ja}、要承認 {approval.ja}、リスク区分 {tier.ja}",
        f"standard {standard.en}, acceptable {acceptable.en}, with approval {approval.en}, tier {tier.en}",
    )


def figure(value: Fraction) -> Text:
    """A count as it is, a rate in per cent."""
    if value.denominator == 1 and value != 0:
        return _plain(str(value))
    return _plain(percent(value))


def _tier_name(tier: str) -> Text:
    return Text(f"リスク区分「{ROUTED[tier].ja}」", f"tier “{ROUTED[tier].en}”")


def _routes(rules: Rules, tier: str) -> Text:
    rows = sorted((one for one in rules.routes if tier in one.tiers), key=lambda one: one.start)
    lines = [(_band(one), _steps(rules, one)) for one in rows]
    return Text(
        "／".join(f"{band.ja}：{steps.ja}" for band, steps in lines),
        "; ".join(f"{band.en}: {steps.en}" for band, steps in lines),
    )


def _band(route: Route) -> Text:
    if route.until is None:
        return Text(f"{route.start:,}円以上", f"JPY {route.start:,} or more")
    return Text(f"{route.start:,}円以上{route.until:,}円未満", f"JPY {route.start:,} to below {route.until:,}")


def _steps(rules: Rules, route: Route) -> Text:
    if not route.steps:
        return Text("決裁なし", "no approval")
    named = [(rules.posts[step.post].name, STEP_KINDS[step.kind]) for step in route.steps]
    return Text(
        " → ".join(f"{post.ja}（{kind.ja}）" for post, kind in named),
        " → ".join(f"{post.en} ({kind.en})" for post, kind in named),
    )


def _clause(rules: Rules, code: str) -> Text:
    tier, fixed = approvals.tier_of(rules, code, code)
    return Text("文言の変更不可", "its wording may not be changed") if fixed else TIERS[tier]


def _plain(text: str) -> Text:
    return Text(text, text)
