"""Counting a ballot: recomputable by anybody from the electorate, the rule and the votes.

The rule is one of contributions' deciding bodies (see licensing.core.bodies). Quorum is the part of the electorate's
weight that voted at all, abstentions included, and is met inclusively (以上). What each may see of another's vote is
decided here too: by the body's rule, and never so that stakes could be worked out of sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import AUDITOR, LEGAL, MEMBER, Viewer
from contributions.core.words import Text

CHOICES = {"for": Text("賛成", "for"), "against": Text("反対", "against"), "abstain": Text("棄権", "abstain")}
OPEN, UNTIL_CLOSED, SECRET = "open", "until-closed", "secret"
FORMS = {
    "meeting": Text("議決", "Ballot"),
    "written": Text("書面決議", "Written resolution"),
    "elsewhere": Text("他の場での決定の記録", "Decision taken elsewhere"),
}


class NotInElectorate(Refused):
    code = "not-in-electorate"
    ja = "会員 {member} はこの議決の選挙人ではありません。"
    en = "Member {member} is not among those entitled to vote on this ballot."


class Recused(NotInElectorate):
    code = "recused"
    ja = "会員 {member} は、この議決に特別の利害関係があるため議決に加わりません（{ground}）。"
    en = "Member {member} takes no part in this ballot, being interested in it ({ground})."


class BallotClosed(Refused):
    code = "ballot-closed"
    ja = "第{number}号議決は締め切られています。投票は受け付けられません。"
    en = "Ballot {number} is closed. No vote can be taken."


class StillVoting(Refused):
    code = "still-voting"
    ja = (
        "第{number}号議決はまだ締め切れません。締切り（{closes_at}）前で、{missing} 会員が投票していません。"
        "締切り後か、全会員の投票後に締め切ってください。"
    )
    en = (
        "Ballot {number} cannot be closed yet: {missing} members have not voted and its time ends at {closes_at}. Close"
        " it then, or once all have voted."
    )


class OneOpenAlready(Refused):
    code = "one-open-already"
    ja = "この議案には第{number}号議決が既に付されています。その結果を待ってください。"
    en = "Ballot {number} on this proposal is open already. Wait for its result."


class DecidedAlready(Refused):
    code = "decided-already"
    ja = "この議案は第{number}号議決で可決されています。"
    en = "This proposal was carried by ballot {number} already."


class UnknownChoice(Refused):
    code = "unknown-choice"
    ja = "「{choice}」という投票はありません。賛成・反対・棄権のいずれかを選んでください。"
    en = "There is no vote “{choice}”. Choose for, against or abstain."


class NoMinutes(Refused):
    code = "no-minutes"
    ja = "議事録がありません。日本語と英語の本文、または議事録のファイルを添えてください。"
    en = "The minutes are missing. Give their text in Japanese and English, or attach their file."


class NotDecided(Refused):
    code = "not-decided"
    ja = "「{what}」を採択する決定がありません。議決に付すか、他の場での決定を議事録とともに記録してください。"
    en = "Nothing decided to adopt {what}. Put it to a ballot, or record a decision taken elsewhere with its minutes."


@dataclass(frozen=True, slots=True)
class Count:
    """One counting, by member or by stake: the weights, and whether quorum and majority are reached."""

    basis: str
    votes_for: Fraction
    against: Fraction
    abstain: Fraction
    electorate: Fraction
    quorum_met: bool
    carried: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The count by member, by stake or both; the proposal is carried if each count carries it."""

    counts: tuple[Count, ...]

    @property
    def quorum_met(self) -> bool:
        return all(count.quorum_met for count in self.counts)

    @property
    def carried(self) -> bool:
        return all(count.carried for count in self.counts)

    @property
    def votes_for(self) -> Fraction:
        return self.counts[0].votes_for

    @property
    def against(self) -> Fraction:
        return self.counts[0].against

    @property
    def abstain(self) -> Fraction:
        return self.counts[0].abstain

    @property
    def electorate(self) -> Fraction:
        return self.counts[0].electorate


def count(
    electorate: Mapping[str, str],
    rule: Mapping[str, Any],
    votes: Mapping[str, str],
    stakes: Mapping[str, str] | None = None,
) -> Outcome:
    """Count `votes` (member → choice) against an electorate (member → weight) and, by stake, the stakes frozen with it.

    for/against/abstain = Σ weights; quorum: for + against + abstain ≥ quorum · all; carried: for ≥ (or >) threshold ·
    (for + against, or all who voted, or all). Without stakes, the electorate's own weights are what is counted.

    >>> count({"a": "1", "b": "1", "c": "1"}, {"quorum": "1/2", "threshold": "2/3"}, {"a": "for", "b": "for"}).carried
    True
    """
    for member, choice in votes.items():
        check_vote(electorate, member, choice)
    basis = rule.get("basis", "members")
    counted = []
    if basis in {"members", "both"} or stakes is None:
        counted.append(_count("members", electorate, rule, votes))
    if basis in {"stakes", "both"} and stakes is not None:
        counted.append(_count("stakes", {member: stakes[member] for member in electorate}, rule, votes))
    return Outcome(tuple(counted))


def _count(basis: str, weighed: Mapping[str, str], rule: Mapping[str, Any], votes: Mapping[str, str]) -> Count:
    weights = {member: fraction(weight) for member, weight in weighed.items()}
    sums = {choice: sum((weights[m] for m, cast in votes.items() if cast == choice), Fraction(0)) for choice in CHOICES}
    whole, voted = sum(weights.values(), Fraction(0)), sum(sums.values(), Fraction(0))
    quorum_met = whole > 0 and voted >= fraction(rule["quorum"]) * whole
    of = {"decided": sums["for"] + sums["against"], "present": voted, "all": whole}[rule.get("of", "decided")]
    needed = fraction(rule["threshold"]) * of
    reached = sums["for"] > needed if rule.get("strict", False) else sums["for"] >= needed
    carried = quorum_met and of > 0 and sums["for"] > 0 and reached
    return Count(basis, sums["for"], sums["against"], sums["abstain"], whole, quorum_met, carried)


def check_vote(electorate: Mapping[str, str], member: str, choice: str) -> None:
    """Refuse a vote of somebody not entitled, or one that is none of the three."""
    if member not in electorate:
        raise NotInElectorate(member=member)
    if choice not in CHOICES:
        raise UnknownChoice(choice=choice)


def check_closable(number: int, *, closes_at: datetime, at: datetime, missing: int, said: str) -> None:
    """Refuse to close while somebody may still vote. `said`: the closing time as people read it."""
    if at < closes_at and missing:
        raise StillVoting(number=number, closes_at=said, missing=missing)


def shows_votes(visibility: str, *, is_open: bool, viewer: Viewer) -> bool:
    """Whether the viewer may see how others voted. The auditor may: somebody must be able to count a secret ballot."""
    if viewer.workplace == AUDITOR or viewer.workplace == "system":
        return True
    return visibility == OPEN or (visibility == UNTIL_CLOSED and not is_open)


def shows_sums(visibility: str, *, is_open: bool, viewer: Viewer) -> bool:
    """Whether the viewer may see how many are for and against: once closed always, before only of an open ballot."""
    return not is_open or shows_votes(visibility, is_open=is_open, viewer=viewer)


def shows_stakes(viewer: Viewer) -> bool:
    """Whether the viewer may see stakes and sums of them: two sums differ by a stake, so members and rivals may not."""
    office = viewer.workplace != MEMBER and (viewer.workplace == LEGAL or viewer.sees_everything)
    return office and not viewer.barred
