"""An allocation policy in words: the sentences a lawyer reads and the formula an engineer reads, from the same data.

Each sentence belongs to a heading: the policy as a whole, or one right. Two versions are compared sentence by sentence
under the same heading and field, so that a change is told in the words that members vote on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from contributions.core.units import UNITS
from contributions.core.words import Text
from licensing.core import methods, rights, scaling, vintages
from licensing.core.categories import CATEGORIES, FACTORS
from licensing.core.decimals import percent
from licensing.core.disclosure import LEVELS
from licensing.core.methods import EMPTY, NAMES, Basis, GameRule, Method
from licensing.core.policies import COALITIONS, FORMS, RIGHTS, Category, Policy, Right
from licensing.core.regions import REGIONS

COMMON = Text("共通の定め", "Common rules")
Names = Mapping[str, Text]
"""Member code → its name. A policy knows codes alone; whoever asks for words brings the names."""
NO_NAMES: Names = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule in words: the heading it stands under, the field it speaks of, the text."""

    heading: Text
    field: str
    text: Text


@dataclass(frozen=True, slots=True)
class Change:
    """What one field said before and says now; None where there was, or is, nothing."""

    heading: Text
    field: str
    before: Text | None
    after: Text | None


def sentences(policy: Policy, names: Names = NO_NAMES) -> list[Text]:
    """The policy as a lawyer reads it, one sentence per rule, in both languages; each names the right it speaks of."""
    return [said.text if policy.v == 1 or said.heading == COMMON else _named(said) for said in stated(policy, names)]


def _named(said: Sentence) -> Text:
    return Text(f"{said.heading.ja}：{said.text.ja}", f"{_capital(said.heading.en)}: {said.text.en}")


def stated(policy: Policy, names: Names = NO_NAMES) -> list[Sentence]:
    """Every rule with its heading and field."""
    common = [("residency", _residency(policy)), ("equity_counts", _equity(policy))]
    common += [
        (
            "eligibility",
            Text(
                "審査を終え、受入契約のあるものだけを数えます。国が負担した部分と、すでに他から回収した部分は、点数に数えません。",
                "Only what has passed its reviews and came in under an agreement counts. What the state paid for, and"
                " what was recovered elsewhere, earns no points.",
            ),
        )
    ]
    common += [(f"points.{category.code}", _category(policy, category)) for category in policy.categories]
    said = [Sentence(COMMON, field, text) for field, text in common]
    for right in policy.rights:
        said += [Sentence(RIGHTS[right.right], f"{right.right}.{field}", text) for field, text in _right(right, names)]
    said.append(Sentence(COMMON, "disclosure", LEVELS[policy.disclosure]))
    if any(method.game is not None for method in policy.methods()):
        said.append(Sentence(COMMON, "coalitions", COALITIONS[policy.coalitions]))
    return said


def differences(before: Policy, after: Policy, names: Names = NO_NAMES) -> list[Change]:
    """What changed from one version to the next, by field, in the words of each."""
    old, new = ({(said.heading, said.field): said for said in stated(policy, names)} for policy in (before, after))
    order = [*new, *(key for key in old if key not in new)]
    return [
        Change(key[0], key[1], old[key].text if key in old else None, new[key].text if key in new else None)
        for key in order
        if (old[key].text if key in old else None) != (new[key].text if key in new else None)
    ]


def formula(policy: Policy) -> str:
    """The policy for those who read formulas, one right a line.

    s(i) = 1/2·x(i,data)/X(data) + …;  share(i) = clip(λ·s(i), floor, cap), Σ share = 1
    """
    if policy.v == 1:
        return _formula(policy.main, "s(i)", "share(i)")
    return "\n".join(_formula(right, f"s[{right.right}](i)", f"share[{right.right}](i)") for right in policy.shared)


def _formula(right: Right, raw: str, share: str) -> str:
    assert right.method is not None
    bounds = f"{percent(right.floor)}, {percent(right.cap)}"
    return f"{raw} = {_terms(right.method)};  {share} = clip(λ·s(i), {bounds}), Σ share = 1"


def _terms(method: Method) -> str:
    if method.name == methods.WEIGHTED:
        return " + ".join(f"{percent(weight)} · x(i,{c})/X({c})" for c, weight in method.weights.items())
    if method.name == methods.MIX:
        return " + ".join(f"{percent(weight)} · ({_terms(part)})" for weight, part in method.parts)
    if method.name == methods.INHERITED:
        assert method.own is not None
        return f"Σ_p w(p) · share(p,i) + (1 − Σ w(p)) · ({_terms(method.own)})"
    name = method.name.partition("/")[0]
    if method.game is not None:
        return f"{name}(v)(i) / v(N)"
    return f"{name}(i)" if method.basis is None else f"{name}({_basis_code(method.basis)})(i)"


def _basis_code(basis: Basis) -> str:
    return "+".join(basis.categories) or basis.table or basis.of


# ---- names ----
def term(code: str, method: str) -> Text:
    """What a term of a right is called: a category, what a rule shares by, a parent, or the method itself."""
    code = code.rpartition(":")[2] if not code.startswith("parent:") else code
    if code in CATEGORIES:
        return CATEGORIES[code]
    if code.startswith("parent:"):
        number = code.partition(":")[2]
        return Text(f"親 {number}", f"parent {number}")
    if "+" in code and all(part in CATEGORIES for part in code.split("+")):
        return basis(Basis(methods.POINTS, categories=tuple(code.split("+"))))
    if code in {methods.STAKES, methods.EACH}:
        return basis(Basis(code))
    return NAMES.get(method, Text(code, code))


# ---- rights ----
def _right(right: Right, names: Names) -> list[tuple[str, Text]]:
    name = RIGHTS[right.right]
    said = []
    if right.method is None:
        said.append(
            (
                "method",
                Text(
                    f"{name.ja}は配分せず、帰属と利用条件だけを定めます。",
                    f"{_capital(name.en)}: not shared out; only ownership and use are laid down.",
                ),
            )
        )
    else:
        said.append(("method", _method_sentence(right, name, names)))
        form = FORMS[right.form]
        said.append(("form", Text(f"配分比率の性質は{form.ja}。", f"A share is {form.en}.")))
    if right.ownership is not None:
        assert right.use is not None and right.further_training is not None
        owned, lead = rights.OWNERSHIP[right.ownership], _lead(right, names)
        said += [
            (
                "ownership",
                Text(f"権利帰属：{owned.ja}{lead.ja}。", f"Ownership: {owned.en}{lead.en}."),
            ),
            ("use", Text(f"利用条件：{rights.USE[right.use].ja}。", f"Use: {rights.USE[right.use].en}.")),
            (
                "further_training",
                Text(
                    f"追加学習：{rights.FURTHER_TRAINING[right.further_training].ja}。",
                    f"Further training: {rights.FURTHER_TRAINING[right.further_training].en}.",
                ),
            ),
        ]
    if right.method is not None:
        said += _shared(right, right.method)
    return said


def _lead(right: Right, names: Names) -> Text:
    name = called([right.lead], names)
    return Text(f"（{name.ja}）", f" ({name.en})") if right.lead else Text("", "")


def called(codes: Iterable[str], names: Names) -> Text:
    """Those members by name; a code stands where no name is known."""
    found = [names.get(code, Text(code, code)) for code in codes]
    return Text("・".join(name.ja for name in found), ", ".join(name.en for name in found))


def _lower(text: str) -> str:
    """Within a sentence; what is written in capitals stays so."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _method_sentence(right: Right, name: Text, names: Names) -> Text:
    assert right.method is not None
    if right.ownership is None:
        return Text(
            f"{name.ja}を、会員の拠出に応じて配分します。", f"Shares {name.en} by what the members have put in."
        )
    said = told(right.method, names)
    return Text(f"{name.ja}を、次の方法で配分します。{said.ja}。", f"Shares {name.en} by this method: {said.en}.")


def _shared(right: Right, method: Method) -> list[tuple[str, Text]]:
    said: list[tuple[str, Text]] = []
    if any(each.name == methods.WEIGHTED for each in method.all()):
        rule = next(each.empty_category for each in method.all() if each.name == methods.WEIGHTED)
        said.append(("empty_category", EMPTY[rule]))
    floor, cap = percent(right.floor), percent(right.cap)
    said.append(
        (
            "bounds",
            Text(
                f"配分比率は {floor} 以上 {cap} 以下とし、超過と不足は残る会員に比例して配ります。",
                f"No share is below {floor} or above {cap}; what that moves is spread over the others in proportion.",
            ),
        )
    )
    said.append(
        (
            "rounding",
            Text(
                f"最大剰余法で 1/{right.grid:,} の単位に丸め、同順位は会員コードの順とします。",
                f"Rounded to 1/{right.grid:,} by largest remainder; ties by member code.",
            ),
        )
    )
    return said


# ---- methods ----
def told(method: Method, names: Names = NO_NAMES) -> Text:
    """What a method does, with its parameters, as part of a sentence."""
    name = NAMES[method.name]
    more = _parameters(method, names)
    return Text(f"{name.ja}（{more.ja}）", f"{name.en} ({more.en})") if more else name


def _parameters(method: Method, names: Names) -> Text | None:
    if method.name == methods.WEIGHTED:
        rows = method.weights.items()
        return Text(
            "、".join(f"{CATEGORIES[code].ja} {percent(weight)}" for code, weight in rows),
            ", ".join(f"{_lower(CATEGORIES[code].en)} {percent(weight)}" for code, weight in rows),
        )
    if method.name == methods.MIX:
        parts = [(percent(weight), told(part, names)) for weight, part in method.parts]
        return Text("＋".join(f"{w} {t.ja}" for w, t in parts), " + ".join(f"{w} {t.en}" for w, t in parts))
    if method.name == methods.INHERITED:
        assert method.own is not None
        own = told(method.own, names)
        return Text(
            f"親の配分をその重みで受け継ぎ、残りは {own.ja}",
            f"the parents’ shares by their weights; the rest by {own.en}",
        )
    said = [part for part in (_basis(method), _game(method, names), _usage(method)) if part is not None]
    return Text("、".join(text.ja for text in said), ", ".join(text.en for text in said)) if said else None


def _basis(method: Method) -> Text | None:
    if method.basis is None:
        return None
    named = basis(method.basis)
    if method.estate:
        return Text(f"総額 {method.estate}、請求額は{named.ja}", f"an estate of {method.estate}, claims by {named.en}")
    return Text(f"{named.ja}による", f"by {named.en}")


def basis(base: Basis) -> Text:
    """What a rule shares by."""
    if base.of == methods.POINTS:
        listed = [CATEGORIES[code] for code in base.categories]
        return Text(
            "・".join(one.ja for one in listed) + "の点数", "points of " + ", ".join(_lower(one.en) for one in listed)
        )
    return {
        methods.STAKES: Text("出資比率", "stakes"),
        methods.EACH: Text("会員一者につき同じ量", "the same for each member"),
        methods.ON_TABLE: Text(f"署名済みの表「{base.table}」", f"the signed table “{base.table}”"),
    }[base.of]


def _game(method: Method, names: Names) -> Text | None:
    if method.game is None:
        return None
    valued = worth(method.game)
    if method.name == methods.SAMPLED:
        return Text(
            f"{valued.ja}、乱数の種「{method.seed}」、{method.samples:,} 標本",
            f"{valued.en}, seed “{method.seed}”, {method.samples:,} samples",
        )
    if method.name != methods.OWEN:
        return valued
    unions = [] if method.unions == methods.GROUPS else [called(row, names) for row in method.unions]
    groups = (
        Text("組は " + "／".join(row.ja for row in unions), "unions " + "; ".join(row.en for row in unions))
        if unions
        else Text("企業集団ごとの組", "with company groups as unions")
    )
    return Text(f"{valued.ja}、{groups.ja}", f"{valued.en}, {groups.en}")


def worth(game: GameRule) -> Text:
    """Where the worths of a game come from."""
    if game.valuation:
        return Text(
            f"採択された提携値表 {game.valuation[:8]}…", f"worths from the adopted valuation {game.valuation[:8]}…"
        )
    if game.law is not None:
        ja, en = (_law(scaling.read(game.law), language) for language in ("ja", "en"))
        return Text(
            f"点数を合わせた量から、宣言したスケーリング則 {scaling.LAW} で定めた値（係数・指数・基準量 {ja}）",
            f"worths by the scaling law {scaling.LAW} over pooled points (coefficient, exponent, reference {en})",
        )
    assert game.weights is not None
    by = basis(game.weights)
    return Text(
        f"{by.ja}の {percent(game.quota)} に達した提携を可決とみる値",
        f"a coalition wins with {percent(game.quota)} of {by.en}",
    )


def _law(law: scaling.Law, language: str) -> str:
    """The parameters of each resource, which is mostly named after a category."""
    return ", ".join(
        f"{CATEGORIES.get(term.resource, Text(term.resource, term.resource)).of(language)}: {term.coefficient},"
        f" {term.exponent}, {term.reference}"
        for term in law.terms
    )


def _usage(method: Method) -> Text | None:
    if not method.table or method.basis is not None:
        return None
    if method.category:
        name = CATEGORIES[method.category]
        return Text(
            f"{name.ja}のある会員の間で、署名済みの表「{method.table}」の取引量による",
            f"among members with {_lower(name.en)} that counts, by transactions in the signed table “{method.table}”",
        )
    return Text(f"署名済みの利用表「{method.table}」による", f"by the signed table of use “{method.table}”")


# ---- common rules ----
def _category(policy: Policy, category: Category) -> Text:
    name = CATEGORIES[category.code]
    counted = [(code, category.units[code]) for code in UNITS if code in category.units]  # one document, one sentence
    ja = "、".join(f"{_per(code, points)}{UNITS[code].reads.ja}で1点" for code, points in counted)
    en = ", ".join(f"1 point per {_per(code, points)}{UNITS[code].reads.en}" for code, points in counted)
    times_ja = "".join(f"×{FACTORS[factor].ja}" for factor in category.factors)
    times_en = "".join(f" × {FACTORS[factor].en}" for factor in category.factors)
    if category.vintage is not None:
        aged = vintages.sentence(category.vintage)
        times_ja, times_en = f"{times_ja}。時期：{aged.ja}", f"{times_en}; vintage: {aged.en}"
    if policy.v > 1 or policy.main.method is None:
        return Text(f"{name.ja}：{ja}{times_ja}。", f"{name.en}: {en}{times_en}.")
    weight = percent(policy.main.method.weights[category.code])
    return Text(f"{name.ja}：重み {weight}。{ja}{times_ja}。", f"{name.en}: weight {weight}; {en}{times_en}.")


def _per(code: str, points: Fraction) -> str:
    """How many of the unit people read make one point, as a prefix: "1,000 " or "1 "."""
    amount = 1 / points / UNITS[code].per
    return f"{amount.numerator:,} " if amount.denominator == 1 else f"{amount.numerator:,}/{amount.denominator:,} "


def _residency(policy: Policy) -> Text:
    if not policy.residency:
        return Text("所在国の条件はありません。", "There is no condition on the country.")
    countries = [REGIONS.get(code, Text(code, code)) for code in sorted(policy.residency)]
    return Text(
        f"所在国が{'・'.join(one.ja for one in countries)}であると示されたデータと計算だけを数えます。",
        f"Only data and compute shown to be in {', '.join(one.en for one in countries)} count.",
    )


def _equity(policy: Policy) -> Text:
    if policy.equity_counts:
        return Text(
            "出資による資金も数えます（出資比率とは別に配分にも反映されます）。",
            "Cash paid as equity counts here as well as in the stakes.",
        )
    return Text(
        "出資による資金は出資比率に反映し、ここでは数えません。", "Cash paid as equity counts in the stakes, not here."
    )
