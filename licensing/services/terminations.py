"""Suspending a licence, ending it, and letting it run out: for both sides at the same instant.

A verb writes down what was decided and from when; how the agreement stands follows from that alone, so the nightly
task that moves its state comes after the fact and changes nothing for anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import JST, instant_text, jst_date
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.services import journal, numbers
from licensing.core import agreements as contracts
from licensing.core import editions, lives
from licensing.core import terminations as rules
from licensing.models import Agreement, Suspension, Termination
from licensing.selectors import amendments as wording
from licensing.selectors import lives as standing
from licensing.services import agreements, licences
from licensing.services.agreements import NotYourAgreement


class NotSuspended(Refused):
    code = "licence-not-suspended"
    ja = "契約 {agreement} の利用は停止されていません。"
    en = "The licence under agreement {agreement} is not suspended."


class TerminatedAlready(Refused):
    code = "termination-given-already"
    ja = "契約 {agreement} の終了は、すでに {number} で通知されています。"
    en = "Termination of agreement {agreement} was given already, as {number}."


@transaction.atomic
def suspend(agreement: Agreement, *, reason: str, by: Viewer, at: datetime) -> Suspension:
    """Suspend the use of the model from this instant on; no file is delivered and no derivative registered."""
    check_may(by, "agreement.suspend")
    reason = contracts.check_reason(reason)
    agreement = _locked(agreement)
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number)
    agreement.state = contracts.step(agreement.state, "suspend")
    number = numbers.take(Suspension, f"SP-{agreement.number}", width=1)
    facts = {"agreement": agreement.number, "suspension": number, "effective_at": instant_text(at)}
    entry = _record(agreement, "agreement.suspended", facts, reason, by=by, at=at)
    row = Suspension.objects.create(seq=entry.seq, agreement=agreement, number=number, effective_at=at, reason=reason)
    _issue(agreement, by=by, at=at)
    return row


@transaction.atomic
def reinstate(agreement: Agreement, *, reason: str, by: Viewer, at: datetime) -> Suspension:
    """Lift the suspension from this instant on."""
    check_may(by, "agreement.reinstate")
    reason = contracts.check_reason(reason)
    agreement = _locked(agreement)
    row = Suspension.objects.select_for_update().filter(agreement=agreement, lifted_at=None).last()
    if row is None or standing.standing(agreement, at) != lives.SUSPENDED:
        raise NotSuspended(agreement=agreement.number)
    agreement.state = contracts.step(agreement.state, "reinstate")
    facts = {"agreement": agreement.number, "suspension": row.number, "effective_at": instant_text(at)}
    entry = _record(agreement, "agreement.reinstated", facts, reason, by=by, at=at)
    row.lifted_at, row.lifted_reason, row.lifted_seq = at, reason, entry.seq
    row.save(update_fields=["lifted_at", "lifted_reason", "lifted_seq"])
    _issue(agreement, by=by, at=at)
    return row


@transaction.atomic
def terminate(
    agreement: Agreement,
    *,
    ground: str,
    reason: str,
    by: Viewer,
    at: datetime,
    ends_on: date | None = None,
    demanded_on: date | None = None,
    paper: Evidence | None = None,
) -> Termination:
    """Give notice that the agreement ends: at once, or from the first instant of a later day.

    `paper` is what both parties signed, where they end it by agreement; it is kept with the entry.
    Wind-down, survivors and the day by which copies are deleted follow from the agreement in force on that day.
    """
    check_may(by, "agreement.terminate")
    reason = contracts.check_reason(reason)
    agreement, on = _locked(agreement), jst_date(at)
    if by.workplace == LICENSEE and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    held = standing.termination_of(agreement)
    if held is not None:
        raise TerminatedAlready(agreement=agreement.number, number=held.number)
    open_to = (lives.AWAITING, lives.IN_FORCE, lives.SUSPENDED)
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number, allowed=open_to)
    party, day = "licensee" if by.workplace == LICENSEE else "licensor", ends_on or on
    edition = editions.as_of(standing.editions_of(agreement, on), day)
    found = rules.check(
        ground, party=party, day=day, on=on, variables=edition.variables,
        used=sorted(wording.names_in(agreement, edition)), demanded_on=demanded_on,
        has_paper=paper is not None,
    )  # fmt: skip
    wind_down = rules.wind_down_until(found, day, edition.variables)
    return _given(
        agreement, party, ground, reason, day, on=on, edition=edition, wind_down=wind_down, demanded_on=demanded_on,
        paper=paper if found.before == "paper" else None, by=by, at=at,
    )  # fmt: skip


def end_stepped_up(evaluation: Agreement, full: Agreement, *, by: Viewer, at: datetime) -> Termination:
    """End an evaluation now that the full licence is concluded, or on the first day of its term if that is later."""
    evaluation, on = _locked(evaluation), jst_date(at)
    day = max(on, full.term_from)
    edition = editions.as_of(standing.editions_of(evaluation, on), on)
    reason = f"利用許諾契約 {full.number} の締結による移行"
    return _given(evaluation, "licensee", "step-up", reason, day, on=on, edition=edition, by=by, at=at)


def _given(
    agreement: Agreement, party: str, ground: str, reason: str, day: date, *, on: date, edition: editions.Edition,
    by: Viewer, at: datetime, wind_down: date | None = None, demanded_on: date | None = None,
    paper: Evidence | None = None,
) -> Termination:  # fmt: skip
    effective_at = at.replace(microsecond=0) if day == on else datetime.combine(day, time(), JST)
    number = numbers.take(Termination, f"TM-{agreement.number}", width=1)
    facts = {
        "agreement": agreement.number,
        "termination": number,
        "party": party,
        "ground": ground,
        "effective_at": instant_text(effective_at),
        "wind_down_until": wind_down.isoformat() if wind_down else None,
    }
    entry = _record(agreement, "agreement.terminated", facts, reason, journal.handed_in(paper), by=by, at=at)
    row = Termination.objects.create(
        seq=entry.seq,
        agreement=agreement,
        number=number,
        party=party,
        ground=ground,
        reason=reason,
        demanded_on=demanded_on,
        given_at=at,
        effective_at=effective_at,
        wind_down_until=wind_down,
        survivors=_survivors(agreement, edition, day),
    )
    if day == on:
        _move(agreement, "end", "agreement.ended", by=by, at=at)
    return row


def move_due(*, by: Viewer, at: datetime) -> list[Agreement]:
    """Write down what the dates have done: agreements that ended or ran out since the task last ran."""
    check_may(by, "agreement.expire")
    moved = []
    rows = Agreement.objects.filter(state__in=(Agreement.State.EXECUTED, Agreement.State.SUSPENDED))
    for row in standing.gathered(rows.order_by("number")):
        life = standing.life_of(row, at)
        if lives.is_terminated(life, at):
            moved.append(_moved(row, "end", "agreement.ended", by=by, at=at))
        elif jst_date(at) >= life.until:
            moved.append(_moved(row, "expire", "agreement.expired", by=by, at=at))
    return moved


def survivors_of(agreement: Agreement, on: date) -> list[dict]:
    """What outlives an agreement that ran out or was ended, each with its own end."""
    row = standing.termination_of(agreement)
    if row is not None:
        return row.survivors
    end = standing.until(agreement, on)
    return _survivors(agreement, editions.as_of(standing.editions_of(agreement, on), end), end)


@transaction.atomic
def _moved(agreement: Agreement, verb: str, kind: str, *, by: Viewer, at: datetime) -> Agreement:
    return _move(_locked(agreement), verb, kind, by=by, at=at)


def _move(agreement: Agreement, verb: str, kind: str, *, by: Viewer, at: datetime) -> Agreement:
    agreement.state = contracts.step(agreement.state, verb)
    _record(agreement, kind, {"agreement": agreement.number}, "", by=by, at=at)
    _issue(agreement, by=by, at=at)
    return agreement


def _issue(agreement: Agreement, *, by: Viewer, at: datetime) -> None:
    """The licence file follows: whoever checks the newest one offline reads how the licence stands."""
    licences.issue(standing.as_of(agreement, jst_date(at)), by=by, at=at)


def _survivors(agreement: Agreement, edition: editions.Edition, day: date) -> list[dict]:
    clause = wording.families(agreement, edition).get("survival")
    return [
        {"reference": one.reference, "until": one.until.isoformat() if one.until else None}
        for one in rules.survivors(clause, ended_on=day, variables=edition.variables)
    ]


def _locked(agreement: Agreement) -> Agreement:
    return standing.gathered([agreements.locked(agreement)])[0]


def _record(
    agreement: Agreement, kind: str, facts: dict, reason: str, papers: Sequence[journal.Attachment] = (), *,
    by: Viewer, at: datetime,
):  # fmt: skip
    text = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    entry = journal.append(
        kind,
        subject=f"agreement:{agreement.number}",
        facts=facts,
        annexes=[*([text] if reason else []), *papers],
        by=by,
        at=at,
    )
    agreement.seq = entry.seq
    agreement.save(update_fields=["state", "seq"])
    return entry
