"""An allocation policy in words: the sentences a lawyer reads and the formula an engineer reads, from the same data."""

from __future__ import annotations

from fractions import Fraction

from contributions.core.units import UNITS
from contributions.core.words import Text
from licensing.core.categories import CATEGORIES, FACTORS
from licensing.core.decimals import percent
from licensing.core.disclosure import LEVELS
from licensing.core.policies import EMPTY, FORMS, RIGHTS, Category, Policy


def sentences(policy: Policy) -> list[Text]:
    """The policy as a lawyer reads it, one sentence per rule, in both languages."""
    right, form = RIGHTS[policy.right], FORMS[policy.form]
    said = [
        Text(f"{right.ja}を、会員の拠出に応じて配分します。", f"Shares {right.en} by what the members have put in."),
        Text(f"配分比率の性質は{form.ja}。", f"A share is {form.en}."),
    ]
    said += [_category_sentence(category) for category in policy.categories]
    said.append(_residency_sentence(policy))
    said.append(_equity_sentence(policy))
    said.append(
        Text(
            "国が負担した部分は、点数に数えません。",
            "What the state paid for earns no points.",
        )
    )
    said.append(EMPTY[policy.empty_category])
    said.append(
        Text(
            f"配分比率は {percent(policy.floor)} 以上 {percent(policy.cap)} 以下とし、"
            "超過と不足は残る会員に比例して配ります。",
            f"No share is below {percent(policy.floor)} or above {percent(policy.cap)}; what that moves is spread over"
            " the other members in proportion.",
        )
    )
    said.append(
        Text(
            f"最大剰余法で 1/{policy.grid:,} の単位に丸め、同順位は会員コードの順とします。",
            f"Rounded to 1/{policy.grid:,} by largest remainder; ties by member code.",
        )
    )
    said.append(LEVELS[policy.disclosure])
    return said


def formula(policy: Policy) -> str:
    """The policy on one line, for those who read formulas.

    s(i) = 1/2·x(i,data)/X(data) + …;  share(i) = clip(λ·s(i), floor, cap), Σ share = 1
    """
    terms = " + ".join(f"{percent(c.weight)} · x(i,{c.code})/X({c.code})" for c in policy.categories)
    return f"s(i) = {terms};  share(i) = clip(λ·s(i), {percent(policy.floor)}, {percent(policy.cap)}), Σ share = 1"


def _category_sentence(category: Category) -> Text:
    name = CATEGORIES[category.code]
    weight = percent(category.weight)
    ja = "、".join(f"{_per(code, points)}{UNITS[code].reads.ja}で1点" for code, points in category.units.items())
    en = ", ".join(f"1 point per {_per(code, points)}{UNITS[code].reads.en}" for code, points in category.units.items())
    times_ja = "".join(f"×{FACTORS[factor].ja}" for factor in category.factors)
    times_en = "".join(f" × {FACTORS[factor].en}" for factor in category.factors)
    return Text(f"{name.ja}：重み {weight}。{ja}{times_ja}。", f"{name.en}: weight {weight}; {en}{times_en}.")


def _per(code: str, points: Fraction) -> str:
    """How many of the unit people read make one point, as a prefix: "1,000 " or "1 "."""
    amount = 1 / points / UNITS[code].per
    return f"{amount.numerator:,} " if amount.denominator == 1 else f"{amount.numerator:,}/{amount.denominator:,} "


def _residency_sentence(policy: Policy) -> Text:
    if not policy.residency:
        return Text("所在国の条件はありません。", "There is no condition on the country.")
    countries = "・".join(sorted(policy.residency))
    return Text(
        f"所在国が {countries} であると示されたデータと計算だけを数えます。",
        f"Only data and compute shown to be in {countries} count.",
    )


def _equity_sentence(policy: Policy) -> Text:
    if policy.equity_counts:
        return Text(
            "出資による資金も数えます（出資比率とは別に配分にも反映されます）。",
            "Cash paid as equity counts here as well as in the stakes.",
        )
    return Text(
        "出資による資金は出資比率に反映し、ここでは数えません。", "Cash paid as equity counts in the stakes, not here."
    )
