"""Ballots as far as a viewer may know them, and those that wait for the viewer's vote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Prefetch, QuerySet

from contributions.core import canonical
from contributions.core.money import fraction
from contributions.core.roles import MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import Annex, Entry
from contributions.selectors import organizations
from contributions.selectors.invariants import Fault
from licensing.core import ballots as rules
from licensing.core import recounts
from licensing.models import Ballot, Vote


def visible_to(viewer: Viewer | None) -> QuerySet[Ballot]:
    """That a ballot was held, on what and with which result, is open to members and the secretariat; see `seen`."""
    rows = Ballot.objects.select_related("policy", "allocation__policy", "allocation__release", "body")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows.prefetch_related(Prefetch("votes", Vote.objects.select_related("member__organization")))


def waiting_for(viewer: Viewer | None, *, at: datetime) -> list[Ballot]:
    """Open ballots on which the viewing member has a vote and has not cast it."""
    if viewer is None or viewer.workplace != MEMBER:
        return []
    rows = visible_to(viewer).filter(state=Ballot.State.OPEN, closes_at__gt=at)
    voted = rows.filter(votes__member__organization__code=viewer.acting)
    return [ballot for ballot in rows.exclude(pk__in=voted) if viewer.acting in ballot.electorate]


def closable(viewer: Viewer | None, *, at: datetime) -> list[Ballot]:
    """Open ballots whose time is over or on which all have voted: they wait for legal to close them."""
    if viewer is None or viewer.workplace != "legal":
        return []
    rows = visible_to(viewer).filter(state=Ballot.State.OPEN)
    return [row for row in rows if row.closes_at <= at or len(row.votes.all()) == len(row.electorate)]


@dataclass(frozen=True, slots=True)
class Voter:
    """One who has a vote, as the viewer may see it: whether it voted always, how only where the rule shows it."""

    member: str
    name: Text
    mine: bool
    has_voted: bool
    stake: Fraction | None
    choice: str = ""
    dissent: str = ""
    cast_at: datetime | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A ballot as one viewer sees it. `counts` holds only the countings whose figures it may see."""

    voters: tuple[Voter, ...]
    shows_votes: bool
    counts: tuple[rules.Count, ...]
    hides_stakes: bool
    quorum_met: bool | None
    carried: bool | None

    @property
    def voted(self) -> int:
        return sum(voter.has_voted for voter in self.voters)


def seen(viewer: Viewer, ballot: Ballot) -> Seen:
    """What the viewer may know of who voted how, and of the count; the body's rule decides, and no stake leaks."""
    is_open = ballot.state == Ballot.State.OPEN
    votes = {vote.member.code: vote for vote in ballot.votes.all()}
    shows = rules.shows_votes(ballot.visibility, is_open=is_open, viewer=viewer)
    sums = ballot.form != Ballot.Form.ELSEWHERE and rules.shows_sums(ballot.visibility, is_open=is_open, viewer=viewer)
    outcome = None
    if ballot.electorate:
        cast = {code: vote.choice for code, vote in votes.items()}
        outcome = rules.count(ballot.electorate, ballot.rule, cast, ballot.stakes)
    with_stakes = ballot.stakes is not None and rules.shows_stakes(viewer)
    names = organizations.names()
    voters = tuple(
        _voter(code, votes.get(code), ballot, viewer, names, shows, with_stakes) for code in sorted(ballot.electorate)
    )
    counts = tuple(
        count for count in (outcome.counts if outcome and sums else ()) if count.basis == "members" or with_stakes
    )
    settled = outcome is not None and sums and (with_stakes or ballot.stakes is None or not is_open)
    return Seen(
        voters,
        shows,
        counts,
        ballot.stakes is not None and not with_stakes,
        outcome.quorum_met if settled else None,
        outcome.carried if settled else (ballot.state == Ballot.State.CARRIED if not is_open else None),
    )


def _voter(code, vote, ballot, viewer, names, shows: bool, with_stakes: bool) -> Voter:
    mine = viewer.workplace == MEMBER and viewer.acting == code
    name = Text(names[code]["ja"], names[code]["en"]) if code in names else Text(code, code)
    stake = fraction(ballot.stakes[code]) if ballot.stakes is not None and (with_stakes or mine) else None
    if vote is None or not (shows or mine):
        return Voter(code, name, mine, vote is not None, stake)
    return Voter(code, name, mine, True, stake, vote.choice, vote.dissent, vote.cast_at, vote.seq)


def minutes_file(viewer: Viewer | None, ballot: Ballot) -> Annex | None:
    """The minutes that were handed in as a file, for whoever may see the ballot; nothing where they were text."""
    if viewer is None or ballot.state == Ballot.State.OPEN:
        return None
    return Annex.objects.filter(entry__seq=ballot.seq, name__in=["minutes.pdf", "minutes"]).first()


def minutes_digests(ballot: Ballot) -> list[tuple[str, str]]:
    """Name and salted digest of each annex of the minutes."""
    rows = Annex.objects.filter(entry__seq=ballot.seq, name__startswith="minutes")
    return list(rows.order_by("name").values_list("name", "sha256"))


def unfaithful() -> Iterator[Fault]:
    """For a deep verification: ballots that do not recount, and rows that say otherwise than their entries."""
    kinds = ("ballot.opened", "ballot.weighed", "vote.cast", "vote.sealed", "ballot.counted", "ballot.closed",
             "decision.recorded", "policy.adopted", "allocation.adopted")  # fmt: skip
    recount = recounts.Recount()
    for entry in Entry.objects.filter(kind__in=kinds).select_related("statement").order_by("seq"):
        facts = canonical.loads(bytes(entry.statement.content))["facts"] if hasattr(entry, "statement") else {}
        try:
            recount.take(entry.seq, entry.kind if facts else None, facts)
        except (recounts.RecountDiffers, recounts.NoMandate) as refusal:
            yield Fault("I12", Text(refusal.text("ja"), refusal.text("en")), seq=entry.seq)
    for ballot in Ballot.objects.exclude(form=Ballot.Form.ELSEWHERE):
        opened = recount.opened.get(ballot.number)
        said = {name: opened.get(name) for name in ("rule", "electorate")} if opened else None
        cast = {vote.member.code: vote.choice for vote in ballot.votes.select_related("member__organization")}
        held = {"rule": ballot.rule, "electorate": ballot.electorate}
        if said is not None and (said != held or cast != recount.votes.get(ballot.number, {})):
            sentence = Text("台帳記録と異なる議決の行があります。", "a ballot’s row differs from its entries")
            place = Text(f"第{ballot.number}号議決", f"ballot {ballot.number}")
            yield Fault("I12", sentence, seq=ballot.seq, place=place)
