"""Renewals by agreement: one side proposes a longer term, the other accepts, or answers with one of its own, and
both sign it as an amendment. Until then the notice day and the end of the term stand as they are.

Accepting drafts the amendment at once: from the day after the present term, at the price list of that day unless
another was proposed. What comes of it is written down as a renewal once both have signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from contributions.core.periods import jst_date
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.services import journal, numbers
from licensing.adapters.holidays import is_business_day
from licensing.core import agreements as contracts
from licensing.core import amendments as revised
from licensing.core import assembly, editions, lives
from licensing.core import renewals as rules
from licensing.models import Agreement, Amendment, RenewalProposal, Schedule
from licensing.selectors import lives as standing
from licensing.selectors import step_ups
from licensing.services import agreements, amendments
from licensing.services.agreements import NotYourAgreement
from licensing.services.editions import priced

RUNS = (lives.IN_FORCE, lives.SUSPENDED)
DEAD = (Amendment.State.DECLINED, Amendment.State.WITHDRAWN)


@transaction.atomic
def propose(
    agreement: Agreement,
    *,
    until: date,
    reason: str,
    by: Viewer,
    at: datetime,
    schedule: Schedule | None = None,
    changes: Mapping[str, object] | None = None,
) -> RenewalProposal:
    """Propose that the term run on until before a day; only up to the notice day, and one at a time."""
    check_may(by, "renewal.propose")
    agreement = _locked(agreement)
    _check_own(agreement, by)
    row = _proposed(agreement, until=until, reason=reason, schedule=schedule, changes=changes or {}, by=by, at=at)
    if (held := open_of(agreement)) is not None:
        raise rules.ProposedAlready(number=held.number)
    _record(row, "renewal.proposed", _said(row), row.reason, by=by, at=at)
    return row


@transaction.atomic
def counter(
    row: RenewalProposal,
    *,
    until: date,
    reason: str,
    by: Viewer,
    at: datetime,
    schedule: Schedule | None = None,
    changes: Mapping[str, object] | None = None,
) -> RenewalProposal:
    """The other side answers with a proposal of its own, which takes the place of the first.

    The first is declined thereby (民法528条), so the new one, too, comes by the notice day.
    """
    check_may(by, "renewal.answer")
    row = _open(row, by, own=False)
    new = _proposed(row.agreement, until=until, reason=reason, schedule=schedule, changes=changes or {}, by=by, at=at)
    if (new.until, new.schedule, new.changes) == (row.until, row.schedule, row.changes):
        raise rules.SameAgain(number=row.number)
    row.state, row.answered_at, row.answer = RenewalProposal.State.COUNTERED, at, new.reason
    _record(row, "renewal.countered", {"counter": new.number}, new.reason, by=by, at=at)
    new.counters = row
    _record(new, "renewal.proposed", _said(new), new.reason, by=by, at=at)
    return new


@transaction.atomic
def accept(row: RenewalProposal, *, by: Viewer, at: datetime) -> Amendment:
    """The other side accepts: the amendment that lengthens the term is drafted, for both to sign."""
    check_may(by, "renewal.answer")
    row = _open(row, by, own=False)
    row.amendment = amendments.drafted(
        row.agreement,
        changes={"term": {"from": row.agreement.term_from.isoformat(), "until": row.until.isoformat()}, **row.changes},
        effective_from=row.term_until,
        reason=row.reason,
        schedule=row.schedule,
        # whoever proposed it, or what it answers, wrote it as much as who accepts: none of them approves the amendment
        authors=[one.proposed_by_id for one in _line(row) if one.proposed_by_id],
        by=by,
        at=at,
    )
    row.state, row.answered_at = RenewalProposal.State.ACCEPTED, at
    _record(row, "renewal.accepted", {"amendment": row.amendment.number}, "", by=by, at=at)
    return row.amendment


@transaction.atomic
def decline(row: RenewalProposal, *, reason: str, by: Viewer, at: datetime) -> RenewalProposal:
    """The other side declines; the term ends as it stands."""
    check_may(by, "renewal.answer")
    return _answer(row, RenewalProposal.State.DECLINED, "renewal.declined", reason, own=False, by=by, at=at)


@transaction.atomic
def withdraw(row: RenewalProposal, *, reason: str, by: Viewer, at: datetime) -> RenewalProposal:
    """Its own side takes it back before it was answered."""
    check_may(by, "renewal.propose")
    return _answer(row, RenewalProposal.State.WITHDRAWN, "renewal.withdrawn", reason, own=True, by=by, at=at)


def open_of(agreement: Agreement) -> RenewalProposal | None:
    """The proposal that waits for an answer, or whose amendment waits to be concluded."""
    rows = agreement.renewal_proposals.select_related("amendment", "schedule").order_by("-pk")
    for row in rows:
        if row.state == RenewalProposal.State.PROPOSED:
            return row
        if row.amendment is not None and row.amendment.executed_at is None and row.amendment.state not in DEAD:
            return row
    return None


def _proposed(
    agreement: Agreement, *, until: date, reason: str, schedule: Schedule | None, changes: Mapping[str, object],
    by: Viewer, at: datetime,
) -> RenewalProposal:  # fmt: skip
    """A proposal as it may be made on that day, not yet stored."""
    reason, on = contracts.check_reason(reason), jst_date(at)
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number, allowed=RUNS)
    plan, ends = standing.plan_of(agreement, on), standing.until(agreement, on)
    if plan.mode == "automatic":
        raise rules.ComesBySilence(agreement=agreement.number)
    if step_ups.is_evaluation(agreement, at):
        raise rules.NeverRenewed(agreement=agreement.number)
    rules.check_proposed(plan, ends, until, on=on, is_business_day=is_business_day)
    if schedule is not None:
        priced(schedule)  # refuses one that is not adopted
    rules.check_conditions(changes)
    before = editions.as_of(standing.editions_of(agreement, on), ends)
    schema = assembly.template(agreement.template.document).schema
    term = {"from": agreement.term_from.isoformat(), "until": until.isoformat()}
    revised.revised(before, {"term": term, **changes}, schema=schema, day=ends)  # refuses what is ill-typed
    return RenewalProposal(
        number=numbers.take(RenewalProposal, f"RP-{agreement.number}", width=1),
        agreement=agreement,
        party=_side(by),
        term_until=ends,
        until=until,
        schedule=schedule,
        changes={name: value for name, value in changes.items() if value != before.variables.get(name)},
        reason=reason,
        proposed_at=at,
        proposed_by_id=by.user,
    )


def _said(row: RenewalProposal) -> dict:
    """What a proposal says, for the journal."""
    said: dict[str, object] = {"party": row.party, "until": row.until.isoformat()}
    if row.schedule is not None:
        said["schedule"] = str(row.schedule)
    if row.changes:
        said["changes"] = sorted(row.changes)
    return said | ({"counters": row.counters.number} if row.counters else {})


def _line(row: RenewalProposal) -> list[RenewalProposal]:
    """A proposal and all that it answers in turn, the newest first."""
    found = [row]
    while found[-1].counters is not None:
        found.append(found[-1].counters)
    return found


def _answer(row: RenewalProposal, state: str, kind: str, reason: str, *, own: bool, by: Viewer, at: datetime):
    reason = contracts.check_reason(reason)
    row = _open(row, by, own=own)
    row.state, row.answered_at, row.answer = state, at, reason
    _record(row, kind, {}, reason, by=by, at=at)
    return row


def _open(row: RenewalProposal, by: Viewer, *, own: bool) -> RenewalProposal:
    """The row, locked, while it can be answered by the other side, or taken back by its own."""
    agreement = _locked(row.agreement)
    _check_own(agreement, by)
    row = RenewalProposal.objects.select_for_update(of=("self",)).select_related("schedule").get(pk=row.pk)
    row.agreement = agreement
    if row.state != RenewalProposal.State.PROPOSED or (row.party == _side(by)) != own:
        raise rules.NotOpenToYou(number=row.number)
    return row


def _side(by: Viewer) -> str:
    return "licensee" if by.workplace == LICENSEE else "licensor"


def _check_own(agreement: Agreement, by: Viewer) -> None:
    if by.workplace == LICENSEE and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement


def _locked(agreement: Agreement) -> Agreement:
    return standing.gathered([agreements.locked(agreement)])[0]


def _record(row: RenewalProposal, kind: str, facts: dict, text: str, *, by: Viewer, at: datetime) -> None:
    attached = [journal.Attachment("reason.txt", "text/plain; charset=utf-8", text.encode())] if text else []
    entry = journal.append(
        kind,
        subject=f"agreement:{row.agreement.number}",
        facts={"agreement": row.agreement.number, "renewal": row.number, **facts},
        annexes=attached,
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
