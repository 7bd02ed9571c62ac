"""Ballots: opened with a frozen electorate, each member votes once, closed with a count anybody can repeat.

Policies and allocations are adopted by nothing else: a ballot of a deciding body, a written resolution, or the record
of a decision taken elsewhere with its minutes. The machine and administrators have no other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Max

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.money import fraction_text
from contributions.core.periods import JST
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import LogHead, Member
from contributions.services import journal
from licensing.core import ballots as rules
from licensing.core import bodies, recounts
from licensing.core.bodies import Recusal, Seat
from licensing.models import Allocation, Ballot, Body, Policy, Vote
from licensing.selectors import bodies as constituted

Proposal = Policy | Allocation
PLAIN = "text/plain; charset=utf-8"
PDF_BEGINS, PDF = b"%PDF-", "application/pdf"


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a decision: their text in both languages, or their file, or all of it."""

    ja: str = ""
    en: str = ""
    file: Evidence | None = None

    def attachments(self) -> list[journal.Attachment]:
        """The minutes as annexes; refuses where neither the whole text nor a file is there."""
        if self.file is None and not (self.ja.strip() and self.en.strip()):
            raise rules.NoMinutes
        texts = {"minutes.ja.txt": self.ja, "minutes.en.txt": self.en}
        annexes = [journal.Attachment(name, PLAIN, text.encode()) for name, text in texts.items() if text.strip()]
        if self.file is not None:
            is_pdf = self.file.content.startswith(PDF_BEGINS)
            media = PDF if is_pdf else "application/octet-stream"
            annexes.append(journal.Attachment("minutes.pdf" if is_pdf else "minutes", media, self.file.content))
        return annexes


@transaction.atomic
def open(
    proposal: Proposal,
    *,
    body: Body,
    closes_at: datetime,
    by: Viewer,
    at: datetime,
    written: bool = False,
    recusals: Sequence[Recusal] = (),
) -> Ballot:
    """Put a proposal to a deciding body; rule, electorate, stakes and recusals are frozen from here on.

    The electorate is that of the day, as far as the log tells it before this entry: both are stated.
    """
    check_may(by, "ballot.open")
    journal.lock()
    _check_undecided(proposal)
    on, known_at = at.astimezone(JST).date(), LogHead.objects.get().size
    name, matter = Text(body.name_ja, body.name_en), matter_of(proposal)
    edition = constituted.as_of(body, on, known_at=known_at)
    if edition is None:
        raise bodies.NoRule(body=name, matter=bodies.MATTERS[matter], on=on)
    rule = bodies.rule_for(edition.rules, matter, written=written, body=name, on=on)
    seats = bodies.electors(edition.rules, seats_on(on, known_at=known_at), recusals, body=name, on=on)
    electorate = dict.fromkeys(seats, "1")
    stakes = {code: fraction_text(seat.stake) for code, seat in seats.items()} if rule["basis"] != "members" else None
    number = _next_number()
    facts = {
        "ballot": number,
        "form": "written" if written else "meeting",
        "matter": matter,
        **_about(proposal),
        "rule": rule,
        "visibility": edition.rules["visibility"],
        "electorate": electorate,
        "excluded": [{"member": one.member, "ground": one.ground} for one in recusals],
        "as_of": {"on": on.isoformat(), "known_at": known_at},
        "body": {"code": body.code, "edition": edition.edition, "ja": body.name_ja, "en": body.name_en},
        "closes_at": closes_at.astimezone(JST).isoformat(),
    }
    reasons = [
        journal.Attachment(f"recusal.{one.member}.txt", PLAIN, one.reason.encode()) for one in recusals if one.reason
    ]
    subject = f"ballot:{number}"
    drafts = [journal.Draft("ballot.opened", subject, facts, annexes=reasons)]
    if stakes is not None:
        drafts.append(journal.Draft("ballot.weighed", subject, {"ballot": number, "stakes": stakes}))
    entry = journal.append_many(drafts, by=by, at=at)[0]
    return Ballot.objects.create(
        seq=entry.seq,
        opened_seq=entry.seq,
        number=number,
        form=facts["form"],
        **_key(proposal),
        body=body,
        body_ja=body.name_ja,
        body_en=body.name_en,
        rule=rule,
        visibility=facts["visibility"],
        electorate=electorate,
        stakes=stakes,
        excluded=[{"member": one.member, "ground": one.ground, "reason": one.reason} for one in recusals],
        frozen_on=on,
        known_at=known_at,
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
    recused = next((one for one in ballot.excluded if one["member"] == member.code), None)
    if recused is not None:
        raise rules.Recused(member=member.code, ground=bodies.GROUNDS[recused["ground"]])
    rules.check_vote(ballot.electorate, member.code, choice)
    if (earlier := ballot.votes.filter(member=member).first()) is not None:
        raise AlreadyVoted(number=ballot.number, choice=rules.CHOICES[earlier.choice])
    shown = ballot.visibility == rules.OPEN
    entry = journal.append(
        "vote.cast" if shown else "vote.sealed",
        subject=f"ballot:{ballot.number}",
        member=None if shown else member.code,
        facts={"ballot": ballot.number, "voter": member.code, "choice": choice},
        annexes=[journal.Attachment("dissent.txt", PLAIN, dissent.encode())] if dissent else [],
        by=by,
        at=at,
    )
    return Vote.objects.create(ballot=ballot, member=member, choice=choice, dissent=dissent, cast_at=at, seq=entry.seq)


@transaction.atomic
def close(ballot: Ballot, *, minutes: Minutes, by: Viewer, at: datetime) -> Ballot:
    """Count a ballot whose time is over, or on which all have voted, and record the result with its minutes."""
    check_may(by, "ballot.close")
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    if ballot.state != Ballot.State.OPEN:
        raise rules.BallotClosed(number=ballot.number)
    votes = votes_of(ballot)
    missing = len(set(ballot.electorate) - set(votes))
    said = ballot.closes_at.astimezone(JST).strftime("%Y-%m-%d %H:%M")
    rules.check_closable(ballot.number, closes_at=ballot.closes_at, at=at, missing=missing, said=said)
    annexes = minutes.attachments()
    outcome = rules.count(ballot.electorate, ballot.rule, votes, ballot.stakes)
    facts = {"ballot": ballot.number, **recounts.totals(outcome)}
    if ballot.visibility == rules.UNTIL_CLOSED:
        facts["votes"] = votes
    subject = f"ballot:{ballot.number}"
    drafts = [journal.Draft("ballot.closed", subject, facts, annexes=annexes)]
    if (sums := recounts.weighed(outcome)) is not None:
        drafts.insert(0, journal.Draft("ballot.counted", subject, {"ballot": ballot.number, **sums}))
    entry = journal.append_many(drafts, by=by, at=at)[-1]
    ballot.state = Ballot.State.CARRIED if outcome.carried else Ballot.State.LOST
    ballot.closed_at, ballot.seq, ballot.decided_on = at, entry.seq, at.astimezone(JST).date()
    return _with_minutes(ballot, minutes)


@transaction.atomic
def record_elsewhere(
    proposal: Proposal,
    *,
    body: Body,
    decided_on: date,
    reference: str,
    minutes: Minutes,
    by: Viewer,
    at: datetime,
    carried: bool = True,
) -> Ballot:
    """Record, as such, a decision that the body took outside this ledger, with its minutes. No vote is counted here."""
    check_may(by, "decision.record")
    journal.lock()
    _check_undecided(proposal)
    if decided_on > at.astimezone(JST).date():
        raise DecidedInFuture(day=decided_on)
    annexes, number = minutes.attachments(), _next_number()
    facts = {
        "ballot": number,
        "matter": matter_of(proposal),
        **_about(proposal),
        "carried": carried,
        "decided_on": decided_on.isoformat(),
        "reference": reference,
        "body": {"code": body.code, "ja": body.name_ja, "en": body.name_en},
    }
    entry = journal.append("decision.recorded", subject=f"ballot:{number}", facts=facts, annexes=annexes, by=by, at=at)
    ballot = Ballot(
        seq=entry.seq,
        opened_seq=entry.seq,
        number=number,
        form=Ballot.Form.ELSEWHERE,
        **_key(proposal),
        body=body,
        body_ja=body.name_ja,
        body_en=body.name_en,
        rule={},
        electorate={},
        opened_at=at,
        closes_at=at,
        closed_at=at,
        decided_on=decided_on,
        reference=reference,
        state=Ballot.State.CARRIED if carried else Ballot.State.LOST,
    )
    return _with_minutes(ballot, minutes)


def mandate(proposal: Proposal, *, what: Text) -> Ballot:
    """The decision that carried a proposal; refuses where there is none. Every adoption asks for it."""
    carried = proposal.ballots.filter(state=Ballot.State.CARRIED).order_by("number").first()
    if carried is None:
        raise rules.NotDecided(what=what)
    return carried


def votes_of(ballot: Ballot) -> dict[str, str]:
    """Every vote cast, by member; for rules, not for readers."""
    return {vote.member.code: vote.choice for vote in ballot.votes.select_related("member__organization")}


def seats_on(on: date, *, known_at: int | None = None) -> list[Seat]:
    """Who the members were on the day, of which class and with what stake, as the log's first entries tell."""
    machine = Viewer.system("electorate")
    held = {row.member.code: Fraction(row.share) for row in contributed.stakes.as_of(machine, on, known_at=known_at)}
    members = contributed.members.as_of(machine, on, known_at=known_at)
    return [Seat(one.code, one.member_class, held.get(one.code, Fraction(0))) for one in members]


def matter_of(proposal: Proposal) -> str:
    """Which matter a proposal is, as the bodies' rules name it."""
    return "policy" if isinstance(proposal, Policy) else "allocation"


def _about(proposal: Proposal) -> dict:
    if isinstance(proposal, Policy):
        return {"policy": proposal.number, "version": proposal.version, "policy_sha256": proposal.sha256}
    return {"allocation": proposal.number, "result_sha256": proposal.result_sha256}


def _key(proposal: Proposal) -> dict:
    return {matter_of(proposal): proposal}


def _check_undecided(proposal: Proposal) -> None:
    for ballot in proposal.ballots.all():
        if ballot.state == Ballot.State.OPEN:
            raise rules.OneOpenAlready(number=ballot.number)
        if ballot.state == Ballot.State.CARRIED:
            raise rules.DecidedAlready(number=ballot.number)


def _next_number() -> int:
    return (Ballot.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _with_minutes(ballot: Ballot, minutes: Minutes) -> Ballot:
    ballot.minutes_ja, ballot.minutes_en = minutes.ja, minutes.en
    ballot.minutes_name = minutes.file.name if minutes.file else ""
    ballot.save()
    return ballot


class AlreadyVoted(rules.BallotClosed):
    code = "already-voted"
    ja = "第{number}号議決にはすでに「{choice}」を投じています。投票は変更できません。"
    en = "You have voted “{choice}” on ballot {number} already. A vote cannot be changed."


class DecidedInFuture(Refused):
    code = "decided-in-future"
    ja = "決定の日（{day}）は、本日以前の日にしてください。"
    en = "The day of the decision ({day}) cannot lie in the future."
