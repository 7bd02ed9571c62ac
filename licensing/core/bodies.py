"""Deciding bodies: what each may decide by which rule, who has a vote on a day, and what is shown of the votes.

An edition of a body's rules is data with a first day and a source, such as the articles of association:

    {"electorate": {"kind": "members"}, "visibility": "open", "grounds": ["party", "beneficiary"],
     "matters": {"policy": {"basis": "members", "quorum": "2/3", "threshold": "2/3", "strict": false, "of": "decided",
                            "written": {"quorum": "1", "threshold": "1", "strict": false, "of": "all"}}}}

`basis` counts members (one member one vote), stakes, or both, where each count must carry. The quorum is the part of
the electorate's weight that voted at all. The threshold is a part of those for and against (`decided`), of all who
voted (`present`) or of the whole electorate (`all`), reached (≥) or, where `strict`, exceeded (>). A matter without
`written` admits no written resolution.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.money import NotAFraction, fraction
from contributions.core.words import Text

KINDS = {
    "committee": Text("運営委員会", "Steering committee"),
    "board": Text("取締役会", "Board of directors"),
    "shareholders": Text("株主総会", "Shareholders’ meeting"),
    "assembly": Text("総会", "General assembly"),
}
MATTERS = {
    "policy": Text("配分規程の採択", "adoption of an allocation policy"),
    "allocation": Text("配分計算の採択", "adoption of an allocation"),
}
BASES = {
    "members": Text("一会員一票", "one member, one vote"),
    "stakes": Text("出資比率による", "by stake"),
    "both": Text("会員数と出資比率の双方", "both by member and by stake"),
}
PARTS = {
    "decided": Text("賛成と反対の合計", "of those for and against"),
    "present": Text("投票した会員全体（棄権を含む）", "of all who voted, abstentions included"),
    "all": Text("議決権の総数", "of the whole electorate"),
}
ELECTORATES = {
    "members": Text("その日の全会員", "every member of the day"),
    "classes": Text("その日に指定の区分にある会員", "members of the classes named"),
    "stakeholders": Text("その日に出資比率のある会員", "members with a stake on the day"),
    "named": Text("指定の会員", "the members named"),
}
VISIBILITY = {
    "open": Text("記名（投票のつど会員に示す）", "open: each vote is shown to the members as it is cast"),
    "until-closed": Text("締切りまで非公開、その後は記名", "hidden until closed, open thereafter"),
    "secret": Text("無記名（各会員の賛否は示さない）", "secret: how a member voted is never shown to others"),
}
GROUNDS = {
    "party": Text("議案の相手方である", "it is the other party to the matter"),
    "beneficiary": Text("議案により特別の利益を受ける", "the matter gives it a particular advantage"),
    "affiliate": Text("相手方と同一の企業集団に属する", "it belongs to the group of the other party"),
    "dispute": Text("議案に関する係争の当事者である", "it is party to a dispute on the matter"),
}
_RULE = ("quorum", "threshold", "strict", "of")


class BadBody(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "bad-body"
    ja = "決定機関の規則に {count} 件の誤りがあります。{first}"
    en = "The rules of the body have {count} faults. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=Text(findings[0].text("ja"), findings[0].text("en")))


class NoRule(Refused):
    code = "body-without-rule"
    ja = "{body}には、{on} の時点で「{matter}」を決める規則がありません。規則を登録してください。"
    en = "On {on} {body} has no rule for “{matter}”. Record one first."


class NoWrittenResolution(Refused):
    code = "no-written-resolution"
    ja = "{body}の規則は「{matter}」について書面決議を認めていません。"
    en = "The rules of {body} admit no written resolution on “{matter}”."


class NobodyEntitled(Refused):
    code = "nobody-entitled"
    ja = "{body}には、{on} の時点で議決権のある会員がいません。"
    en = "On {on} no member has a vote in {body}."


class CannotRecuse(Refused):
    code = "cannot-recuse"
    ja = "{member} を議決から除けません。{reason}"
    en = "{member} cannot be recused. {reason}"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member on the day: its class and its stake."""

    member: str
    member_class: str
    stake: Fraction


@dataclass(frozen=True, slots=True)
class Recusal:
    """An interested member that takes no part: the ground, and the reason in the words of the secretariat."""

    member: str
    ground: str
    reason: str = ""


def check(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The same rules with every field; refuses with all that is unknown, missing or out of range."""
    found: list[Finding] = []
    electorate = dict(rules.get("electorate") or {"kind": "members"})
    _known(found, "electorate", electorate.get("kind"), ELECTORATES)
    if electorate.get("kind") in {"classes", "named"} and not electorate.get(_LISTED[electorate["kind"]]):
        found.append(_fault("electorate", Text("対象を一つ以上指定してください。", "Name at least one.")))
    _known(found, "visibility", rules.get("visibility", "open"), VISIBILITY)
    for ground in rules.get("grounds", ()):
        _known(found, "grounds", ground, GROUNDS)
    if not rules.get("matters"):
        found.append(_fault("matters", Text("決める事項を一つ以上指定してください。", "Name at least one matter.")))
    matters = {}
    for matter, rule in sorted((rules.get("matters") or {}).items()):
        _known(found, "matters", matter, MATTERS)
        _known(found, f"{matter}.basis", rule.get("basis", "members"), BASES)
        matters[matter] = {"basis": rule.get("basis", "members"), **_rule(found, matter, rule)}
        if rule.get("written"):
            matters[matter]["written"] = _rule(found, f"{matter}.written", rule["written"])
    if found:
        raise BadBody(found)
    return {
        "electorate": electorate,
        "visibility": rules.get("visibility", "open"),
        "grounds": sorted(rules.get("grounds", ())),
        "matters": matters,
    }


def rule_for(rules: Mapping[str, Any], matter: str, *, written: bool, body: Text, on: object) -> dict[str, Any]:
    """The rule by which the body decides the matter at a meeting or in writing; refuses where it has none."""
    rule = rules["matters"].get(matter)
    if rule is None:
        raise NoRule(body=body, matter=MATTERS[matter], on=on)
    if written and "written" not in rule:
        raise NoWrittenResolution(body=body, matter=MATTERS[matter])
    return {"basis": rule["basis"], **{name: (rule["written"] if written else rule)[name] for name in _RULE}}


def electors(
    rules: Mapping[str, Any], seats: Iterable[Seat], recusals: Collection[Recusal], *, body: Text, on: object
) -> dict[str, Seat]:
    """Who has a vote, by member: those whom the body's rules entitle, less those recused.

    >>> seats = [Seat("a", "founder", Fraction(1, 2)), Seat("b", "associate", Fraction(0))]
    >>> list(electors({"electorate": {"kind": "stakeholders"}}, seats, [], body=Text("", ""), on=""))
    ['a']
    """
    entitled = {seat.member: seat for seat in seats if _is_entitled(rules["electorate"], seat)}
    allowed = rules.get("grounds", ())
    for recusal in recusals:
        if recusal.member not in entitled:
            raise CannotRecuse(member=recusal.member, reason=_NO_VOTE)
        if recusal.ground not in allowed:
            raise CannotRecuse(member=recusal.member, reason=_NO_GROUND)
    gone = {recusal.member for recusal in recusals}
    left = {member: entitled[member] for member in sorted(entitled) if member not in gone}
    if not left:
        raise NobodyEntitled(body=body, on=on)
    return left


def sentence(rule: Mapping[str, Any]) -> Text:
    """The rule of a matter in words."""
    quorum, threshold = fraction(rule["quorum"]), fraction(rule["threshold"])
    part = PARTS[rule.get("of", "decided")]
    strict = rule.get("strict", False)
    basis = BASES[rule.get("basis", "members")]
    more_ja, more_en = ("を超える", "more than") if strict else ("以上の", "at least")
    return Text(
        f"{basis.ja}。定足数は議決権の総数の {quorum} 以上、{part.ja}の {threshold} {more_ja}賛成で可決。",
        f"{basis.en.capitalize()}. Quorum: at least {quorum} of all votes; carried with {more_en} {threshold}"
        f" {part.en}.",
    )


_LISTED = {"classes": "classes", "named": "members"}
_NO_VOTE = Text("もともと議決権がありません。", "It has no vote in this body.")
_NO_GROUND = Text(
    "この事由は決定機関の規則にありません。規則にある事由を選んでください。",
    "The body’s rules know no such ground; choose one of theirs.",
)


def _is_entitled(who: Mapping[str, Any], seat: Seat) -> bool:
    match who["kind"]:
        case "classes":
            return seat.member_class in who["classes"]
        case "named":
            return seat.member in who["members"]
        case "stakeholders":
            return seat.stake > 0
    return True


def _rule(found: list[Finding], where: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    stated = {"quorum": "1/2", "threshold": "1/2", "strict": False, "of": "decided", **rule}
    for name in ("quorum", "threshold"):
        try:
            value = fraction(stated[name]) if isinstance(stated[name], str) else Fraction(-1)
        except NotAFraction:
            value = Fraction(-1)
        if not 0 <= value <= 1 or (name == "threshold" and value == 1 and stated["strict"]):
            mend = Text(
                "0 から 1 までの分数の文字列（例 2/3）で指定してください。",
                "Write a fraction as text from 0 to 1, such as 2/3.",
            )
            found.append(_fault(f"{where}.{name}", mend, str(stated[name])))
    if type(stated["strict"]) is not bool:
        mend = Text("真または偽を指定してください。", "Say true or false.")
        found.append(_fault(f"{where}.strict", mend, str(stated["strict"])))
    _known(found, f"{where}.of", stated["of"], PARTS)
    return {name: stated[name] for name in _RULE}


def _known(found: list[Finding], field: str, value: object, table: Collection[str]) -> None:
    if value not in table:
        known = "、".join(table)
        mend = Text(f"{known} のいずれかを指定してください。", f"Use one of {known}.")
        found.append(_fault(field, mend, str(value)))


def _fault(field: str, mend: Text, value: str = "–") -> Finding:
    return Finding(
        None, field, "bad-body-rule", "「{field}」（{value}）：{mend}", "“{field}” ({value}): {mend}",
        {"field": field, "value": value, "mend": mend},
    )  # fmt: skip
