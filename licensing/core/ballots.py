"""Counting a ballot: recomputable by anybody from the electorate, the rule and the votes.

Rule document: {"basis": "members", "quorum": "1/2", "threshold": "2/3"}; `basis` may be "stakes", which weighs each
vote by the voter's stake. Quorum is the part of the electorate's weight that voted at all, abstentions included; the
threshold is the part of the weight for and against that must be for. Both bounds are inclusive (以上).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.words import Text

CHOICES = {"for": Text("賛成", "for"), "against": Text("反対", "against"), "abstain": Text("棄権", "abstain")}


class NotInElectorate(Refused):
    code = "not-in-electorate"
    ja = "会員 {member} はこの議決の選挙人ではありません。"
    en = "Member {member} is not among those entitled to vote on this ballot."


class BallotClosed(Refused):
    code = "ballot-closed"
    ja = "第{number}号議決は締め切られています。投票は受け付けられません。"
    en = "Ballot {number} is closed. No vote can be taken."


class UnknownChoice(Refused):
    code = "unknown-choice"
    ja = "「{choice}」という投票はありません。賛成・反対・棄権のいずれかを選んでください。"
    en = "There is no vote “{choice}”. Choose for, against or abstain."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The count: weight for, against, abstaining and in all, and whether the proposal is carried."""

    votes_for: Fraction
    against: Fraction
    abstain: Fraction
    electorate: Fraction
    quorum_met: bool
    carried: bool


def count(electorate: Mapping[str, str], rule: Mapping[str, str], votes: Mapping[str, str]) -> Outcome:
    """Count `votes` (member → choice) against an electorate (member → weight).

    >>> count({"a": "1", "b": "1", "c": "1"}, {"quorum": "1/2", "threshold": "2/3"}, {"a": "for", "b": "for"}).carried
    True
    """
    weights = {member: fraction(weight) for member, weight in electorate.items()}
    for member, choice in votes.items():
        check_vote(electorate, member, choice)
    sums = {choice: sum((weights[m] for m, cast in votes.items() if cast == choice), Fraction(0)) for choice in CHOICES}
    whole, voted = sum(weights.values(), Fraction(0)), sum(sums.values(), Fraction(0))
    decided = sums["for"] + sums["against"]
    quorum_met = whole > 0 and voted >= fraction(rule["quorum"]) * whole
    carried = quorum_met and decided > 0 and sums["for"] >= fraction(rule["threshold"]) * decided
    return Outcome(sums["for"], sums["against"], sums["abstain"], whole, quorum_met, carried)


def check_vote(electorate: Mapping[str, str], member: str, choice: str) -> None:
    """Refuse a vote of somebody not entitled, or one that is none of the three."""
    if member not in electorate:
        raise NotInElectorate(member=member)
    if choice not in CHOICES:
        raise UnknownChoice(choice=choice)
