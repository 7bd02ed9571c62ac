"""Ballots: opened with their electorate, each member votes once, closed with a count anybody can repeat."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from contributions.core.money import fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import Member
from contributions.services import journal
from licensing.core import ballots as rules
from licensing.models import Ballot, Policy, Vote


@transaction.atomic
def open(
    policy: Policy,
    *,
    rule: dict,
    electorate: dict[str, str],
    body_ja: str,
    body_en: str,
    closes_at: datetime,
    by: Viewer,
    at: datetime,
) -> Ballot:
    """Put a proposal to the deciding body; the electorate is fixed from here on."""
    check_may(by, "ballot.open")
    rules.count(electorate, rule, {})
    journal.lock()
    number = (Ballot.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    entry = journal.append(
        "ballot.opened",
        subject=f"ballot:{number}",
        facts={
            "ballot": number,
            "policy": policy.number,
            "version": policy.version,
            "policy_sha256": policy.sha256,
            "rule": rule,
            "electorate": electorate,
            "body": {"ja": body_ja, "en": body_en},
        },
        by=by,
        at=at,
    )
    return Ballot.objects.create(
        seq=entry.seq,
        number=number,
        policy=policy,
        body_ja=body_ja,
        body_en=body_en,
        rule=rule,
        electorate=electorate,
        opened_at=at,
        closes_at=closes_at,
    )


@transaction.atomic
def cast(ballot: Ballot, *, member: Member, choice: str, by: Viewer, at: datetime, dissent: str = "") -> Vote:
    """Record a member's vote, for good. The reason of a dissent is kept as an annex."""
    check_may(by, "ballot.cast")
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    if ballot.state != Ballot.State.OPEN or at >= ballot.closes_at:
        raise rules.BallotClosed(number=ballot.number)
    if by.workplace == "member" and by.acting != member.code:
        raise rules.NotInElectorate(member=by.acting)
    rules.check_vote(ballot.electorate, member.code, choice)
    if (earlier := ballot.votes.filter(member=member).first()) is not None:
        raise AlreadyVoted(number=ballot.number, choice=rules.CHOICES[earlier.choice])
    entry = journal.append(
        "vote.cast",
        subject=f"ballot:{ballot.number}",
        facts={"ballot": ballot.number, "voter": member.code, "choice": choice},
        annexes=[journal.Attachment("dissent.txt", "text/plain; charset=utf-8", dissent.encode())] if dissent else [],
        by=by,
        at=at,
    )
    return Vote.objects.create(ballot=ballot, member=member, choice=choice, dissent=dissent, cast_at=at, seq=entry.seq)


@transaction.atomic
def close(ballot: Ballot, *, by: Viewer, at: datetime, minutes_ja: str, minutes_en: str) -> Ballot:
    """Count the ballot and record the result with its minutes."""
    check_may(by, "ballot.close")
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    if ballot.state != Ballot.State.OPEN:
        raise rules.BallotClosed(number=ballot.number)
    votes = {vote.member.code: vote.choice for vote in ballot.votes.select_related("member__organization")}
    outcome = rules.count(ballot.electorate, ballot.rule, votes)
    entry = journal.append(
        "ballot.closed",
        subject=f"ballot:{ballot.number}",
        facts={
            "ballot": ballot.number,
            "for": fraction_text(outcome.votes_for),
            "against": fraction_text(outcome.against),
            "abstain": fraction_text(outcome.abstain),
            "electorate": fraction_text(outcome.electorate),
            "carried": outcome.carried,
        },
        annexes=[journal.Attachment("minutes.txt", "text/plain; charset=utf-8", minutes_ja.encode())],
        by=by,
        at=at,
    )
    ballot.state = Ballot.State.CARRIED if outcome.carried else Ballot.State.LOST
    ballot.closed_at, ballot.seq = at, entry.seq
    ballot.minutes_ja, ballot.minutes_en = minutes_ja, minutes_en
    ballot.save()
    return ballot


class AlreadyVoted(rules.BallotClosed):
    code = "already-voted"
    ja = "第{number}号議決にはすでに「{choice}」を投じています。投票は変更できません。"
    en = "You have voted “{choice}” on ballot {number} already. A vote cannot be changed."
